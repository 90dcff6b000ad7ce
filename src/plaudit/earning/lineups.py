"""The rules in force, compiled once and kept in memory until another line-up is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.db import connection

from plaudit.activity.types import DeclaredType, types_by_id
from plaudit.earning.compiling import CompiledType, compile_type
from plaudit.earning.definitions import Definition, Per, Rule, read_definition
from plaudit.earning.models import Limit
from plaudit.foundation.exact import decode
from plaudit.foundation.prepared import prepared
from plaudit.ledger.units import UnitPolicy, units_by_key


class KnownLimit(NamedTuple):
    """A limit's identity, and the unit whose wallets count what each member has used of it."""

    id: int
    unit_id: int


KnownLimits = Mapping[tuple[str, str], KnownLimit]
"""By programme and the limit's key."""


def known_limits(organisation_id: int) -> dict[tuple[str, str], KnownLimit]:
    """Every limit that was ever published here."""
    rows = Limit.objects.filter(organisation_id=organisation_id)
    return {
        (programme, key): KnownLimit(limit_id, unit_id)
        for programme, key, limit_id, unit_id in rows.values_list("programme", "key", "id", "unit_id")
    }


@dataclass
class Lineup:
    """The rule sets live together, with what it takes to decide: units, rule ids, compiled types."""

    id: int
    definitions: dict[int, Definition]
    rule_ids: dict[tuple[str, str], int]
    limits: KnownLimits
    units: dict[str, UnitPolicy]
    _compiled: dict[int, CompiledType] = field(default_factory=dict)
    _touched: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def for_type(self, declared: DeclaredType) -> CompiledType:
        """The rules on one event type, compiled when first asked for."""
        compiled = self._compiled.get(declared.id)
        if compiled is None:
            precisions = {key: unit.precision for key, unit in self.units.items()}
            compiled = compile_type(
                declared.name,
                declared.fields,
                self.definitions.values(),
                precisions,
                extra_fields=declared.extra_fields,
            )
            self._compiled[declared.id] = compiled
        return compiled

    def units_touched_by(self, declared: DeclaredType) -> tuple[int, ...]:
        """The units that any rule on this event type may post in or count its limits with, as ids."""
        units = self._touched.get(declared.name)
        if units is None:
            found = set()
            for definition in self.definitions.values():
                for rule in definition.rules:
                    if rule.on == declared.name:
                        found.add(self.units[rule.unit].id)
                        found |= {self.limits[(definition.programme, one.key)].unit_id for one in rule.limits}
            units = self._touched[declared.name] = tuple(sorted(found))
        return units

    @cached_property
    def has_team_limits(self) -> bool:
        """Whether any limit is counted per team, so that teams must be looked up."""
        return any(
            limit.per is Per.TEAM
            for definition in self.definitions.values()
            for rule in definition.rules
            for limit in rule.limits
        )

    @cached_property
    def has_deductions(self) -> bool:
        """Whether any rule takes points."""
        return any(
            rule.take is not None for definition in self.definitions.values() for rule in definition.rules
        )

    @cached_property
    def confirming(self) -> frozenset[str]:
        """The types of events that some rule's pending points wait for."""
        return frozenset(
            rule.pending_until
            for definition in self.definitions.values()
            for rule in definition.rules
            if rule.pending_until
        )

    @cached_property
    def has_shared_limits(self) -> bool:
        """Whether any limit is shared between members."""
        return any(
            limit.per is not Per.MEMBER
            for definition in self.definitions.values()
            for rule in definition.rules
            for limit in rule.limits
        )

    @cached_property
    def order_matters(self) -> bool:
        """Whether a correction can change what a later event is granted: by a limit, or by a balance that may not owe."""
        limited = any(rule.limits for definition in self.definitions.values() for rule in definition.rules)
        return limited or not all(unit.may_owe for unit in self.units.values())

    def rule_id(self, programme: str, rule: Rule) -> int:
        """The number a transfer carries for this rule."""
        return self.rule_ids[(programme, rule.key)]


_known: dict[int, Lineup] = {}


def in_force(organisation_id: int) -> tuple[int | None, int]:
    """The newest line-up's id and the newest event type's, read at once: rules never meet types that came later."""
    with prepared() as cursor:
        cursor.execute(
            "select (select max(id) from earning_lineup where organisation_id = %s),"
            " (select coalesce(max(id), 0) from activity_event_type where organisation_id = %s)",
            [organisation_id, organisation_id],
        )
        newest_lineup, newest_type = cursor.fetchone()
    return newest_lineup, int(newest_type)


def current_lineup_id(organisation_id: int) -> int | None:
    """The newest line-up's id; none where nothing was ever published."""
    with connection.cursor() as cursor:
        cursor.execute("select max(id) from earning_lineup where organisation_id = %s", [organisation_id])
        newest: int | None = cursor.fetchone()[0]
        return newest


def lineup(organisation_id: int, lineup_id: int) -> Lineup:
    """A line-up by its id: the one in force, or the one an event met long ago."""
    known = _known.get(lineup_id)
    if known is None:
        known = _known[lineup_id] = _load(organisation_id, lineup_id)
    return known


def forget_lineup(lineup_id: int | None) -> None:
    """Let go of a line-up that was only rehearsed: nobody will ever ask for it again."""
    if lineup_id is not None:
        _known.pop(lineup_id, None)


def _load(organisation_id: int, lineup_id: int) -> Lineup:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select s.id, s.definition from earning_lineup l
              join earning_rule_set s on s.id in (select jsonb_array_elements_text(l.rule_sets)::int)
             where l.organisation_id = %s and l.id = %s order by s.programme
            """,
            [organisation_id, lineup_id],
        )
        definitions = {set_id: read_definition(decode(text)) for set_id, text in cursor.fetchall()}
        cursor.execute(
            "select rule_set_id, key, id from earning_rule where rule_set_id = any(%s)", [list(definitions)]
        )
        rule_ids = {
            (definitions[set_id].programme, key): rule_id for set_id, key, rule_id in cursor.fetchall()
        }
    return Lineup(
        lineup_id, definitions, rule_ids, known_limits(organisation_id), units_by_key(organisation_id)
    )


def type_of_event(organisation_id: int, type_id: int) -> DeclaredType:
    """The event type version an event was recorded under."""
    return types_by_id(organisation_id)[type_id]
