"""Reviews in the console: who recognises one another more than chance would bring, and what somebody made of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.refusals import Refusal
from plaudit.insights.names import names_of
from plaudit.recognition.actions.reviewing import (
    HEARD_DAYS,
    WORDS_MAX,
    ask_those_concerned,
    decide_finding,
    take_up,
)
from plaudit.recognition.queries.reviews import (
    DECIDED,
    PAGE,
    concerned,
    finding,
    finding_id_of,
    finding_ref,
    findings,
    last_look,
    names,
    next_look,
    shown_links,
)
from plaudit.recognition.reviews import RUNNING, Finding, FindingState, Outcome
from plaudit.recognition.rules.rings import FALSE_FINDINGS
from plaudit.surfaces.console.listing import pages

SEES = [RoleName.MANAGER, RoleName.AUDITOR]
REVIEWS = [RoleName.MANAGER]
ONE_IN = round(1 / FALSE_FINDINGS)
_STATES = {
    FindingState.WAITING: (gettext_lazy("Waiting"), "warn"),
    FindingState.ASKED: (gettext_lazy("People are asked"), "primary"),
    FindingState.DECIDED: (gettext_lazy("Decided"), "neutral"),
    FindingState.DOUBTED: (gettext_lazy("Doubted"), "warn"),
}
OUTCOMES = {
    Outcome.NOTHING_WRONG: gettext_lazy("Nothing is wrong"),
    Outcome.TALKED_ABOUT: gettext_lazy("We talked about it"),
    Outcome.PASSED_ON: gettext_lazy("It is passed on to somebody else"),
}


def _row(organisation_id: int, one: Finding, called: dict[UUID, str]) -> dict[str, Any]:
    words, kind = _STATES[FindingState(one.state)]
    people = [called[UUID(each)] for each in one.people.split()]
    return {
        "one": one,
        "reference": finding_ref(one.id),
        "people": people,
        "title": " · ".join(people),
        "state": words,
        "state_kind": kind,
        "outcome": OUTCOMES[Outcome(one.outcome)] if one.outcome else "",
        "links": shown_links(organisation_id, one),
    }


@require_GET
@allows(roles=SEES, to="see reviews of recognition")
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits to be looked into, or what was decided."""
    organisation_id = actor_of(request).organisation_id
    decided = request.GET.get("state") == "decided"
    after = read_cursor(request.GET.get("after"), one_id)
    found = findings(organisation_id, states=DECIDED if decided else RUNNING, before=after, limit=PAGE + 1)
    rows = found[:PAGE]
    called = dict(names(organisation_id, {UUID(each) for one in rows for each in one.people.split()}))
    shown = {
        "title": _("Reviews of recognition"),
        "lead": _(
            "People who recognise one another more than chance would bring. It says how often, never why: ask them."
        ),
        "tabs": [
            {"label": _("To look into"), "url": "?state=running", "current": not decided, "count": None},
            {"label": _("Decided"), "url": "?state=decided", "current": decided, "count": None},
        ],
        "rows": [_row(organisation_id, one, called) for one in rows],
        "decided": decided,
        "last": last_look(organisation_id),
        "next_at": next_look(organisation_id),
        "one_in": ONE_IN,
        "pages": pages(request, write_cursor(rows[-1].id) if len(found) > PAGE else None, shown=len(rows)),
    }
    return render(request, "console/reviews.html", shown)


@require_GET
@allows(roles=SEES, to="see reviews of recognition")
def review_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One finding: who recognised whom how often, what they say, and the decision."""
    return review_page_shown(request, reference)


def review_page_shown(request: HttpRequest, reference: str, refusal: Refusal | None = None) -> HttpResponse:
    """The same, as it was filled in, with what was refused on it."""
    actor = actor_of(request)
    organisation_id = actor.organisation_id
    one = finding(organisation_id, finding_id_of(reference))
    heard = concerned(organisation_id, one.id)
    called = dict(names(organisation_id, {UUID(each) for each in one.people.split()}))
    people = names_of(organisation_id, [one.owner, one.decided_by, one.decided_before_by])
    row = _row(organisation_id, one, called)
    shown = {
        **row,
        "trail": [
            {"label": _("Reviews of recognition"), "url": reverse("console:reviews")},
            {"label": reference, "url": ""},
        ],
        "heard": [{"name": called[each.member_id], "part": each} for each in heard],
        "owner": people.get(one.owner, ""),
        "decider": people.get(one.decided_by, ""),
        "one_in_company": ONE_IN,
        "outcomes": [{"key": key.value, "label": label} for key, label in OUTCOMES.items()],
        "given": request.POST,
        "words_max": WORDS_MAX,
        "heard_days": HEARD_DAYS,
        "may_review": actor.has_role(*REVIEWS)
        and one.state != FindingState.DECIDED
        and str(actor.member_id) not in one.people.split(),
        "is_mine": one.owner == actor.ref,
        "refusal": refusal,
    }
    return render(request, "console/review.html", shown, status=refusal.status if refusal else 200)


def _back(reference: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:review", args=[reference]))


@require_POST
@allows(roles=REVIEWS, to="review recognition")
@refusals_shown_by(review_page_shown)
def take_review(request: HttpRequest, reference: str) -> HttpResponse:
    """Make it one's own to look into."""
    actor = actor_of(request)
    take_up(actor.organisation_id, finding_id_of(reference), actor=actor.ref, member_id=actor.member_id)
    messages.success(request, _("It is yours."))
    return _back(reference)


@require_POST
@allows(roles=REVIEWS, to="review recognition")
@refusals_shown_by(review_page_shown)
def ask_people(request: HttpRequest, reference: str) -> HttpResponse:
    """Let those it names see it and say what is behind it."""
    actor = actor_of(request)
    ask_those_concerned(
        actor.organisation_id, finding_id_of(reference), actor=actor.ref, member_id=actor.member_id
    )
    messages.success(request, _("They can see it now and say what is behind it."))
    return _back(reference)


@require_POST
@allows(roles=REVIEWS, to="review recognition")
@refusals_shown_by(review_page_shown)
def decide_review(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what came of it."""
    actor = actor_of(request)
    decide_finding(
        actor.organisation_id,
        finding_id_of(reference),
        outcome=request.POST.get("outcome", ""),
        words=request.POST.get("words", ""),
        actor=actor.ref,
        member_id=actor.member_id,
    )
    messages.success(request, _("Decided. Nothing else happens by itself."))
    return _back(reference)
