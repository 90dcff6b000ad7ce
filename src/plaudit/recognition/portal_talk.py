"""What a member says to a recognition: a tap, a line, or that something is wrong with it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.ids import read
from plaudit.foundation.refusals import Problem
from plaudit.people.reach import themselves
from plaudit.recognition.actions.talking import react, reply, report, take_reaction
from plaudit.recognition.models import ReactionKind
from plaudit.recognition.portal import one_shown
from plaudit.recognition.portal_posts import me


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="react to a recognition")
@refusals_shown_by(one_shown)
def tap(request: HttpRequest, reference: str) -> HttpResponse:
    """Say it with a tap, or take it away again; back to where it was tapped."""
    organisation_id, recognition_id = actor_of(request).organisation_id, _id(reference)
    said = request.POST.get("kind", "")
    kind = said.removeprefix("-")
    if kind not in ReactionKind.values:
        raise Problem("Choose what to say.")
    change = take_reaction if said.startswith("-") else react
    change(organisation_id, recognition_id, member_id=me(request), kind=ReactionKind(kind))
    if request.POST.get("at") == "feed":
        return HttpResponseRedirect(f"{reverse('portal:recognitions')}#{reference}")
    return _back(reference)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="reply to a recognition")
@refusals_shown_by(one_shown)
def say(request: HttpRequest, reference: str) -> HttpResponse:
    """Say one line, or one instead of an earlier one."""
    actor = actor_of(request)
    reply(
        actor.organisation_id,
        _id(reference),
        member_id=me(request),
        words=request.POST.get("words", ""),
        corrects=_reply(request, "corrects"),
        actor=actor.ref,
    )
    return _back(reference)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="report a recognition")
@refusals_shown_by(one_shown)
def tell_of(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what is wrong with it, or with a line under it."""
    actor = actor_of(request)
    report(
        actor.organisation_id,
        _id(reference),
        member_id=me(request),
        words=request.POST.get("words", ""),
        reply_id=_reply(request, "reply"),
        actor=actor.ref,
    )
    messages.success(request, _("Somebody looks into it. Nobody learns that it was you who said so."))
    return _back(reference)


def _id(reference: str) -> UUID:
    return read("rcg", reference, kind="recognition")


def _reply(request: HttpRequest, name: str) -> UUID | None:
    said = request.POST.get(name, "")
    return read("rpl", said, kind="reply") if said else None


def _back(reference: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("portal:recognition", args=[reference]))
