"""Pages of single sign-on: the way to an organisation's provider, and the way back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET

from plaudit.foundation.access.declarations import public
from plaudit.people.portal import NEXT, next_page
from plaudit.people.queries import organisation_by_slug
from plaudit.people.single_sign_on import ask_provider, sign_in_by_provider


@require_GET
@public
def to_provider(request: HttpRequest, slug: str) -> HttpResponse:
    """Send this browser to the organisation's provider."""
    return HttpResponseRedirect(ask_provider(request, organisation_by_slug(slug)))


@require_GET
@public
def back_from_provider(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign this browser in by what it brings back, and go on where the person wanted to be."""
    wanted = request.session.get(NEXT, "")
    sign_in_by_provider(request, organisation_by_slug(slug))
    return HttpResponseRedirect(next_page(wanted, request))
