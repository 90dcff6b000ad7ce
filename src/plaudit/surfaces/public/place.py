"""Where a public page stands: its organisation, the frame round it, and how long it may be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plaudit.foundation import clock
from plaudit.foundation.languages import ENGLISH
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.told import read_by
from plaudit.people.models import Organisation, OrganisationKind
from plaudit.people.queries import organisation_by_slug
from plaudit.people.telling import reader_of
from plaudit.planning.refusals import NotPublic
from plaudit.surfaces.design.frame import Frame, NavItem, Sandbox

KEPT_SECONDS = 300
LAYOUT = "public/frame.html"


@contextmanager
def at_place(slug: str) -> Iterator[Organisation]:
    """Inside the organisation of this short name, in its time zone. Raises `NotPublic`."""
    try:
        found = organisation_by_slug(slug)
    except NotFound as unknown:
        raise NotPublic from unknown
    reader = reader_of(found, get_language() or ENGLISH)
    with in_organisation(found.id), timezone.override(ZoneInfo(found.time_zone)), read_by(reader):
        yield found


def shown(
    request: HttpRequest,
    template: str,
    place: Organisation,
    context: Mapping[str, Any],
    *,
    key: str = "",
    kept: bool = True,
    status: int = 200,
) -> HttpResponseBase:
    """The page in the public frame, the same for everybody.

    What is `kept` may be kept by anybody for five minutes, and is asked for again by what it held then.
    """
    with _framed(request, frame_of(place, key)):
        response = render(request, template, {**context, "place": place, "key": key}, status=status)
    if not kept or status != 200:
        return response
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    set_response_etag(response)
    again = get_conditional_response(request, etag=response["ETag"], response=response)
    assert again is not None
    return again


@contextmanager
def _framed(request: HttpRequest, frame: Frame) -> Iterator[None]:
    """Let what is drawn stand in this frame; where drawing it fails, what says so stands in the one before.

    The public frame asks for the place, which only these pages know.
    """
    before = getattr(request, "frame", None)
    request.frame = frame  # type: ignore[attr-defined]  # read by the design's context
    try:
        yield
    except Exception:
        request.frame = before  # type: ignore[attr-defined]  # as above
        raise


def frame_of(place: Organisation, key: str = "") -> Frame:
    """The frame of a public page: the programme's pages, and the way in for members; nobody's name."""
    sandbox = place.kind == OrganisationKind.SANDBOX
    home = (
        reverse("public:about", args=[place.slug, key]) if key else reverse("public:list", args=[place.slug])
    )
    return Frame(
        organisation=place.name,
        home_url=home,
        items=_items(place.slug, key) if key else (),
        help_url=reverse("public:questions", args=[place.slug, key]) if key else "/help",
        sandbox=Sandbox(place.name, clock.now()) if sandbox else None,
        layout=LAYOUT,
    )


def _items(slug: str, key: str) -> list[NavItem]:
    def at(name: str) -> str:
        return reverse(f"public:{name}", args=[slug, key])

    return [
        NavItem(_("About"), at("about"), "house"),
        NavItem(_("Rules"), at("rules"), "scale"),
        NavItem(_("Questions"), at("questions"), "circle-question-mark", short=_("FAQ")),
        NavItem(_("Join"), at("join"), "plus"),
        NavItem(_("Verify"), f"{reverse('public:verify', args=[slug])}?of={key}", "badge-check"),
    ]
