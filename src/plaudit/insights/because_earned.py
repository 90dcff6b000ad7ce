"""Why a rule granted or took points: the activity, the rule's arithmetic, and what would have changed it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from plaudit.earning.explaining import RuleVerdict, Verdict
from plaudit.insights.asked import Asked, rule_authority
from plaudit.insights.looked_at import Explained, explained, inputs_of
from plaudit.insights.nearest import nearest_more
from plaudit.insights.reasons import Authority, Because, Input, Link, Sum
from plaudit.insights.rule_words import limits_words, rule_words
from plaudit.insights.wording import steps_words
from plaudit.ledger.places import Place
from plaudit.ledger.units import UnitPolicy


def of_rule(asked: Asked) -> Because:
    """An accrual or a deduction, by a rule, for an activity."""
    line = asked.line
    assert line.event_id is not None and line.rule_id is not None, "a rule posts for an activity"
    one = explained(asked.organisation_id, line.event_id)
    verdict = next(verdict for verdict in one.event.verdicts if verdict.rule_id == line.rule_id)
    found = one.rule(line.rule_id)
    pending = line.target is Place.PENDING
    inputs = inputs_of(one, found[1] if found else None)
    limit = _limit_input(verdict)
    return asked.answer(
        _kind(one, verdict),
        sentence=verdict.sentence,
        inputs=[*inputs, *limit],
        authority=authority_of(asked.organisation_id, one, verdict, asked.unit),
        sums=sums_of(verdict),
        total=_("Pending") if pending else "",
        would_change=would_have_changed(one, verdict, asked.unit),
        links=[
            Link(_("The activity: {title}").format(title=one.event.title), one.reference),
            *_siblings(one, verdict),
        ],
    )


def _kind(one: Explained, verdict: RuleVerdict) -> str:
    if verdict.verdict is Verdict.CUT:
        return "limit"
    if verdict.granted < 0:
        return "deduction"
    found = one.rule(verdict.rule_id)
    return "multiplier" if found and found[1].rule.multiply is not None else "rule"


def authority_of(organisation_id: int, one: Explained, verdict: RuleVerdict, unit: UnitPolicy) -> Authority:
    """The rule behind a verdict, in words, with its version, since when, and who published it."""
    found = one.rule(verdict.rule_id)
    words = ""
    if found:
        programme, checked = found
        limits = limits_words(checked.rule, unit)
        words = rule_words(checked.rule, programme.definition, one.declared, unit)
        words += (
            " " + _("Limits: {limits}.").format(limits="; ".join(limits))
            if limits
            else " " + _("It has no limit.")
        )
    return rule_authority(
        organisation_id, verdict.programme, verdict.version, key=verdict.rule, name=verdict.name, words=words
    )


def sums_of(verdict: RuleVerdict) -> list[Sum]:
    """The rule's arithmetic step by step, then what it came to, then what a limit left of it."""
    lines = [Sum(done, value=result) for done, result in steps_words(verdict.arithmetic)]
    wanted = -verdict.wanted if verdict.granted < 0 or verdict.verdict is Verdict.TAKEN else verdict.wanted
    lines.append(Sum(_("By “{rule}”").format(rule=verdict.name), amount=wanted))
    if wanted != verdict.granted:
        note = _("what the limit let through") if verdict.granted >= 0 else _("there was no more to take")
        lines.append(Sum(_("Cut"), note=note, amount=verdict.granted - wanted))
    return lines


def would_have_changed(one: Explained, verdict: RuleVerdict, unit: UnitPolicy) -> list[str]:
    """The nearest change that earned more, a limit that opens, and other rules that would have applied."""
    found = one.rule(verdict.rule_id)
    said = [verdict.would_change] if verdict.would_change else []
    if found and verdict.verdict is Verdict.GRANTED:
        said += nearest_more(one, *found, unit)
    said += [
        other.would_change
        for other in one.event.verdicts
        if other.rule_id != verdict.rule_id and other.verdict is Verdict.CONDITION and other.would_change
    ]
    if said:
        return said
    if found and found[1].rule.multiply is not None:
        return [_("The more the rule that it multiplies earns, the more this adds.")]
    return [_("Nothing: “{rule}” gives the same every time.").format(rule=verdict.name)]


def _limit_input(verdict: RuleVerdict) -> list[Input]:
    if verdict.verdict is not Verdict.CUT:
        return []
    return [
        Input(_("The limit"), verdict.sentence.partition(": ")[2].rstrip("."), _("Counted at that moment"))
    ]


def _siblings(one: Explained, verdict: RuleVerdict) -> list[Link]:
    """The same activity is named once; what its other rules gave stands on its page."""
    others = [other for other in one.event.verdicts if other.paid and other.rule_id != verdict.rule_id]
    if not others:
        return []
    return [
        Link(
            _("What else it earned: {rules}").format(
                rules=", ".join(_("“{rule}”").format(rule=other.name) for other in others)
            ),
            one.reference,
        )
    ]
