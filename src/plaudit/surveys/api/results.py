"""What surveys come to, over HTTP."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest
from ninja import Router

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer
from plaudit.surveys.api.asking import Key
from plaudit.surveys.asked import survey_of
from plaudit.surveys.queries.results import GroupResult, QuestionResult, results_of
from plaudit.surveys.rules.figures import Interval

router = Router(tags=["Surveys"])


class ShownInterval(Answer):
    """A figure of `of` answers, and the bounds between which it may well lie (95 %). Four decimals, as texts."""

    value: str
    low: str
    high: str
    of: int


class ShownOption(Answer):
    """How often one answer was given, and its share."""

    name: str
    count: int
    share: ShownInterval


class ShownAnswers(Answer):
    """One question. `good` is the share of the upper two points of a scale, `net` promoters less detractors.

    Where it is `hidden`, fewer than eight answered it.
    """

    question: str
    of: int
    hidden: bool
    options: list[ShownOption]
    mean: ShownInterval | None
    good: ShownInterval | None
    net: ShownInterval | None
    net_error: str | None


class ShownGroup(Answer):
    """A team's figure, or that of whom the answers are about; null where it cannot be shown."""

    name: str
    of: int
    figure: ShownInterval | None
    good: ShownInterval | None


class ShownResponse(Answer):
    """How many of a team were asked, and the share that answered; null where it cannot be shown."""

    team: str
    asked: int
    share: ShownInterval | None


class ShownResults(Answer):
    """A survey's results. `told_apart` says whether any two of those it is about can be told apart.

    `answered` are those of the `asked`; `elsewhere` of the `answers` were taken in from where others had asked.
    """

    programme: str
    survey: str
    answers: int
    hidden: bool
    asked: int
    answered: int
    elsewhere: int
    told_apart: bool
    questions: list[ShownAnswers]
    teams: list[ShownGroup]
    about: list[ShownGroup]
    response: list[ShownResponse]


@router.get(
    "/surveys/{programme}/{survey}/results",
    response=ShownResults,
    operation_id="get_survey_results",
    summary="Read a survey's results",
)
@allows(scopes=["surveys:read"], to="read results")
def get_results(request: HttpRequest, programme: Key, survey: Key) -> ShownResults:
    """Groups of fewer than eight are not shown, nor what would give them away."""
    organisation_id = actor_of(request).organisation_id
    _surveys, one = survey_of(organisation_id, programme, survey)
    found = results_of(organisation_id, programme, one)
    return ShownResults(
        programme=programme,
        survey=survey,
        answers=0 if found.hidden else found.answers,
        hidden=found.hidden,
        asked=found.asked,
        answered=found.answered,
        elsewhere=found.elsewhere,
        told_apart=found.apart,
        questions=[_result(each) for each in found.questions],
        teams=[_group(each) for each in found.teams],
        about=[_group(each) for each in found.about],
        response=[
            ShownResponse(team=each.name, asked=each.asked, share=_interval(each.share))
            for each in found.response
        ],
    )


def _result(one: QuestionResult) -> ShownAnswers:
    options = []
    for each in one.options:
        share = _interval(each.share)
        assert share is not None, "every option has a share"
        options.append(ShownOption(name=each.name, count=each.count, share=share))
    return ShownAnswers(
        question=one.question.key,
        of=one.of,
        hidden=one.hidden,
        options=options,
        mean=_interval(one.mean),
        good=_interval(one.good),
        net=_interval(one.net.score if one.net is not None else None),
        net_error=_number(one.net.error) if one.net is not None else None,
    )


def _group(one: GroupResult) -> ShownGroup:
    return ShownGroup(name=one.name, of=one.of, figure=_interval(one.figure), good=_interval(one.good))


def _interval(one: Interval | None) -> ShownInterval | None:
    if one is None:
        return None
    return ShownInterval(value=_number(one.value), low=_number(one.low), high=_number(one.high), of=one.of)


def _number(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.0001")))
