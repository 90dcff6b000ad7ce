"""Checks what one part of a programme says about another: names, units, dates, and every expression."""

from __future__ import annotations

import re
from collections import Counter

from plaudit.earning.compiling import scope_of
from plaudit.earning.definitions import CONFIRMS
from plaudit.earning.expressions.expression import amount_of, condition_of
from plaudit.earning.expressions.refusals import ExpressionRefused
from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.earning.expressions.types import FieldKind, Scope
from plaudit.engagement.definitions import EXACT_DECIMALS_MAX
from plaudit.foundation.worded import joined, worded
from plaudit.planning.programme_file.check_engaging import check_engaging
from plaudit.planning.programme_file.check_learning import check_learning
from plaudit.planning.programme_file.check_offers import check_offers
from plaudit.planning.programme_file.check_recognition import check_recognition
from plaudit.planning.programme_file.check_rewards import check_rewards
from plaudit.planning.programme_file.check_scenarios import check_scenarios
from plaudit.planning.programme_file.check_segments import check_segments
from plaudit.planning.programme_file.check_standing import check_standing
from plaudit.planning.programme_file.check_surveys import check_surveys
from plaudit.planning.programme_file.check_tiers import check_tiers
from plaudit.planning.programme_file.check_translations import check_translations
from plaudit.planning.programme_file.definitions import KeyedLimit, limits_of
from plaudit.planning.programme_file.engaging_rules import own_activities
from plaudit.planning.programme_file.examples import check_examples
from plaudit.planning.programme_file.fields_stored import stored_fields
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.programme import Activity, Campaign, Programme, Rule, path_of
from plaudit.planning.programme_file.rounding_rules import exact_decimals, unrounded
from plaudit.planning.programme_file.scenario_facts import check_facts_earn

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check_programme(programme: Programme, problems: Problems) -> None:
    """Note everything that does not fit together. Parts already at fault are not judged again."""
    _check_units(programme, problems)
    for activity in programme.activities:
        _check_correction(programme, activity, problems)
    _check_keys(programme, problems)
    check_standing(programme, problems)
    for rule, campaign in programme.all_rules():
        path = path_of(rule, campaign)
        _check_rule(programme, rule, campaign, path, problems)
    check_engaging(programme, problems)
    check_recognition(programme, problems)
    check_learning(programme, problems)
    check_scenarios(programme, problems)
    check_surveys(programme, problems)
    _check_limits(programme, problems)
    check_tiers(programme, problems)
    check_segments(programme, problems)
    check_rewards(programme, problems)
    check_offers(programme, problems)
    check_translations(programme, problems)
    if not problems.found:
        check_examples(programme, problems)
        check_facts_earn(programme, problems)


def _check_units(programme: Programme, problems: Problems) -> None:
    names = Counter(
        name for unit in programme.units for name in {unit.key, unit.one.lower(), unit.other.lower()}
    )
    for unit in programme.units:
        shared = [name for name in (unit.one, unit.other) if names[name.lower()] > 1]
        if shared and not problems.under(("units", unit.key)):
            problems.note(
                ("units", unit.key),
                worded("Another unit is called `{shared}` too.", shared=shared[0]),
                "Choose another name.",
            )


def _check_correction(programme: Programme, activity: Activity, problems: Problems) -> None:
    path: Path = ("activities", activity.key)
    if not activity.corrects:
        if activity.part:
            advice = worded("Add corrects: and the activity it takes back.")
            problems.note((*path, "part"), "Only a correction has a part.", advice)
        return
    known = {other.key: other for other in programme.activities}
    corrected = known.get(activity.corrects)
    if corrected is None or corrected is activity:
        others = [key for key in known if key != activity.key]
        said = worded(
            "There is no activity `{key}`{meant}",
            key=activity.corrects,
            meant=did_you_mean(activity.corrects, others),
        )
        if corrected is activity:
            said = worded("An activity cannot correct itself.")
        problems.note((*path, "corrects"), said, code="unknown_activity")
        return
    if corrected.corrects:
        advice = worded("Let it correct `{corrects}`.", corrects=corrected.corrects)
        problems.note(
            (*path, "corrects"), worded("`{key}` is itself a correction.", key=corrected.key), advice
        )
    if activity.part:
        _check_part(activity, corrected, (*path, "part"), problems)


def _check_part(activity: Activity, corrected: Activity, path: Path, problems: Problems) -> None:
    """`refunded/amount`: a number of the correction over a number of what it corrects."""
    for name, owner in zip(activity.part.split("/"), (activity, corrected), strict=True):
        field = owner.fields.get(name)
        if field is None:
            said = worded(
                "`{name}` is not a field of `{key}`{meant}",
                name=name,
                key=owner.key,
                meant=did_you_mean(name, owner.fields),
            )
            problems.note(path, said, code="unknown_field")
        elif not field.is_number:
            problems.note(
                path,
                worded("`{name}` of `{key}` is not a number.", name=name, key=owner.key),
                "A part is a number over a number.",
            )


