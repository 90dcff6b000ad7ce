"""Memberships over HTTP: quoted, joined, renewed, moved to another level, reinstated, and what they entitle to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.answering import idempotency_key
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Answer, Asked, Limit, MemberRef, Page, Text, page, whole
from plaudit.membership import queries
from plaudit.membership.actions.entitle import use_entitlement
from plaudit.membership.actions.join import Asked as Joined
from plaudit.membership.actions.join import join
from plaudit.membership.actions.levels import change_level, upgrade
from plaudit.membership.actions.renew import renew
from plaudit.membership.api.shapes import (
    Key,
    MembershipRef,
    Money,
    ShownInvoice,
    ShownLine,
    ShownMembership,
    shown_invoice,
    shown_lines,
    shown_membership,
)
from plaudit.membership.models import EntitlementUse
from plaudit.membership.quoting import quote_joining
from plaudit.membership.selling import kept_scheme, scheme_of
from plaudit.people.queries import member_id_of

router = Router(tags=["Memberships"])

OnlyKey = Annotated[
    str, Field(max_length=50, description="A key of the programme file; any, where none is named.")
]
Role = Annotated[str, Field(max_length=200, description="The role that decides the level.")]


class Quote(Answer):
    """What joining today costs, in minor units, and why: the level, and the price that applies."""

    programme: str
    term: str
    level: str
    why_level: str
    amount: int
    currency: str
    lines: list[ShownLine]


class NewMembership(Asked):
    """Who joins what. The level is that of the role, unless one is named with the reason for it."""

    member: MemberRef
    programme: Key
    term: Key
    role: Text = ""
    profession: Text = ""
    level: Text = ""
    reason: Annotated[str, Field(max_length=500)] = ""


class NewTerm(Asked):
    """Another term; the same as before where none is named."""

    term: Text = ""


class NewLevel(Asked):
    """The level to move to."""

    level: Key


class DecidedLevel(NewLevel):
    """A level decided by somebody who may, and why."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Use(Asked):
    """The occasion, such as one year's conference, and its whole fee in minor units."""

    occasion: Annotated[str, Field(min_length=1, max_length=100)]
    fee: Money


class ShownAsked(Answer):
    """A membership, and the invoice that was raised for what was asked of it."""

    membership: ShownMembership
    invoice: ShownInvoice


class ShownEntitlementUse(Answer):
    """An entitlement used for an occasion: what comes off the fee, in minor units of `currency`."""

    entitlement: str
    occasion: str
    fee: int
    discount: int
    currency: str
    used_at: datetime


class ShownEntitlement(Answer):
    """What a membership entitles to, whether it does so now, and the occasions it was used for."""

    key: str
    name: str
    percent: int
    entitled: bool
    used_for: list[str]


@router.get(
    "/membership-quote", response=Quote, operation_id="quote_membership", summary="Quote a membership"
)
@allows(scopes=["memberships:read"], to="read memberships")
def get_quote(request: HttpRequest, programme: Key, term: Key, role: Role = "", level: OnlyKey = "") -> Quote:
    """Which price applies today, which level the role has, and why."""
    scheme = scheme_of(actor_of(request).organisation_id, programme)
    quote = quote_joining(scheme, term=term, role=role, level=level, reason="asked for" if level else "")
    return Quote(
        programme=programme,
        term=quote.term,
        level=quote.level,
        why_level=quote.why_level,
        amount=quote.amount,
        currency=scheme.currency,
        lines=shown_lines(quote.lines),
    )


@router.post(
    "/memberships", response={201: ShownAsked}, operation_id="join_membership", summary="Join a member"
)
@allows(scopes=["memberships:write"], to="join members")
def post_membership(request: HttpRequest, new: NewMembership) -> Status[ShownAsked]:
    """Raises the first invoice; the membership begins when that is settled."""
    actor = actor_of(request)
    joined = join(
        actor.organisation_id,
        member_id=member_id_of(actor.organisation_id, new.member),
        programme=new.programme,
        term=new.term,
        role=new.role,
        profession=new.profession,
        level=new.level,
        reason=new.reason,
        key=_key(request),
        actor=actor.ref,
    )
    return Status(201, _shown(actor, joined))


@router.get(
    "/memberships",
    response=Page[ShownMembership],
    operation_id="list_memberships",
    summary="List memberships",
)
@allows(scopes=["memberships:read"], to="read memberships")
def list_memberships(
    request: HttpRequest,
    member: MemberRef | None = None,
    programme: OnlyKey = "",
    state: Annotated[
        Literal["pending", "active", "grace", "lapsed", "cancelled"] | None,
        Field(description="In this state only."),
    ] = None,
    level: OnlyKey = "",
    profession: OnlyKey = "",
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownMembership]:
    """Memberships in the order in which they were joined."""
    organisation_id = actor_of(request).organisation_id
    found = queries.memberships(
        organisation_id,
        member_id=member_id_of(organisation_id, member) if member is not None else None,
        programme=programme,
        state=state or "",
        level=level,
        profession=profession,
        after=read_cursor(after, one_id),
        limit=limit + 1,
    )
    return page(found, limit, shown_membership, lambda one: write_cursor(one.id))


