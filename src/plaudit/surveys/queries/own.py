"""How somebody was rated, for themselves: their figure once there are enough, and what was said last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from plaudit.surveys.asked import all_surveys
from plaudit.surveys.definitions import Survey
from plaudit.surveys.models import Answer
from plaudit.surveys.rules.asking import words_of
from plaudit.surveys.rules.figures import Interval, mean_of, share_of

ENOUGH = 20
"""Of fewer answers no figure is shown: it would say more of chance than of service."""
LATEST = 5


@dataclass(frozen=True, slots=True)
class Said:
    """One answer about somebody, and never who gave it."""

    score: int | None
    highest: int
    words: str | None
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class OwnResult:
    """What one survey says of somebody; `figure` and `good` are None until there are `ENOUGH` answers."""

    survey: Survey
    of: int
    missing: int
    figure: Interval | None
    good: Interval | None
    latest: Sequence[Said]


def own_results(organisation_id: int, member_id: UUID) -> list[OwnResult]:
    """What each survey that is about somebody says of this member."""
    mine = Answer.objects.filter(organisation_id=organisation_id, about_id=member_id)
    counted: dict[tuple[str, str], Counter[int]] = {}
    for programme, survey, score, count in (
        mine.filter(score__isnull=False)
        .values_list("programme", "survey", "score")
        .annotate(count=Count("id"))
    ):
        assert score is not None, "asked for with a score"
        counted.setdefault((programme, survey), Counter())[score] = count
    latest: dict[tuple[str, str], list[Answer]] = {}
    for one in mine.order_by("-answered_at", "-id")[: LATEST * 4]:
        latest.setdefault((one.programme, one.survey), []).append(one)
    return [
        _result(
            survey, counted[surveys.programme, survey.key], latest.get((surveys.programme, survey.key), [])
        )
        for surveys in all_surveys(organisation_id)
        for survey in surveys.surveys
        if (surveys.programme, survey.key) in counted
    ]


def _result(survey: Survey, counts: Counter[int], latest: Sequence[Answer]) -> OwnResult:
    of, headline = counts.total(), survey.headline
    assert headline is not None, "what has a score has a scale"
    enough = of >= ENOUGH
    good = sum(count for score, count in counts.items() if score >= headline.highest - 1)
    return OwnResult(
        survey,
        of,
        max(ENOUGH - of, 0),
        mean_of(counts) if enough else None,
        share_of(good, of) if enough else None,
        [
            Said(one.score, headline.highest, words_of(survey, one.answers), one.answered_at)
            for one in latest[:LATEST]
        ],
    )
