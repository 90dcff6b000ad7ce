"""The gallery of components, and the form that pins a theme in this browser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation.access.declarations import public
from plaudit.surfaces.design.context import DENSITIES, DENSITY_COOKIE, THEME_COOKIE, THEMES
from plaudit.surfaces.design.frame import CONSOLE, Frame
from plaudit.surfaces.design.samples import gallery_samples, sample_frame

_ONE_YEAR = 365 * 24 * 60 * 60


@require_GET
@public
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in its states: the test bed for accessibility checks and screenshots."""
    if not isinstance(getattr(request, "frame", None), Frame):
        request.frame = sample_frame(CONSOLE)  # type: ignore[attr-defined]  # set by middleware elsewhere
    return render(request, "design/gallery.html", gallery_samples())


@require_POST
@public
def appearance(request: HttpRequest) -> HttpResponse:
    """Pin or unpin theme and density in a cookie and go back to the page the person was on."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, cookie, allowed in (("theme", THEME_COOKIE, THEMES), ("density", DENSITY_COOKIE, DENSITIES)):
        if name not in request.POST:
            continue
        chosen = request.POST[name]
        if chosen in allowed:
            response.set_cookie(
                cookie, chosen, max_age=_ONE_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
            )
        else:
            response.delete_cookie(cookie, samesite="Lax")
    return response
