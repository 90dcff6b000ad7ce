"""What if: a draft replayed over what really happened, beside what the rules in force gave for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import clock, ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.names import names_of
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.people.models import Member
from plaudit.planning.actions.simulate import MOVING, cancel_simulation, start_simulation
from plaudit.planning.models import Simulation, SimulationState
from plaudit.planning.queries import programmes, version_row
from plaudit.planning.tasks import replay_later

READS = (RoleName.MANAGER, RoleName.FINANCE, RoleName.AUDITOR)
SIMULATES = (RoleName.MANAGER, RoleName.FINANCE)

SHOWN = 20
EDGE = 10

_SHOWN_AS = {SimulationState.WAITING: "waiting", SimulationState.RUNNING: "running"}


class DraftForm(forms.Form):
    """A programme file that is not in force."""

    source = forms.CharField(
        label=gettext_lazy("The draft"),
        validators=[MaxLengthValidator(500_000)],
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "mono"}),
        error_messages={"required": gettext_lazy("Write the draft.")},
    )

    def clean_source(self) -> str:
        """The file with the line ends of a file: browsers send others."""
        return str(self.cleaned_data["source"]).replace("\r\n", "\n")


@require_GET
@allows(roles=READS, to="see what-ifs")
def simulate_page(request: HttpRequest) -> HttpResponse:
    """A draft to try, beginning with the file in force; and what was tried before."""
    return simulate_page_shown(request)


def simulate_page_shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    known = programmes(actor.organisation_id)
    key = request.GET.get("programme", "") or next((one.key for one in known if one.version), "")
    source = version_row(actor.organisation_id, key).source if key and not request.POST else ""
    form = DraftForm(request.POST) if request.POST else DraftForm(initial={"source": source})
    kept = list(
        Simulation.objects.filter(organisation_id=actor.organisation_id)
        .defer("draft", "result")
        .order_by("-made_at", "-id")[:SHOWN]
    )
    people = names_of(actor.organisation_id, {one.made_by for one in kept})
    shown = {
        "title": _("What if"),
        "lead": _("Change a number in the file, and see what the last months would have cost."),
        "form": form,
        "refusal": refusal,
        "tabs": [
            {"label": one.name, "url": f"?programme={one.key}", "current": one.key == key, "count": None}
            for one in known
            if one.version
        ],
        "kept": [
            {
                "one": one,
                "reference": ids.show("sim", one.id),
                "by": people.get(one.made_by, ""),
                "state": _state_words(one),
            }
            for one in kept
        ],
        "may_simulate": actor.has_role(*SIMULATES),
    }
    return render(request, "console/simulate.html", shown, status=422 if form.errors else 200)


@require_POST
@allows(roles=SIMULATES, to="replay a draft")
@refusals_shown_by(simulate_page_shown)
def run_simulation(request: HttpRequest) -> HttpResponse:
    """Have a worker replay the draft, and go on to where it is followed."""
    actor = actor_of(request)
    source = request.POST.get("source", "").replace("\r\n", "\n")
    with in_organisation(actor.organisation_id):
        made = start_simulation(actor.organisation_id, source, actor=actor.ref)
        replay_later(actor.organisation_id, made.id)
    return HttpResponseRedirect(reverse("console:simulation", args=[ids.show("sim", made.id)]))


@require_GET
@allows(roles=READS, to="see what-ifs")
def simulation_page(request: HttpRequest, reference: str) -> HttpResponse:
    """What came out: points and cost beside those in force, by month and rule, and who would gain or lose.

    As long as a worker is at it, how it stands; and why, where it could not be replayed.
    """
    return simulation_page_shown(request, reference)


def simulation_page_shown(
    request: HttpRequest, reference: str, refusal: Refusal | None = None
) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    organisation_id = actor.organisation_id
    one = _named(organisation_id, reference)
    units = units_by_key(organisation_id)
    results = [result for result in (one.result or {}).get("units", []) if result["unit"] in units]
    names = _names(organisation_id, results)
    shown = {
        "title": _("What if: {programme}").format(programme=one.programme),
        "trail": [
            {"label": _("What if"), "url": reverse("console:simulate")},
            {"label": reference, "url": ""},
        ],
        "one": one,
        "job": _job(one, reference, actor) if one.state in MOVING else None,
        "cancelled": one.state == SimulationState.CANCELLED,
        "may_simulate": actor.has_role(*SIMULATES),
        "refusal": refusal,
        "events": one.result["events"] if one.result else 0,
        "units": [_unit(result, units[result["unit"]], names) for result in results],
    }
    return render(request, "console/simulation.html", shown)


@require_GET
@allows(roles=READS, to="see what-ifs")
def simulation_progress(request: HttpRequest, reference: str) -> HttpResponse:
    """How a replay stands, for its page to take in; once it is over, the page is loaded again."""
    actor = actor_of(request)
    one = _named(actor.organisation_id, reference)
    if one.state not in MOVING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "console/simulation_progress.html", {"job": _job(one, reference, actor)})


@require_POST
@allows(roles=SIMULATES, to="cancel a replay")
@refusals_shown_by(simulation_page_shown)
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Let a replay end that waits or runs; nothing comes of it."""
    actor = actor_of(request)
    found = ids.read("sim", reference, kind="what-if")
    cancel_simulation(actor.organisation_id, found, actor=actor.ref)
    messages.info(request, _("Cancelled. Nothing was changed, and the draft is kept here."))
    return HttpResponseRedirect(reverse("console:simulation", args=[reference]))


