"""Public pages: the programmes of an organisation, what one is, its rules, and questions with their answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plaudit.foundation.access.declarations import public
from plaudit.insights.file_words import people
from plaudit.insights.open_questions import Question, found_among, questions_of
from plaudit.insights.open_words import Thing
from plaudit.insights.openly import OpenProgramme, open_changes, open_list, open_programme
from plaudit.planning.refusals import NotPublic
from plaudit.surfaces.public.place import at_place, shown

SHOWN_FIRST = 3
REWARDS_FIRST = 4


@require_safe
@public
def programme_list(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The public programmes of an organisation. Nothing at all where there are none."""
    with at_place(slug) as place:
        found = open_list(place.id)
        if not found:
            raise NotPublic
        programmes = [{"key": key, "name": name, "description": words} for key, name, words in found]
        context = {"title": place.name, "lead": _("Our programmes"), "programmes": programmes}
        return shown(request, "public/list.html", place, context)


@require_safe
@public
def about(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    """What the programme is: its promise, how it works in three steps, and a taste of what earns and what it buys."""
    with at_place(slug) as place:
        page = open_programme(place.id, key)
        rules = page.opened.of("rule")
        context = {
            "title": page.programme.name,
            "lead": page.programme.description,
            "page": page,
            "audience": people(page.programme.audience),
            "rules": rules[:SHOWN_FIRST],
            "more_rules": len(rules) > SHOWN_FIRST,
            "rewards": page.opened.values[:REWARDS_FIRST],
            "expiries": page.opened.of("expiry"),
            "contact": _contact(page),
        }
        return shown(request, "public/about.html", place, context, key=key)


@require_safe
@public
def rules(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    """The rules in force in plain words, each with an example and since when; and what changed since a version."""
    with at_place(slug) as place:
        page = open_programme(place.id, key)
        older = _older(request, page.numbers)
        context = {
            "title": _("The rules"),
            "lead": _("As they are applied, word for word."),
            "page": page,
            "earning": _with_since(page, "rule"),
            "limits": page.opened.of("limit"),
            "going_on": _with_since(page, "challenge", "streak", "competition"),
            "levels": _with_since(page, "level"),
            "expiries": _with_since(page, "expiry"),
            "values": page.opened.values,
            "rewards": _with_since(page, "reward"),
            "older": older,
            "others": page.numbers[1:],
            "changes": open_changes(place.id, key, older=older) if older else [],
        }
        return shown(request, "public/rules.html", place, context, key=key)


@require_safe
@public
def questions(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    """Questions and answers made from the rules in force, by topic, and found by their words."""
    with at_place(slug) as place:
        page = open_programme(place.id, key)
        asked = request.GET.get("search", "").replace("\0", "")[:100].strip()
        found, only_near = found_among(questions_of(page), asked)
        context = {
            "title": _("Questions and answers"),
            "lead": _("Made from the rules in force, so they are always up to date."),
            "page": page,
            "asked": asked,
            "only_near": only_near,
            "topics": _by_topic(found),
            "contact": _contact(page),
        }
        return shown(request, "public/questions.html", place, context, key=key)


def _contact(page: OpenProgramme) -> str:
    return page.programme.public.contact if page.programme.public is not None else ""


def _older(request: HttpRequest, numbers: Sequence[int]) -> int | None:
    """The older version that is asked about; none for a number that is not one."""
    asked = request.GET.get("since", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
    return number if number in numbers[1:] else None


def _with_since(page: OpenProgramme, *parts: str) -> list[tuple[Thing, Any]]:
    return [(thing, page.since[thing.part, thing.key]) for thing in page.opened.of(*parts)]


def _by_topic(found: Sequence[Question]) -> list[tuple[str, list[Question]]]:
    topics = dict.fromkeys(one.topic for one in found)
    return [(topic, [one for one in found if one.topic == topic]) for topic in topics]
