"""Credentials over HTTP: what members took along, giving one, and revoking one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.credentials.actions.giving import give_credential, revoke_credential
from plaudit.credentials.addresses import credential_at
from plaudit.credentials.checking import standing
from plaudit.credentials.holdings import grounded
from plaudit.credentials.models import Credential, Kind
from plaudit.credentials.queries import credential, credential_id_of, credential_ref, credentials
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Answer, Asked, Because, Limit, MemberRef, Page, page
from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import Problem
from plaudit.people.queries import member_id_of

router = Router(tags=["Credentials"])

CredentialRef = Annotated[str, Field(max_length=100, description="A credential, `crd_…`.")]


class NewCredential(Asked):
    """Whose, and of what: either a certificate, or a badge as `programme/badge`."""

    member: MemberRef
    certificate: Annotated[str, Field(max_length=100, description="A certificate, `crt_…`.")] | None = None
    badge: Annotated[str, Field(max_length=101, description="A badge, `programme/badge`.")] | None = None
    shows_name: Annotated[
        bool, Field(description="Whether its page says the member's name; the credential never does.")
    ] = False


class ShownCredential(Answer):
    """A credential. `state` is that of now: `withdrawn` where what it shows was taken back."""

    id: str
    member: str
    kind: Literal["certificate", "badge"]
    name: str
    url: str
    issued_at: datetime
    valid_until: datetime | None
    state: Literal["valid", "ended", "revoked", "withdrawn"]
    revoked_at: datetime | None
    reason: str


class WholeCredential(ShownCredential):
    """The same, with the signed document, and as a signed token."""

    document: dict[str, Any]
    token: str


def _shown(one: Credential, *, is_grounded: bool) -> dict[str, Any]:
    return {
        "id": credential_ref(one.id),
        "member": show("mem", one.member_id),
        "kind": one.kind,
        "name": one.name,
        "url": credential_at(one.secret),
        "issued_at": one.issued_at,
        "valid_until": one.valid_until,
        "state": standing(one, is_grounded=is_grounded).state.value,
        "revoked_at": one.revoked_at,
        "reason": one.reason,
    }


def _whole(one: Credential) -> WholeCredential:
    is_grounded = one.id in grounded(one.organisation_id, [one])
    return WholeCredential(**_shown(one, is_grounded=is_grounded), document=one.document, token=one.token)


@router.post(
    "/credentials",
    response={201: WholeCredential},
    operation_id="give_credential",
    summary="Give a member a credential",
)
@allows(scopes=["credentials:write"], to="give credentials")
def post_credential(request: HttpRequest, new: NewCredential) -> Status[WholeCredential]:
    """Ask the member first: whoever has the link can open it. Asked again, it is the same one."""
    actor = actor_of(request)
    if (new.certificate is None) == (new.badge is None):
        raise Problem("Name either a certificate or a badge.")
    about = new.badge or str(read("crt", new.certificate or "", kind="certificate"))
    made = give_credential(
        actor.organisation_id,
        member_id=member_id_of(actor.organisation_id, new.member),
        kind=Kind.BADGE if new.badge is not None else Kind.CERTIFICATE,
        about=about,
        shows_name=new.shows_name,
        actor=actor.ref,
    )
    return Status(201, _whole(made))


@router.get(
    "/credentials",
    response=Page[ShownCredential],
    operation_id="list_credentials",
    summary="List credentials",
)
@allows(scopes=["credentials:read"], to="read credentials")
def list_credentials(
    request: HttpRequest, member: MemberRef | None = None, after: After = None, limit: Limit = 50
) -> Page[ShownCredential]:
    """Credentials in the order in which they were given, also those that stand no more."""
    organisation_id = actor_of(request).organisation_id
    whose = [member_id_of(organisation_id, member)] if member is not None else None
    found = credentials(organisation_id, members=whose, after=read_cursor(after, one_id), limit=limit + 1)
    stand = grounded(organisation_id, found)
    return page(
        found,
        limit,
        lambda one: ShownCredential(**_shown(one, is_grounded=one.id in stand)),
        lambda one: write_cursor(one.id),
    )


@router.get(
    "/credentials/{credential_id}",
    response=WholeCredential,
    operation_id="get_credential",
    summary="Read a credential",
)
@allows(scopes=["credentials:read"], to="read credentials")
def get_credential(request: HttpRequest, credential_id: CredentialRef) -> WholeCredential:
    """One credential, signed, and whether it stands."""
    return _whole(credential(actor_of(request).organisation_id, credential_id_of(credential_id)))


@router.post(
    "/credentials/{credential_id}/revoke",
    response=WholeCredential,
    operation_id="revoke_credential",
    summary="Revoke a credential",
)
@allows(scopes=["credentials:write"], to="revoke credentials")
def post_revocation(request: HttpRequest, credential_id: CredentialRef, because: Because) -> WholeCredential:
    """For good. Its page says the reason to whoever opens it; what it shows is not taken back."""
    actor = actor_of(request)
    taken = revoke_credential(
        actor.organisation_id,
        credential_id=credential_id_of(credential_id),
        reason=because.reason,
        actor=actor.ref,
    )
    return _whole(taken)
