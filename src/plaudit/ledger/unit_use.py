"""How far units are in use, which decides what can still be changed about them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from plaudit.ledger.models import Unit, Wallet


@dataclass(frozen=True, slots=True)
class UnitUse:
    """How many wallets hold a unit, and how many of them owe."""

    wallets: int = 0
    owing: int = 0


def unit_uses(organisation_id: int) -> dict[str, UnitUse]:
    """The use of every unit that any wallet holds, by the unit's key."""
    keys = dict(Unit.objects.filter(organisation_id=organisation_id).values_list("id", "key"))
    counted = (
        Wallet.objects.filter(organisation_id=organisation_id)
        .values("unit_id")
        .annotate(wallets=Count("id"), owing=Count("id", filter=Q(available__lt=0)))
        .values_list("unit_id", "wallets", "owing")
    )
    return {keys[unit_id]: UnitUse(wallets, owing) for unit_id, wallets, owing in counted}
