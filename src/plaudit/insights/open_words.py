"""A programme as anybody may read it: its rules, limits, rewards and levels in plain words. Pure.

What is the organisation's own stays out: what rewards cost it and who supplies them, what the programme is
for, its segments, and rules and rewards that are for chosen people alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from plaudit.activity.types import DeclaredType
from plaudit.earning.compiling import check_rule, scope_of
from plaudit.earning.definitions import Definition, Every
from plaudit.earning.definitions import Rule as EarningRule
from plaudit.earning.expressions.types import Scope
from plaudit.earning.expressions.words import describe
from plaudit.earning.words import in_sentence
from plaudit.foundation import written
from plaudit.insights.file_words import (
    amount,
    kept_words,
    money,
    often_words,
    people,
    price_words,
    within_words,
)
from plaudit.insights.looked_at import label_of
from plaudit.insights.rule_words import limits_words, rule_words
from plaudit.insights.ways import example_words
from plaudit.insights.wording import date_words, expiry_words, list_words
from plaudit.ledger.units import UnitPolicy
from plaudit.planning.programme_file.definitions import definition_of
from plaudit.planning.programme_file.engaging import Goal, Pursuit
from plaudit.planning.programme_file.engaging_rules import own_activities
from plaudit.planning.programme_file.fields_stored import stored_fields
from plaudit.planning.programme_file.phrases import number_text
from plaudit.planning.programme_file.programme import Activity, Programme, Reward, Unit
from plaudit.planning.programme_file.tiers import Ladder

_FIXED = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,4})?")
_IN_A = {
    Every.DAY: gettext_noop("in a day"),
    Every.WEEK: gettext_noop("in a week"),
    Every.MONTH: gettext_noop("in a month"),
    Every.QUARTER: gettext_noop("in a quarter"),
    Every.YEAR: gettext_noop("in a year"),
}
_IN_A_ROW = {
    "day": gettext_noop("{n} days in a row with a {what} {given}"),
    "week": gettext_noop("{n} weeks in a row with a {what} {given}"),
    "edition": gettext_noop("{n} editions in a row with a {what} {given}"),
}
_OF_MEMBERS = re.compile(r"member\.\w+")


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing a programme says: `part` and `key` are its identity, its words and facts what it says."""

    part: str
    key: str
    name: str
    words: str
    example: str = ""
    facts: tuple[str, ...] = ()

    @property
    def all_words(self) -> str:
        """Everything that matters to a reader, to be compared."""
        return " ".join([self.words, *(f"{fact}." for fact in self.facts)])


@dataclass(frozen=True, slots=True)
class Step:
    """One step of what points buy: so many for so much."""

    price: str
    worth: str


@dataclass(frozen=True, slots=True)
class Ladders:
    """A reward with the steps of its ladder; one step where it has none."""

    name: str
    description: str
    steps: tuple[Step, ...]


def things_of(programme: Programme) -> tuple[Thing, ...]:
    """Everything that anybody may read of a programme, in the order of its file."""
    return tuple(_things(_Reading(programme)))


def ladders_of_value(programme: Programme) -> tuple[Ladders, ...]:
    """What points buy, step by step, the cheapest reward first."""
    reading = _Reading(programme)
    shown = sorted(reading.rewards(), key=lambda one: (one.unit, one.price))
    return tuple(Ladders(one.name, one.description, _steps(programme, one)) for one in shown)


def _things(reading: _Reading) -> Iterator[Thing]:
    yield from reading.rules()
    yield from reading.shared_limits()
    for part, found in (
        ("challenge", reading.programme.challenges),
        ("streak", reading.programme.streaks),
        ("competition", reading.programme.competitions),
    ):
        yield from (reading.pursuit(part, one) for one in found)
    yield from (_ladder(reading.programme, one) for one in reading.programme.tiers)
    yield from (_reward(reading.programme, one) for one in reading.rewards())
    yield from (_unit(reading.policies[one.key]) for one in reading.programme.units)


