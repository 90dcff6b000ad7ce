"""Somebody's inbox: what reached them, opened, read, and taken up again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.roles import EVERYBODY
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions.reading import mark_read, mark_unread
from plaudit.outreach.queries.inbox import Reader, inbox, one_notice, read_notice, unread_of

PAGE = 30


def reader_of(actor: Actor) -> Reader:
    """Whose inbox whoever asks has: as a member, as a colleague, or both."""
    return Reader(member_id=actor.member_id, user_id=actor.user_id)


@require_GET
@allows(roles=EVERYBODY, to="see your inbox")
def notices(request: HttpRequest) -> HttpResponse:
    """What reached whoever asks, the newest first; `show=unread` leaves out what they have read."""
    actor = actor_of(request)
    reader, unread = reader_of(actor), request.GET.get("show") == "unread"
    before = _before(request.GET.get("before", ""))
    found = inbox(actor.organisation_id, reader, unread=unread, before=before, limit=PAGE + 1)
    left = unread_of(actor.organisation_id, reader)
    page, more = found[:PAGE], len(found) > PAGE
    kept = "show=unread&" if unread else ""
    shown = {
        "title": _("Inbox"),
        "tabs": _tabs(unread=unread, left=left),
        "notices": page,
        "unread": unread,
        "left": left,
        "is_member": actor.member_id is not None,
        "pages": {
            "previous": f"?{kept}".rstrip("&?") or request.path if before else "",
            "next": f"?{kept}before={page[-1].id}" if more else "",
            "summary": "",
        }
        if before or more
        else None,
    }
    return render(request, "portal/inbox.html", shown)


def _tabs(*, unread: bool, left: int) -> list[dict[str, Any]]:
    return [
        {"label": _("Everything"), "url": "?", "current": not unread, "count": None},
        {"label": _("Not read"), "url": "?show=unread", "current": unread, "count": left},
    ]


def _before(reference: str) -> Any:
    try:
        return read_notice(reference)
    except NotFound:
        return None


@require_POST
@allows(roles=EVERYBODY, to="read your inbox")
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    actor = actor_of(request)
    count = mark_read(actor.organisation_id, reader_of(actor))
    if count:
        words = ngettext("{n} is marked as read.", "{n} are marked as read.", count)
        messages.success(request, words.format(n=count))
    return HttpResponseRedirect(reverse("portal:inbox"))


@require_POST
@allows(roles=EVERYBODY, to="read your inbox")
def open_notice(request: HttpRequest, reference: str) -> HttpResponse:
    """Mark one as read, and go on to the page on which there is more."""
    actor = actor_of(request)
    found = read_notice(reference)
    mark_read(actor.organisation_id, reader_of(actor), only=[found])
    with in_organisation(actor.organisation_id):
        return HttpResponseRedirect(one_notice(actor.organisation_id, reader_of(actor), found).path)


@require_POST
@allows(roles=EVERYBODY, to="read your inbox")
def mark(request: HttpRequest, reference: str) -> HttpResponse:
    """Mark one as read where it stands, or as not read after all."""
    actor = actor_of(request)
    if "unread" in request.POST:
        mark_unread(actor.organisation_id, reader_of(actor), read_notice(reference))
    else:
        mark_read(actor.organisation_id, reader_of(actor), only=[read_notice(reference)])
    return HttpResponseRedirect(f"{reverse('portal:inbox')}#{reference}")
