"""Invites some to a conversation, takes their replies, and notes what was said without who said it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from plaudit.foundation import audit
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act
from plaudit.listening.definitions import DEEDS_TITLE_MAX, WORDS_MAX
from plaudit.listening.models import FocusGroup, Invitation, Reply, Said
from plaudit.listening.refusals import FocusGroupFull, NotInvited, TitleTaken
from plaudit.people.models import Member

PLACES_MAX = 30
AT_ONCE_MAX = 200


def open_focus_group(
    organisation_id: int,
    *,
    programme: str,
    title: str,
    starts_at: datetime,
    places: int,
    place: str = "",
    actor: str,
) -> FocusGroup:
    """Plan a conversation with so many places. The same one is planned once. Raises `TitleTaken`, `Problem`."""
    if not title.strip() or len(title) > DEEDS_TITLE_MAX or len(place) > DEEDS_TITLE_MAX:
        raise Problem(f"Give it a title of at most {DEEDS_TITLE_MAX} characters.")
    if not 1 <= places <= PLACES_MAX:
        raise Problem(f"A focus group has 1 to {PLACES_MAX} places.")

    def step() -> FocusGroup:
        wanted = {"programme": programme, "starts_at": starts_at, "places": places, "place": place.strip()}
        made, new = FocusGroup.objects.get_or_create(
            organisation_id=organisation_id, title=title.strip(), defaults=wanted
        )
        if not new and {name: getattr(made, name) for name in wanted} != wanted:
            raise TitleTaken(title=title)
        if new:
            audit.note(actor=actor, act="focus_group.opened", subject=show("fcg", made.id))
        return made

    return act(organisation_id, step)


def invite(organisation_id: int, *, group_id: UUID, members: Collection[UUID], actor: str) -> int:
    """Invite these members; how many were not invited before. Raises `NotFound`, `Problem`."""
    if not 1 <= len(members) <= AT_ONCE_MAX:
        raise Problem(f"Invite 1 to {AT_ONCE_MAX} people at a time.")

    def step() -> int:
        _held(organisation_id, group_id)
        known = set(
            Member.objects.filter(
                organisation_id=organisation_id, id__in=members, state="active"
            ).values_list("id", flat=True)
        )
        for missing in set(members) - known:
            raise NotFound(kind="member", ref=show("mem", missing))
        invited = Invitation.objects.filter(organisation_id=organisation_id, group_id=group_id)
        new = known - set(invited.values_list("member_id", flat=True))
        Invitation.objects.bulk_create(
            Invitation(organisation_id=organisation_id, group_id=group_id, member_id=one)
            for one in sorted(new)
        )
        if new:
            details = {"people": len(new)}
            audit.note(actor=actor, act="focus_group.invited", subject=show("fcg", group_id), details=details)
        return len(new)

    return act(organisation_id, step)


def reply_to(organisation_id: int, *, group_id: UUID, member_id: UUID, comes: bool, actor: str) -> Invitation:
    """Say whether one comes; it may be changed as often as one likes. Raises `NotInvited`, `FocusGroupFull`."""

    def step() -> Invitation:
        group = _held(organisation_id, group_id)
        mine = Invitation.objects.filter(
            organisation_id=organisation_id, group_id=group_id, member_id=member_id
        ).first()
        if mine is None:
            raise NotInvited
        wanted = Reply.COMING if comes else Reply.DECLINED
        if mine.reply == wanted:
            return mine
        if comes and group.coming >= group.places:
            raise FocusGroupFull
        group.coming += comes - (mine.reply == Reply.COMING)
        group.save(update_fields=["coming"])
        mine.reply = wanted
        Invitation.objects.filter(pk=mine.pk).update(reply=wanted)
        details = {"reply": wanted.value}
        audit.note(actor=actor, act="focus_group.replied", subject=show("fcg", group_id), details=details)
        return mine

    return act(organisation_id, step)


def note_said(organisation_id: int, *, group_id: UUID, said: Sequence[str], actor: str) -> int:
    """Note what was said, each thing once and without a name; how many were new. Raises `NotFound`, `Problem`."""
    words = list(dict.fromkeys(one.strip() for one in said if one.strip()))
    if not 1 <= len(words) <= AT_ONCE_MAX or any(len(one) > WORDS_MAX for one in words):
        raise Problem(f"Note 1 to {AT_ONCE_MAX} things, each of at most {WORDS_MAX} characters.")

    def step() -> int:
        _held(organisation_id, group_id)
        noted = Said.objects.filter(organisation_id=organisation_id, group_id=group_id)
        known = set(noted.filter(words__in=words).values_list("words", flat=True))
        new = [one for one in words if one not in known]
        Said.objects.bulk_create(
            Said(organisation_id=organisation_id, group_id=group_id, words=one) for one in new
        )
        if new:
            details = {"things": len(new)}
            audit.note(actor=actor, act="focus_group.noted", subject=show("fcg", group_id), details=details)
        return len(new)

    return act(organisation_id, step)


def _held(organisation_id: int, group_id: UUID) -> FocusGroup:
    """The focus group, locked. Raises `NotFound`."""
    found = (
        FocusGroup.objects.select_for_update().filter(organisation_id=organisation_id, id=group_id).first()
    )
    if found is None:
        raise NotFound(kind="focus group", ref=show("fcg", group_id))
    return found
