"""A team's wall, for a screen in the room: whoever has its address sees it, large, and new as it comes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plaudit.foundation.access.declarations import public
from plaudit.people.models import Organisation
from plaudit.recognition.definitions import Source
from plaudit.recognition.models import Link, LinkKind
from plaudit.recognition.portal_open import NOT_FOUND_BY_SEARCH, at_link
from plaudit.recognition.published import standards
from plaudit.recognition.queries.wall import OnWall, on_wall, thanks_lately


@require_safe
@public
def wall(request: HttpRequest, secret: str) -> HttpResponse:
    """The whole page; without script it is asked for again every minute."""
    return _answer(request, "recognition/wall.html", secret)


@require_safe
@public
def live(request: HttpRequest, secret: str) -> HttpResponse:
    """What is on it now, for the page that is open; gone with the address."""
    return _answer(request, "recognition/wall_live.html", secret)


def _answer(request: HttpRequest, template: str, secret: str) -> HttpResponse:
    with at_link(LinkKind.WALL, secret) as (place, link):
        answer = render(request, template, _shown(place, link))
    answer["X-Robots-Tag"] = NOT_FOUND_BY_SEARCH
    return answer


def _shown(place: Organisation, link: Link) -> dict[str, Any]:
    assert link.team_id is not None, "only a team has a wall"
    names = {(one.programme, each.key): each.name for one in standards(place.id) for each in one.behaviours}
    return {
        "title": link.name,
        "place": place,
        "secret": link.secret,
        "lately": thanks_lately(place.id, link.team_id),
        "posts": [_post(one, names) for one in on_wall(place.id, link.team_id)],
    }


def _post(one: OnWall, names: dict[tuple[str, str], str]) -> dict[str, Any]:
    return {
        "to": ", ".join(one.names),
        "from": {
            Source.SUPERVISOR: _("from a supervisor"),
            Source.PEER: _("from a colleague"),
            Source.CUSTOMER: _("from a customer"),
            Source.SYSTEM: _("from the programme"),
        }[Source(one.source)],
        "behaviour": names.get((one.programme, one.behaviour), one.behaviour),
        "words": one.words,
        "given_at": one.given_at,
    }
