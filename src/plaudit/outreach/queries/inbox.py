"""Somebody's inbox: what they were told, the newest first, and how much of it they have not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import NotFound
from plaudit.outreach.models import Notice
from plaudit.outreach.queries.letters import Names, said


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose inbox it is: a member's, a colleague's, or that of somebody who is both."""

    member_id: UUID | None = None
    user_id: int | None = None

    def notices(self, organisation_id: int) -> QuerySet[Notice]:
        """All that is in it."""
        member, user = Q(member_id=self.member_id), Q(user_id=self.user_id)
        all_of_them = Notice.objects.filter(organisation_id=organisation_id)
        if self.member_id is None:
            return all_of_them.none() if self.user_id is None else all_of_them.filter(user)
        return all_of_them.filter(member) if self.user_id is None else all_of_them.filter(member | user)


@dataclass(frozen=True, slots=True)
class Shown:
    """One notice in the reader's language, and the path of the page on which there is more."""

    id: str
    topic: str
    sentence: str
    path: str
    told_at: datetime
    read_at: datetime | None


def show_notice(id: UUID) -> str:
    """The form people see."""
    return show("ntc", id)


def read_notice(reference: str) -> UUID:
    """The id behind it. Raises `NotFound`."""
    return read("ntc", reference, kind="notice")


def inbox(
    organisation_id: int,
    reader: Reader,
    *,
    unread: bool = False,
    before: UUID | None = None,
    limit: int = 50,
) -> list[Shown]:
    """The newest notices, or those before one. Ask inside `in_organisation`; their words are made together."""
    found = reader.notices(organisation_id)
    if unread:
        found = found.filter(read_at__isnull=True)
    if before is not None:
        found = found.filter(id__lt=before)
    page = list(found.order_by("-id")[:limit])
    names = Names(organisation_id, [(one.topic, one.facts) for one in page])
    return [
        Shown(show_notice(one.id), one.topic, *said(names, one.topic, one.facts), one.told_at, one.read_at)
        for one in page
    ]


def one_notice(organisation_id: int, reader: Reader, notice_id: UUID) -> Shown:
    """One of them. Raises `NotFound` for another's."""
    one = reader.notices(organisation_id).filter(id=notice_id).first()
    if one is None:
        raise NotFound(kind="notice", ref=show_notice(notice_id))
    words = said(Names(organisation_id, [(one.topic, one.facts)]), one.topic, one.facts)
    return Shown(show_notice(one.id), one.topic, *words, one.told_at, one.read_at)


def unread_of(organisation_id: int, reader: Reader, *, most: int = 100) -> int:
    """How many are not read, counted up to `most`."""
    return reader.notices(organisation_id).filter(read_at__isnull=True)[:most].count()
