"""What was sent to webhooks over HTTP: every delivery and every try, sent again one by one or all at once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Answer, Limit, Page, page
from plaudit.outreach.actions.resending import ping, resend, resend_all_dead
from plaudit.outreach.api.endpoints import EndpointRef
from plaudit.outreach.models import Attempt, Delivery, DeliveryState
from plaudit.outreach.queries.webhooks import (
    attempts,
    deliveries,
    delivery,
    endpoint,
    read_delivery,
    read_endpoint,
    show_delivery,
    show_endpoint,
)

router = Router(tags=["Webhooks"])

DeliveryRef = Annotated[str, Field(max_length=100, description="A delivery, `dlv_…`.")]


class ShownDelivery(Answer):
    """One message on its way to one receiver. `due_at` is when it is tried next, while it waits."""

    id: str
    endpoint: str
    message: str
    type: str
    state: Literal["waiting", "delivered", "dead"]
    happened_at: datetime
    attempts: int
    due_at: datetime
    settled_at: datetime | None
    settled_because: str


class ShownAttempt(Answer):
    """One try to deliver: to which address, and what came back or went wrong."""

    number: int
    tried_at: datetime
    address: str
    status: int | None
    milliseconds: int
    problem: str


class DeliveryInFull(Answer):
    """A delivery with what is sent and every try of it."""

    delivery: ShownDelivery
    body: str
    tries: list[ShownAttempt]


class Resent(Answer):
    """How many deliveries will be sent again."""

    deliveries: int


@router.get(
    "/deliveries", response=Page[ShownDelivery], operation_id="list_deliveries", summary="List deliveries"
)
@allows(scopes=["webhooks:read"], to="read deliveries")
def list_deliveries(
    request: HttpRequest,
    endpoint: EndpointRef | None = None,
    state: Annotated[
        Literal["waiting", "delivered", "dead"] | None, Field(description="In this state only.")
    ] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownDelivery]:
    """What was, is or could not be sent, newest first: `dead` is what was given up on."""
    organisation_id = actor_of(request).organisation_id
    # One more than is shown says whether there is more; two hundred are the most that are read at once.
    most = min(limit, 199)
    found = deliveries(
        organisation_id,
        endpoint_id=read_endpoint(endpoint) if endpoint is not None else None,
        state=DeliveryState(state) if state is not None else None,
        before=read_cursor(after, one_id),
        limit=most + 1,
    )
    return page(found, most, _shown, lambda one: write_cursor(one.id))


@router.get(
    "/deliveries/{delivery_id}",
    response=DeliveryInFull,
    operation_id="get_delivery",
    summary="Read a delivery",
)
@allows(scopes=["webhooks:read"], to="read deliveries")
def get_delivery(request: HttpRequest, delivery_id: DeliveryRef) -> DeliveryInFull:
    """One delivery, what is sent, and every try."""
    organisation_id = actor_of(request).organisation_id
    found = delivery(organisation_id, read_delivery(delivery_id))
    return DeliveryInFull(
        delivery=_shown(found),
        body=found.body,
        tries=[_shown_attempt(one) for one in attempts(organisation_id, found.id)],
    )


@router.post(
    "/deliveries/{delivery_id}/resend",
    response=ShownDelivery,
    operation_id="resend_delivery",
    summary="Send a delivery again",
)
@allows(scopes=["webhooks:write"], to="send deliveries again")
def post_resending(request: HttpRequest, delivery_id: DeliveryRef) -> ShownDelivery:
    """Send one again under the same message id, whatever became of it."""
    actor = actor_of(request)
    return _shown(resend(actor.organisation_id, read_delivery(delivery_id), actor=actor.ref))


@router.post(
    "/webhooks/{endpoint_id}/resend-dead",
    response=Resent,
    operation_id="resend_dead_deliveries",
    summary="Send again all that was given up",
)
@allows(scopes=["webhooks:write"], to="send deliveries again")
def post_resending_all(request: HttpRequest, endpoint_id: EndpointRef) -> Resent:
    """Send one receiver everything again on which it was given up."""
    actor = actor_of(request)
    count = resend_all_dead(actor.organisation_id, read_endpoint(endpoint_id), actor=actor.ref)
    return Resent(deliveries=count)


@router.post(
    "/webhooks/{endpoint_id}/test",
    response={202: ShownDelivery},
    operation_id="test_webhook",
    summary="Send a test message",
)
@allows(scopes=["webhooks:write"], to="test webhooks")
def post_test(request: HttpRequest, endpoint_id: EndpointRef) -> Status[ShownDelivery]:
    """Queue a `webhook.ping` for one receiver, whatever types it wants."""
    actor = actor_of(request)
    receiver = endpoint(actor.organisation_id, read_endpoint(endpoint_id))
    return Status(202, _shown(ping(actor.organisation_id, receiver.id, actor=actor.ref)))


def _shown(one: Delivery) -> ShownDelivery:
    return ShownDelivery(
        id=show_delivery(one.id),
        endpoint=show_endpoint(one.endpoint_id),
        message=one.message_id,
        type=one.type,
        state=one.state,  # type: ignore[arg-type]  # one of the choices
        happened_at=one.happened_at,
        attempts=one.attempts,
        due_at=one.due_at,
        settled_at=one.settled_at,
        settled_because=one.settled_because,
    )


def _shown_attempt(one: Attempt) -> ShownAttempt:
    return ShownAttempt(
        number=one.number,
        tried_at=one.tried_at,
        address=one.address,
        status=one.status,
        milliseconds=one.took_ms,
        problem=one.error,
    )
