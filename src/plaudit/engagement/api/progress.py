"""How far members are, over HTTP: progress and what it comes of, badges, and places in competitions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from plaudit.engagement.api.shapes import KeyRef
from plaudit.engagement.definitions import Kind, shown_count
from plaudit.engagement.queries.progress import (
    DecidedPlace,
    Far,
    badges_declared,
    badges_of,
    contributions_to,
    progress_of,
    round_of,
)
from plaudit.engagement.queries.ranking import Ranked
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Limit, MemberRef, Page, whole
from plaudit.foundation.ids import show
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.queries import member as member_named

router = Router(tags=["Engagement"])

Period = Annotated[
    str,
    Field(
        max_length=20, description="The period, such as `2026-03`, `2026-W10` or `2026-Q1`; empty for ever."
    ),
]
PartKind = Annotated[
    Kind, Field(description="`challenge`, `streak`, `competition`, `achievement` or `badge`.")
]


class ShownGoal(Answer):
    """A goal, as a number in text, the badge it gives, and whether it stands reached in this period."""

    at: str
    badge: str
    reached: bool


class ShownProgress(Answer):
    """How far a member is in one period. `progress` is a number in text, with two decimals at most.

    For a streak the period is a day, week or edition that counts, and the goals reached are those of the
    row that began there.
    """

    programme: str
    kind: PartKind
    key: str
    name: str
    period: str
    progress: str
    goals: list[ShownGoal]
    last_at: datetime | None


class ShownContribution(Answer):
    """What one activity counts: in full, and what its corrections leave of it. Numbers in text."""

    activity: str
    happened_at: datetime
    full: str
    counts: str


class ShownBadge(Answer):
    """A badge that stands, for what and since when."""

    badge: str
    name: str
    description: str
    programme: str
    kind: PartKind
    key: str
    period: str
    since: datetime


class DeclaredBadge(Answer):
    """A badge that a programme gives: by the goals that name it, or to whom its condition `when` holds for."""

    badge: str
    name: str
    description: str
    programme: str
    when: str


class ShownPlace(Answer):
    """A place in a competition. `amount_now` differs where something was corrected after it was decided."""

    place: int
    member: str
    amount: str
    amount_now: str
    since: datetime


class ShownRound(Answer):
    """One round of a competition: its first places, final once `decided_at` is there, and one member among theirs.

    `neighbours` are where they are now, and empty where no member was asked about.
    """

    programme: str
    key: str
    name: str
    period: str
    decided_at: datetime | None
    places: list[ShownPlace]
    neighbours: list[ShownPlace]


@router.get(
    "/members/{member}/progress",
    response=Page[ShownProgress],
    operation_id="list_progress",
    summary="List a member's progress",
)
@allows(scopes=["activity:read"], to="read progress")
def list_progress(request: HttpRequest, member: MemberRef) -> Page[ShownProgress]:
    """How far a member is in challenges, streaks and competitions: the 200 periods that moved last."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return whole(
            _far(one) for one in progress_of(organisation_id, member_named(organisation_id, member).id)
        )


@router.get(
    "/members/{member}/progress/{programme}/{kind}/{key}",
    response=Page[ShownContribution],
    operation_id="list_contributions",
    summary="List what progress comes of",
)
@allows(scopes=["activity:read"], to="read progress")
def list_contributions(
    request: HttpRequest,
    member: MemberRef,
    programme: KeyRef,
    kind: PartKind,
    key: KeyRef,
    period: Period = "",
    limit: Limit = 50,
) -> Page[ShownContribution]:
    """The activity that a member's progress in one period comes of, newest first."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        rows = contributions_to(
            organisation_id,
            member_named(organisation_id, member).id,
            programme,
            kind,
            key,
            period=period,
            limit=limit,
        )
    return whole(
        ShownContribution(
            activity=show("act", row.event_id),
            happened_at=row.happened_at,
            full=_number(row.full),
            counts=_number(row.amount),
        )
        for row in rows
    )


@router.get(
    "/members/{member}/badges",
    response=Page[ShownBadge],
    operation_id="list_badges",
    summary="List a member's badges",
)
@allows(scopes=["activity:read"], to="read progress")
def list_badges(request: HttpRequest, member: MemberRef) -> Page[ShownBadge]:
    """The badges that stand, newest first."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        held = badges_of(organisation_id, member_named(organisation_id, member).id)
    return whole(
        ShownBadge(
            badge=one.badge,
            name=one.name,
            description=one.description,
            programme=one.programme,
            kind=one.kind,
            key=one.key,
            period=one.period,
            since=one.since,
        )
        for one in held
    )


@router.get(
    "/badges", response=Page[DeclaredBadge], operation_id="list_declared_badges", summary="List all badges"
)
@allows(scopes=["activity:read"], to="read progress")
def list_declared_badges(request: HttpRequest) -> Page[DeclaredBadge]:
    """The badges of all programmes in force."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        declared = badges_declared(organisation_id)
    return whole(
        DeclaredBadge(
            badge=part.key,
            name=part.name,
            description=part.description,
            programme=programme,
            when=part.when or "",
        )
        for programme, part in declared
    )


@router.get(
    "/competitions/{programme}/{key}",
    response=ShownRound,
    operation_id="get_competition",
    summary="Read a round of a competition",
)
@allows(scopes=["activity:read"], to="read progress")
def get_competition(
    request: HttpRequest,
    programme: KeyRef,
    key: KeyRef,
    period: Annotated[str | None, Field(max_length=20, description="By default that of today.")] = None,
    member: MemberRef | None = None,
    neighbours: Annotated[int, Field(ge=0, le=50, description="How many before and behind the member.")] = 3,
    limit: Limit = 10,
) -> ShownRound:
    """The first places of a round, and where one member stands among their neighbours."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        found = round_of(
            organisation_id,
            programme,
            key,
            period=period,
            member_id=member_named(organisation_id, member).id if member is not None else None,
            neighbours=neighbours,
            limit=limit,
        )
    return ShownRound(
        programme=found.one.programme,
        key=found.part.key,
        name=found.part.name,
        period=found.period,
        decided_at=found.decided_at,
        places=[_place(one) for one in found.places],
        neighbours=[_place(DecidedPlace(one, one.amount)) for one in found.neighbours],
    )


def _number(amount: int) -> str:
    return format(shown_count(amount), "f")


def _far(one: Far) -> ShownProgress:
    in_hundredths = one.part.kind in (Kind.CHALLENGE, Kind.ACHIEVEMENT)
    return ShownProgress(
        programme=one.programme,
        kind=one.part.kind,
        key=one.part.key,
        name=one.part.name,
        period=one.period,
        progress=_number(one.amount),
        goals=[
            ShownGoal(
                at=_number(step.at) if in_hundredths else str(step.at),
                badge=step.badge,
                reached=step.at in one.reached,
            )
            for step in one.part.steps
        ],
        last_at=one.last_at,
    )


def _place(one: DecidedPlace) -> ShownPlace:
    ranked: Ranked = one.ranked
    return ShownPlace(
        place=ranked.place,
        member=show("mem", ranked.member_id),
        amount=_number(ranked.amount),
        amount_now=_number(one.now),
        since=ranked.last_at,
    )