def _check_keys(programme: Programme, problems: Problems) -> None:
    """One key, one rule, wherever it stands: transfers name rules by their keys."""
    seen: dict[str, Path] = {}
    for rule, campaign in programme.all_rules():
        path = path_of(rule, campaign)
        if rule.key in seen:
            line = problems.line_of(seen[rule.key])
            problems.note(
                path,
                worded("There is a rule `{key}` in line {line} already.", key=rule.key, line=line),
                "Give one another key.",
            )
        seen.setdefault(rule.key, path)


def _check_rule(
    programme: Programme, rule: Rule, campaign: Campaign | None, path: Path, problems: Problems
) -> None:
    if rule.objective and rule.objective not in {objective.key for objective in programme.objectives}:
        known = [objective.key for objective in programme.objectives]
        said = worded(
            "There is no objective `{key}`{meant}",
            key=rule.objective,
            meant=did_you_mean(rule.objective, known),
        )
        problems.note((*path, "objective"), said, code="unknown_objective")
    if campaign is not None:
        _check_window_inside(rule, campaign, path, problems)
    _check_what_it_does(programme, rule, path, problems)
    activities = {activity.key: activity for activity in (*programme.activities, *own_activities(programme))}
    activity = activities.get(rule.on)
    if activity is None:
        if rule.on and not problems.under((*path, "on")):
            said = worded(
                "There is no activity `{key}`{meant}", key=rule.on, meant=did_you_mean(rule.on, activities)
            )
            problems.note((*path, "on"), said, code="unknown_activity")
        return
    if problems.under(("activities", activity.key)) or problems.under(("member_fields",)):
        return
    _check_expressions(programme, rule, activity, path, problems)


def _check_window_inside(rule: Rule, campaign: Campaign, path: Path, problems: Problems) -> None:
    """A rule can be in force for a part of its campaign, never beyond it."""
    own, around = rule.window, campaign.window
    if own.starts and (
        (around.starts and own.starts < around.starts) or (around.ends and own.starts >= around.ends)
    ):
        problems.note((*path, "from"), "This is outside the campaign.", "Leave it off, or move the campaign.")
    if own.ends and (
        (around.ends and own.ends > around.ends) or (around.starts and own.ends <= around.starts)
    ):
        key = "through" if (*path, "through") in problems.lines else "until"
        problems.note((*path, key), "This is outside the campaign.", "Leave it off, or move the campaign.")


def _check_confirmation(programme: Programme, rule: Rule, path: Path, problems: Problems) -> None:
    """What confirms must be an activity of the file, and say what it confirms."""
    known = {activity.key: activity for activity in programme.activities}
    confirming = known.get(rule.pending_until)
    if confirming is None:
        said = worded(
            "There is no activity `{key}`{meant}",
            key=rule.pending_until,
            meant=did_you_mean(rule.pending_until, known),
        )
        problems.note(path, said, code="unknown_activity")
        return
    field = confirming.fields.get(CONFIRMS)
    if field is None or field.kind is not FieldKind.TEXT:
        said = worded("`{key}` does not say which {on} it confirms.", key=confirming.key, on=rule.on)
        problems.note(path, said, "Give it the field `confirms: text`, for the id of the event.")


def _check_what_it_does(programme: Programme, rule: Rule, path: Path, problems: Problems) -> None:
    """What belongs to earning alone, and what a multiplier multiplies."""
    if rule.take and rule.limits:
        problems.note(
            (*path, "limits"), "A rule that takes has no limits.", "Put them on the rules that earn."
        )
    if rule.pending_until and rule.earn:
        _check_confirmation(programme, rule, (*path, "pending"), problems)
    if (rule.pending_days or rule.pending_until) and not rule.earn:
        problems.note((*path, "pending"), "Only what a rule earns can be pending.", "Leave it out.")
    _check_rounding(programme, rule, path, problems)
    if rule.of and rule.multiply is None:
        problems.note((*path, "of"), "Only a rule that multiplies has `of`.", "Leave it out, or multiply.")
        return
    rules = {other.key: other for other, _ in programme.all_rules()}
    earning = [
        key for key, other in rules.items() if other.earn and other.on == rule.on and other.unit == rule.unit
    ]
    for key in rule.of:
        other = rules.get(key)
        if other is None:
            problems.note(
                (*path, "of"),
                worded("There is no rule `{key}`{meant}", key=key, meant=did_you_mean(key, earning)),
                code="unknown_rule",
            )
        elif key not in earning:
            why = (
                worded("is on `{on}`", on=other.on)
                if other.on != rule.on
                else worded("earns {unit}", unit=other.unit)
                if other.unit != rule.unit
                else worded("does not earn")
            )
            problems.note(
                (*path, "of"),
                worded("`{key}` {why}, so there is nothing here to multiply.", key=key, why=why),
                "Name rules that earn the same for the same activity.",
            )
    if rule.multiply is not None and not rule.of and not earning:
        problems.note(
            (*path, "multiply"),
            worded(
                "No rule on `{on}` earns {unit}, so there is nothing to multiply.", on=rule.on, unit=rule.unit
            ),
        )


