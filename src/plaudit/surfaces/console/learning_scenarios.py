"""What staff practise, in the console: how far the teams are, and who was asked for a refresher."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.learning.portal_practice import overview
from plaudit.surfaces.console.learning import READS_LEARNING, parts_of


@require_GET
@allows(roles=READS_LEARNING, to="see what was practised")
def scenarios(request: HttpRequest) -> HttpResponse:
    """Each scenario, team by team."""
    shown = {
        "title": _("Scenarios"),
        "lead": _(
            "Conversations about the programme to practise. When a rule changes, whoever passed refreshes it."
        ),
        "parts": parts_of("learning-scenarios"),
        "groups": overview(actor_of(request).organisation_id),
    }
    return render(request, "console/learning_scenarios.html", shown)
