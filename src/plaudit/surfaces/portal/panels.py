"""Reasons and statement lines as the design draws them, each line and activity linked to its page."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from plaudit.insights.lines import ToldLine
from plaudit.insights.reasons import Because, Input, Sum
from plaudit.insights.wording import last_day
from plaudit.ledger.units import UnitPolicy
from plaudit.rewards.models import RedemptionState


def page_of(reference: str) -> str:
    """Where a reference is shown; nothing for one that has no page."""
    if reference.startswith(("led_", "act_")):
        return reverse("portal:line", args=[reference])
    if reference.startswith("tier:"):
        return reverse("portal:tier")
    return reverse("portal:redemption", args=[reference]) if reference.startswith("rdm_") else ""


def panel(because: Because, *, linked: bool = True) -> dict[str, object]:
    """A reason for the `because` tags; `linked` where it is not on its own page already."""
    authority = because.authority
    return {
        "sentence": because.sentence,
        "inputs": [_input(one) for one in because.inputs],
        "rule": {
            "name": authority.name,
            "version": authority.version,
            "words": authority.words,
            "since": authority.since,
            "approved_by": authority.approved_by,
        },
        "sums": [_sum(one) for one in because.sums],
        "total": _sum(because.total),
        "unit": because.unit,
        "would_change": because.would_change,
        "question_url": f"{reverse('portal:question')}?about={because.reference}",
        "answer_by": because.answer_by,
        "url": page_of(because.reference) if linked else "",
    }


def _input(one: Input) -> dict[str, object]:
    return {
        "label": one.label,
        "value": one.value,
        "source": one.source,
        "when": one.at,
        "url": page_of(one.reference) if one.reference else "",
    }


def _sum(one: Sum) -> dict[str, object]:
    line: dict[str, object] = {"label": one.label, "note": one.note, "value": one.value}
    if one.amount is not None:
        line["amount"] = one.amount
    return line


def drawn_lines(lines: Iterable[ToldLine], unit: UnitPolicy) -> list[dict[str, object]]:
    """Lines of a statement for the `statement_line` tag. What a line shows is its change of what can be spent."""
    return [_drawn(one, unit) for one in lines]


def _drawn(one: ToldLine, unit: UnitPolicy) -> dict[str, object]:
    line = one.line
    url = page_of(line.reference)
    state, kind = _state(one, unit)
    return {
        "id": line.line,
        "when": line.occurred_at,
        "title": one.title,
        "amount": line.change,
        "before": line.before,
        "after": line.after,
        "url": url,
        "because_url": url,
        "state": state,
        "state_kind": kind,
        "reversed": one.is_undone,
        "last_day": last_day(line.expires_at, get_current_timezone()) if line.expires_at else None,
    }


def _state(one: ToldLine, unit: UnitPolicy) -> tuple[str, str]:
    """What became of the line since, in a word or two."""
    if one.is_undone:
        return (_("Cancelled"), "neutral") if one.standing else (_("Taken back"), "neutral")
    if one.undone:
        return _("{amount} taken back").format(amount=unit.say(one.undone)), "neutral"
    if one.waits_until is not None:
        return _("{amount} pending").format(amount=unit.say(one.line.amount)), "warn"
    if one.standing == RedemptionState.ORDERED:
        return _("On its way"), "info"
    return "", ""
