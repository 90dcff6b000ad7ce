"""Nominations in the console: what waits for a second person, and what was decided."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.refusals import Refusal
from plaudit.recognition.actions.nominating import ANSWER_MAX, approve_nomination, decline_nomination
from plaudit.recognition.portal_nominations import points_said, rows_of
from plaudit.recognition.queries.nominations import nominations
from plaudit.surfaces.console.noticing import READS_RECOGNITION, RUNS_RECOGNITION, parts_of


@require_GET
@allows(roles=READS_RECOGNITION, to="see nominations")
def nomination_list(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, and what was decided lately."""
    return nominations_shown(request)


def nominations_shown(
    request: HttpRequest, reference: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    at = actor.organisation_id
    shown = {
        "title": _("Nominations"),
        "lead": _("Whoever leads the nominee decides, their stand-in, or you; never who is concerned."),
        "parts": parts_of("nominated"),
        "waiting": rows_of(at, nominations(at, waiting=True)),
        "decided": rows_of(at, nominations(at, waiting=False)),
        "may_run": actor.has_role(*RUNS_RECOGNITION),
        "refusal": refusal,
        "refused": reference,
        "answer": request.POST.get("answer", "")[:ANSWER_MAX] if refusal else "",
        "answer_max": ANSWER_MAX,
    }
    return render(request, "console/nominated.html", shown, status=refusal.status if refusal else 200)


@require_POST
@allows(roles=RUNS_RECOGNITION, to="decide about nominations")
@refusals_shown_by(nominations_shown)
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Give it, with these points or with others, or say why not."""
    actor = actor_of(request)
    at, nomination_id = actor.organisation_id, ids.read("nom", reference, kind="nomination")
    answer = request.POST.get("answer", "")
    if request.POST.get("then") == "approve":
        approve_nomination(
            at,
            nomination_id,
            points=points_said(request, nomination_id),
            answer=answer,
            decider_id=actor.member_id,
            as_manager=True,
            actor=actor.ref,
        )
        messages.success(request, _("Given. Who nominated is told."))
    else:
        decline_nomination(
            at, nomination_id, answer=answer, decider_id=actor.member_id, as_manager=True, actor=actor.ref
        )
        messages.success(request, _("Declined. Who nominated reads why."))
    return HttpResponseRedirect(reverse("console:nominated"))
