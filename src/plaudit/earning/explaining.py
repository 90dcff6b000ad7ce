"""Why an event earned what it did, and why it did not: every rule asked again, from what was recorded.

The event, the line-up it met and what it could not be asked again for (the state of limits, the member's
attributes) are in the book; the rest is recomputed by the compiled rules themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from plaudit.activity.models import Event, Source
from plaudit.activity.types import DeclaredType, types_by_id
from plaudit.earning.compiling import CheckedRule, CompiledProgramme, Values, scope_of
from plaudit.earning.definitions import Rule, Stacking, decimal_text
from plaudit.earning.expressions import Scope
from plaudit.earning.expressions.steps import evaluate, steps
from plaudit.earning.expressions.words import describe
from plaudit.earning.limits import Grant, extras
from plaudit.earning.lineups import Lineup, lineup
from plaudit.earning.models import RuleSet
from plaudit.earning.words import (
    by_rule,
    in_sentence,
    kind_words,
    limit_words,
    opens_again,
    times_words,
    told_rule,
    value_words,
    window_words,
)
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.written import number
from plaudit.ledger.reversing import Posted, posted_for_events
from plaudit.people.resolving import attributes_of


class Verdict(StrEnum):
    """What became of one rule."""

    GRANTED = "granted"
    CUT = "cut"
    TAKEN = "taken"
    CONDITION = "condition"
    WINDOW = "window"
    AUDIENCE = "audience"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What one rule said of one event: whether it paid, why or why not, and the arithmetic.

    Amounts are in the unit's smallest part; `granted` is what is in the ledger. `would_change` says what
    would have made it pay, or pay more.
    """

    programme: str
    version: int
    since: datetime
    rule: str
    name: str
    unit: str
    verdict: Verdict
    sentence: str
    wanted: int
    granted: int
    arithmetic: tuple[str, ...] = ()
    would_change: str = ""
    rule_id: int | None = None

    @property
    def paid(self) -> bool:
        return self.granted != 0


@dataclass(frozen=True, slots=True)
class EventExplanation:
    """One event with what every rule of every programme it met said of it."""

    event_id: UUID
    source: str
    key: str
    type: str
    title: str
    member_id: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    data: dict[str, Any]
    member: dict[str, Any]
    verdicts: tuple[RuleVerdict, ...]
    corrects_key: str | None

    def sentence(self) -> str:
        """The whole decision in one sentence, fit to be read aloud."""
        paid = [one for one in self.verdicts if one.paid]
        if paid:
            return " ".join(one.sentence for one in paid)
        if self.member_id is None:
            return _("This {what} earned nothing: it names no member.").format(what=in_sentence(self.title))
        if not self.verdicts:
            return _("This {what} earned nothing: no rule is about it.").format(what=in_sentence(self.title))
        return " ".join(one.sentence for one in self.verdicts)


def explain_event(organisation_id: int, event_id: UUID) -> EventExplanation:
    """Explain one event of the book. Raises `NotFound`. To be called inside `in_organisation`."""
    event = Event.objects.filter(organisation_id=organisation_id, id=event_id).first()
    if event is None:
        raise NotFound(kind="activity", ref=str(event_id))
    declared = types_by_id(organisation_id)[event.type_id]
    kept = dict(event.decision or {})
    if "member" not in kept:
        kept["member"] = _attributes_now(organisation_id, event, declared)
    return EventExplanation(
        event_id=event.id,
        source=Source.objects.get(id=event.source_id).name,
        key=event.key,
        type=declared.name,
        title=declared.title or declared.name,
        member_id=event.member_id,
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        data=event.data,
        member=kept["member"],
        verdicts=_verdicts(organisation_id, event, declared, kept),
        corrects_key=event.corrects_key,
    )


def _attributes_now(organisation_id: int, event: Event, declared: DeclaredType) -> dict[str, Any]:
    """What the rules ask of the member, as it is today: an event that no rule paid for kept nothing of it."""
    if event.lineup_id is None or event.member_id is None:
        return {}
    asked = lineup(organisation_id, event.lineup_id).for_type(declared).member_fields
    found = attributes_of(organisation_id, {event.member_id}).get(event.member_id, {}) if asked else {}
    return {name: found.get(name) for name in sorted(asked)}


