"""A rule as sentences: what it pays for, when, how much, and within which limits."""

from __future__ import annotations

from django.utils.translation import gettext as _

from plaudit.activity.types import DeclaredType
from plaudit.earning.compiling import CheckedRule, check_rule, scope_of
from plaudit.earning.definitions import Definition, Rule, decimal_text
from plaudit.earning.expressions import evaluate, fields_used
from plaudit.earning.expressions.types import Scope
from plaudit.earning.expressions.words import describe
from plaudit.earning.words import in_sentence, limit_words, told_rule
from plaudit.foundation import written
from plaudit.insights.wording import list_words
from plaudit.ledger.units import UnitPolicy


def rule_words(rule: Rule, definition: Definition, declared: DeclaredType, unit: UnitPolicy) -> str:
    """What a rule does, such as "Each customer rating earns 10 stars, when rating is 5."."""
    scope = scope_of(declared.name, declared.fields, definition.member_fields)
    checked = check_rule(rule, scope, unit.precision)
    when = (
        _(", when {condition}").format(condition=describe(checked.condition, scope))
        if checked.condition is not None
        else ""
    )
    title = in_sentence(declared.title or declared.name)
    said = _does(checked, definition, scope, unit)
    return _("Each {title} {said}{when}.").format(title=title, said=said, when=when)


def limits_words(rule: Rule, unit: UnitPolicy) -> list[str]:
    """A rule's limits, such as "at most 10 times a day for each member"."""
    return [
        _("at most {limit}").format(limit=limit_words(limit, unit.say(limit.at_most)))
        for limit in rule.limits
    ]


def _does(checked: CheckedRule, definition: Definition, scope: Scope, unit: UnitPolicy) -> str:
    rule = checked.rule
    if rule.multiply is not None:
        names = {one.key: told_rule(one).name for one in definition.rules}
        of = [_("“{rule}”").format(rule=names[key]) for key in rule.of if key in names]
        factor = written.digits(decimal_text(rule.multiply))
        if not of:
            return _("earns {factor} times as much").format(factor=factor)
        return _("earns {factor} times {rules}").format(factor=factor, rules=list_words(of))
    assert checked.amount is not None
    says = _("takes {amount}") if rule.take is not None else _("earns {amount}")
    if not fields_used(checked.amount):
        return says.format(amount=unit.say(evaluate(checked.amount, {}, definition.time_zone) or 0))
    return says.format(amount=f"{unit.many}: {describe(checked.amount, scope)}")
