"""Somebody's inbox: what they were told, the newest first, and how much of it they have not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min, Q, QuerySet

from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import NotFound
from plaudit.outreach.models import Notice
from plaudit.outreach.queries.letters import Names, said
from plaudit.people.standing import counted_as_unread

for whose in ("n.member_id = m.id and m.state = 'active'", "n.user_id = u.id"):
    counted_as_unread(
        f"(select count(*) from (select from outreach_notice n where n.organisation_id = o.id and {whose}"
        " and n.read_at is null limit 100) unread)"
    )

NOTICES_KEPT = timedelta(days=365)
"""How long somebody finds in their inbox what they were told."""


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


def first_notice_to_forget(organisation_id: int) -> datetime | None:
    """The moment from which the oldest notice need no longer be kept; None where there is none."""
    oldest = Notice.objects.filter(organisation_id=organisation_id).aggregate(at=Min("told_at"))["at"]
    return None if oldest is None else oldest + NOTICES_KEPT


def unread_of(organisation_id: int, reader: Reader, *, most: int = 100) -> int:
    """How many are not read, counted up to `most`."""
    return reader.notices(organisation_id).filter(read_at__isnull=True)[:most].count()
