"""Sends again what was given up or delivered, sends a test, and forgets what is long over."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import new_id
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions.endpoints import lock_endpoint
from plaudit.outreach.models import Delivery, DeliveryState, Endpoint, EndpointState
from plaudit.outreach.queries.webhooks import KEPT, delivery, show_delivery, show_endpoint
from plaudit.outreach.refusals import EndpointDisabled
from plaudit.outreach.rules.messages import PING, Message, body_of, message_id

_AT_A_TIME = 5000


def resend(organisation_id: int, delivery_id: UUID, *, actor: str) -> Delivery:
    """Send one delivery again, with the same message id and all its tries. Raises `NotFound`, `EndpointDisabled`."""
    with in_organisation(organisation_id):
        found = delivery(organisation_id, delivery_id)
        _active(organisation_id, found.endpoint_id)
        _let_wait(organisation_id, endpoint_id=found.endpoint_id, only=delivery_id)
        audit.note(actor=actor, act="webhook.resent", subject=show_delivery(delivery_id))
        return delivery(organisation_id, delivery_id)


def resend_all_dead(organisation_id: int, endpoint_id: UUID, *, actor: str) -> int:
    """Send again everything that an endpoint was given up on; how many. Raises `NotFound`, `EndpointDisabled`."""
    with in_organisation(organisation_id):
        _active(organisation_id, endpoint_id)
        count = _let_wait(organisation_id, endpoint_id=endpoint_id, state=DeliveryState.DEAD)
        audit.note(
            actor=actor,
            act="webhook.all_resent",
            subject=show_endpoint(endpoint_id),
            details={"deliveries": count},
        )
    return count


def ping(organisation_id: int, endpoint_id: UUID, *, actor: str) -> Delivery:
    """Queue a test message for one endpoint, whatever types it wants. Raises `NotFound`, `EndpointDisabled`."""
    with in_organisation(organisation_id):
        endpoint = _active(organisation_id, endpoint_id)
        now, delivery_id = clock.now(), new_id()
        message = Message(
            message_id(organisation_id, "ping", delivery_id),
            PING,
            now,
            {"endpoint": show_endpoint(endpoint_id)},
        )
        made = Delivery.objects.create(
            organisation_id=organisation_id,
            id=delivery_id,
            endpoint_id=endpoint_id,
            message_id=message.id,
            type=message.type,
            body=body_of(message, version=endpoint.payload_version),
            happened_at=now,
            due_at=now,
        )
        audit.note(actor=actor, act="webhook.tested", subject=show_endpoint(endpoint_id))
    return made


_FORGET = """
    with old as materialized (
        select organisation_id, id from outreach_delivery
         where organisation_id = %s and state = %s and settled_at < %s limit %s),
    tries as (
        delete from outreach_attempt a using old
         where a.organisation_id = old.organisation_id and a.delivery_id = old.id),
    gone as (
        delete from outreach_delivery d using old
         where d.organisation_id = old.organisation_id and d.id = old.id
        returning d.id)
    select count(*) from gone
"""


def forget_old(organisation_id: int) -> int:
    """Remove deliveries made a month ago and those given up three months ago; how many. The feed keeps all."""
    forgotten = 0
    for state, kept in KEPT.items():
        while some := _forget_some(organisation_id, state, kept):
            forgotten += some
    return forgotten


def _forget_some(organisation_id: int, state: DeliveryState, kept: timedelta) -> int:
    with in_organisation(organisation_id), connection.cursor() as cursor:
        cursor.execute(_FORGET, [organisation_id, state.value, clock.now() - kept, _AT_A_TIME])
        return int(cursor.fetchone()[0])


def _active(organisation_id: int, endpoint_id: UUID) -> Endpoint:
    endpoint = lock_endpoint(organisation_id, endpoint_id)
    if endpoint.state != EndpointState.ACTIVE:
        raise EndpointDisabled
    return endpoint


def _let_wait(
    organisation_id: int, *, endpoint_id: UUID, only: UUID | None = None, state: DeliveryState | None = None
) -> int:
    """Make deliveries due now. A worker that is at one of them loses its lease, so that its note is refused."""
    found = Delivery.objects.filter(organisation_id=organisation_id, endpoint_id=endpoint_id)
    if only is not None:
        found = found.filter(id=only)
    if state is not None:
        found = found.filter(state=state)
    now: datetime = clock.now()
    return found.update(
        state=DeliveryState.WAITING,
        tries=0,
        due_at=now,
        lease=F("lease") + 1,
        leased_until=None,
        settled_at=None,
        settled_because="",
    )
