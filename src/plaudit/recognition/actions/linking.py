"""Makes, renews and ends the addresses that anybody may open: one of a kind for a team, or for a person."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.access.tokens import new_link
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act
from plaudit.people.models import Member, Organisation, Team
from plaudit.people.refusals import MemberNotActive
from plaudit.recognition.models import Link, LinkKind
from plaudit.recognition.published import standard_for, standards
from plaudit.recognition.refusals import NoCustomers

NAME_MAX = 60


@dataclass(frozen=True, slots=True)
class Whose:
    """A team, or a person; one of the two."""

    team_id: int | None = None
    member_id: UUID | None = None


def open_link(organisation_id: int, what: LinkKind, whose: Whose, *, name: str = "", actor: str) -> Link:
    """The address of this kind that stands, made where there is none; asked again it is the same one.

    `name` is what strangers read; a team's own where it is left out. Raises `NotFound`, `Problem`, `NoStandard`,
    `MemberNotActive`, and `NoCustomers` where nobody thanks from outside.
    """
    name = name.strip()

    def step() -> Link:
        called = _called(organisation_id, whose, name)
        programme = _programme(organisation_id, what)
        standing = Link.objects.filter(
            organisation_id=organisation_id,
            what=what,
            team_id=whose.team_id,
            member_id=whose.member_id,
            ended_at__isnull=True,
        ).first()
        return standing or _make(organisation_id, programme, what, whose, called, actor)

    return act(organisation_id, step)


def renew_link(organisation_id: int, link_id: UUID, *, actor: str) -> Link:
    """Another address instead of this one, which is over at once; asked again it is the one that stands by then.

    Raises `NotFound`, also for one that has ended and was not renewed.
    """

    def step() -> Link:
        link = _locked(organisation_id, link_id)
        whose = Whose(link.team_id, link.member_id)
        if link.ended_at is not None:
            standing = Link.objects.filter(
                organisation_id=organisation_id,
                what=link.what,
                team_id=link.team_id,
                member_id=link.member_id,
                ended_at__isnull=True,
            ).first()
            if standing is None:
                raise NotFound(kind="link", ref=show("lnk", link_id))
            return standing
        _end(link, actor)
        return _make(organisation_id, link.programme, LinkKind(link.what), whose, link.name, actor)

    return act(organisation_id, step)


def end_link(organisation_id: int, link_id: UUID, *, actor: str) -> Link:
    """Let an address lead nowhere from now on. Once more changes nothing. Raises `NotFound`."""

    def step() -> Link:
        link = _locked(organisation_id, link_id)
        if link.ended_at is None:
            _end(link, actor)
        return link

    return act(organisation_id, step)


def _called(organisation_id: int, whose: Whose, name: str) -> str:
    if len(name) > NAME_MAX:
        raise Problem(f"A name has at most {NAME_MAX} characters.")
    if whose.team_id is not None:
        team = Team.objects.filter(organisation_id=organisation_id, id=whose.team_id).first()
        if team is None:
            raise NotFound(kind="team", ref=whose.team_id)
        return name or team.name
    assert whose.member_id is not None, "a link is of a team or a person"
    member = Member.objects.filter(organisation_id=organisation_id, id=whose.member_id).first()
    if member is None:
        raise NotFound(kind="member", ref=show("mem", whose.member_id))
    if member.state != "active":
        raise MemberNotActive(state=member.state)
    if not name:
        raise Problem("Say by which name customers know them.")
    return name


def _programme(organisation_id: int, what: LinkKind) -> str:
    if what is LinkKind.WALL:
        return standard_for(organisation_id).programme
    for one in standards(organisation_id):
        if one.customers is not None:
            return one.programme
    raise NoCustomers


def _make(organisation_id: int, programme: str, what: LinkKind, whose: Whose, name: str, actor: str) -> Link:
    code = Organisation.objects.values_list("code", flat=True).get(id=organisation_id)
    made = Link.objects.create(
        organisation_id=organisation_id,
        programme=programme,
        what=what,
        team_id=whose.team_id,
        member_id=whose.member_id,
        name=name,
        secret=new_link(code).text,
        made_at=clock.now(),
        made_by=actor,
    )
    audit.note(actor=actor, act="link.made", subject=show("lnk", made.id), details={"what": what.value})
    return made


def _end(link: Link, actor: str) -> None:
    link.ended_at, link.ended_by = clock.now(), actor
    link.save(update_fields=["ended_at", "ended_by"])
    audit.note(actor=actor, act="link.ended", subject=show("lnk", link.id))


def _locked(organisation_id: int, link_id: UUID) -> Link:
    link = Link.objects.select_for_update().filter(organisation_id=organisation_id, id=link_id).first()
    if link is None:
        raise NotFound(kind="link", ref=show("lnk", link_id))
    return link