def _verdicts(
    organisation_id: int, event: Event, declared: DeclaredType, kept: Mapping[str, Any]
) -> tuple[RuleVerdict, ...]:
    if event.lineup_id is None or event.member_id is None:
        return ()
    met = lineup(organisation_id, event.lineup_id)
    compiled = met.for_type(declared)
    values, problems = compiled.read(event.data)
    assert not problems, "what is in the book was read when it was recorded"
    posted = posted_for_events(organisation_id, [event.id])
    versions = {one.programme: one for one in RuleSet.objects.filter(id__in=list(met.definitions))}
    found: list[RuleVerdict] = []
    for programme in compiled.programmes:
        definition = programme.definition
        asking = _Asking(
            met,
            programme,
            scope_of(declared.name, declared.fields, definition.member_fields),
            versions[definition.programme],
            event.occurred_at,
            _all_values(values, programme, kept, event.occurred_at),
            facts_told(event.data, kept.get("member", {})),
            [cut for cut in kept.get("cuts", []) if cut["programme"] == definition.programme],
            posted,
        )
        found += [asking.verdict(one) for one in programme.checked]
    return tuple(found)


def _all_values(
    values: Values, programme: CompiledProgramme, kept: Mapping[str, Any], occurred_at: datetime
) -> dict[str, Any]:
    """Everything an expression may name, under its name in the scope."""
    mine = programme.member_values(kept.get("member", {}))
    return {**values, **{f"member.{name}": value for name, value in mine.items()}, "occurred_at": occurred_at}


