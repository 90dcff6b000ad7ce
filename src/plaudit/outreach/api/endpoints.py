"""Receivers of webhooks over HTTP: added with a secret shown once, changed, tested, switched off and on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.answering import answer_secretly
from plaudit.foundation.api.marks import has_etag, keeps_answers, takes_if_match
from plaudit.foundation.api.preconditions import etag_of, require_match, tagged
from plaudit.foundation.api.shapes import Answer, Asked, Because, Page, whole
from plaudit.outreach.actions.endpoints import (
    add_endpoint,
    change_endpoint,
    disable_endpoint,
    enable_endpoint,
    lock_endpoint,
    remove_endpoint,
    rotate_secret,
)
from plaudit.outreach.models import Endpoint
from plaudit.outreach.queries.webhooks import endpoint as endpoint_by_id
from plaudit.outreach.queries.webhooks import endpoints, read_endpoint, show_endpoint

router = Router(tags=["Webhooks"])

EndpointRef = Annotated[str, Field(max_length=100, description="A webhook endpoint, `hook_…`.")]
Url = Annotated[str, Field(min_length=1, max_length=2_000, description="An https address on the internet.")]
Types = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=100)]],
    Field(
        min_length=1,
        max_length=50,
        description="Types such as `points.earned`, families such as `points.*`, or `*`.",
    ),
]


class NewEndpoint(Asked):
    """A receiver to add, and which types of message it wants."""

    url: Url
    types: Annotated[Types, Field(default_factory=lambda: ["*"])]
    description: Annotated[str, Field(max_length=500)] = ""


class EndpointChange(Asked):
    """What to change of a receiver; what is left out stays."""

    url: Url | None = None
    types: Types | None = None
    description: Annotated[str, Field(max_length=500)] | None = None


class ShownEndpoint(Answer):
    """A receiver of webhooks."""

    id: str
    url: str
    description: str
    types: list[str]
    payload_version: int
    state: Literal["active", "disabled"]
    disabled_at: datetime | None
    disabled_because: str
    failures: int
    failing_since: datetime | None
    succeeded_at: datetime | None
    created_at: datetime
    created_by: str


class SecretEndpoint(ShownEndpoint):
    """A receiver and its signing secret, which is in this answer only, and in no retry's."""

    secret: str | None


@router.get("/webhooks", response=Page[ShownEndpoint], operation_id="list_webhooks", summary="List webhooks")
@allows(scopes=["webhooks:read"], to="read webhooks")
def list_endpoints(request: HttpRequest) -> Page[ShownEndpoint]:
    """Every receiver, oldest first; there are at most fifty."""
    return whole(_shown(one) for one in endpoints(actor_of(request).organisation_id))


@router.post("/webhooks", response={201: SecretEndpoint}, operation_id="add_webhook", summary="Add a webhook")
@allows(scopes=["webhooks:write"], to="add webhooks", keyless=True)
@keeps_answers("needed")
def post_endpoint(request: HttpRequest, new: NewEndpoint) -> HttpResponse:
    """Send messages there from now on, signed as Standard Webhooks say with the secret in this answer."""
    actor = actor_of(request)

    def act() -> tuple[int, SecretEndpoint, str]:
        added = add_endpoint(
            actor.organisation_id,
            url=new.url,
            types=new.types,
            description=new.description,
            actor=actor.ref,
        )
        return 201, _without_secret(added.endpoint), added.secret

    return answer_secretly(request, act)


@router.get(
    "/webhooks/{endpoint}", response=ShownEndpoint, operation_id="get_webhook", summary="Read a webhook"
)
@allows(scopes=["webhooks:read"], to="read webhooks")
@has_etag
def get_endpoint(request: HttpRequest, endpoint: EndpointRef, response: HttpResponse) -> ShownEndpoint:
    """One receiver, without its secret."""
    shown = _shown(endpoint_by_id(actor_of(request).organisation_id, read_endpoint(endpoint)))
    tagged(response, shown)
    return shown


