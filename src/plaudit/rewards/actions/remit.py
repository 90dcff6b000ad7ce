"""Passes on to a charity the money of the donations that name it: every donation in one remittance, once."""

from __future__ import annotations

from django.db import connection

from plaudit.foundation import arrays, audit, clock
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import act
from plaudit.rewards.models import Remittance
from plaudit.rewards.refusals import NothingToRemit

# What was refunded of a donation is not passed on: of its value the share of the points that stayed spent,
# rounded down to the minor unit. The redemptions are locked in one order, as a refund locks them.
_OWED = """
    select r.id, a.value_minor * (r.points - coalesce(f.points, 0)) / r.points
      from rewards_arrangement a
      join rewards_redemption r on r.organisation_id = a.organisation_id and r.id = a.redemption_id
      left join lateral (select sum(f.points)::bigint as points from rewards_refund f
                          where f.organisation_id = a.organisation_id and f.redemption_id = r.id) f on true
     where a.organisation_id = (select %s::int) and a.charity = %s and a.currency = %s and a.charity <> ''
       and a.remittance_id is null and r.state = 'fulfilled' and a.value_minor is not null
     order by r.id for update of r
"""


def remit(organisation_id: int, *, charity: str, currency: str, reference: str, actor: str) -> Remittance:
    """Say that everything donated to this charity so far was paid over, by the payment of this reference.

    The same reference remits once. Raises `NothingToRemit`.
    """

    def step() -> Remittance:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, hashtext('remittances'))", [organisation_id])
            earlier = Remittance.objects.filter(
                organisation_id=organisation_id, charity=charity, reference=reference
            ).first()
            if earlier is not None:
                return earlier
            cursor.execute(_OWED, [organisation_id, charity, currency])
            owed = [(redemption_id, minor) for redemption_id, minor in cursor.fetchall() if minor > 0]
        if not owed:
            raise NothingToRemit(charity=charity)
        made = Remittance.objects.create(
            organisation_id=organisation_id,
            charity=charity,
            amount_minor=sum(minor for _, minor in owed),
            currency=currency,
            donations=len(owed),
            reference=reference,
            remitted_at=clock.now(),
            actor=actor,
        )
        with connection.cursor() as cursor:
            given = arrays.uuids([redemption_id for redemption_id, _ in owed])
            cursor.execute(_HAND_OVER, [made.id, organisation_id, given])
        _tell(made)
        return made

    return act(organisation_id, step)


_HAND_OVER = """
    update rewards_arrangement set remittance_id = %s
     where organisation_id = (select %s::int) and redemption_id = any(%s::uuid[])
"""


def _tell(made: Remittance) -> None:
    facts = {
        "charity": made.charity,
        "amount_minor": made.amount_minor,
        "currency": made.currency,
        "donations": made.donations,
        "reference": made.reference,
    }
    audit.note(actor=made.actor, act="donations.remitted", subject=made.charity, details=facts)
    tell(made.organisation_id, "donations.remitted", facts, happened_at=made.remitted_at)
