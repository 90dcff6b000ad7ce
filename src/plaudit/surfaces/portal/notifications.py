"""Which news reaches somebody, by which channel: a matrix of what there is, what they chose, and their devices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.roles import COLLEAGUES, EVERYBODY, RoleName
from plaudit.foundation.refusals import Refusal
from plaudit.outreach.queries.devices import devices_of, show_device
from plaudit.outreach.rules.letters import CATEGORIES
from plaudit.people.actions.choosing import choose
from plaudit.people.choices import AT_WORK, IN_WORDS, choices_of, news_by_mail, news_by_push
from plaudit.people.queries import member
from plaudit.people.reach import themselves

_WORDS = {
    "levels": (
        gettext_lazy("My level"),
        gettext_lazy("When you reach a level, before one goes, and when it has gone."),
    ),
    "challenges": (
        gettext_lazy("Challenges, streaks and competitions"),
        gettext_lazy("When you reach a goal or win a place."),
    ),
    "offers": (gettext_lazy("Offers"), gettext_lazy("When something is offered to you.")),
    "recognition": (
        gettext_lazy("Recognition"),
        gettext_lazy(
            "Once a week, what you and your team were recognised for; and what became of your nominations."
        ),
    ),
    "learning": (
        gettext_lazy("Learning"),
        gettext_lazy(
            "A day before a session, or when it is called off; before a certificate ends; and when a rule has"
            " changed that you practised."
        ),
    ),
    "surveys": (
        gettext_lazy("Surveys"),
        gettext_lazy("When you are asked something, and once more if you have not answered."),
    ),
    "rewards": (gettext_lazy("My rewards"), gettext_lazy("When one is on its way, or there.")),
    "expiry": (gettext_lazy("Points that expire"), gettext_lazy("30 days before, and again 7 days before.")),
}
_ALWAYS = (
    (
        gettext_lazy("Security"),
        gettext_lazy("Links to sign in, and changes to your ways in, so that you notice a stranger's."),
    ),
    (gettext_lazy("My questions"), gettext_lazy("That we have your question, and its answer.")),
)


def at_work(actor: Actor) -> int | None:
    """Who somebody is at work, by their sign-in; None for whoever has no part in it."""
    return actor.user_id if actor.has_role(*COLLEAGUES) else None


@require_GET
@allows(roles=EVERYBODY, to="choose your news")
def notifications(request: HttpRequest) -> HttpResponse:
    """The matrix of a member, and everybody's devices. Only channels that exist are offered: mail, for whoever has an address, and one's own devices."""
    return shown_again(request)


def shown_again(request: HttpRequest, *, refusal: Refusal | None = None, **_about: str) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    works_here = at_work(actor)
    shown = {
        **(_matrix(actor.organisation_id, actor.member_id) if actor.member_id is not None else {}),
        "title": _("What reaches you"),
        "lead": _(
            "You are told by mail or on a device only what you ask for here, and what nobody should miss."
        )
        if actor.member_id is not None
        else _("What waits for you is told on a device only where you turn it on here."),
        "refusal": refusal,
        "is_member": actor.member_id is not None,
        "works_here": works_here is not None,
        "devices": [
            {"reference": show_device(one.id), "one": one}
            for one in devices_of(actor.organisation_id, actor.member_id, works_here)
        ],
        "is_printed": settings.EMAIL_BACKEND.endswith("console.EmailBackend"),
    }
    return render(request, "portal/notifications.html", shown)


def _matrix(organisation_id: int, member_id: UUID) -> dict[str, Any]:
    """What a member chose of what there is, channel by channel."""
    me = member(organisation_id, member_id)
    chosen = choices_of(organisation_id, me.id)
    return {
        "email": me.email,
        "rows": [
            {
                "key": key,
                "name": name,
                "words": words,
                "chosen": chosen.get(news_by_mail(key), False),
                "pushed": chosen.get(news_by_push(key), False),
            }
            for key, (name, words) in _WORDS.items()
        ],
        "always": [{"name": name, "words": words} for name, words in _ALWAYS],
        "in_words": chosen.get(IN_WORDS, False),
        "at_work": chosen.get(AT_WORK, False),
    }


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="choose your news")
def save(request: HttpRequest) -> HttpResponse:
    """Keep what was ticked; `none` clears all of it with one tap."""
    actor = actor_of(request)
    assert actor.member_id is not None
    nothing = "none" in request.POST
    ticked = {
        **{news_by_mail(key): f"mail-{key}" for key in CATEGORIES},
        **{news_by_push(key): f"push-{key}" for key in CATEGORIES},
        IN_WORDS: "in-words",
    }
    if at_work(actor) is not None:
        ticked[AT_WORK] = "push-at-work"
    choices = {name: not nothing and field in request.POST for name, field in ticked.items()}
    choose(actor.organisation_id, member_id=actor.member_id, choices=choices, actor=actor.ref)
    messages.success(request, _("Kept. It holds from now on."))
    return HttpResponseRedirect(reverse("portal:notifications"))
