"""Points that will expire unless they are spent: in whose wallets, how many, and at which moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from plaudit.ledger.lots import open_lots
from plaudit.ledger.models import Wallet
from plaudit.ledger.units import units_by_id


@dataclass(frozen=True, slots=True)
class Lapsing:
    """So much of a unit (in its smallest part) of a member can be spent until `expires_at`."""

    member_id: UUID
    unit: str
    expires_at: datetime
    amount: int


def lapsing(
    organisation_id: int, *, now: datetime, until: datetime, after: int = 0, limit: int = 500
) -> tuple[list[Lapsing], int | None]:
    """What expires in (now, until] in the next wallets, and the last of them to go on after; None past the last.

    Two statements for a page of wallets. Nothing is locked: what is spent meanwhile does not expire.
    """
    wallets = Wallet.objects.filter(organisation_id=organisation_id, due_at__lte=until, id__gt=after)
    page = list(wallets.order_by("id").values_list("id", "member_id", "unit_id")[:limit])
    units, lots = units_by_id(organisation_id), open_lots(organisation_id, [one for one, _, _ in page])
    found = [
        Lapsing(member_id, units[unit_id].key, lot.expires_at, lot.remaining)
        for wallet_id, member_id, unit_id in page
        for lot in lots[wallet_id].lots
        if lot.expires_at is not None and now < lot.expires_at <= until
    ]
    return found, page[-1][0] if len(page) == limit else None


# What a lot still holds is not asked: a moment too many costs a look, one too few a warning.
_MOMENTS = """
    select distinct expires_at
      from (select w.due_at as expires_at from ledger_wallet w
             where w.organisation_id = %(organisation)s and w.due_at <= %(until)s
             union all
            select t.expires_at from ledger_wallet w
              join ledger_transfer t on t.organisation_id = w.organisation_id and t.wallet_id = w.id
                                    and t.line >= w.open_from and t.target = 1
             where w.organisation_id = %(organisation)s and w.due_at <= %(until)s) lots
     where expires_at > %(after)s and expires_at <= %(until)s
     order by expires_at limit %(limit)s
"""


def lapse_moments(
    organisation_id: int, *, after: datetime, until: datetime, limit: int = 1_000
) -> Iterator[datetime]:
    """The moments in (after, until] at which points expire unless they are spent, the earliest first."""
    values: dict[str, int | datetime] = {
        "organisation": organisation_id,
        "after": after,
        "until": until,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOMENTS, values)
        for (moment,) in cursor.fetchall():
            yield moment
