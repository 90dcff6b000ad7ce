"""Help shape it: what staff are asked, focus groups, ideas with votes, and what changed because of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import clock, ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import Refusal
from plaudit.listening.actions.baselines import answer
from plaudit.listening.actions.focus_groups import reply_to
from plaudit.listening.actions.ideas import vote, write_idea
from plaudit.listening.definitions import WORDS_MAX, Answers
from plaudit.listening.models import Baseline
from plaudit.listening.published import programmes
from plaudit.listening.queries.baselines import baseline, open_for
from plaudit.listening.queries.voices import asked_for, changes, ideas, invited_to
from plaudit.listening.refusals import NotAsked
from plaudit.listening.rules.designs import arranged, design_for
from plaudit.people.queries import member
from plaudit.people.reach import themselves


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="help shape it")
def voices(request: HttpRequest) -> HttpResponse:
    """What is asked now, invitations, ideas, and what was done about what was said."""
    return voices_shown(request)


def voices_shown(request: HttpRequest, refusal: Refusal | None = None, **_about: object) -> HttpResponse:
    """The same, with what was refused on it, and the idea as it was written."""
    actor = actor_of(request)
    organisation_id, me = actor.organisation_id, _me(actor)
    mine = asked_for(organisation_id, me)
    told = changes(organisation_id, limit=20)
    shown = {
        "title": _("Help shape it"),
        "lead": _("What we ask, what others would do otherwise, and what changed because of it."),
        "asked": [
            {"one": one, "reference": ids.show("bsl", one.id), "answered": answered}
            for one, answered in open_for(organisation_id, member(organisation_id, me).kind, me)
        ],
        "invitations": [
            {"one": one, "reference": ids.show("fcg", one.group.id)}
            for one in invited_to(organisation_id, me, since=clock.now())
        ],
        "ideas": [
            {"one": one, "reference": ids.show("ide", one.id), "about": one.words[:60]}
            for one in ideas(organisation_id, member_id=me, limit=50)
        ],
        "changes": [
            {"one": one, "is_mine": one.id in mine}
            for one in sorted(told, key=lambda each: each.id not in mine)
        ],
        "programmes": programmes(organisation_id),
        "words": request.POST.get("words", "")[:WORDS_MAX] if refusal else "",
        "words_max": WORDS_MAX,
        "refusal": refusal,
    }
    return render(request, "listening/portal_say.html", shown, status=refusal.status if refusal else 200)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="say what deeds deserve")
def expectations(request: HttpRequest, baseline_id: str) -> HttpResponse:
    """Which deed deserves which reward, and of a few at a time which most and which least."""
    return expectations_shown(request, baseline_id=baseline_id)


def expectations_shown(
    request: HttpRequest, refusal: Refusal | None = None, *, baseline_id: str
) -> HttpResponse:
    """The same as it was filled in, with what was refused on it."""
    actor = actor_of(request)
    one = baseline(actor.organisation_id, ids.read("bsl", baseline_id, kind="baseline"))
    if member(actor.organisation_id, _me(actor)).kind not in one.audience:
        raise NotAsked
    turn = _me(actor).int % 60
    design = design_for(len(one.deeds))
    given = request.POST
    shown = {
        "title": one.title,
        "lead": _("Nobody learns what you choose: that you took part is kept apart from what you said."),
        "one": one,
        "reference": baseline_id,
        "ratings": [
            {"deed": deed["name"], "name": f"r{place}", "options": _rewards(one, given.get(f"r{place}"))}
            for place, deed in enumerate(one.deeds)
        ],
        "blocks": [
            {
                "number": number,
                "most": _options(one, arranged(block, turn), f"b{number}", given),
                "least": _options(one, arranged(block, turn), f"w{number}", given),
            }
            for number, block in enumerate(design.blocks)
        ],
        "blocks_in_all": len(design.blocks),
        "refusal": refusal,
    }
    return render(request, "listening/portal_expect.html", shown, status=refusal.status if refusal else 200)


def _rewards(one: Baseline, chosen: str | None) -> list[dict[str, Any]]:
    return [
        {"value": str(place), "name": reward["name"], "chosen": chosen == str(place)}
        for place, reward in enumerate(one.rewards)
    ]


def _options(one: Baseline, block: tuple[int, ...], name: str, given: QueryDict) -> list[dict[str, Any]]:
    return [
        {"value": str(deed), "name": one.deeds[deed]["name"], "chosen": given.get(name) == str(deed)}
        for deed in block
    ]


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="say what deeds deserve")
@refusals_shown_by(expectations_shown)
def send_expectations(request: HttpRequest, baseline_id: str) -> HttpResponse:
    """Take what they say, once."""
    actor = actor_of(request)
    answer(
        actor.organisation_id,
        baseline_id=ids.read("bsl", baseline_id, kind="baseline"),
        member_id=_me(actor),
        answers=answers_in(request.POST),
    )
    messages.success(request, _("Thank you. What you said is kept without your name."))
    return HttpResponseRedirect(reverse("portal:voices"))


def answers_in(given: QueryDict) -> Answers:
    """The answers in a form, as far as they are there."""
    ratings, choices = {}, {}
    for number in range(20):
        rating, best, worst = (_number(given.get(f"{letter}{number}")) for letter in "rbw")
        if rating is not None:
            ratings[number] = rating
        if best is not None and worst is not None:
            choices[number] = (best, worst)
    return Answers(ratings, choices)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else None


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="reply to an invitation")
@refusals_shown_by(voices_shown)
def reply(request: HttpRequest, group_id: str) -> HttpResponse:
    """Come, or not."""
    actor = actor_of(request)
    comes = request.POST.get("comes") == "yes"
    reply_to(
        actor.organisation_id,
        group_id=ids.read("fcg", group_id, kind="focus group"),
        member_id=_me(actor),
        comes=comes,
        actor=actor.ref,
    )
    messages.success(request, _("You come.") if comes else _("You do not come."))
    return HttpResponseRedirect(reverse("portal:voices"))


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="write an idea")
@refusals_shown_by(voices_shown)
def send_idea(request: HttpRequest) -> HttpResponse:
    """Keep what they would do otherwise."""
    actor = actor_of(request)
    write_idea(
        actor.organisation_id,
        member_id=_me(actor),
        programme=request.POST.get("programme", ""),
        words=request.POST.get("words", ""),
        actor=actor.ref,
    )
    messages.success(request, _("Your idea stands here without your name."))
    return HttpResponseRedirect(reverse("portal:voices"))


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="vote for an idea")
@refusals_shown_by(voices_shown)
def vote_for(request: HttpRequest, idea_id: str) -> HttpResponse:
    """Be for an idea, or no longer."""
    actor = actor_of(request)
    vote(
        actor.organisation_id,
        idea_id=ids.read("ide", idea_id, kind="idea"),
        member_id=_me(actor),
        is_for=request.POST.get("for") != "no",
        actor=actor.ref,
    )
    return HttpResponseRedirect(f"{reverse('portal:voices')}#ideas")


def _me(actor: Actor) -> UUID:
    assert actor.member_id is not None, "`themselves` admits members alone"
    return actor.member_id
