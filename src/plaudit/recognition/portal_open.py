"""The page on which a customer says thank you: for anybody who has its address, signed in or not, without script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plaudit.foundation.access.declarations import public
from plaudit.foundation.access.limits import Limit, count
from plaudit.foundation.access.refusals import TooManyRequests
from plaudit.foundation.access.tokens import read_link
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.requests import client_address
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.models import Organisation
from plaudit.people.standing import organisation_of_code
from plaudit.recognition.actions.thanking import THANKS_WORDS_MAX, thank, thanked_by
from plaudit.recognition.definitions import Standard
from plaudit.recognition.models import Link, LinkKind
from plaudit.recognition.queries.links import standing_link
from plaudit.recognition.refusals import LinkEnded

THANKS_BY_ADDRESS = Limit("thanks", quota=20, window=3600, burst=6)
"""Counted in memory alone: of whoever says thank you nothing is kept, their network's address neither."""

NOT_FOUND_BY_SEARCH = "noindex, nofollow"


@contextmanager
def at_link(what: LinkKind, secret: str) -> Iterator[tuple[Organisation, Link]]:
    """Inside the organisation of an address that stands, in its time zone. Raises `LinkEnded` for any other."""
    token = read_link(secret)
    organisation = organisation_of_code(token.organisation_code) if token else None
    if organisation is None:
        raise LinkEnded
    with in_organisation(organisation[0]):
        place = Organisation.objects.get(id=organisation[0])
        with timezone.override(ZoneInfo(place.time_zone)):
            yield place, standing_link(place.id, what, secret)


@require_http_methods(["GET", "HEAD", "POST"])
@public
def thank_page(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for nothing but a tap; a behaviour may be chosen, and a line written."""
    with at_link(LinkKind.THANKS, secret) as (place, link):
        standard, _customers = thanked_by(place.id, link)
    if request.method != "POST":
        return _shown(request, place, link, standard)
    if not request.POST.get("website"):  # which no person sees, and programs fill in
        try:
            _take(request, place.id, secret)
        except Refusal as refusal:
            return _shown(request, place, link, standard, refusal)
    return HttpResponseRedirect(reverse("portal:thanked", args=[secret]))


def _take(request: HttpRequest, organisation_id: int, secret: str) -> None:
    standing = count(THANKS_BY_ADDRESS, client_address(request))
    if not standing.allowed:
        raise TooManyRequests(retry_after=standing.seconds)
    thank(
        organisation_id,
        secret,
        behaviour=request.POST.get("behaviour", "")[:50],
        words=request.POST.get("words", ""),
        key=_key(request),
    )


def _key(request: HttpRequest) -> str:
    """The form's key; a form without one is taken as one that nobody has sent before."""
    try:
        return str(UUID(request.POST.get("key", "")))
    except ValueError:
        return str(uuid4())


def _shown(
    request: HttpRequest,
    place: Organisation,
    link: Link,
    standard: Standard,
    refusal: Refusal | None = None,
) -> HttpResponse:
    shown = {
        "title": _("Say thank you to {name}").format(name=link.name),
        "place": place,
        "behaviours": standard.behaviours,
        "chosen": request.POST.get("behaviour", ""),
        "words": request.POST.get("words", "")[:THANKS_WORDS_MAX],
        "words_max": THANKS_WORDS_MAX,
        "key": request.POST.get("key") if refusal else uuid4(),
        "refusal": refusal,
    }
    answer = render(request, "recognition/open_thanks.html", shown, status=refusal.status if refusal else 200)
    answer["X-Robots-Tag"] = NOT_FOUND_BY_SEARCH
    return answer


@require_safe
@public
def thanked(request: HttpRequest, secret: str) -> HttpResponse:
    """That it is passed on, to everybody alike."""
    with at_link(LinkKind.THANKS, secret) as (place, link):
        shown = {"title": _("Thank you"), "place": place, "name": link.name, "secret": secret}
    answer = render(request, "recognition/open_thanked.html", shown)
    answer["X-Robots-Tag"] = NOT_FOUND_BY_SEARCH
    return answer
