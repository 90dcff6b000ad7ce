"""Checks recognition: its moments watch what there is, and its amounts fit their unit."""

from __future__ import annotations

from decimal import Decimal

from plaudit.earning.compiling import scope_of
from plaudit.earning.expressions.expression import condition_of
from plaudit.earning.expressions.refusals import ExpressionRefused
from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.engaging_rules import own_activities
from plaudit.planning.programme_file.fields_stored import stored_fields
from plaudit.planning.programme_file.own_reports import check_countable, check_not_declared
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.recognition import Moment, Recognition
from plaudit.recognition.own_activities import OWN_TYPES


def check_recognition(programme: Programme, problems: Problems) -> None:
    """Note whatever of it could not be given or watched."""
    check_not_declared(programme, OWN_TYPES, problems)
    one = programme.recognition
    if one is None:
        return
    _check_amounts(programme, one, problems)
    for moment in one.moments:
        _check_moment(programme, one, moment, problems)


def _check_amounts(programme: Programme, one: Recognition, problems: Problems) -> None:
    path: Path = ("recognition",)
    amounts: list[tuple[Path, Decimal | None]] = [
        ((*path, "supervisors"), one.supervisors),
        ((*path, "colleagues"), one.colleagues),
        ((*path, "customers", "earn"), one.customers.earn if one.customers else None),
        ((*path, "nominations", "up_to"), one.nominations.up_to if one.nominations else None),
        ((*path, "nominations", "budget"), one.nominations.budget if one.nominations else None),
        *(((*path, "behaviours", each.key, "earn"), each.earn) for each in one.behaviours),
    ]
    for place, amount in amounts:
        check_countable(programme, one.unit, amount, place, problems)


def _check_moment(programme: Programme, one: Recognition, moment: Moment, problems: Problems) -> None:
    path: Path = ("recognition", "moments", moment.key)
    behaviours = [each.key for each in one.behaviours]
    if moment.behaviour and moment.behaviour not in behaviours:
        said = worded(
            "There is no behaviour `{key}`{meant}",
            key=moment.behaviour,
            meant=did_you_mean(moment.behaviour, behaviours),
        )
        problems.note((*path, "behaviour"), said, code="unknown_behaviour")
    there = (*programme.activities, *own_activities(programme))
    activities = {activity.key: activity for activity in there if not activity.corrects}
    activity = activities.get(moment.on)
    if activity is None:
        if moment.on and not problems.under((*path, "on")):
            said = worded(
                "There is no activity `{key}` to watch{meant}",
                key=moment.on,
                meant=did_you_mean(moment.on, activities),
            )
            problems.note((*path, "on"), said, code="unknown_activity")
        return
    for name in moment.shows:
        if name not in activity.fields:
            said = worded(
                "`{on}` has no field `{name}`{meant}",
                on=moment.on,
                name=name,
                meant=did_you_mean(name, activity.fields),
            )
            problems.note((*path, "shows"), said, code="unknown_field")
    if not moment.when or problems.under(("activities", activity.key)) or problems.under(("member_fields",)):
        return
    scope = scope_of(
        activity.key, stored_fields(activity.fields), stored_fields(programme.known_of_members())
    )
    try:
        condition_of(moment.when, scope)
    except ExpressionRefused as refused:
        problems.note((*path, "when"), refused.advice, code="expression")
