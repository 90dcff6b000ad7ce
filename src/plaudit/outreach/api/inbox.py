"""Somebody's inbox over HTTP: what a member was told in the product, and that they have read it elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Answer, Asked, Flag, Limit, MemberRef, Page, page
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions.reading import mark_read
from plaudit.outreach.queries.inbox import Reader, Shown, inbox, read_notice
from plaudit.people.queries import member as member_named

router = Router(tags=["News"])

NoticeRef = Annotated[str, Field(max_length=100, description="A notice, `ntc_…`.")]


class ShownNotice(Answer):
    """One thing that a member was told. `path` is the page of theirs on which there is more."""

    id: NoticeRef
    type: str
    sentence: str
    path: str
    told_at: datetime
    read_at: datetime | None


class ReadNotices(Asked):
    """Which notices were read; all of them where none is named."""

    notices: Annotated[list[NoticeRef], Field(max_length=200)] | None = None


class Marked(Answer):
    """How many were not marked as read before."""

    notices: int


@router.get(
    "/members/{member}/notices",
    response=Page[ShownNotice],
    operation_id="list_notices",
    summary="Read an inbox",
)
@allows(scopes=["members:read"], to="read inboxes")
def list_notices(
    request: HttpRequest,
    member: MemberRef,
    limit: Limit = 50,
    after: After = None,
    *,
    unread: Annotated[Flag, Field(description="Only what the member has not read.")] = False,
) -> Page[ShownNotice]:
    """What a member was told, the newest first, in English. A notice is kept for a year."""
    organisation_id = actor_of(request).organisation_id
    before = read_cursor(after, one_id)
    with in_organisation(organisation_id):
        reader = Reader(member_id=member_named(organisation_id, member).id)
        found = inbox(organisation_id, reader, unread=unread, before=before, limit=limit + 1)
    return page(found, limit, _shown, lambda one: write_cursor(read_notice(one.id)))


@router.post(
    "/members/{member}/notices/read",
    response=Marked,
    operation_id="mark_notices_read",
    summary="Mark notices as read",
)
@allows(scopes=["members:write"], to="mark notices as read")
def post_read(request: HttpRequest, member: MemberRef, read: ReadNotices) -> Marked:
    """Say that a member has read some of it, or all, where it was shown to them in another place."""
    organisation_id = actor_of(request).organisation_id
    only = None if read.notices is None else [read_notice(one) for one in read.notices]
    with in_organisation(organisation_id):
        reader = Reader(member_id=member_named(organisation_id, member).id)
    return Marked(notices=mark_read(organisation_id, reader, only=only))


def _shown(one: Shown) -> ShownNotice:
    return ShownNotice(
        id=one.id,
        type=one.topic,
        sentence=one.sentence,
        path=one.path,
        told_at=one.told_at,
        read_at=one.read_at,
    )
