"""Playing a scenario: a page a turn, without script; and for a supervisor how far their team is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
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
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.practising import practise
from plaudit.learning.conversations import Scenario, Turn
from plaudit.learning.offered import all_learning, scenario_of
from plaudit.learning.queries.learned import one_person
from plaudit.learning.queries.practised import passed_by_team, revisions, standings, to_refresh
from plaudit.learning.refusals import NoScenario, WayNotThere
from plaudit.learning.rules.hiding import shown as shown_teams
from plaudit.learning.rules.playing import Answered, Played, play
from plaudit.learning.scenario_models import ScenarioRevision, ScenarioStanding
from plaudit.people.queries import led_by, member
from plaudit.people.reach import themselves

_WAY_LENGTH = 4_000


class AnswerForm(forms.Form):
    """What is answered to the customer, and the way that led there."""

    choice = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Choose an answer.")}
    )
    way = forms.CharField(widget=forms.HiddenInput, required=False, max_length=_WAY_LENGTH)

    def __init__(self, turn: Turn, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)
        field.label = _("What do you answer?")
        field.choices = [(one.key, one.say) for one in turn.choices]


def cards(organisation_id: int, member_id: UUID) -> list[dict[str, Any]]:
    """The scenarios that a member can practise, each with how they stand with it."""
    kind = member(organisation_id, member_id).kind
    people = one_person(organisation_id, member_id)
    found = sorted(standings(organisation_id, members=people), key=lambda one: one.revision)
    mine = {(one.programme, one.scenario): one for one in found}
    revised = revisions(organisation_id)
    return [
        _card(learning.programme, one, mine.get(place), revised.get(place))
        for learning in all_learning(organisation_id)
        for one in learning.scenarios
        if kind in one.audience
        for place in [(learning.programme, one.key)]
    ]


def _card(
    programme: str, one: Scenario, mine: ScenarioStanding | None, revised: ScenarioRevision | None
) -> dict[str, Any]:
    state, kind = "", ""
    if mine is not None and mine.refresher_since is not None:
        state, kind = _("A refresher is asked of you"), "warn"
    elif mine is not None and mine.passed_at is not None:
        state, kind = _("Passed"), "good"
    elif mine is not None:
        state, kind = _("Not passed yet"), "neutral"
    names = {each.rule: each.name for each in one.taught}
    changed = [names[key] for key in revised.changed if key in names] if revised is not None else []
    return {
        "one": one,
        "url": reverse("portal:scenario", args=[programme, one.key]),
        "state": state,
        "state_kind": kind,
        "best": mine.best if mine is not None else None,
        "passed_at": mine.passed_at if mine is not None else None,
        "changed": changed if mine is not None and mine.refresher_since is not None else [],
    }


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="practise")
def scenario_page(request: HttpRequest, key: str, scenario: str) -> HttpResponse:
    """Where the way in the address leads: the next thing the customer says, or what came of it all."""
    return scenario_shown(request, key, scenario)


def scenario_shown(
    request: HttpRequest,
    key: str,
    scenario: str,
    refusal: Refusal | None = None,
    form: AnswerForm | None = None,
) -> HttpResponse:
    """The same, with what was refused on it. A way that is there no more begins again."""
    actor = actor_of(request)
    one = _mine(actor, key, scenario)
    way = _read_way(form.data.get("way", "") if form is not None else request.GET.get("way", ""))
    try:
        played = play(one, way if refusal is None else [])
    except WayNotThere as gone:
        played, way, refusal = play(one, []), [], gone
    last = played.answered[-1] if played.answered else None
    turn = played.turn
    fresh = AnswerForm(turn, initial={"way": _write_way(way if refusal is None else [])}) if turn else None
    shown = {
        "title": one.name,
        "one": one,
        "programme": key,
        "turn": turn,
        "form": form or fresh,
        "number": len(played.answered) + 1,
        "last": _given(last) if last is not None else None,
        "again": reverse("portal:scenario", args=[key, scenario]),
        "refusal": refusal,
        **(_ended(actor, key, one, played) if played.ended else {}),
    }
    failed = form is not None and form.errors
    status = 422 if failed else refusal.status if refusal is not None else 200
    return render(request, "learning/portal_scenario.html", shown, status=status)


def _ended(actor: Actor, programme: str, one: Scenario, played: Played) -> dict[str, Any]:
    revised = revisions(actor.organisation_id).get((programme, one.key))
    return {
        "played": played,
        "score": Decimal(played.percent) / 100,
        "answers": [_given(each) for each in played.answered],
        "revised": revised if revised is not None and revised.revision > 1 else None,
    }


def _given(one: Answered) -> dict[str, Any]:
    """A choice with what it gave: the best there was, less, or nothing to be had."""
    kind = "good" if one.points == one.of and one.of else "warn" if one.of else "info"
    return {"one": one, "kind": kind}


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="practise")
@refusals_shown_by(scenario_shown)
def answer(request: HttpRequest, key: str, scenario: str) -> HttpResponse:
    """Go on by the answer that was chosen; the last one counts what was played."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        one = _mine(actor, key, scenario)
        way = _read_way(request.POST.get("way", ""))
        turn = play(one, way).turn
        if turn is None:
            raise WayNotThere(name=one.name)
        form = AnswerForm(turn, request.POST)
        if not form.is_valid():
            return scenario_shown(request, key, scenario, form=form)
    way = [*way, form.cleaned_data["choice"]]
    if play(one, way).ended:
        played = practise(
            actor.organisation_id,
            member_id=_me(actor),
            programme=key,
            scenario=scenario,
            way=way,
            actor=actor.ref,
        )
        if played.passed:
            messages.success(request, _("You passed. It is noted."))
    page = reverse("portal:scenario", args=[key, scenario])
    return HttpResponseRedirect(f"{page}?{urlencode({'way': _write_way(way)})}")


