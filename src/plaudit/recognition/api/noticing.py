"""What helps supervisors notice, over HTTP: moments, notes that are shared, spotting plans; and links from outside."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Asked, MemberRef, Page, whole
from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.models import Team
from plaudit.people.queries import member as member_named
from plaudit.people.queries import member_id_of
from plaudit.recognition.actions.linking import NAME_MAX, Whose, end_link, open_link, renew_link
from plaudit.recognition.actions.seeing_to import NOTE_MAX, PLAN_DAYS_MAX, keep_plan, write_note
from plaudit.recognition.api.giving import Key
from plaudit.recognition.models import Link, LinkKind, Note
from plaudit.recognition.queries.links import link as link_of
from plaudit.recognition.queries.links import standing_links
from plaudit.recognition.queries.moments import OpenMoment, open_moments
from plaudit.recognition.queries.notes import notes_shared_with
from plaudit.recognition.queries.noticing import WINDOW_DAYS, by_source, plan_of

router = Router(tags=["Recognition"])

LinkRef = Annotated[str, Field(max_length=40, description="A link from outside: `lnk_…`.")]


class ShownMoment(Answer):
    """An event that waits to be noticed, and what the programme shows of it."""

    id: str
    name: str
    programme: str
    behaviour: str
    member: str
    activity: str
    happened_at: datetime
    evidence: dict[str, Any]


class ShownSources(Answer):
    """From whom the recognitions of the last `days` came that stand, one for each recipient.

    `supervisors_share` is a decimal as text; the true one lies between `low` and `high` in 95 of 100 cases.
    """

    days: int
    supervisor: int
    peer: int
    customer: int
    system: int
    supervisors_share: str | None
    low: str | None
    high: str | None


class NewNote(Asked):
    """What a supervisor notes about somebody they lead. Not shared, nobody reads it but them, on their own page."""

    author: MemberRef
    words: Annotated[str, Field(min_length=1, max_length=NOTE_MAX)]
    share: bool = False


class ShownNote(Answer):
    """A note that is shared with whom it is about; of any other the words are not told."""

    id: str
    author: str
    member: str
    words: str
    written_at: datetime
    shared_at: datetime | None


class SpottingPlan(Asked):
    """How often somebody who leads means to notice each of theirs, and the behaviour they look for, "" for any."""

    every_days: Annotated[int, Field(ge=1, le=PLAN_DAYS_MAX)]
    behaviour: Key = ""


class ShownSpottingPlan(Answer):
    """A spotting plan; what the programme asks of everybody where they keep none."""

    every_days: int
    behaviour: str


class NewLink(Asked):
    """For whom a link is: a team by its key, or a member, who then needs a name for customers to read."""

    what: Literal["thanks", "wall"]
    team: Key | None = None
    member: MemberRef | None = None
    name: Annotated[str, Field(max_length=NAME_MAX)] = ""


class ShownThanksLink(Answer):
    """A link from outside: whoever has the address can thank, or see a wall. Ended it leads nowhere."""

    id: str
    what: LinkKind
    name: str
    member: str | None
    address: str
    made_at: datetime
    ended_at: datetime | None


@router.get("/moments", response=Page[ShownMoment], operation_id="list_moments", summary="List moments")
@allows(scopes=["recognition:read"], to="read moments")
def list_moments(request: HttpRequest, leader: MemberRef) -> Page[ShownMoment]:
    """What waits for somebody who leads a team: of those they lead, the newest deed first."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        leader_id = member_named(organisation_id, leader).id
        return whole(_moment(one) for one in open_moments(organisation_id, leader_id))


@router.get(
    "/recognition-sources",
    response=ShownSources,
    operation_id="show_recognition_sources",
    summary="Show from whom recognitions come",
)
@allows(scopes=["recognition:read"], to="read recognitions")
def get_sources(
    request: HttpRequest,
    team: Annotated[Key | None, Field(description="Of what this team got only.")] = None,
) -> ShownSources:
    """Supervisors, peers, customers and the programme told apart, and the supervisors' share."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        teams = [_team(organisation_id, team).id] if team is not None else None
        came = by_source(organisation_id, teams=teams)
    found = came.supervisors if came.in_all else None
    return ShownSources(
        days=WINDOW_DAYS,
        **{source.value: count for source, count in came.counts.items()},
        supervisors_share=_rounded(found.rate) if found else None,
        low=_rounded(found.low) if found else None,
        high=_rounded(found.high) if found else None,
    )


@router.post(
    "/members/{member}/notes",
    response={201: ShownNote},
    operation_id="write_note",
    summary="Note something about a member",
)
@allows(scopes=["recognition:write"], to="write notes")
def post_note(request: HttpRequest, member: MemberRef, new: NewNote) -> Status[ShownNote]:
    """For the author alone, or shared with the member at once."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        author_id = member_id_of(actor.organisation_id, new.author)
        member_id = member_id_of(actor.organisation_id, member)
    made = write_note(
        actor.organisation_id,
        author_id=author_id,
        member_id=member_id,
        words=new.words,
        share=new.share,
        actor=actor.ref,
    )
    return Status(201, _note(made))


