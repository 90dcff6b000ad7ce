"""What there is to learn, as its file spells it, and the activities and rules that come with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaudit.learning.definitions import Counts, Kind, Offering
from plaudit.learning.own_activities import COMPLETED, PRACTISED
from plaudit.planning.programme_file.document_engaging import plain_number
from plaudit.planning.programme_file.entries import one_or_list, without_nothing
from plaudit.planning.programme_file.own_reports import shorthand_rule
from plaudit.planning.programme_file.phrases import count_text
from plaudit.planning.programme_file.programme import Programme, Rule
from plaudit.planning.programme_file.read_learning import certificate_text
from plaudit.planning.programme_file.scenarios_document import scenarios_document

_USUAL = Offering("", "", Kind.SEMINAR)


def learning_document(programme: Programme) -> dict[str, Any]:
    """The section `learning`, without what goes without saying; empty where there is none."""
    one = programme.learning
    if one is None:
        return {}
    return without_nothing(
        {
            "role": one.role if one.role != "role" else "",
            "offerings": {each.key: _offering(each, len(programme.units)) for each in one.offerings},
            "scenarios": scenarios_document(one.scenarios, units=len(programme.units)),
        }
    )


def _offering(one: Offering, units: int) -> dict[str, Any]:
    return without_nothing(
        {
            "name": one.name,
            "kind": one.kind.value,
            "description": one.description,
            "provider": one.provider,
            "partner": one.partner,
            "minutes": one.minutes or None,
            "earn": plain_number(one.earn),
            "unit": one.unit if units > 1 else "",
            "counts": one.counts.value if one.counts is not Counts.YEARLY else "",
            "certificate": certificate_text(one.certificate_months) if one.has_certificate else "",
            "notice": count_text(one.notice_days, "day") if one.notice_days != _USUAL.notice_days else "",
            "after": one_or_list(one.after),
            "steps": one_or_list(one.steps),
            "renewal": one_or_list(one.renewal),
            "needed_by": one_or_list(one.needed_by),
            "claim": one.claim or None,
            "activity": one.activity,
            "move_on": one.move_on.value if one.move_on is not _USUAL.move_on else "",
        }
    )


def learning_rules(programme: Programme) -> Iterator[Rule]:
    """The rules behind what completing something earns, and passing a scenario for the first time."""
    learning = programme.learning
    if learning is None:
        return
    for one in learning.offerings:
        if one.earn is not None:
            yield shorthand_rule(
                programme, "offering", one.key,
                name=one.name, on=COMPLETED, unit=one.unit, earn=one.earn, called="learning",
            )  # fmt: skip
    for each in learning.scenarios:
        if each.earn is not None:
            yield shorthand_rule(
                programme, "scenario", each.key,
                name=each.name, on=PRACTISED, unit=each.unit, earn=each.earn, also=" and occasion = 'first'",
            )  # fmt: skip
