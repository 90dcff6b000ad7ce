"""Pages that are the same for everybody: help, and what browsers and search engines ask for by themselves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import public
from plaudit.surfaces.design.icons import site_icon


@require_GET
@public
def help_page(request: HttpRequest) -> HttpResponse:
    """How points work here, what can be undone, and whom to ask."""
    undone = [
        (_("Points given by hand"), _("Taken back with a reason you can read, at any time")),
        (_("A reward you ordered"), _("Cancelled by you until it is on its way; the points come back")),
        (_("A purchase given back"), _("What it earned is taken back, exactly")),
        (_("A rule"), _("Changed for the future only; what you earned stays")),
        (_("Expired points"), _("Not brought back by themselves; ask")),
    ]
    return render(request, "portal/help.html", {"title": _("Help"), "undone": undone})


@require_GET
@public
@cache_control(max_age=0)
def worker(request: HttpRequest) -> HttpResponse:
    """What a browser keeps of the portal for when there is no network."""
    shown = {"LANGUAGE_CODE": get_language() or "en"}
    return render(request, "portal/worker.js", shown, content_type="text/javascript; charset=utf-8")


@require_GET
@public
@cache_control(max_age=3_600)
def manifest(request: HttpRequest) -> JsonResponse:
    """What the portal is called as an app on a phone, and how it opens; the organisation's name once it is known."""
    organisation = actor_of(request).organisation
    name = organisation.name if organisation else _("Points")
    return JsonResponse(
        {
            "id": "/",
            "name": name,
            "short_name": name[:12],
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#FAFAF7",
            "theme_color": "#0A6850",
            "icons": [{"src": site_icon(), "type": "image/svg+xml", "sizes": "any"}],
        },
        content_type="application/manifest+json",
    )


@require_GET
@public
@cache_control(public=True, max_age=86_400)
def robots(_request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines: it is all somebody's own."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@require_GET
@public
@cache_control(public=True, max_age=86_400)
def favicon(_request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address whatever a page says."""
    return HttpResponseRedirect(static("plaudit/favicon.svg"))
