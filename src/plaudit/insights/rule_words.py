"""A rule as sentences: what it pays for, when, how much, and within which limits."""

from __future__ import annotations

from plaudit.activity.types import DeclaredType
from plaudit.earning.compiling import CheckedRule, check_rule, scope_of
from plaudit.earning.definitions import Definition, Rule, decimal_text
from plaudit.earning.explaining import limit_words
from plaudit.earning.expressions import describe, evaluate, fields_used
from plaudit.earning.expressions.types import Scope
from plaudit.insights.wording import list_words
from plaudit.ledger.units import UnitPolicy


def rule_words(rule: Rule, definition: Definition, declared: DeclaredType, unit: UnitPolicy) -> str:
    """What a rule does, such as "Each customer rating earns 10 stars, when rating is 5."."""
    scope = scope_of(declared.name, declared.fields, definition.member_fields)
    checked = check_rule(rule, scope, unit.precision)
    when = f", when {describe(checked.condition, scope)}" if checked.condition is not None else ""
    title = (declared.title or declared.name).lower()
    said = _does(checked, definition, scope, unit)
    return f"Each {title} {said}{when}."


def limits_words(rule: Rule, unit: UnitPolicy) -> list[str]:
    """A rule's limits, such as "at most 10 times a day for each member"."""
    return [f"at most {limit_words(limit, unit.say(limit.at_most))}" for limit in rule.limits]


def _does(checked: CheckedRule, definition: Definition, scope: Scope, unit: UnitPolicy) -> str:
    rule = checked.rule
    if rule.multiply is not None:
        names = {one.key: one.name for one in definition.rules}
        of = [f"“{names[key]}”" for key in rule.of if key in names]
        return f"earns {decimal_text(rule.multiply)} times {list_words(of) if of else 'as much'}"
    assert checked.amount is not None
    verb = "takes" if rule.take is not None else "earns"
    if not fields_used(checked.amount):
        return f"{verb} {unit.say(evaluate(checked.amount, {}, definition.time_zone) or 0)}"
    many = unit.names.get("other", unit.key)
    return f"{verb} {many}: {describe(checked.amount, scope)}"
