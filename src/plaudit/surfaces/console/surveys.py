"""Surveys in the console: what is asked, and what the answers come to, with how far chance may have moved it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import Refusal
from plaudit.surveys.actions.invite import invite_everyone
from plaudit.surveys.asked import all_surveys, survey_of
from plaudit.surveys.definitions import Kind
from plaudit.surveys.queries.results import GroupResult, results_of, standings
from plaudit.surveys.rules.hiding import SMALLEST

READS_SURVEYS = (RoleName.MANAGER, RoleName.DESK, RoleName.AUDITOR)
RUNS_SURVEYS = (RoleName.MANAGER,)

KINDS = {
    Kind.CSAT: gettext_lazy("Satisfaction"),
    Kind.NPS: gettext_lazy("Recommendation"),
    Kind.CES: gettext_lazy("Effort"),
    Kind.PULSE: gettext_lazy("Pulse"),
    Kind.QUESTIONNAIRE: gettext_lazy("Questionnaire"),
}


@require_GET
@allows(roles=READS_SURVEYS, to="see surveys")
def surveys_page(request: HttpRequest) -> HttpResponse:
    """Every survey, with how many were asked and how many answered."""
    actor = actor_of(request)
    counted = standings(actor.organisation_id)
    rows = []
    for surveys in all_surveys(actor.organisation_id):
        for one in surveys.surveys:
            asked, taken, settled = counted.get((surveys.programme, one.key), (0, 0, False))
            rows.append(
                {
                    "survey": one,
                    "kind": KINDS[one.kind],
                    "url": reverse("console:survey", args=[surveys.programme, one.key]),
                    "asked": asked,
                    "taken": taken,
                    "settled": settled,
                }
            )
    shown = {
        "title": _("Surveys"),
        "lead": _("What people are asked, and what their answers come to."),
        "rows": rows,
    }
    return render(request, "console/surveys.html", shown)


@require_GET
@allows(roles=READS_SURVEYS, to="see surveys")
def survey_page(request: HttpRequest, key: str, survey: str) -> HttpResponse:
    """One survey's results."""
    return survey_shown(request, key, survey)


def survey_shown(request: HttpRequest, key: str, survey: str, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    _surveys, one = survey_of(actor.organisation_id, key, survey)
    found = results_of(actor.organisation_id, key, one)
    shown = {
        "title": one.name,
        "trail": [
            {"label": _("Surveys"), "url": reverse("console:surveys")},
            {"label": one.name, "url": ""},
        ],
        "one": one,
        "kind": KINDS[one.kind],
        "programme": key,
        "found": found,
        "smallest": SMALLEST,
        "may_invite": actor.has_role(*RUNS_SURVEYS) and not one.about_somebody,
        "groups": [
            *_table(found.about, "about", _("Who served"), _("By who served"), apart=found.apart),
            *_table(found.teams, "teams", _("Team"), _("By team"), apart=found.teams_apart),
        ],
        "refusal": refusal,
    }
    return render(request, "console/survey.html", shown, status=refusal.status if refusal else 200)


def _table(
    rows: Sequence[GroupResult], id: str, head: str, title: str, *, apart: bool
) -> list[dict[str, Any]]:
    """A table of groups, and in words whether any two can be told apart; none where there are none."""
    if not rows:
        return []
    compared = sum(one.figure is not None for one in rows)
    words = ""
    if compared > 1:
        words = (
            _("At least two of them differ by more than chance explains.")
            if apart
            else _("They cannot be told apart: every two intervals overlap, so their order may be chance.")
        )
    return [{"id": id, "head": head, "title": title, "rows": rows, "words": words, "apart": apart}]


@require_POST
@allows(roles=RUNS_SURVEYS, to="send surveys")
@refusals_shown_by(survey_shown)
def send(request: HttpRequest, key: str, survey: str) -> HttpResponse:
    """Ask everybody it is for and who was not asked before."""
    actor = actor_of(request)
    asked = invite_everyone(actor.organisation_id, programme=key, survey=survey, actor=actor.ref)
    told = ngettext("One person is asked.", "{n} people are asked.", asked)
    messages.success(request, told.format(n=asked) if asked else _("Everybody was asked before."))
    return HttpResponseRedirect(reverse("console:survey", args=[key, survey]))
