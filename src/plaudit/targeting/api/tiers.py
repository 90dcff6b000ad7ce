"""Ladders over HTTP, and where a member stands on each: what keeps a level and what raises it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, MemberRef, Page, whole
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.queries import member as member_named
from plaudit.targeting.definitions import Level
from plaudit.targeting.queries.places import KeptLadder, Place, ladder, ladders, places_of

router = Router(tags=["Tiers, segments and offers"])

KeyRef = Annotated[str, Field(max_length=100, description="A key of the programme file.")]


class ShownLevel(Answer):
    """A level of a ladder: reached from an amount on, in the smallest part of what counts; who is on it now."""

    key: str
    name: str
    reached_from: int
    benefits: list[str]
    members: int


class ShownLadder(Answer):
    """A ladder of tiers. What counts are points of the unit `earned`, or activity of the type `on`."""

    programme: str
    key: str
    name: str
    earned: str | None
    on: str | None
    within: str
    months: int | None
    keep: str
    keep_months: int | None
    downgrade: str
    grace_days: int
    levels: list[ShownLevel]


class ShownKeep(Answer):
    """What keeps a level beyond the day on which it goes: so much more, counted on or before the day `by`."""

    amount: int
    by: date


class ShownNext(Answer):
    """The level above, and how much more reaches it as long as what counts today does."""

    level: str
    name: str
    missing: int


class ShownTier(Answer):
    """Where a member stands on a ladder today. `level` is null for no level.

    `amount` is what counts today. `kept_until` is the first day on which the level is not sure any more,
    `falls_on` the day on which it goes if nothing more counts, and `falls_to` the level then, null for none.
    `keep` is null where the level stays, and where nothing counted before that day would hold it.
    """

    programme: str
    ladder: str
    name: str
    level: str | None
    level_name: str | None
    since: date | None
    amount: int
    kept_until: date | None
    falls_on: date | None
    falls_to: str | None
    keep: ShownKeep | None
    next: ShownNext | None


@router.get("/ladders", response=Page[ShownLadder], operation_id="list_ladders", summary="List ladders")
@allows(scopes=["members:read"], to="read tiers")
def list_ladders(request: HttpRequest) -> Page[ShownLadder]:
    """Every ladder of tiers in force, with how many members are on each level."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return whole(_ladder(one) for one in ladders(organisation_id))


@router.get(
    "/ladders/{programme}/{key}", response=ShownLadder, operation_id="get_ladder", summary="Read a ladder"
)
@allows(scopes=["members:read"], to="read tiers")
def get_ladder(request: HttpRequest, programme: KeyRef, key: KeyRef) -> ShownLadder:
    """One ladder, with how many members are on each level."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return _ladder(ladder(organisation_id, programme, key))


@router.get(
    "/members/{member}/tiers",
    response=Page[ShownTier],
    operation_id="list_member_tiers",
    summary="List where a member stands",
)
@allows(scopes=["members:read"], to="read tiers")
def list_member_tiers(request: HttpRequest, member: MemberRef) -> Page[ShownTier]:
    """A member's level on every ladder that is for them: what keeps it, until when, and what raises it."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        found = member_named(organisation_id, member)
        return whole(_tier(one) for one in places_of(organisation_id, found.id))


def _ladder(one: KeptLadder) -> ShownLadder:
    told = one.definition
    return ShownLadder(
        programme=one.programme,
        key=told.key,
        name=told.name,
        earned=told.measure.earned or None,
        on=told.measure.on or None,
        within=told.within,
        months=told.months or None,
        keep=told.keep,
        keep_months=told.keep_months or None,
        downgrade=told.downgrade,
        grace_days=told.grace_days,
        levels=[_level(level, one.members.get(level.key, 0)) for level in told.levels],
    )


def _level(level: Level, members: int) -> ShownLevel:
    return ShownLevel(
        key=level.key,
        name=level.name,
        reached_from=level.reached_from,
        benefits=list(level.benefits),
        members=members,
    )


def _tier(place: Place) -> ShownTier:
    climbed, level, above = place.climbed, place.level, place.above
    return ShownTier(
        programme=place.programme,
        ladder=place.definition.key,
        name=place.definition.name,
        level=level.key if level else None,
        level_name=level.name if level else None,
        since=climbed.since if level else None,
        amount=climbed.amount,
        kept_until=climbed.keep_until,
        falls_on=climbed.falls_on,
        falls_to=place.falls_to.key if place.falls_to else None,
        keep=ShownKeep(amount=place.keep.amount, by=place.keep.by) if place.keep else None,
        next=ShownNext(level=above[0].key, name=above[0].name, missing=above[1]) if above else None,
    )
