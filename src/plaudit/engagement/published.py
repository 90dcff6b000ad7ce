"""What programmes ask, compiled once and kept in memory: which events count for what, and how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from plaudit.activity.types import DeclaredType, declared_types
from plaudit.earning.compiling import CompiledType, compile_type
from plaudit.earning.definitions import Definition as Measures
from plaudit.earning.definitions import Rule, Stacking
from plaudit.earning.expressions import ExpressionRefused
from plaudit.engagement.definitions import (
    COUNTABLE,
    DECIMALS,
    EXACT_DECIMALS_MAX,
    Definition,
    Kind,
    Part,
    count_name,
    read_definition,
)
from plaudit.foundation.exact import decode

MEASURE = "measure"
DECIMALS_MAX = 4
EDITION = "edition"
BADGES = "badges"
EXACT = "exact"
EARNED = "earned"
MEASURES = {
    MEASURE: DECIMALS,
    EDITION: 0,
    **{f"{EXACT}{decimals}": decimals for decimals in range(EXACT_DECIMALS_MAX + 1)},
    **{f"{EARNED}{decimals}": decimals for decimals in range(DECIMALS_MAX + 1)},
}


@dataclass
class PublishedSet:
    """What one programme asks from a moment on, with the identities of its parts."""

    id: int
    since: datetime
    definition: Definition
    part_ids: Mapping[tuple[Kind, str], int]
    _compiled: dict[int, CompiledType] = field(default_factory=dict)
    _badges: CompiledType | None = None

    @property
    def programme(self) -> str:
        """The programme's key."""
        return self.definition.programme

    @property
    def time_zone(self) -> ZoneInfo:
        """Whose midnight periods begin at."""
        return ZoneInfo(self.definition.time_zone)

    def part_id(self, part: Part) -> int:
        """The number under which everything about the part is kept."""
        return self.part_ids[part.identity]

    def extra_id(self, part: Part) -> int:
        """The number under which what a streak's events earn besides is kept."""
        return self.part_ids[(Kind.EXTRA, part.key)]

    def welcome_id(self, part: Part) -> int:
        """The number under which what referred friends get is kept."""
        return self.part_ids[(Kind.WELCOME, part.key)]

    @property
    def referrals(self) -> Part | None:
        """What the programme asks of referrals, if it has any."""
        return next((part for part in self.definition.parts if part.kind is Kind.REFERRAL), None)

    @cached_property
    def countable(self) -> Mapping[str, Part]:
        """What badges may ask for, by the name they ask for it."""
        return {count_name(part.key): part for part in self.definition.parts if part.kind in COUNTABLE}

    @cached_property
    def conditional_badges(self) -> Sequence[Part]:
        """The badges with a condition of their own."""
        return [part for part in self.definition.parts if part.kind is Kind.BADGE and part.when]

    def badges_for(self, counts: Mapping[str, Any]) -> set[str]:
        """The keys of those whose conditions hold for these counts."""
        if self._badges is None:
            self._badges = compile_badges(self.conditional_badges, self.countable, self.time_zone)
        values, problems = self._badges.read(counts)
        assert not problems, "counts are numbers of their kind"
        (programme,) = self._badges.programmes
        return {rule.key for rule, _ in programme.match(values, {}, self.since, self.since)}

    def asks_of(self, type_name: str) -> bool:
        """Whether anything counts events of this type."""
        return any(part.on == type_name for part in self.definition.parts)

    def for_type(self, organisation_id: int, declared: DeclaredType) -> CompiledType:
        """What counts of one type's events, compiled when first asked for."""
        compiled = self._compiled.get(declared.id)
        if compiled is None:
            measures = measures_of(self.definition, declared.name)
            try:
                compiled = compile_measures(measures, declared)
            except ExpressionRefused:
                # Recorded by an older version of its type while this was being published.
                compiled = compile_measures(measures, declared_types(organisation_id)[declared.name])
            self._compiled[declared.id] = compiled
        return compiled


def measures_of(definition: Definition, type_name: str) -> Measures:
    """What counts events of one type, in the form of rules that would grant what they count."""
    counting = [(place, part) for place, part in enumerate(definition.parts) if part.on == type_name]
    editions = [(place, part) for place, part in counting if part.edition is not None]
    return Measures(
        programme=definition.programme,
        time_zone=ZoneInfo(definition.time_zone),
        stacking=Stacking.ADD,
        rules=(
            *(_rule(str(place), part, measure_of(part), part.sum or "1") for place, part in counting),
            *(_rule(f"{EDITION} {place}", part, EDITION, part.edition or "") for place, part in editions),
        ),
        member_fields=definition.member_fields,
    )


