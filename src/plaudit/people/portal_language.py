"""Choosing the language of pages: at the foot of every page, for somebody known and for anybody."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import public
from plaudit.foundation.languages import languages
from plaudit.people.actions.language import choose_language
from plaudit.people.refusals import LanguageUnknown

_ONE_YEAR = 365 * 24 * 60 * 60


@require_http_methods(["GET", "POST"])
@public
def language(request: HttpRequest) -> HttpResponse:
    """Keep the choice in this browser and go back to the page; a form that is sent keeps it with the person, too.

    Public pages may be kept by anybody, so theirs is a form that asks: it has no token, and writes nothing here.
    """
    given = request.POST if request.method == "POST" else request.GET
    chosen, target = given.get("language", ""), given.get("next", "/")
    if chosen not in languages():
        raise LanguageUnknown(language=chosen)
    actor = actor_of(request)
    if request.method == "POST" and actor.user_id is not None:
        choose_language(actor.organisation_id, user_id=actor.user_id, language=chosen, actor=actor.ref)
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=_ONE_YEAR,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return response
