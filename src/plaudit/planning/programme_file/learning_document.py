"""What there is to learn, as its file spells it, and the activities and rules that come with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaudit.earning.compiling import field_type
from plaudit.learning.definitions import Counts, Kind, Offering
from plaudit.learning.own_activities import COMPLETED, OWN_TYPES
from plaudit.planning.programme_file.document_engaging import plain_number
from plaudit.planning.programme_file.entries import one_or_list, without_nothing
from plaudit.planning.programme_file.phrases import count_text, number_text
from plaudit.planning.programme_file.programme import Activity, Programme, Rule
from plaudit.planning.programme_file.read_learning import certificate_text

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


def learning_activities(programme: Programme) -> tuple[Activity, ...]:
    """The activities by which learning is reported; rules may be on them."""
    if programme.learning is None:
        return ()
    return tuple(
        Activity(
            own.name,
            own.title,
            fields={name: field_type(stored) for name, stored in own.fields.items()},
            corrects=own.corrects,
        )
        for own in OWN_TYPES
    )


def learning_rules(programme: Programme) -> Iterator[Rule]:
    """The rules behind what completing something earns."""
    for one in programme.learning.offerings if programme.learning is not None else ():
        if one.earn is not None:
            yield Rule(
                key=f"learning.{one.key}",
                name=one.name,
                on=COMPLETED.name,
                unit=one.unit,
                when=f"programme = '{programme.key}' and offering = '{one.key}'",
                earn=number_text(one.earn),
            )
