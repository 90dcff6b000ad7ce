"""Focus groups with who comes, ideas with their votes, and what was done about what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count

from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.listening.models import Change, FocusGroup, Invitation, Reply, Said

_IDEAS = """
    select i.id, i.programme, i.words, i.written_at, i.member_id = %(member)s::uuid,
           (select count(*) from listening_vote v where v.organisation_id = i.organisation_id and v.idea_id = i.id)
               as votes,
           exists (select from listening_vote v where v.organisation_id = i.organisation_id and v.idea_id = i.id
                      and v.member_id = %(member)s::uuid)
      from listening_idea i
     where i.organisation_id = %(organisation)s and (%(only)s::uuid is null or i.id = %(only)s::uuid)
     order by votes desc, i.id desc limit %(limit)s
"""
# Who said it: who was for an idea, took part in an asking, or came to a focus group.
_ASKED = """
    select c.id from listening_change c
     where c.organisation_id = %(organisation)s and (
           exists (select from listening_vote v where v.organisation_id = c.organisation_id
                      and v.idea_id = c.source_id and v.member_id = %(member)s)
        or exists (select from listening_took_part t where t.organisation_id = c.organisation_id
                      and t.baseline_id = c.source_id and t.member_id = %(member)s)
        or exists (select from listening_invitation n where n.organisation_id = c.organisation_id
                      and n.group_id = c.source_id and n.member_id = %(member)s and n.reply = 'coming'))
"""


@dataclass(frozen=True, slots=True)
class ShownIdea:
    """An idea, how many are for it, and whether whoever looks wrote it and is for it."""

    id: UUID
    programme: str
    words: str
    written_at: datetime
    is_mine: bool
    votes: int
    voted: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """A focus group somebody is invited to, and what they said to it."""

    group: FocusGroup
    reply: Reply


def ideas(
    organisation_id: int, *, member_id: UUID | None = None, only: UUID | None = None, limit: int = 100
) -> list[ShownIdea]:
    """Ideas as `member_id` sees them, those most are for first; one of them where `only` names it."""
    asked = {"organisation": organisation_id, "member": member_id, "only": only, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_IDEAS, asked)
        return [
            ShownIdea(id_, programme, words, at, bool(mine), votes, voted)
            for id_, programme, words, at, mine, votes, voted in cursor.fetchall()
        ]


def changes(organisation_id: int, *, limit: int = 100) -> list[Change]:
    """You said, we did: the newest first."""
    return list(Change.objects.filter(organisation_id=organisation_id).order_by("-told_at", "-id")[:limit])


def asked_for(organisation_id: int, member_id: UUID) -> set[UUID]:
    """The changes that this member is among those who asked for."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"organisation": organisation_id, "member": member_id})
        return {id_ for (id_,) in cursor.fetchall()}


def focus_groups(organisation_id: int) -> list[FocusGroup]:
    """Every focus group, the latest first."""
    return list(FocusGroup.objects.filter(organisation_id=organisation_id).order_by("-starts_at", "-id"))


def focus_group(organisation_id: int, group_id: UUID) -> FocusGroup:
    """One of them. Raises `NotFound`."""
    found = FocusGroup.objects.filter(organisation_id=organisation_id, id=group_id).first()
    if found is None:
        raise NotFound(kind="focus group", ref=show("fcg", group_id))
    return found


def invitations(organisation_id: int, group_id: UUID) -> list[Invitation]:
    """Who is invited, and what they said."""
    found = Invitation.objects.filter(organisation_id=organisation_id, group_id=group_id)
    return list(found.order_by("reply", "member_id"))


def replies(organisation_id: int, groups: Sequence[UUID]) -> dict[UUID, int]:
    """How many are invited to each of these."""
    rows = Invitation.objects.filter(organisation_id=organisation_id, group_id__in=list(groups))
    return dict(rows.values_list("group_id").annotate(Count("member_id")))


def said_in(organisation_id: int, group_id: UUID) -> list[str]:
    """What was said, in the order in which it was noted."""
    found = Said.objects.filter(organisation_id=organisation_id, group_id=group_id)
    return list(found.order_by("id").values_list("words", flat=True))


def invited_to(organisation_id: int, member_id: UUID, *, since: datetime) -> list[Invited]:
    """The focus groups to come that a member is invited to, the next first."""
    mine = Invitation.objects.filter(organisation_id=organisation_id, member_id=member_id)
    said = dict(mine.values_list("group_id", "reply"))
    groups = FocusGroup.objects.filter(organisation_id=organisation_id, id__in=said, starts_at__gte=since)
    return [Invited(one, Reply(said[one.id])) for one in groups.order_by("starts_at", "id")]
