"""Tells whoever reads what programmes say in their language: texts are kept in memory by their digest."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from plaudit.foundation.access.actors import Actor, AtWork
from plaudit.foundation.access.problems import is_for_a_program
from plaudit.foundation.languages import ENGLISH
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.told import Reader, Tongues, language_in, tell_from_now_on
from plaudit.people.models import Organisation
from plaudit.people.translations import digest_of, translations_of

READING = ("GET", "HEAD")
KEPT = 200
"""Of so many organisations the texts are kept in memory."""

_known: dict[tuple[int, str], Tongues] = {}


def tell(request: HttpRequest, actor: Actor) -> None:
    """Tell whoever asks in their language from now on; the console, and programs that ask in none, as it is written."""
    if request.path.startswith("/console"):
        return
    wanted = asked_in(request) if is_for_a_program(request) else (translation.get_language() or ENGLISH,)
    if wanted and (request.method in READING or not is_for_a_program(request)):
        tell_from_now_on(reader_of(actor.organisation, *wanted))


def asked_in(request: HttpRequest) -> tuple[str, ...]:
    """The languages a program asks for, the best first."""
    found = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return tuple(code for code, _ in found if code != "*")


def reader_of(organisation: AtWork | Organisation | None, *wanted: str) -> Reader | None:
    """Somebody who reads these languages, the best first, and then the organisation's own.

    Nobody where the organisation never had texts in two languages: nothing is asked for then.
    """
    if organisation is None or not organisation.translations:
        return None
    own = organisation.language or ENGLISH
    return Reader((*wanted, own), partial(tongues_of, organisation.id, organisation.translations))


def say_language(request: HttpRequest, actor: Actor, response: HttpResponseBase) -> None:
    """Say to a program in which language it reads a programme's texts, where it can choose."""
    here = actor.organisation
    if (
        here is None
        or not here.translations
        or request.method not in READING
        or not is_for_a_program(request)
    ):
        return
    patch_vary_headers(response, ("Accept-Language",))
    wanted = asked_in(request)
    if wanted:
        tongues = tongues_of(here.id, here.translations)
        found = next((one for one in wanted if language_in(tongues, one)), here.language or ENGLISH)
        response.headers.setdefault("Content-Language", found)


def tongues_of(organisation_id: int, digest: str) -> Tongues:
    """What all programmes of an organisation say in further languages; where two differ, the first by its key.

    Read once: other texts have another digest. What was changed meanwhile is not kept under this one.
    """
    known = _known.get((organisation_id, digest))
    if known is not None:
        return known
    with in_organisation(organisation_id):
        found = translations_of(organisation_id)
    merged: dict[str, dict[str, str]] = {}
    for texts in found.values():
        for language, said in texts.items():
            merged[language] = {**said, **merged.get(language, {})}
    if digest_of(found) == digest:
        if len(_known) >= KEPT:
            _known.clear()
        _known[organisation_id, digest] = merged
    return merged
