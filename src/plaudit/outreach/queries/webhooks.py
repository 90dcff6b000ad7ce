"""Endpoints, what was sent to them, and what came back, for pages and the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Min

from plaudit.foundation import ids
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.models import Attempt, Delivery, DeliveryState, Endpoint, EndpointState, Spread
from plaudit.outreach.queries.feed import news_waiting
from plaudit.outreach.rules.cursors import read_cursor

MOST_AT_A_TIME = 200

# How long a delivery is kept after it was settled; the feed keeps what it told.
KEPT = {DeliveryState.DELIVERED: timedelta(days=30), DeliveryState.DEAD: timedelta(days=90)}


def show_endpoint(endpoint_id: UUID) -> str:
    """How people see an endpoint, such as hook_01jd…."""
    return ids.show("hook", endpoint_id)


def read_endpoint(text: str) -> UUID:
    """The id behind that form. Raises `NotFound`."""
    return ids.read("hook", text, kind="endpoint")


def show_delivery(delivery_id: UUID) -> str:
    """How people see a delivery, such as dlv_01jd…."""
    return ids.show("dlv", delivery_id)


def read_delivery(text: str) -> UUID:
    """The id behind that form. Raises `NotFound`."""
    return ids.read("dlv", text, kind="delivery")


def endpoint(organisation_id: int, endpoint_id: UUID) -> Endpoint:
    """One endpoint. Raises `NotFound`."""
    with in_organisation(organisation_id):
        found = Endpoint.objects.filter(organisation_id=organisation_id, id=endpoint_id).first()
    if found is None:
        raise NotFound(kind="endpoint", ref=show_endpoint(endpoint_id))
    return found


def endpoints(organisation_id: int) -> list[Endpoint]:
    """Every endpoint, oldest first; an organisation has at most fifty."""
    with in_organisation(organisation_id):
        return list(Endpoint.objects.filter(organisation_id=organisation_id).order_by("id"))


@dataclass(frozen=True, slots=True)
class EndpointHealth:
    """What one endpoint still has to be sent, was sent, and was given up on. `oldest_waiting` happened then."""

    endpoint_id: UUID
    waiting: int
    delivered: int
    dead: int
    oldest_waiting: datetime | None


_HEALTH = """
    select endpoint_id, count(*) filter (where state = 'waiting'), count(*) filter (where state = 'delivered'),
           count(*) filter (where state = 'dead'), min(happened_at) filter (where state = 'waiting')
      from outreach_delivery where organisation_id = %s
     group by endpoint_id
"""


def health(organisation_id: int) -> dict[UUID, EndpointHealth]:
    """The health of every endpoint that was ever sent to, by its id; of deliveries of the last thirty days."""
    with in_organisation(organisation_id), connection.cursor() as cursor:
        cursor.execute(_HEALTH, [organisation_id])
        return {row[0]: EndpointHealth(*row) for row in cursor.fetchall()}


def deliveries(
    organisation_id: int,
    *,
    endpoint_id: UUID | None = None,
    state: DeliveryState | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[Delivery]:
    """Deliveries, newest first, without their bodies: of one endpoint or all, in one state or any, before an id."""
    with in_organisation(organisation_id):
        found = Delivery.objects.filter(organisation_id=organisation_id)
        if endpoint_id is not None:
            found = found.filter(endpoint_id=endpoint_id)
        if state is not None:
            found = found.filter(state=state)
        if before is not None:
            found = found.filter(id__lt=before)
        return list(found.defer("body").order_by("-id")[: max(1, min(limit, MOST_AT_A_TIME))])


def deliveries_of_messages(organisation_id: int, message_ids: Sequence[str]) -> dict[str, list[Delivery]]:
    """What became of these messages, by their id: a delivery for each endpoint that is there, without bodies."""
    with in_organisation(organisation_id):
        there = Endpoint.objects.filter(organisation_id=organisation_id).values_list("id", flat=True)
        found = Delivery.objects.filter(
            organisation_id=organisation_id, endpoint_id__in=list(there), message_id__in=list(message_ids)
        )
        by_message: dict[str, list[Delivery]] = {}
        for one in found.defer("body").order_by("id"):
            by_message.setdefault(one.message_id, []).append(one)
    return by_message


def delivery(organisation_id: int, delivery_id: UUID) -> Delivery:
    """One delivery, with what is sent. Raises `NotFound`."""
    with in_organisation(organisation_id):
        found = Delivery.objects.filter(organisation_id=organisation_id, id=delivery_id).first()
    if found is None:
        raise NotFound(kind="delivery", ref=show_delivery(delivery_id))
    return found


def attempts(organisation_id: int, delivery_id: UUID) -> Sequence[Attempt]:
    """Every try of one delivery, the first first."""
    with in_organisation(organisation_id):
        return list(
            Attempt.objects.filter(organisation_id=organisation_id, delivery_id=delivery_id).order_by(
                "number"
            )[:500]
        )


def endpoints_due(organisation_id: int, *, now: datetime, wall: datetime) -> list[Endpoint]:
    """The active endpoints with something to be sent now that no worker is at. Called inside the organisation.

    Due times follow the organisation's clock (`now`), leases the real one (`wall`).
    """
    waiting = Delivery.objects.filter(
        organisation_id=organisation_id, state=DeliveryState.WAITING, due_at__lte=now
    ).exclude(leased_until__gt=wall)
    found = Endpoint.objects.filter(
        organisation_id=organisation_id, state=EndpointState.ACTIVE, id__in=waiting.values("endpoint_id")
    ).exclude(paused_until__gt=now)
    return list(found.order_by("slow", "id"))


_FIRST_DUE = """
    select distinct at from (
        select greatest(d.due_at, e.paused_until) as at
          from outreach_endpoint e
          join outreach_delivery d on d.organisation_id = e.organisation_id and d.endpoint_id = e.id
         where e.organisation_id = %(organisation)s and e.state = 'active' and d.state = 'waiting'
           and d.due_at <= %(until)s and (d.leased_until is null or d.leased_until <= %(wall)s)) due
     where at > %(after)s and at <= %(until)s
     order by at limit 1000
"""


def first_due(organisation_id: int, *, after: datetime, until: datetime, wall: datetime) -> list[datetime]:
    """The moments in (after, until] at which something is to be sent, earliest first, at most a thousand."""
    with connection.cursor() as cursor:
        cursor.execute(
            _FIRST_DUE, {"organisation": organisation_id, "after": after, "until": until, "wall": wall}
        )
        return [row[0] for row in cursor.fetchall()]


def first_to_spread(organisation_id: int) -> datetime | None:
    """When the oldest news happened that no endpoint was handed yet; None where nobody is told or all is."""
    if not Endpoint.objects.filter(organisation_id=organisation_id, state=EndpointState.ACTIVE).exists():
        return None
    place = Spread.objects.filter(organisation_id=organisation_id).first()
    return news_waiting(organisation_id, read_cursor(place.cursor)) if place is not None else None


def first_to_forget(organisation_id: int) -> datetime | None:
    """The moment from which the oldest settled delivery need no longer be kept; None where there is none."""
    settled = Delivery.objects.filter(organisation_id=organisation_id)
    moments = [
        oldest + kept
        for state, kept in KEPT.items()
        if (oldest := settled.filter(state=state).aggregate(at=Min("settled_at"))["at"]) is not None
    ]
    return min(moments, default=None)
