"""Reasons as the design draws them in the console, every reference linked to its page there."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from plaudit.insights.lines import ToldLine
from plaudit.insights.reasons import Because, Input, Sum
from plaudit.ledger.units import UnitPolicy


def page_of(reference: str) -> str:
    """Where a reference is shown in the console; nothing for one that has no page."""
    if reference.startswith("led_"):
        return reverse("console:transfer", args=[reference])
    return reverse("console:member", args=[reference]) if reference.startswith("mem_") else ""


def panel(because: Because) -> dict[str, object]:
    """A reason for the `because_panel` tag."""
    authority = because.authority
    rule = {
        "name": authority.name,
        "version": authority.version,
        "words": authority.words,
        "since": authority.since,
        "approved_by": authority.approved_by,
        "url": reverse("console:programme", args=[authority.programme]) if authority.programme else "",
    }
    return {
        "sentence": because.sentence,
        "inputs": [_input(one) for one in because.inputs],
        "rule": rule,
        "sums": [_sum(one) for one in because.sums],
        "total": _sum(because.total),
        "unit": because.unit,
        "would_change": because.would_change,
        "aloud": because.aloud,
        "reference": because.reference,
    }


def _input(one: Input) -> dict[str, object]:
    url = page_of(one.reference) if one.reference else ""
    return {"label": one.label, "value": one.value, "source": one.source, "when": one.at, "url": url}


def _sum(one: Sum) -> dict[str, object]:
    line: dict[str, object] = {"label": one.label, "note": one.note, "value": one.value}
    if one.amount is not None:
        line["amount"] = one.amount
    return line


def drawn_lines(lines: Iterable[ToldLine], unit: UnitPolicy) -> list[dict[str, object]]:
    """Lines of a statement for the `statement_line` tag, each with its why fetched where it is asked for."""
    return [_drawn(one, unit) for one in lines]


def _drawn(one: ToldLine, unit: UnitPolicy) -> dict[str, object]:
    line = one.line
    state, kind = _state(one, unit)
    return {
        "id": f"{unit.key}-{line.line}",
        "when": line.occurred_at,
        "title": one.title,
        "amount": line.change,
        "before": line.before,
        "after": line.after,
        "url": reverse("console:transfer", args=[line.reference]),
        "because_url": reverse("console:why", args=[line.reference]),
        "state": state,
        "state_kind": kind,
        "reversed": one.is_undone,
    }


def _state(one: ToldLine, unit: UnitPolicy) -> tuple[str, str]:
    if one.is_undone:
        return _("Taken back"), "neutral"
    if one.undone:
        return _("{amount} taken back").format(amount=unit.say(one.undone)), "neutral"
    if one.waits_until is not None:
        return _("{amount} pending").format(amount=unit.say(one.line.amount)), "warn"
    return "", ""