@router.patch(
    "/webhooks/{endpoint}",
    response=ShownEndpoint,
    operation_id="change_webhook",
    summary="Change a webhook",
)
@allows(scopes=["webhooks:write"], to="change webhooks")
@takes_if_match
def patch_endpoint(request: HttpRequest, endpoint: EndpointRef, change: EndpointChange) -> ShownEndpoint:
    """Change where it is, what it is sent or what it is called."""
    actor, endpoint_id = actor_of(request), read_endpoint(endpoint)
    require_match(request, etag_of(_shown(lock_endpoint(actor.organisation_id, endpoint_id))))
    changed = change_endpoint(
        actor.organisation_id,
        endpoint_id,
        url=change.url,
        types=change.types,
        description=change.description,
        actor=actor.ref,
    )
    return _shown(changed)


@router.delete(
    "/webhooks/{endpoint}",
    response=ShownEndpoint,
    operation_id="remove_webhook",
    summary="Remove a webhook",
)
@allows(scopes=["webhooks:write"], to="remove webhooks")
def delete_endpoint(request: HttpRequest, endpoint: EndpointRef) -> ShownEndpoint:
    """Forget a receiver and everything still to be sent there; the answer is what it was."""
    actor, endpoint_id = actor_of(request), read_endpoint(endpoint)
    gone = _shown(endpoint_by_id(actor.organisation_id, endpoint_id))
    remove_endpoint(actor.organisation_id, endpoint_id, actor=actor.ref)
    return gone


@router.post(
    "/webhooks/{endpoint}/rotate-secret",
    response={201: SecretEndpoint},
    operation_id="rotate_webhook_secret",
    summary="Give a webhook a new secret",
)
@allows(scopes=["webhooks:write"], to="change webhooks", keyless=True)
@keeps_answers("needed")
def post_rotation(request: HttpRequest, endpoint: EndpointRef) -> HttpResponse:
    """The secret before stays good for a day; meanwhile messages carry a signature by each."""
    actor, endpoint_id = actor_of(request), read_endpoint(endpoint)

    def act() -> tuple[int, SecretEndpoint, str]:
        secret = rotate_secret(actor.organisation_id, endpoint_id, actor=actor.ref)
        return 201, _without_secret(endpoint_by_id(actor.organisation_id, endpoint_id)), secret

    return answer_secretly(request, act)


@router.post(
    "/webhooks/{endpoint}/disable",
    response=ShownEndpoint,
    operation_id="disable_webhook",
    summary="Switch a webhook off",
)
@allows(scopes=["webhooks:write"], to="change webhooks")
def post_disabling(request: HttpRequest, endpoint: EndpointRef, because: Because) -> ShownEndpoint:
    """Send nothing more there; what was still to be sent is given up."""
    actor = actor_of(request)
    return _shown(
        disable_endpoint(
            actor.organisation_id, read_endpoint(endpoint), actor=actor.ref, reason=because.reason
        )
    )


@router.post(
    "/webhooks/{endpoint}/enable",
    response=ShownEndpoint,
    operation_id="enable_webhook",
    summary="Switch a webhook on",
)
@allows(scopes=["webhooks:write"], to="change webhooks")
def post_enabling(request: HttpRequest, endpoint: EndpointRef) -> ShownEndpoint:
    """Send there what happens from now on. What it missed stands in the feed."""
    actor = actor_of(request)
    return _shown(enable_endpoint(actor.organisation_id, read_endpoint(endpoint), actor=actor.ref))


def _shown(one: Endpoint) -> ShownEndpoint:
    return ShownEndpoint(
        id=show_endpoint(one.id),
        url=one.url,
        description=one.description,
        types=list(one.types),
        payload_version=one.payload_version,
        state=one.state,  # type: ignore[arg-type]  # one of the choices
        disabled_at=one.disabled_at,
        disabled_because=one.disabled_because,
        failures=one.failures,
        failing_since=one.failing_since,
        succeeded_at=one.succeeded_at,
        created_at=one.created_at,
        created_by=one.created_by,
    )


def _without_secret(one: Endpoint) -> SecretEndpoint:
    return SecretEndpoint(**_shown(one).model_dump(), secret=None)