@dataclass(frozen=True, slots=True)
class _Asking:
    """One programme's rules being asked again about one event."""

    lineup: Lineup
    programme: CompiledProgramme
    scope: Scope
    version: RuleSet
    at: datetime
    values: Mapping[str, Any]
    told: Mapping[str, Any]
    cuts: Sequence[Mapping[str, Any]]
    posted: Sequence[Posted]

    def verdict(self, one: CheckedRule) -> RuleVerdict:
        """What this rule said, checked in the order in which the compiled rules check."""
        rule = told_rule(one.rule)
        if not self._in_window(rule):
            window = window_words(rule, self.programme.definition)
            runs = _("“{rule}” runs {window}.").format(rule=rule.name, window=window)
            return self._no(one, Verdict.WINDOW, runs, _("It pays {window}.").format(window=window))
        if not self._in_audience(rule):
            sentence = _("“{rule}” is for {who} members.").format(rule=rule.name, who=kind_words(rule))
            return self._no(one, Verdict.AUDIENCE, sentence, "")
        if one.condition is not None and not self._condition_holds(one):
            words = describe(one.condition, self.scope)
            lines = tuple(str(step) for step in steps(one.condition, self.values, self._zone))
            sentence = _("“{rule}” did not apply: it asks that {condition}.").format(
                rule=rule.name, condition=words
            )
            would_change = _("“{rule}” applies if {condition}.").format(rule=rule.name, condition=words)
            return self._no(one, Verdict.CONDITION, sentence, would_change, lines)
        return self._met(one)

    def _in_window(self, rule: Rule) -> bool:
        return not (
            (rule.starts_at and self.at < rule.starts_at) or (rule.ends_at and self.at >= rule.ends_at)
        )

    def _in_audience(self, rule: Rule) -> bool:
        return not rule.audience or self.values.get("member.kind") in rule.audience

    def _condition_holds(self, one: CheckedRule) -> bool:
        return one.condition is None or bool(evaluate(one.condition, self.values, self._zone))

    def _meets(self, one: CheckedRule) -> bool:
        return self._in_window(one.rule) and self._in_audience(one.rule) and self._condition_holds(one)

    @property
    def _zone(self) -> Any:
        return self.programme.definition.time_zone

    def _met(self, one: CheckedRule) -> RuleVerdict:
        """The condition held: what it wanted, what limits left of it, and what is in the ledger."""
        rule = told_rule(one.rule)
        rule_id = self.lineup.rule_id(self.programme.definition.programme, rule)
        amount = self._posted_by(rule)
        granted = -amount if rule.take is not None else amount
        unit = self.lineup.units[rule.unit]
        cut = next((cut for cut in self.cuts if cut["rule"] == rule.key), None)
        if one.amount is not None:
            wanted = evaluate(one.amount, self.values, self._zone) or 0
            lines = tuple(str(step) for step in steps(one.amount, self.values, self._zone))
        else:
            wanted = int(cut["wanted"]) if cut else granted
            lines = self._multiplied(one.rule)
        said, would_change = unit.say(abs(granted)), ""
        if cut is not None:
            verdict, (sentence, would_change) = Verdict.CUT, self._cut(rule, cut, said)
        elif granted > 0:
            verdict, sentence = Verdict.GRANTED, f"{said}: {self._because(rule)}"
        elif granted < 0:
            taken = _("{amount} taken: {because}")
            verdict, sentence = Verdict.TAKEN, taken.format(amount=said, because=self._because(rule))
        else:
            nothing = _("“{rule}” came to nothing.").format(rule=rule.name)
            verdict, sentence = Verdict.NOTHING, nothing
        return self._verdict(one, verdict, sentence, wanted, granted, lines, would_change, rule_id)

    def _cut(self, rule: Rule, cut: Mapping[str, Any], said: str) -> tuple[str, str]:
        if cut.get("why") == "balance":
            return _("“{rule}” took {amount}, all there was.").format(rule=rule.name, amount=said), ""
        limit = next(limit for limit in rule.limits if limit.key == cut["limit"])
        unit = self.lineup.units[rule.unit]
        words = limit_words(limit, unit.say(limit.at_most))
        part = _("{amount} of {wanted}").format(amount=said, wanted=unit.say(cut["wanted"]))
        said_of = {
            "what": part if cut["granted"] else _("Nothing"),
            "rule": rule.name,
            "limit": words,
            "used": times_words(cut["used"]) if limit.of == "times" else unit.say(cut["used"]),
        }
        if not cut["used"]:
            sentence = _("{what}: “{rule}” has a limit of {limit}.")
        elif limit.of == "times":
            sentence = _("{what}: “{rule}” has a limit of {limit}, used {used} before this.")
        else:
            sentence = _("{what}: “{rule}” has a limit of {limit}, used {used} of it before this.")
        return sentence.format(**said_of), opens_again(limit)

    def _because(self, rule: Rule) -> str:
        """What the rule tells members, its places filled in; the rule's name where it tells nothing."""
        return fill_because(rule.because, self.told) if rule.because else by_rule(rule)

    def _multiplied(self, rule: Rule) -> tuple[str, ...]:
        """A multiplier's arithmetic: what it added to each rule it multiplies, as `limits.extras` computes it."""
        assert rule.multiply is not None
        factor, stacking = decimal_text(rule.multiply), self.programme.definition.stacking
        matched = [one.rule for one in self.programme.checked if one.rule.multiply and self._meets(one)]
        lines = []
        for base in self.programme.checked:
            amount = self._posted_by(base.rule) if base.rule.earn is not None else 0
            added = dict[str, int]()
            if amount:
                added = {
                    one.key: extra for one, extra in extras(matched, [Grant(base.rule, amount)], stacking)
                }
            if rule.key in added:
                start, extra = amount, added[rule.key]
                if stacking is Stacking.MULTIPLY:
                    start += sum(added[one.key] for one in matched[: matched.index(rule)] if one.key in added)
                lines.append(
                    f"“{told_rule(base.rule).name}”: {number(start)} × {factor} − {number(start)} = {number(extra)}"
                )
        return tuple(lines)

    def _posted_by(self, rule: Rule) -> int:
        rule_id = self.lineup.rule_id(self.programme.definition.programme, rule)
        return sum(posted.amount for posted in self.posted if posted.rule_id == rule_id)

    def _no(
        self,
        one: CheckedRule,
        verdict: Verdict,
        sentence: str,
        would_change: str,
        lines: tuple[str, ...] = (),
    ) -> RuleVerdict:
        rule_id = self.lineup.rule_id(self.programme.definition.programme, one.rule)
        return self._verdict(one, verdict, sentence, 0, 0, lines, would_change, rule_id)

    def _verdict(
        self,
        one: CheckedRule,
        verdict: Verdict,
        sentence: str,
        wanted: int,
        granted: int,
        lines: tuple[str, ...],
        would_change: str,
        rule_id: int,
    ) -> RuleVerdict:
        return RuleVerdict(
            programme=self.programme.definition.programme,
            version=self.version.number,
            since=self.version.published_at,
            rule=one.rule.key,
            name=told_rule(one.rule).name,
            unit=one.rule.unit,
            verdict=verdict,
            sentence=sentence,
            wanted=wanted,
            granted=granted,
            arithmetic=lines,
            would_change=would_change,
            rule_id=rule_id,
        )


_PLACE = re.compile(r"\{([^{}]*)\}")


def facts_told(data: Mapping[str, Any], member: Mapping[str, Any]) -> dict[str, Any]:
    """What the places of a rule's words may stand for: an event's data as sent, and the member's attributes."""
    return {**data, **{f"member.{name}": value for name, value in member.items()}}


def fill_because(because: str, facts: Mapping[str, Any]) -> str:
    """What a rule tells members, its places filled in; what is not known is left out."""
    said = _PLACE.sub(lambda place: value_words(facts.get(place[1])), because)
    return " ".join(said.split())