@router.get(
    "/memberships/{membership}",
    response=ShownMembership,
    operation_id="get_membership",
    summary="Read a membership",
)
@allows(scopes=["memberships:read"], to="read memberships")
def get_membership(request: HttpRequest, membership: MembershipRef) -> ShownMembership:
    """How it stands, and why its level is what it is."""
    return shown_membership(queries.membership(actor_of(request).organisation_id, _id(membership)))


@router.post(
    "/memberships/{membership}/renew",
    response={201: ShownAsked},
    operation_id="renew_membership",
    summary="Renew a membership",
)
@allows(scopes=["memberships:write"], to="renew memberships")
def post_renewal(request: HttpRequest, membership: MembershipRef, new: NewTerm) -> Status[ShownAsked]:
    """Raises the invoice of another term at today's price; it begins where the one before ends, or when settled after a lapse."""
    actor = actor_of(request)
    asked = renew(
        actor.organisation_id,
        membership_id=_id(membership),
        term=new.term,
        key=_key(request),
        actor=actor.ref,
    )
    return Status(201, _shown(actor, asked))


@router.post(
    "/memberships/{membership}/upgrade",
    response={201: ShownAsked},
    operation_id="upgrade_membership",
    summary="Upgrade a membership",
)
@allows(scopes=["memberships:write"], to="upgrade memberships")
def post_upgrade(request: HttpRequest, membership: MembershipRef, new: NewLevel) -> Status[ShownAsked]:
    """Raises an invoice of the difference for the days that are left; the level changes when it is settled."""
    actor = actor_of(request)
    asked = upgrade(
        actor.organisation_id,
        membership_id=_id(membership),
        level=new.level,
        key=_key(request),
        actor=actor.ref,
    )
    return Status(201, _shown(actor, asked))


@router.post(
    "/memberships/{membership}/level",
    response=ShownMembership,
    operation_id="change_membership_level",
    summary="Decide the level of a membership",
)
@allows(scopes=["memberships:write"], to="change levels")
def post_level(request: HttpRequest, membership: MembershipRef, decided: DecidedLevel) -> ShownMembership:
    """At once and for nothing; the reason is kept and shown."""
    actor = actor_of(request)
    changed = change_level(
        actor.organisation_id,
        membership_id=_id(membership),
        level=decided.level,
        reason=decided.reason,
        actor=actor.ref,
    )
    return shown_membership(changed)


@router.get(
    "/memberships/{membership}/entitlements",
    response=Page[ShownEntitlement],
    operation_id="list_entitlements",
    summary="List what a membership entitles to",
)
@allows(scopes=["memberships:read"], to="read memberships")
def list_entitlements(request: HttpRequest, membership: MembershipRef) -> Page[ShownEntitlement]:
    """Each with the occasions it was used for."""
    organisation_id = actor_of(request).organisation_id
    found = queries.membership(organisation_id, _id(membership))
    used = queries.uses(found)
    return whole(
        ShownEntitlement(
            key=one.key,
            name=one.name,
            percent=one.percent,
            entitled=found.state in ("active", "grace"),
            used_for=[use.occasion for use in used if use.entitlement == one.key],
        )
        for one in kept_scheme(organisation_id, found.programme).entitlements
    )


@router.post(
    "/memberships/{membership}/entitlements/{entitlement}/use",
    response={201: ShownEntitlementUse},
    operation_id="use_entitlement",
    summary="Use an entitlement",
)
@allows(scopes=["memberships:write"], to="use entitlements")
def post_use(
    request: HttpRequest, membership: MembershipRef, entitlement: Key, use: Use
) -> Status[ShownEntitlementUse]:
    """Once for each occasion."""
    actor = actor_of(request)
    used = use_entitlement(
        actor.organisation_id,
        membership_id=_id(membership),
        entitlement=entitlement,
        occasion=use.occasion,
        fee=use.fee,
        key=_key(request),
        actor=actor.ref,
    )
    return Status(201, _shown_use(used))


def _key(request: HttpRequest) -> str:
    return f"api:{idempotency_key(request)}"


def _id(reference: str) -> UUID:
    return queries.membership_id_of(reference)


def _shown(actor: Actor, asked: Joined) -> ShownAsked:
    return ShownAsked(
        membership=shown_membership(queries.membership(actor.organisation_id, asked.membership.id)),
        invoice=shown_invoice(queries.invoice(actor.organisation_id, asked.invoice.number)),
    )


def _shown_use(used: EntitlementUse) -> ShownEntitlementUse:
    return ShownEntitlementUse(
        entitlement=used.entitlement,
        occasion=used.occasion,
        fee=used.fee,
        discount=used.discount,
        currency=used.currency,
        used_at=used.happened_at,
    )
