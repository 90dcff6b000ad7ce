"""Scenarios over HTTP: what there is to practise, how members stand with it, and conversations played elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Answer, Asked, Limit, MemberRef, Page, page, whole
from plaudit.foundation.ids import show
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.practising import practise
from plaudit.learning.api.shapes import Key, OnlyKey
from plaudit.learning.conversations import Scenario
from plaudit.learning.offered import all_learning
from plaudit.learning.queries.practised import revisions, standings
from plaudit.learning.rules.playing import WAY_MAX, Played
from plaudit.learning.scenario_models import ScenarioStanding
from plaudit.people.queries import member_id_of

router = Router(tags=["Learning"])


class ShownChoice(Answer):
    """A way to answer: what is said, its points, why, and the turn it leads to, null at the end."""

    choice: str
    say: str
    points: int
    because: str
    leads_to: str | None


class ShownTurn(Answer):
    """What the customer says, and the ways to answer it."""

    turn: str
    says: str
    choices: list[ShownChoice]


class ShownScenario(Answer):
    """A conversation to practise, as it is in force: it begins with its first turn.

    `revision` counts how often a rule that it teaches has changed, from 1; `changed` names those that did last.
    """

    programme: str
    scenario: str
    name: str
    intro: str
    audience: list[str]
    teaches: list[str]
    pass_percent: int
    revision: int
    changed: list[str]
    turns: list[ShownTurn]


class ShownStanding(Answer):
    """How a member stands with a scenario. Scores are in percent; `revision` is the last they passed, 0 for none."""

    member: str
    programme: str
    scenario: str
    last: int
    best: int
    revision: int
    passed_at: datetime | None
    refresher_since: datetime | None


class NewPlay(Asked):
    """Who played, and the choices on their way from the first turn to the end."""

    member: MemberRef
    way: Annotated[list[Key], Field(min_length=1, max_length=WAY_MAX)]


class ShownPlay(Answer):
    """What came of it: points of those that the best answers would have given, and the score in percent."""

    points: int
    of: int
    percent: int
    passed: bool


@router.get(
    "/learning/scenarios",
    response=Page[ShownScenario],
    operation_id="list_scenarios",
    summary="List what there is to practise",
)
@allows(scopes=["learning:read"], to="read what there is to learn")
def list_scenarios(request: HttpRequest, programme: OnlyKey = "") -> Page[ShownScenario]:
    """Every scenario of every programme, with the facts of the rules in force in its texts."""
    organisation_id = actor_of(request).organisation_id
    revised = revisions(organisation_id)
    return whole(
        _scenario(learning.programme, one, revised[learning.programme, one.key].changed, number)
        for learning in all_learning(organisation_id)
        if programme in ("", learning.programme)
        for one in learning.scenarios
        for number in [revised[learning.programme, one.key].revision]
    )


@router.get(
    "/learning/scenario-standings",
    response=Page[ShownStanding],
    operation_id="list_scenario_standings",
    summary="List how members stand with scenarios",
)
@allows(scopes=["learning:read"], to="read what members practised")
def list_standings(
    request: HttpRequest,
    programme: OnlyKey = "",
    scenario: OnlyKey = "",
    member: Annotated[str, Field(max_length=500, description="Of this member only.")] = "",
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownStanding]:
    """Who played, passed, and shall refresh it, in the order in which they first played."""
    organisation_id = actor_of(request).organisation_id
    found = standings(
        organisation_id,
        members=[member_id_of(organisation_id, member)] if member else None,
        programme=programme,
        scenario=scenario,
        after=read_cursor(after, one_id),
        limit=limit + 1,
    )
    return page(found, limit, _standing, lambda one: write_cursor(one.id))


@router.post(
    "/learning/scenarios/{programme}/{scenario}/plays",
    response=ShownPlay,
    operation_id="practise_scenario",
    summary="Take in how somebody played a scenario",
)
@allows(scopes=["learning:write"], to="take in what was practised")
def practise_scenario(request: HttpRequest, programme: Key, scenario: Key, new: NewPlay) -> ShownPlay:
    """Count a conversation that was played elsewhere. Passing counts once for every revision of its rules."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        member_id = member_id_of(actor.organisation_id, new.member)
    played = practise(
        actor.organisation_id,
        member_id=member_id,
        programme=programme,
        scenario=scenario,
        way=new.way,
        actor=actor.ref,
    )
    return _played(played)


def _scenario(programme: str, one: Scenario, changed: list[str], revision: int) -> ShownScenario:
    turns = [
        ShownTurn(
            turn=turn.key,
            says=turn.says,
            choices=[
                ShownChoice(
                    choice=each.key,
                    say=each.say,
                    points=each.points,
                    because=each.because,
                    leads_to=each.next or None,
                )
                for each in turn.choices
            ],
        )
        for turn in one.turns
    ]
    return ShownScenario(
        programme=programme,
        scenario=one.key,
        name=one.name,
        intro=one.intro,
        audience=list(one.audience),
        teaches=[each.rule for each in one.taught],
        pass_percent=one.pass_percent,
        revision=revision,
        changed=changed,
        turns=turns,
    )


def _standing(one: ScenarioStanding) -> ShownStanding:
    return ShownStanding(
        member=show("mem", one.member_id),
        programme=one.programme,
        scenario=one.scenario,
        last=one.last,
        best=one.best,
        revision=one.revision,
        passed_at=one.passed_at,
        refresher_since=one.refresher_since,
    )


def _played(one: Played) -> ShownPlay:
    return ShownPlay(points=one.points, of=one.of, percent=one.percent, passed=one.passed)
