"""Answers about donations: what each charity is owed, and the receipt of one gift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.rewards.models import Redemption, RedemptionState


@dataclass(frozen=True, slots=True)
class Owed:
    """What was donated to a charity and not passed on yet. `amount_minor` is in minor units of `currency`."""

    charity: str
    currency: str
    donations: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """One gift, for whoever made it. `remitted_at` and `remittance` stand once it was passed on."""

    number: str
    charity: str
    amount_minor: int
    currency: str
    points: int
    given_at: datetime
    tax: str
    remitted_at: datetime | None
    remittance: str


_OWED = """
    select a.charity, a.currency, count(*),
           sum(a.value_minor * (r.points - coalesce(f.points, 0)) / r.points)::bigint
      from rewards_arrangement a
      join rewards_redemption r on r.organisation_id = a.organisation_id and r.id = a.redemption_id
      left join lateral (select sum(f.points)::bigint as points from rewards_refund f
                          where f.organisation_id = a.organisation_id and f.redemption_id = r.id) f on true
     where a.organisation_id = (select %s::int) and a.charity <> '' and a.remittance_id is null
       and r.state = 'fulfilled' and a.value_minor is not null
       and a.value_minor * (r.points - coalesce(f.points, 0)) / r.points > 0
     group by a.charity, a.currency order by a.charity, a.currency
"""


def owed_to_charities(organisation_id: int) -> list[Owed]:
    """What each charity is owed now, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED, [organisation_id])
        return [Owed(*row) for row in cursor.fetchall()]


def receipt(organisation_id: int, redemption_id: UUID) -> Receipt:
    """The receipt of a donation that was made. Raises `NotFound` for anything else."""
    row = (
        Redemption.objects.filter(
            organisation_id=organisation_id, id=redemption_id, state=RedemptionState.FULFILLED
        )
        .exclude(arrangement__charity="")
        .filter(arrangement__value_minor__isnull=False)
        .select_related("reward", "arrangement__remittance")
        .first()
    )
    if row is None:
        raise NotFound(kind="donation", ref=show("rdm", redemption_id))
    arrangement = row.arrangement
    assert row.fulfilled_at is not None and arrangement.value_minor is not None
    remittance = arrangement.remittance
    return Receipt(
        number=show("rdm", row.id),
        charity=arrangement.charity,
        amount_minor=arrangement.value_minor,
        currency=arrangement.currency,
        points=row.points,
        given_at=row.fulfilled_at,
        tax=row.reward.tax,
        remitted_at=remittance.remitted_at if remittance else None,
        remittance=remittance.reference if remittance else "",
    )