def _check_rounding(programme: Programme, rule: Rule, path: Path, problems: Problems) -> None:
    """What several earn together is rounded down once, in the end."""
    if not rule.rounding or problems.under((*path, "earn")):
        return
    here = (*path, "rounding")
    if not unrounded(rule.earn):
        problems.note(here, "Nothing here says what to round.", "Write all of earn: as floor(…).")
    if rule.pending_until:
        problems.note(
            here, "What is rounded together cannot be confirmed one by one.", "Let it wait for days."
        )
    activity = next((one for one in programme.activities if one.key == rule.on), None)
    field = activity.fields.get("order") if activity is not None else None
    if rule.rounding == "order" and (field is None or field.kind is not FieldKind.TEXT):
        problems.note(
            here,
            worded("`{on}` does not say which order it is of.", on=rule.on),
            "Give it the field `order: text`.",
        )
    if unrounded(rule.earn) and activity is not None and not problems.under(("activities", activity.key)):
        scope = scope_of(rule.on, stored_fields(activity.fields), stored_fields(programme.known_of_members()))
        try:
            exact = exact_decimals(programme, rule)
            amount_of(unrounded(rule.earn), scope, precision=min(exact, EXACT_DECIMALS_MAX))
        except ExpressionRefused as refused:
            problems.note(here, refused.advice, code="expression")


def _check_expressions(
    programme: Programme, rule: Rule, activity: Activity, path: Path, problems: Problems
) -> None:
    scope = scope_of(
        activity.key, stored_fields(activity.fields), stored_fields(programme.known_of_members())
    )
    precision = next((unit.precision for unit in programme.units if unit.key == rule.unit), 0)
    for key, text in (("when", rule.when), ("earn", rule.earn), ("take", rule.take)):
        if not text or problems.under((*path, key)):
            continue
        try:
            if key == "when":
                condition_of(text, scope)
            else:
                amount_of(text, scope, precision=precision)
        except ExpressionRefused as refused:
            problems.note((*path, key), *_shown(text, refused), code="expression")
    _check_because(rule, scope, path, problems)


def _shown(text: str, refused: ExpressionRefused) -> tuple[str, str]:
    """The fault with the place in the expression it is about."""
    whole = not refused.excerpt or refused.excerpt == text
    where = (
        ""
        if whole
        else worded(
            "At character {position}, `{excerpt}`: ", position=refused.position + 1, excerpt=refused.excerpt
        )
    )
    return joined((where, refused.advice), by=""), ""


def _check_because(rule: Rule, scope: Scope, path: Path, problems: Problems) -> None:
    for name in _PLACEHOLDER.findall(rule.because):
        if name not in scope.fields:
            said = worded(
                "`{{{name}}}` is not a field of {subject}{meant}",
                name=name,
                subject=scope.subject,
                meant=did_you_mean(name, scope.fields),
            )
            problems.note((*path, "because"), said, code="unknown_field")
    if re.search(r"[{}]", _PLACEHOLDER.sub("", rule.because)):
        problems.note((*path, "because"), "A brace stands alone.", "Write {amount} for the event's amount.")


def _check_limits(programme: Programme, problems: Problems) -> None:
    """No two limits alike, and none that holds nothing."""
    if problems.under(("units",)) or problems.under(("limits",)):
        return
    by_key: dict[str, list[KeyedLimit]] = {}
    for keyed in limits_of(programme):
        by_key.setdefault(keyed.key, []).append(keyed)
    for key, alike in by_key.items():
        if len(alike) == 1 and alike[0].rules:
            continue
        path = alike[-1].path
        if len(alike) > 1:
            said = (
                worded("Two limits count the same ({key}).", key=key)
                if not alike[0].limit.name
                else worded("Two limits are called `{key}`.", key=key)
            )
            problems.note(
                path, said, "Keep the smaller one, or give one a name of its own.", code="limit_twice"
            )
        elif not problems.under(path):
            problems.note(
                path, "This limit holds nothing: no rule here earns what it counts.", "Leave it out."
            )
