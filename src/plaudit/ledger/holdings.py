"""One member's wallet, found by the names a caller knows and locked; opened where there is none yet."""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.ledger.book import LockedWallet
from plaudit.ledger.models import Wallet
from plaudit.ledger.posting import lock_wallets
from plaudit.ledger.units import UnitPolicy
from plaudit.people.models import Member


def lock_wallet(organisation_id: int, member_id: UUID, unit: UnitPolicy) -> LockedWallet:
    """The member's wallet for this unit, locked. Raises `NotFound` where there is no such member."""
    mine = Wallet.objects.filter(organisation_id=organisation_id, member_id=member_id, unit_id=unit.id)
    if not mine.exists():
        refuse_strangers(organisation_id, [member_id])
    return lock_wallets(organisation_id, [(member_id, unit.id)])[(member_id, unit.id)]


def refuse_strangers(organisation_id: int, member_ids: list[UUID]) -> None:
    """Raise `NotFound` for the first of these that is no member here."""
    known = set(
        Member.objects.filter(organisation_id=organisation_id, id__in=member_ids).values_list("id", flat=True)
    )
    for member_id in member_ids:
        if member_id not in known:
            raise NotFound(kind="member", ref=show("mem", member_id))
