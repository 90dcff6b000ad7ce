"""What a member has, unit by unit, and which unit a page is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from plaudit.foundation.access.actors import Actor
from plaudit.insights.ways import units_earned
from plaudit.ledger.balances import Balance, balances
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.people.queries import member


@dataclass(frozen=True, slots=True)
class Holdings:
    """The units a member could hold, the one the page is about, and what they have of it."""

    units: list[UnitPolicy]
    unit: UnitPolicy | None
    balance: Balance | None
    available: dict[int, int]

    @property
    def amount(self) -> int:
        """What can be spent of the page's unit."""
        return self.balance.available if self.balance else 0


def holdings(actor: Actor, request: HttpRequest) -> Holdings:
    """The holdings of whoever asks. The page is about the unit in `?unit=`, else the first they hold."""
    assert actor.member_id is not None
    units = units_by_key(actor.organisation_id)
    held = {one.unit: one for one in balances(actor.organisation_id, actor.member_id)}
    accounts = _accounts(actor, held)
    mine = [unit for key, unit in units.items() if key in accounts]
    if not mine:
        earned = units_earned(actor.organisation_id, _kind(actor))
        mine = [units[key] for key in earned] or list(units.values())[:1]
    chosen = units.get(request.GET.get("unit", "")) or (mine[0] if mine else None)
    return Holdings(
        units=mine,
        unit=chosen,
        balance=held.get(chosen.key) if chosen else None,
        available={unit.id: held[key].available for key, unit in units.items() if key in held},
    )


def _accounts(actor: Actor, held: Mapping[str, Balance]) -> set[str]:
    """The units the member has something of, or can earn: a rule for others may have made them a wallet."""
    used = {key for key, one in held.items() if one.available or one.pending or one.held}
    if len(used) == len(held):
        return used
    return used | (held.keys() & set(units_earned(actor.organisation_id, _kind(actor)))) or set(held)


def _kind(actor: Actor) -> str:
    assert actor.member_id is not None
    return member(actor.organisation_id, actor.member_id).kind


def unit_tabs(found: Holdings, url: str) -> list[dict[str, object]]:
    """A tab for each unit the member holds; none where it is one."""
    if len(found.units) < 2:
        return []
    return [
        {
            "label": unit.many.capitalize(),
            "url": f"{url}?unit={unit.key}",
            "current": found.unit is not None and unit.key == found.unit.key,
        }
        for unit in found.units
    ]