@router.get(
    "/members/{member}/notes",
    response=Page[ShownNote],
    operation_id="list_notes",
    summary="List notes shared with a member",
)
@allows(scopes=["recognition:read"], to="read shared notes")
def list_notes(request: HttpRequest, member: MemberRef) -> Page[ShownNote]:
    """Those that were shared, the newest first. A private note is for its author alone."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        member_id = member_named(organisation_id, member).id
        return whole(_note(one) for one in notes_shared_with(organisation_id, member_id))


@router.get(
    "/members/{member}/spotting-plan",
    response=ShownSpottingPlan,
    operation_id="show_spotting_plan",
    summary="Show a spotting plan",
)
@allows(scopes=["recognition:read"], to="read spotting plans")
def get_plan(request: HttpRequest, member: MemberRef) -> ShownSpottingPlan:
    """How often somebody who leads means to notice each of theirs."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        found = plan_of(organisation_id, member_named(organisation_id, member).id)
    return ShownSpottingPlan(every_days=found.every_days, behaviour=found.behaviour)


@router.put(
    "/members/{member}/spotting-plan",
    response=ShownSpottingPlan,
    operation_id="keep_spotting_plan",
    summary="Keep a spotting plan",
)
@allows(scopes=["recognition:write"], to="keep spotting plans")
def put_plan(request: HttpRequest, member: MemberRef, plan: SpottingPlan) -> ShownSpottingPlan:
    """Instead of the one before."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        leader_id = member_named(actor.organisation_id, member).id
    keep_plan(
        actor.organisation_id,
        leader_id=leader_id,
        every_days=plan.every_days,
        behaviour=plan.behaviour,
        actor=actor.ref,
    )
    return ShownSpottingPlan(every_days=plan.every_days, behaviour=plan.behaviour)


@router.post(
    "/recognition-links",
    response={201: ShownThanksLink},
    operation_id="open_recognition_link",
    summary="Open a link from outside",
)
@allows(scopes=["recognition:write"], to="open links from outside")
def post_link(request: HttpRequest, new: NewLink) -> Status[ShownThanksLink]:
    """To be thanked by customers, or to show a team's wall; where one stands already it is the same one."""
    actor = actor_of(request)
    at = actor.organisation_id
    with in_organisation(at):
        if new.team is not None and new.member is None:
            whose = Whose(team_id=_team(at, new.team).id)
        elif new.member is not None and new.team is None and new.what == "thanks":
            whose = Whose(member_id=member_id_of(at, new.member))
        else:
            raise NotFound(kind="team", ref=new.team or "")
    return Status(201, _link(open_link(at, LinkKind(new.what), whose, name=new.name, actor=actor.ref)))


@router.get(
    "/recognition-links",
    response=Page[ShownThanksLink],
    operation_id="list_recognition_links",
    summary="List links from outside",
)
@allows(scopes=["recognition:read"], to="see links from outside")
def list_links(request: HttpRequest) -> Page[ShownThanksLink]:
    """Those that lead somewhere. Whoever reads an address can use it, so this needs the scope that makes them."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return whole(_link(one) for one in standing_links(organisation_id))


@router.post(
    "/recognition-links/{link}/renew",
    response=ShownThanksLink,
    operation_id="renew_recognition_link",
    summary="Renew a link from outside",
)
@allows(scopes=["recognition:write"], to="renew links from outside")
def post_renewal(request: HttpRequest, link: LinkRef) -> ShownThanksLink:
    """Another address instead of it; the old one leads nowhere at once."""
    actor = actor_of(request)
    return _link(renew_link(actor.organisation_id, read("lnk", link, kind="link"), actor=actor.ref))


@router.post(
    "/recognition-links/{link}/end",
    response=ShownThanksLink,
    operation_id="end_recognition_link",
    summary="End a link from outside",
)
@allows(scopes=["recognition:write"], to="end links from outside")
def post_end(request: HttpRequest, link: LinkRef) -> ShownThanksLink:
    """Let it lead nowhere."""
    actor = actor_of(request)
    link_id = read("lnk", link, kind="link")
    end_link(actor.organisation_id, link_id, actor=actor.ref)
    with in_organisation(actor.organisation_id):
        return _link(link_of(actor.organisation_id, link_id))


def _team(organisation_id: int, key: str) -> Team:
    found = Team.objects.filter(organisation_id=organisation_id, key=key).first()
    if found is None:
        raise NotFound(kind="team", ref=key)
    return found


def _rounded(share: Decimal) -> str:
    return str(share.quantize(Decimal("0.0001")))


def _moment(one: OpenMoment) -> ShownMoment:
    return ShownMoment(
        id=show("mom", one.id),
        name=one.name,
        programme=one.programme,
        behaviour=one.behaviour,
        member=show("mem", one.member_id),
        activity=show("act", one.event_id),
        happened_at=one.happened_at,
        evidence=one.evidence,
    )


def _note(one: Note) -> ShownNote:
    return ShownNote(
        id=show("nte", one.id),
        author=show("mem", one.author_id),
        member=show("mem", one.member_id),
        words=one.words if one.shared_at is not None else "",
        written_at=one.written_at,
        shared_at=one.shared_at,
    )


def _link(one: Link) -> ShownThanksLink:
    page = "portal:thank" if one.what == LinkKind.THANKS else "portal:wall"
    return ShownThanksLink(
        id=show("lnk", one.id),
        what=LinkKind(one.what),
        name=one.name,
        member=show("mem", one.member_id) if one.member_id is not None else None,
        address=f"{settings.BASE_URL}{reverse(page, args=[one.secret])}",
        made_at=one.made_at,
        ended_at=one.ended_at,
    )
