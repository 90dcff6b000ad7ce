"""What recognition becomes: what is published to be given by, and the rules that grant what was given."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from plaudit.planning.programme_file.fields_stored import stored_fields
from plaudit.planning.programme_file.programme import Programme, Rule
from plaudit.planning.programme_file.recognition import Recognition
from plaudit.recognition import definitions as recognition
from plaudit.recognition.definitions import VISIBLE_WORDS
from plaudit.recognition.own_activities import RECEIVED


def standard_of(programme: Programme) -> recognition.Standard | None:
    """The section as it is published."""
    one = programme.recognition
    if one is None:
        return None
    precision = programme.unit(one.unit).precision
    return recognition.Standard(
        programme=programme.key,
        time_zone=programme.time_zone,
        name=one.name,
        unit=one.unit,
        behaviours=tuple(
            recognition.Behaviour(
                each.key, each.name, each.means, each.examples, smallest(each.earn, precision)
            )
            for each in one.behaviours
        ),
        supervisors=smallest(one.supervisors, precision),
        colleagues=smallest(one.colleagues, precision),
        every=one.every,
        per_pair=one.per_pair,
        per_day=one.per_day,
        undo_minutes=one.undo_minutes,
        visible=VISIBLE_WORDS[one.visible],
        promptly_days=one.promptly_days,
        notice_days=one.notice_days,
        audience=one.audience,
        customers=recognition.Customers(one.customers.a_day, smallest(one.customers.earn, precision))
        if one.customers is not None
        else None,
        nominations=recognition.Nominations(
            smallest(one.nominations.up_to, precision),
            smallest(one.nominations.budget, precision),
            one.nominations.every,
        )
        if one.nominations is not None
        else None,
        watches=tuple(
            recognition.Watch(each.key, each.name, each.on, each.when or None, each.behaviour, each.shows)
            for each in one.moments
        ),
        member_fields=stored_fields(programme.known_of_members()),
    )


def smallest(number: Decimal | None, precision: int) -> int:
    """A number of whole units in their smallest part."""
    return int((number or Decimal(0)).scaleb(precision))


def recognition_rules(programme: Programme) -> Iterator[Rule]:
    """The rules behind what being recognised earns: one a behaviour that gives points, and one for customers' thanks."""
    one = programme.recognition
    if one is None:
        return
    nominated = one.nominations is not None
    for each in one.behaviours:
        if each.earn is not None or nominated:
            among = f"behaviour = '{each.key}' and given_by <> 'customer'"
            yield _rule(programme, one, f"recognition.{each.key}", each.name, among)
    if one.customers is not None and one.customers.earn is not None:
        name = "Thanks from a customer"
        yield _rule(programme, one, "recognition.by.customers", name, "given_by = 'customer'")


def _rule(programme: Programme, one: Recognition, key: str, name: str, among: str) -> Rule:
    precision = programme.unit(one.unit).precision
    return Rule(
        key=key,
        name=name,
        on=RECEIVED.name,
        unit=one.unit,
        when=f"programme = '{programme.key}' and {among} and points > 0",
        earn=f"floor(points, {precision})" if precision else "floor(points)",
    )