def _named(organisation_id: int, reference: str) -> Simulation:
    found = ids.read("sim", reference, kind="what-if")
    one = Simulation.objects.filter(organisation_id=organisation_id, id=found).first()
    if one is None:
        raise NotFound(kind="what-if", ref=reference)
    return one


def _state_words(one: Simulation) -> str:
    return {
        "waiting": _("Waiting"),
        "running": _("Being replayed"),
        "done": _("Done"),
        "refused": _("Refused"),
        "cancelled": _("Cancelled"),
    }[one.state]


def _job(one: Simulation, reference: str, actor: Actor) -> dict[str, object]:
    return {
        "id": reference,
        "title": _("The past is decided again"),
        "state": _SHOWN_AS[SimulationState(one.state)],
        "updated_at": clock.wall(),
        "url": reverse("console:simulation-progress", args=[reference]),
        "follows": f"simulation/{reference}",
        "cancel_url": reverse("console:cancel-simulation", args=[reference])
        if actor.has_role(*SIMULATES)
        else "",
    }


def _names(organisation_id: int, results: list[dict[str, Any]]) -> dict[str, str]:
    """The names of the members who gain or lose most."""
    wanted = {part["name"] for result in results for part in (*result["winners"], *result["losers"])}
    rows = Member.objects.filter(organisation_id=organisation_id, id__in=[UUID(one) for one in wanted])
    return {member_id.hex: name for member_id, name in rows.values_list("id", "name")}


def _unit(result: dict[str, Any], unit: UnitPolicy, names: dict[str, str]) -> dict[str, Any]:
    difference = result["draft"] - result["live"]
    more = _("{amount} more") if difference > 0 else _("{amount} less")
    return {
        "unit": unit,
        "draft": unit.say(result["draft"]),
        "live": unit.say(result["live"]),
        "difference": more.format(amount=unit.say(abs(difference))) if difference else _("the same"),
        "cost": result["cost_minor"],
        "live_cost": result["live_cost_minor"],
        "currency": result["currency"],
        "members": result["members"],
        "winning": result["winning"],
        "losing": result["losing"],
        "chart": _chart(result, unit),
        "rules": [_part(part) for part in result["by_rule"]],
        "groups": [_part(part) for part in result["by_group"]],
        "winners": [_part(part, names) for part in result["winners"][:EDGE]],
        "losers": [_part(part, names) for part in result["losers"][:EDGE]],
    }


def _part(part: dict[str, Any], names: dict[str, str] | None = None) -> dict[str, Any]:
    name = (names or {}).get(part["name"].replace("-", "")) or part["name"]
    return {**part, "name": name, "difference": part["draft"] - part["live"]}


def _chart(result: dict[str, Any], unit: UnitPolicy) -> dict[str, object]:
    months = result["by_month"]
    return {
        "id": f"what-if-{unit.key}",
        "title": _("{draft} under the draft, {live} as it was").format(
            draft=unit.say(result["draft"]), live=unit.say(result["live"])
        ),
        "measure": _("Granted in each month"),
        "categories": [part["name"] for part in months],
        "category_name": _("Month"),
        "series": [
            {"name": _("The draft"), "values": [part["draft"] for part in months]},
            {"name": _("As it was"), "values": [part["live"] for part in months]},
        ],
        "unit": unit,
        "level": 3,
    }
