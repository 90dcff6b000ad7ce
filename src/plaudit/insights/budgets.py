"""What the programmes may give altogether, and how much of it they have given: cost against budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection

from plaudit.earning.definitions import Every, Per
from plaudit.earning.limits import period_of
from plaudit.foundation import arrays, clock
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.planning.programme_file.definitions import KeyedLimit, at_most_of, limits_of
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.queries import standing_programmes


@dataclass(frozen=True, slots=True)
class Budget:
    """One limit that everybody shares, in the period it is now. Amounts are in the unit's smallest part.

    `cost_minor` and `budget_minor` are the same in money, None where the unit has no worth.
    """

    programme: str
    name: str
    every: Every
    unit: UnitPolicy
    used: int
    at_most: int
    cost_minor: int | None
    budget_minor: int | None

    @property
    def share(self) -> Decimal:
        """How much of it is used, as a ratio."""
        return Decimal(self.used) / self.at_most


_USED = """
    select l.programme, l.key, b.used
      from unnest(%(programmes)s::text[], %(keys)s::text[], %(periods)s::text[]) as w (programme, key, period)
      join earning_limit l on l.organisation_id = (select %(organisation)s::int) and l.programme = w.programme
                          and l.key = w.key
      join earning_budget b on b.organisation_id = l.organisation_id and b.limit_id = l.id and b.holder = ''
                           and b.period = w.period
"""


def budgets(organisation_id: int) -> list[Budget]:
    """Every budget of points that everybody shares, the most used first. Ask inside `in_organisation`."""
    programmes = standing_programmes(organisation_id)
    wanted = [
        (programme, keyed)
        for programme in programmes.values()
        for keyed in limits_of(programme)
        if keyed.limit.per is Per.ALL and keyed.limit.unit
    ]
    if not wanted:
        return []
    units = units_by_key(organisation_id)
    used = _used(organisation_id, wanted)
    found = [
        _budget(programme, keyed, units[keyed.limit.unit], used.get((programme.key, keyed.key), 0))
        for programme, keyed in wanted
        if keyed.limit.unit in units
    ]
    return sorted(found, key=lambda one: -one.share)


def _used(organisation_id: int, wanted: list[tuple[Programme, KeyedLimit]]) -> dict[tuple[str, str], int]:
    periods = [period_of(keyed.limit.every, _today(programme)) for programme, keyed in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            _USED,
            {
                "organisation": organisation_id,
                "programmes": arrays.texts([programme.key for programme, _ in wanted]),
                "keys": arrays.texts([keyed.key for _, keyed in wanted]),
                "periods": arrays.texts(periods),
            },
        )
        return {(programme, key): used for programme, key, used in cursor.fetchall()}


def _today(programme: Programme) -> date:
    return clock.now().astimezone(ZoneInfo(programme.time_zone)).date()


def _budget(programme: Programme, keyed: KeyedLimit, unit: UnitPolicy, used: int) -> Budget:
    at_most = at_most_of(programme, keyed.limit)
    worth = unit.value_minor_per_million
    money = [round(Decimal(amount) * worth / 1_000_000) if worth else None for amount in (used, at_most)]
    return Budget(
        programme.name, _name(programme, keyed), keyed.limit.every, unit, used, at_most, money[0], money[1]
    )


def _name(programme: Programme, keyed: KeyedLimit) -> str:
    """What the limit is on: a rule, a campaign, or the whole programme."""
    if keyed.path[0] == "campaigns" and "rules" not in keyed.path:
        return next((one.name for one in programme.campaigns if one.key == keyed.path[1]), str(keyed.path[1]))
    return programme.name if keyed.path[0] == "limits" else keyed.rules[0].name if keyed.rules else keyed.key
