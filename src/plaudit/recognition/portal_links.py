"""The addresses of a member, and of the teams they lead: to be thanked by customers, and to show a wall."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.drawn_codes import drawn_code
from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.queries import member
from plaudit.people.reach import themselves
from plaudit.recognition.actions.linking import NAME_MAX, Whose, end_link, open_link, renew_link
from plaudit.recognition.models import Link, LinkKind
from plaudit.recognition.portal_posts import me
from plaudit.recognition.published import standards
from plaudit.recognition.queries.links import own_link, standing_links, teams_led

_PAGES = {LinkKind.THANKS: "portal:thank", LinkKind.WALL: "portal:wall"}
MINE = "me"


def address_of(link: Link) -> str:
    """The whole address, as it is printed and drawn."""
    return f"{settings.BASE_URL}{reverse(_PAGES[LinkKind(link.what)], args=[link.secret])}"


def drawn_link(link: Link) -> dict[str, Any]:
    """One address for a page: its words, its code, and how it is named."""
    address = address_of(link)
    return {"one": link, "reference": show("lnk", link.id), "address": address, "code": drawn_code(address)}


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your links")
def links(request: HttpRequest) -> HttpResponse:
    """The member's own address and those of their teams, each with its code."""
    return links_shown(request)


def links_shown(request: HttpRequest, *, refusal: Refusal | None = None, **_about: str) -> HttpResponse:
    """The same, with what was refused on it."""
    organisation_id, member_id = actor_of(request).organisation_id, me(request)
    teams = teams_led(organisation_id, member_id)
    standing = {
        (one.team_id, one.what): drawn_link(one)
        for one in standing_links(organisation_id, member_id=member_id, teams=[one.id for one in teams])
    }
    known = standards(organisation_id)
    thanked = any(one.customers is not None for one in known)
    name = member(organisation_id, member_id).name
    shown = {
        "title": _("Thanks from customers"),
        "lead": _("Whoever has the link or scans the code can say thank you, without signing in."),
        "refusal": refusal,
        "thanked": thanked,
        "mine": standing.get((None, LinkKind.THANKS.value)),
        "name": request.POST.get("name", "")[:NAME_MAX] or (name.split() or [""])[0],
        "name_max": NAME_MAX,
        "teams": [
            {
                "team": one,
                "thanks": standing.get((one.id, LinkKind.THANKS.value)),
                "wall": standing.get((one.id, LinkKind.WALL.value)),
            }
            for one in teams
        ]
        if known
        else (),
    }
    return render(request, "recognition/portal_links.html", shown, status=refusal.status if refusal else 200)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="make a link")
@refusals_shown_by(links_shown)
def make(request: HttpRequest) -> HttpResponse:
    """Make one, for the member or for a team that they lead."""
    actor = actor_of(request)
    said = request.POST.get("what", "")
    what = LinkKind(said) if said in LinkKind.values else LinkKind.THANKS
    open_link(
        actor.organisation_id,
        what,
        _whose(request, what),
        name=request.POST.get("name", ""),
        actor=actor.ref,
    )
    messages.success(request, _("The link is there. Print its code, or pass it on."))
    return HttpResponseRedirect(reverse("portal:links"))


def _whose(request: HttpRequest, what: LinkKind) -> Whose:
    wanted = request.POST.get("for", "")
    if wanted == MINE and what is LinkKind.THANKS:
        return Whose(member_id=me(request))
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        for one in teams_led(organisation_id, me(request)):
            if wanted == str(one.id):
                return Whose(team_id=one.id)
    raise NotFound(kind="team", ref=wanted[:20])


def _id_of(request: HttpRequest, reference: str) -> UUID:
    organisation_id = actor_of(request).organisation_id
    link_id = read("lnk", reference, kind="link")
    with in_organisation(organisation_id):
        return own_link(organisation_id, link_id, me(request)).id


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="renew a link")
@refusals_shown_by(links_shown)
def renew(request: HttpRequest, reference: str) -> HttpResponse:
    """Make another one instead of it."""
    actor = actor_of(request)
    renew_link(actor.organisation_id, _id_of(request, reference), actor=actor.ref)
    messages.success(request, _("This is the new one. The old one leads nowhere any more."))
    return HttpResponseRedirect(reverse("portal:links"))


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="end a link")
@refusals_shown_by(links_shown)
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """Let it lead nowhere."""
    actor = actor_of(request)
    end_link(actor.organisation_id, _id_of(request, reference), actor=actor.ref)
    messages.success(request, _("It leads nowhere any more."))
    return HttpResponseRedirect(reverse("portal:links"))
