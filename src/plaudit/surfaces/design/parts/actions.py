"""Tags for what a person can press, and the small signs beside it."""

from __future__ import annotations

from collections.abc import Mapping

from django.template import Context, Library
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plaudit.foundation.languages import languages
from plaudit.surfaces.design import icons
from plaudit.surfaces.design.context import Appearance
from plaudit.surfaces.design.parts.attributes import written

register = Library()

BUTTON_KINDS = ("primary", "secondary", "quiet", "danger")
TAG_KINDS = ("neutral", "good", "warn", "bad", "info", "point", "primary")


@register.simple_tag
def site_icon(sandbox: object) -> SafeString:
    """The site's sign, or that of a sandbox, for a ``link``; the address holds the drawing and no character of HTML."""
    return SafeString(icons.site_icon(sandbox=bool(sandbox)))


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """One icon of the sprite; hidden from assistive technology unless it has a label."""
    classes = f"icon icon-{size}" if size else "icon"
    if name == icons.MARK:
        classes += " icon-mark"
    sense = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else format_html('aria-hidden="{}" focusable="false"', "true")
    )
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"></use></svg>',
        classes,
        sense,
        static("plaudit/icons.svg"),
        icons.require(name),
    )


@register.inclusion_tag("design/parts/button.html")
def button(
    label: str,
    kind: str = "secondary",
    *,
    href: str = "",
    icon: str = "",
    type: str = "submit",
    busy: bool = False,
    reason: str = "",
    about: str = "",
    icon_only: bool = False,
    wide: bool = False,
    **attributes: object,
) -> dict[str, object]:
    """A button, or a link that looks like one when ``href`` is given.

    ``reason`` says why it cannot be used now; it needs ``id``. ``about`` is read aloud after the
    label, for one of many equal labels. ``icon_only`` hides the words and shows them as a tooltip.
    """
    assert kind in BUTTON_KINDS, kind
    assert not reason or attributes.get("id"), "a button with a reason needs an id"
    classes = (
        f"button button-{kind}" + (" button-wide" if wide else "") + (" button-icon" if icon_only else "")
    )
    if icon_only:
        attributes.setdefault("title", label)
    return {
        "label": label,
        "about": about,
        "icon_only": icon_only,
        "classes": classes,
        "href": href,
        "icon": icon,
        "type": type,
        "busy": busy,
        "reason": reason,
        "id": attributes.get("id", ""),
        "attributes": written(attributes),
    }


@register.simple_tag
def tag(label: str, kind: str = "neutral", icon_name: str = "") -> SafeString:
    """A short state in a rounded box; the words carry the meaning, the colour repeats it."""
    kind = kind or "neutral"
    assert kind in TAG_KINDS, kind
    sign = icon(icon_name) if icon_name else ""
    return format_html('<span class="tag tag-{}">{}{}</span>', kind, sign, label)


@register.inclusion_tag("design/parts/undo_line.html", takes_context=True)
def undo_line(context: Context, text: str, url: str = "", until: str = "", id: str = "") -> dict[str, object]:
    """Says what was done and offers to undo it; ``until`` says how long."""
    return {"text": text, "url": url, "until": until, "id": id, "csrf_token": context.get("csrf_token")}


@register.simple_block_tag
def code(content: str, label: str, id: str) -> SafeString:
    """A block of code with a name and, where scripts run, a copy button."""
    return format_html(
        '<div class="code"><div class="code-head"><span>{label}</span>'
        '<button type="button" class="button button-quiet needs-script" data-copy="{id}">{sign}{copy}'
        '<span class="hidden-words">: {label}</span></button></div>'
        '<pre id="{id}" tabindex="0" role="group" aria-label="{label}"><code>{content}</code></pre></div>',
        label=label,
        id=id,
        sign=icon("copy"),
        copy=_("Copy"),
        content=SafeString(content.strip("\n")),
    )


@register.inclusion_tag("design/parts/language_form.html", takes_context=True)
def language_form(context: Context, *, kept: bool = False) -> Mapping[str, object]:
    """A button for every language, in that language; works without script.

    On a page that is `kept`, and so must not be anybody's own, it is a form without a token.
    """
    return {
        "kept": kept,
        "csrf_token": None if kept else context.get("csrf_token"),
        "path": context["request"].get_full_path() if "request" in context else "/",
        "languages": languages(),
        "here": get_language(),
    }


@register.inclusion_tag("design/parts/appearance_form.html", takes_context=True)
def appearance_form(context: Context) -> Mapping[str, object]:
    """Three buttons that pin the theme; works without script by posting."""
    pinned = context.get("appearance") or Appearance()
    choices = (
        ("system", _("Theme as the device has it"), "monitor"),
        ("light", _("Light theme"), "sun"),
        ("dark", _("Dark theme"), "moon"),
    )
    return {
        "csrf_token": context.get("csrf_token"),
        "path": context["request"].get_full_path() if "request" in context else "/",
        "choices": [
            {
                "value": value,
                "label": label,
                "icon": sign,
                "pressed": "true" if (pinned.theme or "system") == value else "false",
            }
            for value, label, sign in choices
        ],
    }
