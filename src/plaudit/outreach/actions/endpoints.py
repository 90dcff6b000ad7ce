"""Adds receivers of webhooks, changes them, gives them new secrets, and stops sending to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import new_id
from plaudit.foundation.news import tell
from plaudit.foundation.reaching import Resolve, find_address, resolve
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.models import Delivery, DeliveryState, Endpoint, EndpointSecret, EndpointState, Spread
from plaudit.outreach.queries.feed import cursor_now
from plaudit.outreach.queries.webhooks import show_endpoint
from plaudit.outreach.refusals import TooManyEndpoints
from plaudit.outreach.rules.messages import ENDPOINT_DISABLED, checked_patterns
from plaudit.outreach.signing import make_secret

MOST_ENDPOINTS = 50
OLD_SECRET_LIVES = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class AddedEndpoint:
    """A new endpoint and its secret, which nobody is ever shown again."""

    endpoint: Endpoint
    secret: str


def add_endpoint(
    organisation_id: int,
    *,
    url: str,
    types: Sequence[str],
    actor: str,
    description: str = "",
    resolve: Resolve = resolve,
) -> AddedEndpoint:
    """Send messages of these types to `url` from now on (`points.earned`, `points.*` or `*`).

    Raises `UrlRefused` where the address is not one on the internet, `MessageTypeUnknown` and
    `TooManyEndpoints`.
    """
    patterns = checked_patterns(types)
    find_address(url, resolve=resolve)
    with in_organisation(organisation_id):
        now = clock.now()
        with connection.cursor() as cursor:
            # Rows that others are adding cannot be locked: one adds at a time, and counts them all.
            cursor.execute("select pg_advisory_xact_lock(%s, hashtext('webhooks'))", [organisation_id])
        others = list(Endpoint.objects.filter(organisation_id=organisation_id))
        if len(others) >= MOST_ENDPOINTS:
            raise TooManyEndpoints(most=MOST_ENDPOINTS)
        _begin_spreading(organisation_id, others)
        endpoint = Endpoint.objects.create(
            organisation_id=organisation_id,
            id=new_id(),
            url=url,
            description=description.strip(),
            types=patterns,
            created_at=now,
            created_by=actor,
        )
        secret = _add_secret(endpoint, number=1, made_at=now)
        _note(endpoint, "webhook.added", actor, url=url, types=patterns)
    return AddedEndpoint(endpoint, secret)


def change_endpoint(
    organisation_id: int,
    endpoint_id: UUID,
    *,
    actor: str,
    url: str | None = None,
    types: Sequence[str] | None = None,
    description: str | None = None,
    resolve: Resolve = resolve,
) -> Endpoint:
    """Change where an endpoint is, what it is sent or what it is called. Raises as `add_endpoint` does."""
    patterns = checked_patterns(types) if types is not None else None
    if url is not None:
        find_address(url, resolve=resolve)
    with in_organisation(organisation_id):
        endpoint = lock_endpoint(organisation_id, endpoint_id)
        before = {"url": endpoint.url, "types": endpoint.types}
        endpoint.url = url if url is not None else endpoint.url
        endpoint.types = patterns if patterns is not None else endpoint.types
        endpoint.description = description.strip() if description is not None else endpoint.description
        endpoint.save()
        _note(endpoint, "webhook.changed", actor, before=before, url=endpoint.url, types=endpoint.types)
    return endpoint


def rotate_secret(organisation_id: int, endpoint_id: UUID, *, actor: str) -> str:
    """A new secret, shown this once. The one before stays good for a day, so that receivers can change over.

    Meanwhile messages carry a signature by each. Never more than two live: an older one dies at once.
    """
    with in_organisation(organisation_id):
        endpoint = lock_endpoint(organisation_id, endpoint_id)
        now = clock.now()
        known = EndpointSecret.objects.filter(organisation_id=organisation_id, endpoint_id=endpoint_id)
        newest = known.order_by("-number").first()
        assert newest is not None, "an endpoint is made with a secret"
        known.filter(Q(retires_at__isnull=True) | Q(retires_at__gt=now)).exclude(number=newest.number).update(
            retires_at=now
        )
        known.filter(number=newest.number).update(retires_at=now + OLD_SECRET_LIVES)
        secret = _add_secret(endpoint, number=newest.number + 1, made_at=now)
        _note(endpoint, "webhook.secret_rotated", actor)
    return secret


def disable_endpoint(organisation_id: int, endpoint_id: UUID, *, actor: str, reason: str = "") -> Endpoint:
    """Send nothing more there. What was still to be sent is given up; it may be sent again once enabled."""
    with in_organisation(organisation_id):
        endpoint = lock_endpoint(organisation_id, endpoint_id)
        if endpoint.state == EndpointState.ACTIVE:
            stop_sending(endpoint, because=reason.strip() or "Disabled by a person.", at=clock.now())
            _note(endpoint, "webhook.disabled", actor, reason=reason)
    return endpoint


def enable_endpoint(organisation_id: int, endpoint_id: UUID, *, actor: str) -> Endpoint:
    """Send there again, what happens from now on. What it missed stands in the feed."""
    with in_organisation(organisation_id):
        endpoint = lock_endpoint(organisation_id, endpoint_id)
        if endpoint.state == EndpointState.DISABLED:
            _begin_spreading(organisation_id, list(Endpoint.objects.filter(organisation_id=organisation_id)))
            endpoint.state, endpoint.disabled_at, endpoint.disabled_because = EndpointState.ACTIVE, None, ""
            endpoint.failures, endpoint.failing_since, endpoint.paused_until = 0, None, None
            endpoint.slow = False
            endpoint.save()
            _note(endpoint, "webhook.enabled", actor)
    return endpoint


def remove_endpoint(organisation_id: int, endpoint_id: UUID, *, actor: str) -> None:
    """Forget an endpoint, its secrets and everything still to be sent there. Its history stays."""
    with in_organisation(organisation_id):
        endpoint = lock_endpoint(organisation_id, endpoint_id)
        stop_sending(endpoint, because="The endpoint was removed.", at=clock.now())
        EndpointSecret.objects.filter(organisation_id=organisation_id, endpoint_id=endpoint_id).delete()
        _note(endpoint, "webhook.removed", actor, url=endpoint.url)
        Endpoint.objects.filter(organisation_id=organisation_id, id=endpoint_id).delete()


def lock_endpoint(organisation_id: int, endpoint_id: UUID) -> Endpoint:
    """The endpoint, its row locked until the transaction ends. Raises `NotFound`."""
    found = (
        Endpoint.objects.select_for_update().filter(organisation_id=organisation_id, id=endpoint_id).first()
    )
    if found is None:
        raise NotFound(kind="endpoint", ref=show_endpoint(endpoint_id))
    return found


def disable_and_tell(endpoint: Endpoint, *, because: str, at: datetime) -> None:
    """Stop sending to an endpoint because of how it answers, and tell everybody else. Its row is locked."""
    stop_sending(endpoint, because=because, at=at)
    tell(
        endpoint.organisation_id,
        ENDPOINT_DISABLED,
        {"endpoint": show_endpoint(endpoint.id), "url": endpoint.url, "because": because},
        happened_at=at,
    )


def stop_sending(endpoint: Endpoint, *, because: str, at: datetime) -> None:
    """Disable an endpoint and give up on what it has not been sent. Its row is locked."""
    endpoint.state, endpoint.disabled_at, endpoint.disabled_because = EndpointState.DISABLED, at, because
    endpoint.save()
    waiting = Delivery.objects.filter(
        organisation_id=endpoint.organisation_id, endpoint_id=endpoint.id, state=DeliveryState.WAITING
    )
    waiting.update(
        state=DeliveryState.DEAD,
        settled_at=at,
        settled_because="The endpoint was disabled.",
        leased_until=None,
    )


def _begin_spreading(organisation_id: int, endpoints: Sequence[Endpoint]) -> None:
    """Where nobody was told so far, begin with what happens next rather than where telling once stopped."""
    if not any(endpoint.state == EndpointState.ACTIVE for endpoint in endpoints):
        Spread.objects.update_or_create(
            organisation_id=organisation_id, defaults={"cursor": cursor_now(organisation_id)}
        )


def _add_secret(endpoint: Endpoint, *, number: int, made_at: datetime) -> str:
    secret = make_secret()
    EndpointSecret.objects.create(
        organisation_id=endpoint.organisation_id,
        endpoint_id=endpoint.id,
        number=number,
        salt=secret.salt,
        fingerprint=secret.fingerprint,
        made_at=made_at,
    )
    return secret.shown


def _note(endpoint: Endpoint, act: str, actor: str, *, reason: str = "", **details: object) -> None:
    audit.note(actor=actor, act=act, subject=show_endpoint(endpoint.id), reason=reason, details=details)