def _mine(actor: Actor, programme: str, key: str) -> Scenario:
    """The scenario, where it is meant for whoever asks."""
    _learning, one = scenario_of(actor.organisation_id, programme, key)
    if member(actor.organisation_id, _me(actor)).kind not in one.audience:
        raise NoScenario(programme=programme, scenario=key)
    return one


def _read_way(text: str) -> list[str]:
    return [one for one in text[:_WAY_LENGTH].split(".") if one]


def _write_way(way: Sequence[str]) -> str:
    return ".".join(way)


def _me(actor: Actor) -> UUID:
    assert actor.member_id is not None, "`themselves` admits members alone"
    return actor.member_id


@require_GET
@allows(roles=[RoleName.SUPERVISOR], objects=themselves(), to="see your team")
def team_practice(request: HttpRequest) -> HttpResponse:
    """How far the supervisor's people are with each scenario, and who was asked for a refresher."""
    actor = actor_of(request)
    people = [one for one in led_by(actor.organisation_id, _me(actor)) if one != _me(actor)]
    shown = {
        "title": _("What your team practised"),
        "lead": _("Who shall refresh what, since a rule has changed. Scores are each person's own."),
        "groups": overview(actor.organisation_id, people),
    }
    return render(request, "learning/team_practice.html", shown)


def overview(organisation_id: int, members: Sequence[UUID] | None = None) -> list[dict[str, Any]]:
    """Each scenario with how far the teams are and who shall refresh it; of these members alone, if they are named."""
    now = clock.now()
    found = []
    for learning in all_learning(organisation_id):
        for one in learning.scenarios:
            counted = passed_by_team(organisation_id, learning.programme, one, now=now, members=members)
            teams, left_out = shown_teams(counted)
            asked = to_refresh(organisation_id, learning.programme, one, members=members)
            found.append(
                {
                    "name": one.name,
                    "key": f"{learning.programme}-{one.key}",
                    "taught": one.taught,
                    "teams": teams,
                    "left_out": left_out,
                    "to_refresh": [
                        {"who": each, "reference": ids.show("mem", each.member_id)} for each in asked
                    ],
                }
            )
    return found
