"""The gallery of components, and the form that pins a theme in this browser."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation.access.declarations import allows, public
from plaudit.foundation.access.roles import EVERYBODY
from plaudit.surfaces.design.context import (
    DENSITIES,
    DENSITY_COOKIE,
    MOTION_COOKIE,
    MOTIONS,
    THEME_COOKIE,
    THEMES,
    appearance_of,
)
from plaudit.surfaces.design.frame import CONSOLE, Frame
from plaudit.surfaces.design.samples import gallery_samples, sample_frame

_ONE_YEAR = 365 * 24 * 60 * 60
_PINNED = (
    ("theme", THEME_COOKIE, THEMES),
    ("density", DENSITY_COOKIE, DENSITIES),
    ("motion", MOTION_COOKIE, MOTIONS),
)


@require_GET
@public
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in its states: the test bed for accessibility checks and screenshots."""
    if not isinstance(getattr(request, "frame", None), Frame):
        request.frame = sample_frame(CONSOLE)  # type: ignore[attr-defined]  # set by middleware elsewhere
    return render(request, "design/gallery.html", gallery_samples())


class AppearanceForm(forms.Form):
    """How pages look in this browser."""

    theme = forms.ChoiceField(
        label=gettext_lazy("Light or dark"),
        choices=[
            ("", gettext_lazy("As the device has it")),
            ("light", gettext_lazy("Light")),
            ("dark", gettext_lazy("Dark")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    density = forms.ChoiceField(
        label=gettext_lazy("How close lines stand"),
        choices=[("", gettext_lazy("Comfortable")), ("compact", gettext_lazy("Compact"))],
        widget=forms.RadioSelect,
        required=False,
    )
    motion = forms.ChoiceField(
        label=gettext_lazy("Motion"),
        choices=[("", gettext_lazy("As the device has it")), ("none", gettext_lazy("None"))],
        widget=forms.RadioSelect,
        required=False,
    )


@require_GET
@allows(roles=EVERYBODY, to="choose how pages look")
def appearance_page(request: HttpRequest) -> HttpResponse:
    """Light or dark, close or comfortable, moving or still, with something to see it by."""
    pinned = appearance_of(request)
    initial = {"theme": pinned.theme, "density": pinned.density, "motion": pinned.motion}
    shown = {
        "title": _("How pages look"),
        "lead": _("For this browser alone."),
        "form": AppearanceForm(initial=initial),
    }
    return render(request, "design/appearance.html", shown)


@require_POST
@public
def appearance(request: HttpRequest) -> HttpResponse:
    """Pin or unpin theme, density and motion in cookies and go back to the page the person was on."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, cookie, allowed in _PINNED:
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
