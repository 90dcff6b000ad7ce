"""Checks tiers against the rest of the file: units, activities, expressions, thresholds."""

from __future__ import annotations

from plaudit.earning.expressions.refusals import ExpressionRefused
from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.fields_stored import stored_fields
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.tiers import Ladder, Level
from plaudit.targeting.counting import check_measure, measure_scope
from plaudit.targeting.definitions import Downgrade, Keep, Measure


def check_tiers(programme: Programme, problems: Problems) -> None:
    """Note what of the ladders does not fit: units, activities, expressions, thresholds."""
    for ladder in programme.tiers:
        path: Path = ("tiers", ladder.key)
        _check_levels(programme, ladder, path, problems)
        check_measured(programme, ladder.measure, path, problems)
        if ladder.keeping.keep is Keep.WHILE_IT_LASTS and ladder.downgrade is Downgrade.ONE_STEP:
            advice = worded("Add keep: 12 months, or leave `then` out.")
            problems.note(
                (*path, "then"), "Without `keep` a level goes as soon as it is not reached.", advice
            )


def _check_levels(programme: Programme, ladder: Ladder, path: Path, problems: Problems) -> None:
    precision = next((unit.precision for unit in programme.units if unit.key == ladder.earned), 0)
    if not ladder.levels and not problems.under((*path, "levels")):
        problems.note(
            (*path, "levels"), "There is no level.", "Add one, such as gold: {name: Gold, from: 1000}."
        )
    before: Level | None = None
    for level in ladder.levels:
        below = (*path, "levels", level.key, "from")
        if level.reached_from != round(level.reached_from, precision):
            problems.note(below, "It has more decimals than what is counted.", "Write fewer.")
        if before is not None and level.reached_from <= before.reached_from:
            said = worded(
                "`{key}` takes no more than `{below}`, which stands below it.",
                key=level.key,
                below=before.key,
            )
            problems.note(below, said, "Write the levels from the lowest up.")
        before = level


def check_measured(programme: Programme, measure: Measure, path: Path, problems: Problems) -> None:
    """Note a unit or activity that is not there, and expressions that cannot be asked of it."""
    if measure.earned:
        units = [unit.key for unit in programme.units]
        if measure.earned not in units:
            said = worded(
                "There is no unit `{key}`{meant}",
                key=measure.earned,
                meant=did_you_mean(measure.earned, units),
            )
            problems.note((*path, "earned"), said, code="unknown_unit")
        for key in ("when", "amount"):
            if getattr(measure, key):
                said = worded(
                    "What points are earned for is said by rules; `{key}` belongs to `on`.", key=key
                )
                problems.note((*path, key), said, "Leave it out.")
        return
    activities = {activity.key: activity for activity in programme.activities}
    activity = activities.get(measure.on)
    if activity is None:
        if measure.on and not problems.under((*path, "on")):
            said = worded(
                "There is no activity `{key}`{meant}",
                key=measure.on,
                meant=did_you_mean(measure.on, activities),
            )
            problems.note((*path, "on"), said, code="unknown_activity")
        return
    if activity.corrects:
        advice = worded(
            "Count `{corrects}`; what is corrected of it counts no more.", corrects=activity.corrects
        )
        problems.note((*path, "on"), "A correction counts nothing.", advice)
    scope = measure_scope(activity.key, stored_fields(activity.fields))
    for key, one in (("when", Measure(when=measure.when)), ("amount", Measure(amount=measure.amount))):
        try:
            check_measure(one, scope)
        except ExpressionRefused as refused:
            problems.note((*path, key), refused.advice, code="expression")
