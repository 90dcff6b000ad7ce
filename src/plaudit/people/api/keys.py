"""API keys over HTTP: made and rotated with the secret shown once, listed without it, revoked."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.scopes import ADMIN
from plaudit.foundation.api.answering import answer_secretly
from plaudit.foundation.api.marks import keeps_answers
from plaudit.foundation.api.shapes import Asked, Page, whole
from plaudit.foundation.ids import read
from plaudit.foundation.refusals import NotFound
from plaudit.people.actions.keys import create_key, revoke_key, rotate_key
from plaudit.people.api.shapes import KeyRef, MadeKey, NewKey, ShownKey, made_key, shown_key
from plaudit.people.models import ApiKey
from plaudit.people.queries import keys as keys_of

router = Router(tags=["Keys"])


class Revoking(Asked):
    """Why a key ends."""

    reason: Annotated[str, Field(max_length=500)] = ""


@router.get("/keys", response=Page[ShownKey], operation_id="list_keys", summary="List API keys")
@allows(scopes=[ADMIN], to="read keys")
def list_keys(request: HttpRequest) -> Page[ShownKey]:
    """Every key, newest first: those that work, and those that did."""
    return whole(shown_key(key) for key in keys_of(actor_of(request).organisation_id))


@router.get("/keys/{key}", response=ShownKey, operation_id="get_key", summary="Read an API key")
@allows(scopes=[ADMIN], to="read keys")
def get_key(request: HttpRequest, key: KeyRef) -> ShownKey:
    """One key, without its secret."""
    return shown_key(_named(request, key))


@router.post("/keys", response={201: MadeKey}, operation_id="create_key", summary="Make an API key")
@allows(scopes=[ADMIN], to="make keys", keyless=True)
@keeps_answers("needed")
def post_key(request: HttpRequest, new: NewKey) -> HttpResponse:
    """Make a key with these scopes. Its secret is in this answer only: it is kept as a hash."""
    actor = actor_of(request)

    def act() -> tuple[int, MadeKey, str]:
        made = create_key(
            actor.organisation_id,
            name=new.name,
            scopes=new.scopes,
            expires_at=new.expires_at,
            actor=actor.ref,
        )
        return 201, made_key(made.key), made.secret

    return answer_secretly(request, act)


@router.post(
    "/keys/{key}/rotate", response={201: MadeKey}, operation_id="rotate_key", summary="Rotate an API key"
)
@allows(scopes=[ADMIN], to="make keys", keyless=True)
@keeps_answers("needed")
def post_rotation(request: HttpRequest, key: KeyRef) -> HttpResponse:
    """Make a key that does what this one does. Both work for seven days; then the old one ends."""
    actor, key_id = actor_of(request), _key_id(key)

    def act() -> tuple[int, MadeKey, str]:
        made = rotate_key(actor.organisation_id, key_id=key_id, actor=actor.ref)
        return 201, made_key(made.key), made.secret

    return answer_secretly(request, act)


@router.post("/keys/{key}/revoke", response=ShownKey, operation_id="revoke_key", summary="Revoke an API key")
@allows(scopes=[ADMIN], to="revoke keys")
def post_revocation(request: HttpRequest, key: KeyRef, revoking: Revoking) -> ShownKey:
    """End a key at once. It may be the one you ask with."""
    actor = actor_of(request)
    return shown_key(
        revoke_key(actor.organisation_id, key_id=_key_id(key), actor=actor.ref, reason=revoking.reason)
    )


def _key_id(reference: str) -> UUID:
    return read("key", reference, kind="key")


def _named(request: HttpRequest, reference: str) -> ApiKey:
    organisation_id = actor_of(request).organisation_id
    key = ApiKey.objects.filter(organisation_id=organisation_id, id=_key_id(reference)).first()
    if key is None:
        raise NotFound(kind="key", ref=reference)
    return key
