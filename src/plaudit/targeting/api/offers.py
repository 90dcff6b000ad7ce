"""Offers over HTTP: which there are, made to people, taken, and how they fared beside the control group."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Asked, MemberRef, Page, whole
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.queries import member as member_named
from plaudit.people.queries import member_ids_of
from plaudit.targeting.actions.offering import accept_offer, make_offers
from plaudit.targeting.api.tiers import KeyRef
from plaudit.targeting.queries.offers import (
    KeptOffer,
    MadeOffer,
    OfferReport,
    OfferState,
    offer,
    offers,
    offers_to,
    report_of,
)
from plaudit.targeting.rules.comparing import Difference, Share, shown

router = Router(tags=["Tiers, segments and offers"])

_MEMBERS_MAX = 1_000

State = Annotated[OfferState, Field(description="`to_come`, `running` or `over`.")]


class ShownOffer(Answer):
    """An offer. `segment` is null for one that is made to single people; `goal` is the activity its report looks for."""

    programme: str
    key: str
    name: str
    segment: str | None
    must_be_accepted: bool
    control_percent: int
    goal: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    state: State


class ShownShare(Answer):
    """So many of so many reached the goal; the rate and its interval at 95 % (Wilson), as numbers in text."""

    did: int
    of: int
    rate: str
    low: str
    high: str


class ShownDifference(Answer):
    """The rate of those it was made to less that of the control group, with its interval at 95 % (Newcombe).

    `is_clear` where the interval leaves out zero; else it cannot be told from chance.
    """

    rate: str
    low: str
    high: str
    is_clear: bool


class ShownFigures(Answer):
    """How an offer fared: whom it was made to beside its control group. `difference` is null where one is empty."""

    accepted: int
    made: ShownShare
    control: ShownShare
    difference: ShownDifference | None


class ShownOfferInFull(ShownOffer):
    """An offer with its figures."""

    figures: ShownFigures


class ShownMadeOffer(Answer):
    """An offer that was made to a member; `holds` where rules and rewards may ask for it now."""

    programme: str
    key: str
    name: str
    made_at: datetime
    must_be_accepted: bool
    accepted_at: datetime | None
    ends_at: datetime | None
    holds: bool


class OfferedTo(Asked):
    """To whom an offer is made besides its segment."""

    members: Annotated[list[MemberRef], Field(min_length=1, max_length=_MEMBERS_MAX)]


class ShownMade(Answer):
    """To how many of them it was made now; the others had been drawn before, and stay as they were drawn."""

    made: int


class Taker(Asked):
    """Who takes the offer."""

    member: MemberRef


class ShownTaken(Answer):
    """When the offer was taken; taken again, the first time stays."""

    accepted_at: datetime


@router.get("/offers", response=Page[ShownOffer], operation_id="list_offers", summary="List offers")
@allows(scopes=["members:read"], to="read offers")
def list_offers(request: HttpRequest) -> Page[ShownOffer]:
    """Every offer of the programmes in force, also those to come and those that are over."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return whole(ShownOffer(**_facts(one)) for one in offers(organisation_id))


@router.get(
    "/offers/{programme}/{key}",
    response=ShownOfferInFull,
    operation_id="get_offer",
    summary="Read an offer and how it fares",
)
@allows(scopes=["members:read"], to="read offers")
def get_offer(request: HttpRequest, programme: KeyRef, key: KeyRef) -> ShownOfferInFull:
    """One offer: to how many it was made, who took it, and who reached its goal beside the control group."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        found = offer(organisation_id, programme, key)
        report = report_of(organisation_id, programme, key)
    return ShownOfferInFull(**_facts(found), figures=_figures(report))


@router.post(
    "/offers/{programme}/{key}/members",
    response=ShownMade,
    operation_id="make_offer",
    summary="Make an offer to people",
)
@allows(scopes=["rewards:write"], to="make offers")
def post_offered(request: HttpRequest, programme: KeyRef, key: KeyRef, to: OfferedTo) -> ShownMade:
    """Make a running offer to people on a list, whether or not they are in its segment."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        members = set(member_ids_of(actor.organisation_id, to.members).values())
    made = make_offers(actor.organisation_id, programme, key, members=members, actor=actor.ref)
    return ShownMade(made=made)


@router.post(
    "/offers/{programme}/{key}/accept",
    response={201: ShownTaken},
    operation_id="accept_offer",
    summary="Take an offer",
)
@allows(scopes=["rewards:write"], to="take offers")
def post_accept(request: HttpRequest, programme: KeyRef, key: KeyRef, taker: Taker) -> Status[ShownTaken]:
    """Take an offer for a member to whom it was made: from now on it holds for them."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        member_id = member_named(organisation_id, taker.member).id
    taken = accept_offer(organisation_id, programme, key, member_id=member_id)
    assert taken.accepted_at is not None, "it was taken just now, or before"
    return Status(201, ShownTaken(accepted_at=taken.accepted_at))


@router.get(
    "/members/{member}/offers",
    response=Page[ShownMadeOffer],
    operation_id="list_member_offers",
    summary="List a member's offers",
)
@allows(scopes=["members:read"], to="read offers")
def list_member_offers(request: HttpRequest, member: MemberRef) -> Page[ShownMadeOffer]:
    """The offers that were made to a member, newest first. Those they were kept back from are not among them."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        found = offers_to(organisation_id, member_named(organisation_id, member).id)
    return whole(_made(one) for one in found)


def _facts(one: KeptOffer) -> dict[str, Any]:
    told = one.definition
    return {
        "programme": one.programme,
        "key": told.key,
        "name": told.name,
        "segment": told.segment or None,
        "must_be_accepted": told.accept,
        "control_percent": told.control_percent,
        "goal": told.goal.on if told.goal is not None else None,
        "starts_at": told.starts_at,
        "ends_at": told.ends_at,
        "state": one.state,
    }


def _figures(report: OfferReport) -> ShownFigures:
    return ShownFigures(
        accepted=report.accepted,
        made=_share(report.exposed),
        control=_share(report.control),
        difference=_difference(report.difference) if report.difference is not None else None,
    )


def _share(one: Share) -> ShownShare:
    return ShownShare(did=one.did, of=one.of, rate=shown(one.rate), low=shown(one.low), high=shown(one.high))


def _difference(one: Difference) -> ShownDifference:
    return ShownDifference(
        rate=shown(one.rate), low=shown(one.low), high=shown(one.high), is_clear=one.is_clear
    )


def _made(one: MadeOffer) -> ShownMadeOffer:
    told = one.offer.definition
    return ShownMadeOffer(
        programme=one.offer.programme,
        key=told.key,
        name=told.name,
        made_at=one.made_at,
        must_be_accepted=told.accept,
        accepted_at=one.accepted_at,
        ends_at=told.ends_at,
        holds=one.holds,
    )
