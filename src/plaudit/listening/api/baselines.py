"""Baselines of expectations over HTTP. Answers come by a member's own page alone: a program would know whose they are."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Asked, Page, whole
from plaudit.foundation.ids import read, show
from plaudit.foundation.tenancy import in_organisation
from plaudit.listening.actions.baselines import close_baseline, open_baseline
from plaudit.listening.definitions import REWARDS_MAX, Deed, Reward
from plaudit.listening.models import Baseline
from plaudit.listening.queries.baselines import (
    DeedResult,
    baseline,
    baselines,
    result_of,
    took_part,
)
from plaudit.listening.refusals import AnswersNotShown
from plaudit.listening.rules.designs import SIZES, design_for
from plaudit.listening.rules.wanting import Verdict

router = Router(tags=["Listening"])

Key = Annotated[str, Field(max_length=50, description="A key of the programme file.")]
RuleKey = Annotated[str, Field(max_length=100, description="The key of a rule in force, or nothing.")]
BaselineRef = Annotated[str, Field(max_length=40, description="A baseline: `bsl_…`.")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Share = Annotated[str, Field(description="A decimal number, to three places.")]


class AskedDeed(Asked):
    """Something done well, and the rule that pays for it today, where one does."""

    name: Name
    rule: RuleKey = ""


class AskedReward(Asked):
    """What a deed may deserve. Words of thanks have 0 points."""

    name: Name
    points: Annotated[int, Field(ge=0, le=10**9, description="In whole units.")]


class NewBaseline(Asked):
    """What is asked: what each deed deserves, and of a few at a time which most and which least."""

    programme: Key
    title: Name
    unit: Key
    deeds: Annotated[
        list[AskedDeed],
        Field(min_length=SIZES[0], max_length=SIZES[-1], description=f"As many as one of {SIZES}."),
    ]
    rewards: Annotated[
        list[AskedReward], Field(min_length=2, max_length=REWARDS_MAX, description="From 0 points upwards.")
    ]
    audience: Annotated[
        list[Literal["customer", "staff", "partner"]] | None,
        Field(min_length=1, max_length=3, description="Who is asked: staff, where nothing is said."),
    ] = None


class ShownDeed(Answer):
    """One deed: what is wanted beside what is given today, and how each figure comes about.

    `today` is null for a formula. Of `people`, `chosen` chose each reward; half of them want at least `wanted`
    points, which lies from `low` to `high` with 95 % confidence. `score` is (best - worst) / shown.
    """

    name: str
    rule: str
    today: str | None
    formula: str
    verdict: Verdict
    people: int
    chosen: list[int]
    wanted: int
    low: int
    high: int
    best: int
    worst: int
    shown: int
    score: Share
    standard_error: Share


class ShownBaseline(Answer):
    """One asking. `results` are there once it is closed and eight took part; the deed they value most is first."""

    id: str
    programme: str
    title: str
    unit: str
    audience: list[str]
    deeds: list[str]
    rewards: list[dict[str, str | int]]
    choices: list[list[int]]
    asked: int
    took_part: int
    opened_at: datetime
    closed_at: datetime | None
    results: list[ShownDeed] | None


@router.post(
    "/baselines",
    response={201: ShownBaseline},
    operation_id="open_baseline",
    summary="Ask what deeds deserve",
)
@allows(scopes=["listening:write"], to="ask what deeds deserve")
def post_baseline(request: HttpRequest, new: NewBaseline) -> Status[ShownBaseline]:
    """Members of these kinds are asked on their own page, once each. The same title asks once."""
    actor = actor_of(request)
    made = open_baseline(
        actor.organisation_id,
        programme=new.programme,
        title=new.title,
        deeds=[Deed(one.name, one.rule) for one in new.deeds],
        rewards=[Reward(one.name, one.points) for one in new.rewards],
        unit=new.unit,
        audience=new.audience or ("staff",),
        actor=actor.ref,
    )
    with in_organisation(actor.organisation_id):
        return Status(201, _shown(made, 0))


@router.get(
    "/baselines",
    response=Page[ShownBaseline],
    operation_id="list_baselines",
    summary="List what was asked",
)
@allows(scopes=["listening:read"], to="read baselines")
def list_baselines(request: HttpRequest, programme: Key = "") -> Page[ShownBaseline]:
    """Every asking, the newest first."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        found = baselines(organisation_id, programme=programme)
        people = took_part(organisation_id, [one.id for one in found])
        return whole(_shown(one, people.get(one.id, 0)) for one in found)


@router.get(
    "/baselines/{baseline}",
    response=ShownBaseline,
    operation_id="show_baseline",
    summary="Show what deeds deserve",
)
@allows(scopes=["listening:read"], to="read baselines")
def get_baseline(request: HttpRequest, baseline: BaselineRef) -> ShownBaseline:
    """One asking, with what came of it beside today's rules."""
    return _found(actor_of(request).organisation_id, _id(baseline))


@router.post(
    "/baselines/{baseline}/close",
    response=ShownBaseline,
    operation_id="close_baseline",
    summary="Close an asking",
)
@allows(scopes=["listening:write"], to="close baselines")
def post_close(request: HttpRequest, baseline: BaselineRef) -> ShownBaseline:
    """No more answers are taken, and what came of them is shown. Closed again it stays so."""
    actor = actor_of(request)
    close_baseline(actor.organisation_id, baseline_id=_id(baseline), actor=actor.ref)
    return _found(actor.organisation_id, _id(baseline))


def _id(reference: str) -> UUID:
    return read("bsl", reference, kind="baseline")


def _found(organisation_id: int, baseline_id: UUID) -> ShownBaseline:
    with in_organisation(organisation_id):
        one = baseline(organisation_id, baseline_id)
        return _shown(one, took_part(organisation_id, [one.id]).get(one.id, 0))


def _shown(one: Baseline, people: int) -> ShownBaseline:
    return ShownBaseline(
        id=show("bsl", one.id),
        programme=one.programme,
        title=one.title,
        unit=one.unit,
        audience=one.audience,
        deeds=[deed["name"] for deed in one.deeds],
        rewards=one.rewards,
        choices=[list(block) for block in design_for(len(one.deeds)).blocks],
        asked=one.asked,
        took_part=people,
        opened_at=one.opened_at,
        closed_at=one.closed_at,
        results=_results(one),
    )


def _results(one: Baseline) -> list[ShownDeed] | None:
    try:
        return [_deed(deed) for deed in result_of(one.organisation_id, one).deeds]
    except AnswersNotShown:
        return None


def _deed(one: DeedResult) -> ShownDeed:
    return ShownDeed(
        name=one.name,
        rule=one.rule,
        today=None if one.today is None else str(one.today),
        formula=one.formula,
        verdict=one.verdict,
        people=one.wanted.people,
        chosen=list(one.chosen),
        wanted=one.wanted.middle,
        low=one.wanted.low,
        high=one.wanted.high,
        best=one.standing.best,
        worst=one.standing.worst,
        shown=one.standing.shown,
        score=_thousandths(one.standing.score),
        standard_error=_thousandths(one.standing.error),
    )


def _thousandths(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.001")))
