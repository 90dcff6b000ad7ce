"""Speaks to whoever asks in their language.

What a person chose goes first, then what they chose in this browser before they signed in, then what their
organisation speaks, then what the browser asks for. Programs are answered in English, always.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from plaudit.foundation.access.actors import NOBODY, Actor
from plaudit.foundation.access.problems import is_for_a_program
from plaudit.foundation.languages import ENGLISH, spoken
from plaudit.foundation.told import read_by

Respond = Callable[[HttpRequest], HttpResponseBase]


class Spoken:
    """Opens a request in the browser's language, and says in which language a page was answered."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(language_of(request, NOBODY)), read_by(None):
            response = self.get_response(request)
            if response.headers.get("Content-Type", "").startswith("text/html"):
                response.headers.setdefault("Content-Language", translation.get_language() or ENGLISH)
                patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def speak(request: HttpRequest, actor: Actor) -> None:
    """Go on in the language of whoever asks, now that they are known; `Spoken` ends it with the request."""
    translation.activate(language_of(request, actor))


def language_of(request: HttpRequest, actor: Actor) -> str:
    """The language to speak to somebody in."""
    if is_for_a_program(request):
        return ENGLISH
    here = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    organisation = actor.organisation.language if actor.organisation is not None else ""
    return spoken(actor.language, here, organisation, asked_for(request))


def asked_for(request: HttpRequest) -> str:
    """The first language of the browser's own list that there is; empty where there is none."""
    for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if code == "*":
            break
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return ""