def measure_of(part: Part) -> str:
    """The unit in which a part is counted; its decimals are in `MEASURES`."""
    if part.kind is Kind.ROUNDING:
        return f"{EXACT}{part.exact}"
    return f"{EARNED}{part.precision}" if part.kind is Kind.ROUNDED else MEASURE


def _rule(key: str, part: Part, unit: str, earn: str) -> Rule:
    return Rule(
        key=key,
        name=part.name,
        on=part.on,
        unit=unit,
        when=part.when,
        earn=earn,
        audience=part.audience,
        starts_at=part.starts_at,
        ends_at=part.ends_at,
    )


def count_fields(countable: Mapping[str, Part]) -> dict[str, dict[str, Any]]:
    """What badges may ask for, as fields: an achievement has two decimals, of the others reaching is counted."""
    return {
        name: {"kind": "decimal", "scale": DECIMALS} if part.kind is Kind.ACHIEVEMENT else {"kind": "integer"}
        for name, part in countable.items()
    }


def compile_badges(badges: Iterable[Part], countable: Mapping[str, Part], zone: ZoneInfo) -> CompiledType:
    """The conditions of badges as code. Raises `ExpressionRefused`."""
    rules = tuple(
        Rule(key=one.key, name=one.name, on=BADGES, unit=MEASURE, when=one.when, earn="1") for one in badges
    )
    asked = Measures(programme=BADGES, time_zone=zone, stacking=Stacking.ADD, rules=rules)
    return compile_type(BADGES, count_fields(countable), [asked], {MEASURE: 0}, extra_fields=True)


def compile_measures(measures: Measures, declared: DeclaredType) -> CompiledType:
    """The measures as code. Raises `ExpressionRefused` where they do not fit the type."""
    return compile_type(
        declared.name,
        declared.fields,
        [measures],
        MEASURES,
        extra_fields=declared.extra_fields,
    )


@dataclass
class PublishedSets:
    """Everything ever asked in an organisation, oldest first."""

    newest: int
    sets: Sequence[PublishedSet | tuple[datetime, str]]
    """A programme that asks nothing any more stands as the moment and its key."""

    def at(self, moment: datetime) -> list[PublishedSet]:
        """What was asked at that moment, one set a programme."""
        asked: dict[str, PublishedSet] = {}
        for one in self.sets:
            if isinstance(one, tuple):
                if one[0] <= moment:
                    asked.pop(one[1], None)
            elif one.since <= moment:
                asked[one.programme] = one
        return list(asked.values())

    def now(self) -> list[PublishedSet]:
        """What is asked, one set a programme."""
        return self.at(datetime.max.replace(tzinfo=UTC))

    def part(self, part_id: int) -> tuple[PublishedSet, Part]:
        """The newest form of a part, also of one that is not asked any more."""
        return self.newest_forms[part_id]

    @cached_property
    def newest_sets(self) -> list[PublishedSet]:
        """What each programme asked last, also one that asks nothing any more."""
        return list({one.programme: one for one in self.sets if not isinstance(one, tuple)}.values())

    @cached_property
    def newest_forms(self) -> dict[int, tuple[PublishedSet, Part]]:
        """Every part there ever was, by its id, as it was published last."""
        return {
            one.part_id(part): (one, part)
            for one in self.sets
            if not isinstance(one, tuple)
            for part in one.definition.parts
        }


_known: dict[int, PublishedSets] = {}


def published_sets(organisation_id: int) -> PublishedSets:
    """Everything asked here; read again only when something newer is published."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(max(id), 0) from engagement_published where organisation_id = %s",
            [organisation_id],
        )
        newest = int(cursor.fetchone()[0])
        known = _known.get(organisation_id)
        if known is not None and known.newest == newest:
            return known
        cursor.execute(
            "select programme, kind, key, id from engagement_part where organisation_id = %s",
            [organisation_id],
        )
        parts = cursor.fetchall()
        cursor.execute(
            "select id, programme, since, definition from engagement_published"
            " where organisation_id = %s and id <= %s order by id",
            [organisation_id, newest],
        )
        sets = [_set(row, parts) for row in cursor.fetchall()]
    _known[organisation_id] = found = PublishedSets(newest, sets)
    return found


def _set(row: tuple[Any, ...], parts: Iterable[tuple[Any, ...]]) -> PublishedSet | tuple[datetime, str]:
    id, programme, since, definition = row
    if definition is None:
        return since, programme
    ids = {(Kind(kind), key): part_id for owner, kind, key, part_id in parts if owner == programme}
    return PublishedSet(id, since, read_definition(decode(definition)), ids)
