"""Tags for what the product says back: banners, toasts, dialogs, receipts, reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib.messages.storage.base import Message
from django.template import Library
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plaudit.surfaces.design.writing import points, signed_points

register = Library()

_BANNER_ICONS = {
    "info": "info",
    "good": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-alert",
    "thanks": "hand-heart",
}

_MESSAGE_KINDS = {"success": "good", "warning": "warn", "error": "bad"}


@register.simple_block_tag
def banner(content: str, kind: str = "info", title: str = "", id: str = "", role: str = "") -> str:
    """A message that stays: ``info``, ``good``, ``warn``, ``bad`` or ``thanks``."""
    return _drawn(
        "banner",
        kind=kind,
        title=title,
        id=id,
        role=role,
        icon=_BANNER_ICONS[kind],
        content=SafeString(content),
    )


@register.simple_tag
def message_banner(message: Message) -> str:
    """One message of Django's messages framework as a banner."""
    kind = _MESSAGE_KINDS.get(message.level_tag, "info")
    role = "alert" if kind == "bad" else "status"
    return _drawn("banner", kind=kind, icon=_BANNER_ICONS[kind], role=role, content=message.message)


@register.simple_block_tag
def toast(content: str) -> str:
    """A passing notice over the page; whatever it says must also stand somewhere that stays."""
    announce = " ".join(strip_tags(content).split())
    return _drawn("toast", content=SafeString(content), announce=announce)


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> str:
    """A dialog opened by ``<a href="…" data-dialog="id">``; the link itself works without script."""
    return _drawn("dialog", id=id, title=title, content=SafeString(content))


@register.simple_block_tag
def empty(content: str, title: str, icon: str = "") -> str:
    """What a place says when it has nothing: true, teaches one thing, gives one way forward."""
    return _drawn("empty", title=title, icon=icon, content=SafeString(content))


@register.simple_block_tag
def receipt(content: str, title: str, reference: str = "", level: int = 1) -> str:
    """A confirmation: what was done, its reference, and inside, what happens next.

    Its title is the page's own heading unless another ``level`` is given.
    """
    return _drawn("receipt", title=title, reference=reference, level=level, content=SafeString(content))


@register.inclusion_tag("design/parts/live_note.html")
def live_note(updated_at: datetime) -> dict[str, object]:
    """When a live region was last true; shows "Live updates paused" when its polling fails."""
    return {"updated_at": updated_at}


@register.inclusion_tag("design/parts/because.html")
def because(
    reason: Mapping[str, object], id: str, *, summary: str = "", about: str = "", open: bool = False
) -> dict[str, object]:
    """The Because panel behind "Why?"; its layers are described in the design reference."""
    return {
        **panel_facts(reason, id),
        "open": open,
        "summary": summary or _("Why?"),
        "about": about,
    }


@register.inclusion_tag("design/parts/because_panel.html")
def because_panel(reason: Mapping[str, object], id: str = "because") -> dict[str, object]:
    """The same panel without its "Why?", for the page that a link to an explanation opens."""
    return panel_facts(reason, id)


def panel_facts(reason: Mapping[str, object], id: str) -> dict[str, object]:
    """The template context of one panel: its sums with their amounts written in the unit."""
    unit = reason.get("unit")
    lines = reason.get("sums") or ()
    assert isinstance(lines, list | tuple)
    total = reason.get("total")
    return {
        "id": id,
        "because": reason,
        "sums": [_sum(line, unit) for line in lines],
        "total": _sum(total, unit, is_total=True) if isinstance(total, Mapping) else None,
    }


def _sum(line: Mapping[str, object], unit: object, *, is_total: bool = False) -> dict[str, object]:
    amount = line.get("amount")
    if isinstance(amount, int):
        value = points(amount, unit) if is_total else signed_points(amount, unit)
    else:
        value = str(line.get("value", ""))
    return {"label": line["label"], "note": line.get("note", ""), "value": value}


def _drawn(part: str, **context: object) -> str:
    return SafeString(render_to_string(f"design/parts/{part}.html", context).strip())