class _Reading:
    """A programme with what its words are made of."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.definition: Definition = definition_of(programme)
        self.policies = {unit.key: _policy(programme, unit) for unit in programme.units}
        self.activities = {
            one.key: declared_by(one) for one in (*programme.activities, *own_activities(programme))
        }
        chosen = [segment.standing[0] for segment in programme.segments]
        chosen += [offer.standing[0] for offer in programme.offers]
        self.secret = {f"member.{name}" for name in chosen}

    def rules(self) -> Iterator[Thing]:
        """Every rule of the file, but those that ask who was chosen."""
        mine = self._own_rules()
        shared = self._shared(mine)
        for rule in mine:
            yield Thing(
                "rule",
                rule.key,
                rule.name,
                rule_words(rule, self.definition, self.activities[rule.on], self.policies[rule.unit]),
                self._example(rule),
                tuple(self._facts(rule, shared)),
            )

    def _example(self, rule: EarningRule) -> str:
        """The first example of the file that earns something; of a fixed amount, what two of them earn."""
        declared, unit = self.activities[rule.on], self.policies[rule.unit]
        written = example_words(self.programme, rule, declared, unit)
        fixed = _FIXED.fullmatch(rule.earn or "")
        if written or fixed is None:
            return written
        parts = int(Decimal(fixed[0]).scaleb(unit.precision))
        title = in_sentence(declared.title or declared.name)
        return f"1 × {title}: {unit.say(parts)}, 2 × {title}: {unit.say(2 * parts)}"

    def shared_limits(self) -> Iterator[Thing]:
        """The limits that stand on every rule, said once."""
        for number, words in enumerate(self._shared(self._own_rules())):
            yield Thing("limit", str(number), _("All rules together"), f"{words[:1].upper()}{words[1:]}.")

    def rewards(self) -> list[Reward]:
        """The rewards, but those for chosen people."""
        asked = ((one, set(_OF_MEMBERS.findall(one.eligible))) for one in self.programme.rewards)
        return [one for one, names in asked if not names & self.secret]

    def pursuit(self, part: str, one: Pursuit) -> Thing:
        """A challenge, streak or competition."""
        declared = self.activities[one.on]
        when = self._condition(one, declared)
        what = f"{in_sentence(declared.title or declared.name)}{when}"
        goals = [self._goal(part, one, goal, what) for goal in one.goals]
        facts = [_("For {audience}").format(audience=people(one.audience))] if one.audience else []
        if one.rest:
            facts.append(_("Rest days: {often}").format(often=often_words(one.rest, one.rest_every)))
        if part == "competition" and one.goals:
            facts.append(
                _("Alike share a place") if one.ties == "share" else _("Of two alike, the first is ahead")
            )
        words = list_words(goals) if goals else _("counts each {what}").format(what=what)
        words = f"{words[:1].upper()}{words[1:]}."
        zone = self.definition.time_zone
        starts, ends = (
            moment.replace(tzinfo=zone) if moment is not None else None for moment in (one.starts, one.ends)
        )
        facts += self._dates(starts, ends)
        return Thing(part, one.key, one.name, words, "", tuple(facts))

    def _goal(self, part: str, one: Pursuit, goal: Goal, what: str) -> str:
        unit = self.programme.unit(one.unit)
        gives = [_said(amount(goal.earn, unit))] if goal.earn is not None else []
        gives += [_("the badge {badge}").format(badge=goal.badge)] if goal.badge else []
        given = _("earns {what}").format(what=list_words(gives)) if gives else _("is the goal")
        often = " " + _(_IN_A[one.every]) if one.every in _IN_A else ""
        at = _said(number_text(goal.at))
        measured = in_sentence(label_of(self.activities[one.on].fields, one.sum)) if one.sum else ""
        if part == "streak":
            return _(_IN_A_ROW[one.spans]).format(n=at, what=what, given=given)
        if part == "competition":
            by = _("{part} of {whole}").format(part=measured, whole=what) if measured else what
            return _("place {place} by {what}{often} {given}").format(
                place=at, what=by, often=often, given=given
            )
        counted = f"{at} × {what}"
        if measured:
            counted = _("{measured} of {n} altogether, by {what}").format(measured=measured, n=at, what=what)
        return f"{counted}{often} {given}"

    def _condition(self, one: Pursuit, declared: DeclaredType) -> str:
        if not one.when:
            return ""
        rule = EarningRule(key="asked", name="", on=one.on, unit=one.unit, when=one.when, earn="1")
        scope = self._scope(declared)
        checked = check_rule(rule, scope, 0)
        assert checked.condition is not None
        return _(", when {condition},").format(condition=describe(checked.condition, scope))

    def _scope(self, declared: DeclaredType) -> Scope:
        return scope_of(declared.name, declared.fields, self.definition.member_fields)

    def _own_rules(self) -> list[EarningRule]:
        written = {rule.key for rule, _ in self.programme.all_rules()}
        return [one for one in self.definition.rules if one.key in written and not self._asks_who(one)]

    def _asks_who(self, rule: EarningRule) -> bool:
        scope = self._scope(self.activities[rule.on])
        return bool(check_rule(rule, scope, self.policies[rule.unit].precision).fields & self.secret)

    def _shared(self, rules: list[EarningRule]) -> list[str]:
        if len(rules) < 2:
            return []
        first, *others = [limits_words(rule, self.policies[rule.unit]) for rule in rules]
        return [words for words in first if all(words in one for one in others)]

    def _facts(self, rule: EarningRule, shared: list[str]) -> Iterator[str]:
        own = [one for one in limits_words(rule, self.policies[rule.unit]) if one not in shared]
        yield from (f"{one[:1].upper()}{one[1:]}" for one in own)
        if rule.pending_days:
            yield ngettext(
                "Yours to spend after {n} day", "Yours to spend after {n} days", rule.pending_days
            ).format(n=rule.pending_days)
        if rule.pending_until:
            title = self.activities[rule.pending_until].title if rule.pending_until in self.activities else ""
            yield _("Yours to spend after: {what}").format(what=title or rule.pending_until)
        if rule.audience and rule.audience != self.programme.audience:
            yield _("For {audience}").format(audience=people(rule.audience))
        yield from self._dates(rule.starts_at, rule.ends_at)

    def _dates(self, starts_at: datetime | None, ends_at: datetime | None) -> Iterator[str]:
        """From and through which day, where the programme is; with the time where it is not midnight."""
        zone = self.definition.time_zone
        if starts_at is not None:
            yield _("From {day}").format(day=_moment_words(starts_at.astimezone(zone)))
        if ends_at is not None:
            ends = ends_at.astimezone(zone)
            if ends.time() == time():
                yield _("Through {day}").format(day=date_words(ends.date() - timedelta(days=1)))
            else:
                yield _("Until {day}").format(day=_moment_words(ends))


def _said(text: str) -> str:
    """The text with the thousands of its numbers set apart."""
    return re.sub(r"(?<![\d.,])\d{4,}(?![\d])", lambda found: written.number(int(found[0])), text)


def _moment_words(moment: datetime) -> str:
    day = date_words(moment.date())
    return day if moment.time() == time() else f"{day}, {written.minute(moment)}"


def declared_by(activity: Activity) -> DeclaredType:
    """An activity as the file itself declares it, whatever has been declared since."""
    return DeclaredType(
        0,
        activity.key,
        1,
        activity.title,
        stored_fields(activity.fields),
        activity.extra_fields,
        activity.corrects,
        activity.part,
        activity.enrols,
    )


def _policy(programme: Programme, unit: Unit) -> UnitPolicy:
    """The unit as sentences need it."""
    names = {"one": unit.one, "other": unit.other}
    expiry = unit.expiry.stored()
    return UnitPolicy(0, unit.key, names, unit.precision, programme.currency, 0, expiry, unit.may_owe)


def _unit(unit: UnitPolicy) -> Thing:
    many = unit.many
    words = _("{points} last {time}.").format(
        points=many[:1].upper() + many[1:], time=expiry_words(unit.expiry)
    )
    return Thing("expiry", unit.key, f"{many[:1].upper()}{many[1:]}", words)


def _ladder(programme: Programme, ladder: Ladder) -> Thing:
    title = next((one.title for one in programme.activities if one.key == ladder.on), ladder.on)
    counted = in_sentence(title)
    if ladder.earned:
        counted = _("{unit} earned").format(unit=programme.unit(ladder.earned).other)
    levels = [
        _("{level} from {amount}").format(level=one.name, amount=_said(number_text(one.reached_from)))
        for one in ladder.levels
    ]
    words = _("{levels}, by {counted} within {time}.").format(
        levels=list_words(levels), counted=counted, time=within_words(ladder.window)
    )
    facts = [f"{one.name}: {', '.join(one.benefits)}" for one in ladder.levels if one.benefits]
    facts.append(_("A level is kept {time}").format(time=kept_words(ladder.keeping)))
    return Thing("level", ladder.key, ladder.name, words, "", tuple(facts))


def _reward(programme: Programme, reward: Reward) -> Thing:
    price = price_words(programme, reward)
    if reward.money is not None:
        price = _("{some} and {last}").format(some=price, last=money(reward.money, programme.currency))
    facts = []
    if reward.per_member is not None:
        facts.append(_("Each member: {often}").format(often=often_words(reward.per_member, reward.every)))
    if not reward.cancel_until_fulfilled:
        facts.append(_("Cannot be cancelled"))
    if reward.terms:
        facts.append(reward.terms.rstrip("."))
    if reward.tax:
        facts.append(reward.tax.rstrip("."))
    return Thing(
        "reward", reward.key, reward.name, _("Costs {price}.").format(price=_said(price)), "", tuple(facts)
    )


def _steps(programme: Programme, reward: Reward) -> tuple[Step, ...]:
    unit, currency = programme.unit(reward.unit), programme.currency

    def worth(value: Decimal | None, percent: int | None) -> str:
        if value is not None:
            return money(value, currency)
        return _("{percent} % off").format(percent=percent) if percent is not None else ""

    if reward.ladder:
        return tuple(
            Step(_said(amount(one.price, unit)), worth(one.value, one.percent)) for one in reward.ladder
        )
    price = amount(reward.price, unit)
    if reward.money is not None:
        price = _("{some} and {last}").format(some=price, last=money(reward.money, currency))
    return (Step(_said(price), worth(reward.value, reward.percent)),)
