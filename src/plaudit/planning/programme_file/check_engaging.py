"""Checks challenges, streaks and competitions: what they count exists, and their expressions fit it."""

from __future__ import annotations

from plaudit.earning.compiling import scope_of
from plaudit.earning.expressions.expression import amount_of, condition_of
from plaudit.earning.expressions.refusals import ExpressionRefused
from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.engagement.definitions import DECIMALS
from plaudit.engagement.own_activities import OWN_TYPES
from plaudit.planning.programme_file.engaging import Pursuit
from plaudit.planning.programme_file.engaging_rules import does_not_fit
from plaudit.planning.programme_file.fields_stored import stored_fields
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.programme import Programme


def check_engaging(programme: Programme, problems: Problems) -> None:
    """Note whatever of it could not be followed."""
    own = {one.name for one in OWN_TYPES}
    for activity in programme.activities:
        if activity.key in own:
            problems.note(
                ("activities", activity.key),
                f"`{activity.key}` is what Plaudit reports itself.",
                "Give the activity another key; rules may be on Plaudit's own without it.",
            )
    for place, pursuits in (
        ("challenges", programme.challenges),
        ("streaks", programme.streaks),
        ("competitions", programme.competitions),
    ):
        for one in pursuits:
            _check(programme, one, (place, one.key), problems)


def _check(programme: Programme, one: Pursuit, path: Path, problems: Problems) -> None:
    precision = next((unit.precision for unit in programme.units if unit.key == one.unit), 0)
    if any(does_not_fit(goal.earn, precision) for goal in one.goals):
        problems.note(path, f"The unit has {precision or 'no'} decimals.", "Earn a number that it can count.")
    activities = {activity.key: activity for activity in programme.activities if not activity.corrects}
    activity = activities.get(one.on)
    if activity is None:
        if one.on and not problems.under((*path, "on")):
            said = f"There is no activity `{one.on}` to count{did_you_mean(one.on, activities)}"
            problems.note((*path, "on"), said, code="unknown_activity")
        return
    if problems.under(("activities", activity.key)) or problems.under(("member_fields",)):
        return
    scope = scope_of(
        activity.key, stored_fields(activity.fields), stored_fields(programme.known_of_members())
    )
    for key, text in (("when", one.when), ("sum", one.sum), ("edition", one.edition)):
        if not text or problems.under((*path, key)):
            continue
        try:
            if key == "when":
                condition_of(text, scope)
            else:
                amount_of(text, scope, precision=DECIMALS if key == "sum" else 0)
        except ExpressionRefused as refused:
            problems.note((*path, key), refused.advice, code="expression")
