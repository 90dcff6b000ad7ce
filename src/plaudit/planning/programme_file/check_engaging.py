"""Checks challenges, streaks and competitions: what they count exists, and their expressions fit it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from plaudit.earning.compiling import scope_of
from plaudit.earning.expressions.expression import amount_of, condition_of
from plaudit.earning.expressions.refusals import ExpressionRefused
from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.engagement.definitions import COUNTABLE, DECIMALS, count_name
from plaudit.engagement.own_activities import OWN_TYPES
from plaudit.engagement.published import compile_badges
from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.engaging import Pursuit
from plaudit.planning.programme_file.engaging_rules import badge_part, engagement_of
from plaudit.planning.programme_file.fields_stored import stored_fields
from plaudit.planning.programme_file.own_reports import (
    check_countable,
    check_not_declared,
    does_not_fit,
)
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.referrals import Referrals


def check_engaging(programme: Programme, problems: Problems) -> None:
    """Note whatever of it could not be followed."""
    check_not_declared(programme, OWN_TYPES, problems)
    for place, pursuits in (
        ("challenges", programme.challenges),
        ("streaks", programme.streaks),
        ("competitions", programme.competitions),
        ("achievements", programme.achievements),
    ):
        for one in pursuits:
            _check(programme, one, (place, one.key), problems)
    for streak in programme.streaks:
        _check_extra(programme, streak, problems)
    _check_badges(programme, problems)
    if programme.birthdays is not None:
        birthdays = programme.birthdays
        check_countable(programme, birthdays.unit, birthdays.earn, ("birthdays", "earn"), problems)
    if programme.referrals is not None:
        _check_referrals(programme, programme.referrals, problems)


def _check_extra(programme: Programme, one: Pursuit, problems: Problems) -> None:
    """What a streak's events earn besides can wait for days, not for a confirmation of another activity."""
    waits = any(rule.pending_until for rule, _ in programme.all_rules() if rule.on == one.on and rule.earn)
    if one.multiply is not None and waits:
        said = worded("What `{on}` earns waits to be confirmed, and what a streak adds cannot.", on=one.on)
        problems.note(("streaks", one.key, "multiply"), said, "Let the rule wait for days.")


def _check_badges(programme: Programme, problems: Problems) -> None:
    """Goals name badges of the file, where it has any; conditions fit what there is to count."""
    named = [badge.key for badge in programme.badges]
    pursuits = [
        (place, one)
        for place, several in (
            ("challenges", programme.challenges),
            ("streaks", programme.streaks),
            ("competitions", programme.competitions),
            ("achievements", programme.achievements),
        )
        for one in several
    ]
    for place, one in pursuits:
        for key in sorted({goal.badge for goal in one.goals if goal.badge and named} - set(named)):
            said = worded("There is no badge `{key}`{meant}", key=key, meant=did_you_mean(key, named))
            problems.note((place, one.key), said, code="unknown_badge")
    if not any(badge.when for badge in programme.badges) or problems.found:
        return
    definition = engagement_of(programme)
    asked = [part for part in definition.parts if part.kind in COUNTABLE]
    countable = {count_name(part.key): part for part in asked}
    for part in asked:
        if countable[count_name(part.key)] is not part:
            said = worded("`{count_name}` means two things to badges.", count_name=count_name(part.key))
            problems.note(
                ("badges",), said, worded("Give the {kind} another key.", kind=part.kind), code="name_taken"
            )
    for badge in programme.badges:
        if badge.when:
            try:
                compile_badges([badge_part(badge)], countable, ZoneInfo(programme.time_zone))
            except ExpressionRefused as refused:
                problems.note(("badges", badge.key, "when"), refused.advice, code="expression")


def _check_referrals(programme: Programme, one: Referrals, problems: Problems) -> None:
    path: Path = ("referrals",)
    _check(programme, one.pursuit, path, problems)
    check_countable(programme, one.unit, one.friend_earns, (*path, "welcome"), problems)


def _check(programme: Programme, one: Pursuit, path: Path, problems: Problems) -> None:
    precision = next((unit.precision for unit in programme.units if unit.key == one.unit), 0)
    unfit = next((goal.earn for goal in one.goals if does_not_fit(goal.earn, precision)), None)
    check_countable(programme, one.unit, unfit, path, problems)
    activities = {activity.key: activity for activity in programme.activities if not activity.corrects}
    activity = activities.get(one.on)
    if activity is None:
        if one.on and not problems.under((*path, "on")):
            said = worded(
                "There is no activity `{key}` to count{meant}",
                key=one.on,
                meant=did_you_mean(one.on, activities),
            )
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
