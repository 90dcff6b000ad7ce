"""Ways to earn: the rules in force for a member as sentences, with an example and what their limits leave."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from plaudit.activity.types import DeclaredType, declared_types
from plaudit.earning import uses as limit_uses
from plaudit.earning.definitions import Definition, Limit, Of, Per, Rule
from plaudit.earning.limits import uses_of
from plaudit.earning.lineups import Lineup, current_lineup_id, lineup
from plaudit.earning.models import RuleSet
from plaudit.earning.words import in_sentence, limit_words, times_words, told_rule
from plaudit.foundation import clock
from plaudit.foundation.written import digits
from plaudit.insights.looked_at import label_of
from plaudit.insights.rule_words import rule_words
from plaudit.ledger.units import UnitPolicy
from plaudit.people.models import Member
from plaudit.planning.programme_file.programme import Example, Programme
from plaudit.planning.queries import standing_programmes

_OF_MEMBERS = re.compile(r"\bmember\.(\w+)")


@dataclass(frozen=True, slots=True)
class LimitLeft:
    """One of a rule's own limits: in words, and what it leaves this member in its period now; None if shared."""

    words: str
    left: str | None
    used_up: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One rule a member can earn by. Amounts are in words; `asks` names what it asks of how a member stands."""

    programme: str
    version: int
    key: str
    name: str
    words: str
    example: str
    limits: tuple[LimitLeft, ...]
    opens_at: datetime | None
    ends_at: datetime | None
    pending_days: int
    asks: frozenset[str]


def ways_to_earn(organisation_id: int, member: Member) -> list[Way]:
    """The rules for this kind of member that are in force or about to be, in the order of their programmes."""
    newest = current_lineup_id(organisation_id)
    if newest is None:
        return []
    live = lineup(organisation_id, newest)
    types = declared_types(organisation_id)
    programmes = standing_programmes(organisation_id)
    versions = _versions(organisation_id, live)
    now = clock.now()
    found = []
    for set_id, definition in live.definitions.items():
        programme = programmes.get(definition.programme)
        asking = _Asking(organisation_id, member, live, definition, programme, versions[set_id])
        mine = [rule for rule in definition.rules if _concerns(rule, member.kind, now) and rule.on in types]
        # What reaching a goal earns is told with the goal; its rule is no rule of a file (its key has a dot).
        mine = [rule for rule in mine if "." not in rule.key]
        found += [asking.way(rule, types[rule.on]) for rule in mine]
    return found


def units_earned(organisation_id: int, kind: str) -> list[str]:
    """The units that members of a kind can earn by the rules in force, as keys, each once."""
    newest = current_lineup_id(organisation_id)
    if newest is None:
        return []
    definitions = lineup(organisation_id, newest).definitions.values()
    now = clock.now()
    rules = [rule for one in definitions for rule in one.rules if _concerns(rule, kind, now)]
    return list(dict.fromkeys(rule.unit for rule in rules))


def _concerns(rule: Rule, kind: str, now: datetime) -> bool:
    """Whether a rule gives something to that kind of member, and is not over."""
    over = rule.ends_at is not None and now >= rule.ends_at
    return rule.take is None and not over and (not rule.audience or kind in rule.audience)


def _versions(organisation_id: int, live: Lineup) -> dict[int, int]:
    return dict(
        RuleSet.objects.filter(organisation_id=organisation_id, id__in=list(live.definitions)).values_list(
            "id", "number"
        )
    )


@dataclass(frozen=True, slots=True)
class _Asking:
    """One member looking at one programme's rules."""

    organisation_id: int
    member: Member
    live: Lineup
    definition: Definition
    programme: Programme | None
    version: int

    def way(self, rule: Rule, declared: DeclaredType) -> Way:
        """One rule in words."""
        unit, now, rule = self.live.units[rule.unit], clock.now(), told_rule(rule)
        return Way(
            programme=self.programme.name if self.programme else self.definition.programme,
            version=self.version,
            key=rule.key,
            name=rule.name,
            words=rule_words(rule, self.definition, declared, unit),
            example=example_words(self.programme, rule, declared, unit) if self.programme else "",
            limits=self._limits(rule, unit),
            opens_at=rule.starts_at if rule.starts_at and now < rule.starts_at else None,
            ends_at=rule.ends_at,
            pending_days=rule.pending_days,
            asks=frozenset(_OF_MEMBERS.findall(rule.when or "")),
        )

    def _limits(self, rule: Rule, unit: UnitPolicy) -> tuple[LimitLeft, ...]:
        """The rule's limits, those counted for each member with what is left in the period it is now."""
        programme = self.definition.programme
        day = clock.now().astimezone(self.definition.time_zone).date()
        wanted = {
            (programme, use): limit
            for limit, use in uses_of(rule, day=day, member=str(self.member.id), teams=())
            if limit.per is Per.MEMBER
        }
        used = limit_uses.seen(self.organisation_id, self.member.id, wanted, self.live.limits).of(programme)
        left = {limit.key: limit.at_most - used.get(use, 0) for (_, use), limit in wanted.items()}
        return tuple(
            LimitLeft(
                _("at most {limit}").format(limit=limit_words(limit, unit.say(limit.at_most))),
                _left_words(limit, left[limit.key], unit) if limit.key in left else None,
                used_up=left.get(limit.key, 1) <= 0,
            )
            for limit in rule.limits
        )


def example_words(programme: Programme, rule: Rule, declared: DeclaredType, unit: UnitPolicy) -> str:
    """The first example of the rule in its file that earns something, such as "rating 5: 10 stars"."""
    written = next((one for one, _ in programme.all_rules() if one.key == rule.key), None)
    for example in written.examples if written else ():
        earned = example.earns.get(rule.unit, Decimal(0))
        if earned > 0:
            given = ", ".join(_given(example, declared.fields))
            said = unit.say(int(earned.scaleb(unit.precision)))
            return f"{given}: {said}" if given else _("one earns {said}").format(said=said)
    return ""


def _given(example: Example, fields: Mapping[str, Any]) -> list[str]:
    """What the example says of the activity and of the member, such as "order value 11.77"."""
    given = [
        f"{in_sentence(label_of(fields, name))} {_written(value)}" for name, value in example.given.items()
    ]
    return given + [
        _("the member's {name} {value}").format(name=name, value=_written(value))
        for name, value in example.member.items()
    ]


def _written(value: object) -> str:
    """A value of an example, which a file holds as text."""
    text = str(value)
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        return digits(text)
    return {"true": _("yes"), "false": _("no")}.get(text, text)


def _left_words(limit: Limit, left: int, unit: UnitPolicy) -> str:
    if left <= 0:
        return _("nothing left for now")
    if limit.of is Of.TIMES:
        return _("{times} more").format(times=times_words(left))
    return _("{amount} left").format(amount=unit.say(left))
