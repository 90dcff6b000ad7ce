"""What an organisation's books come to: what must be equal before and after they were moved."""

from __future__ import annotations

from typing import Any

from django.db import connection

from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.sealing import anchors
from plaudit.people.models import Organisation

_COUNTS = """
    select (select count(*) from people_member where organisation_id = %(organisation)s),
           (select count(*) from activity_event where organisation_id = %(organisation)s),
           (select count(*) from ledger_transfer where organisation_id = %(organisation)s)
"""

_BALANCES = """
    select u.key, sum(w.available)::bigint, sum(w.pending)::bigint, sum(w.held)::bigint
      from ledger_wallet w join ledger_unit u on u.id = w.unit_id
     where w.organisation_id = %(organisation)s group by u.key order by u.key
"""


def totals() -> list[dict[str, Any]]:
    """Of each organisation: members, events, transfers, balances by unit, and the anchor of every seal.

    As plain JSON values. Inside `in_snapshot` all are of one moment.
    """
    return [_of(one) for one in Organisation.objects.order_by("id")]


def _of(organisation: Organisation) -> dict[str, Any]:
    with in_organisation(organisation.id), connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"organisation": organisation.id})
        members, events, transfers = cursor.fetchone()
        cursor.execute(_BALANCES, {"organisation": organisation.id})
        balances = {
            unit: {"available": available, "pending": pending, "held": held}
            for unit, available, pending, held in cursor.fetchall()
        }
        return {
            "code": organisation.code,
            "name": organisation.slug,
            "members": members,
            "events": events,
            "transfers": transfers,
            "balances": balances,
            "seals": anchors(organisation.id),
        }
