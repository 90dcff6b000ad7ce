"""What members are asked about how they recognise one another: they see what was counted, and are heard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import clock
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import Refusal
from plaudit.people.reach import themselves
from plaudit.recognition.actions.reviewing import DOUBT_DAYS, WORDS_MAX, doubt_decision, say_ones_side
from plaudit.recognition.portal_posts import me
from plaudit.recognition.queries.reviews import asked_of, finding_id_of, shown_links
from plaudit.recognition.reviews import Outcome

OUTCOMES = {
    Outcome.NOTHING_WRONG: gettext_lazy("Nothing is wrong."),
    Outcome.TALKED_ABOUT: gettext_lazy("It was talked about."),
    Outcome.PASSED_ON: gettext_lazy("Somebody else looks into it."),
}


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see what you are asked about")
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """What was counted, what one said about it, and what was decided."""
    return review_shown(request, reference)


def review_shown(request: HttpRequest, reference: str, *, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    organisation_id = actor_of(request).organisation_id
    one, part = asked_of(organisation_id, me(request), finding_id_of(reference))
    doubt_until = one.decided_at + timedelta(days=DOUBT_DAYS) if one.decided_at is not None else None
    shown: dict[str, Any] = {
        "title": _("How you recognise one another"),
        "refusal": refusal,
        "reference": reference,
        "one": one,
        "part": part,
        "links": shown_links(organisation_id, one),
        "outcome": OUTCOMES[Outcome(one.outcome)] if one.outcome else "",
        "may_doubt": doubt_until is not None and clock.now() < doubt_until,
        "doubt_until": doubt_until,
        "words_max": WORDS_MAX,
        "given": request.POST,
    }
    return render(request, "recognition/portal_review.html", shown, status=refusal.status if refusal else 200)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="say what is behind it")
@refusals_shown_by(review_shown)
def say(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what is behind it."""
    actor = actor_of(request)
    say_ones_side(
        actor.organisation_id,
        finding_id_of(reference),
        member_id=me(request),
        words=request.POST.get("words", ""),
        actor=actor.ref,
    )
    messages.success(request, _("Kept. Whoever looks into it reads it."))
    return HttpResponseRedirect(reverse("portal:review", args=[reference]))


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="doubt a decision")
@refusals_shown_by(review_shown)
def doubt(request: HttpRequest, reference: str) -> HttpResponse:
    """Have somebody else decide once more."""
    actor = actor_of(request)
    doubt_decision(
        actor.organisation_id,
        finding_id_of(reference),
        member_id=me(request),
        words=request.POST.get("words", ""),
        actor=actor.ref,
    )
    messages.success(request, _("Somebody else decides it again."))
    return HttpResponseRedirect(reverse("portal:review", args=[reference]))
