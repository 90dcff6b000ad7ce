"""What a member takes with them: certificates and badges as signed credentials, with a link for each."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.credentials.actions.giving import give_credential
from plaudit.credentials.checking import standing
from plaudit.credentials.holdings import grounded, holdings
from plaudit.credentials.models import Kind
from plaudit.credentials.queries import credentials
from plaudit.credentials.refusals import NothingToShow
from plaudit.credentials.wording import drawn
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import Refusal
from plaudit.people.merging import everybody_who_is
from plaudit.people.reach import themselves

SHOWN_MAX = 200


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your credentials")
def mine(request: HttpRequest) -> HttpResponse:
    """What the member can take along, and what they took."""
    return mine_shown(request)


def mine_shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    people = everybody_who_is(actor.organisation_id, _me(actor))
    taken = credentials(actor.organisation_id, members=people, limit=SHOWN_MAX)
    stand = grounded(actor.organisation_id, taken)
    has = {(one.member_id, one.kind, one.about, one.since) for one in taken}
    shown = {
        "title": _("Take it with me"),
        "lead": _("Certificates and badges as files that anybody can check, wherever you show them."),
        "open": [
            one
            for one in holdings(actor.organisation_id, people)
            if (one.member_id, one.kind, one.about, one.since) not in has
        ],
        "taken": [drawn(one, standing(one, is_grounded=one.id in stand)) for one in reversed(taken)],
        "refusal": refusal,
    }
    return render(
        request, "credentials/portal_credentials.html", shown, status=refusal.status if refusal else 200
    )


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="take along what you hold")
@refusals_shown_by(mine_shown)
def take(request: HttpRequest) -> HttpResponse:
    """Have one made of something the member holds."""
    actor = actor_of(request)
    kind = request.POST.get("kind", "")
    if kind not in Kind.values:
        raise NothingToShow
    give_credential(
        actor.organisation_id,
        member_id=_me(actor),
        kind=Kind(kind),
        about=request.POST.get("about", "")[:500],
        shows_name=bool(request.POST.get("shows_name")),
        actor=actor.ref,
    )
    messages.success(request, _("It is yours: keep the file, or show the link."))
    return HttpResponseRedirect(reverse("portal:credentials"))


def _me(actor: Actor) -> UUID:
    assert actor.member_id is not None, "`themselves` admits members alone"
    return actor.member_id
