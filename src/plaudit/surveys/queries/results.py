"""What a survey's answers come to: each question counted, its figure with an interval, and what may be shown of groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from plaudit.people.models import Member
from plaudit.surveys.definitions import Answered, Kind, Question, Survey
from plaudit.surveys.models import Answer, Invitation, Standing, Voice
from plaudit.surveys.rules.figures import (
    Interval,
    NetPromoter,
    can_be_told_apart,
    mean_of,
    net_promoter,
    share_of,
)
from plaudit.surveys.rules.hiding import SMALLEST, groups_shown

WORDS_SHOWN = 20

# One row for each question, team, person it is about and answer: a survey is counted in one reading.
_COUNTED = """
    select q.key, a.team, {about}, coalesce(one.value #>> '{{}}', q.value #>> '{{}}'), count(*)
      from {table} a
      cross join lateral jsonb_each(a.answers) q (key, value)
      left join lateral jsonb_array_elements(case when jsonb_typeof(q.value) = 'array' then q.value end) one (value)
        on true
     where a.organisation_id = %s and a.programme = %s and a.survey = %s and q.key = any(%s)
     group by 1, 2, 3, 4
"""


_GAVE_ONE = """
    select q.key, count(*) from {table} a cross join lateral jsonb_object_keys(a.answers) q (key)
     where a.organisation_id = %s and a.programme = %s and a.survey = %s group by 1
"""


@dataclass(frozen=True, slots=True)
class Option:
    """How often one answer was given, and its share of those who answered the question."""

    name: str
    count: int
    share: Interval


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question: how many answered, what each answer has, and the figure of a scale.

    `of` is 0 where too few answered for anything to be shown. `good` is the share of the upper two points of a
    scale, `net` what a scale of 0 to 10 comes to in a survey of recommendation.
    """

    question: Question
    of: int
    hidden: bool
    options: Sequence[Option] = ()
    mean: Interval | None = None
    good: Interval | None = None
    net: NetPromoter | None = None
    words: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class GroupResult:
    """A group's figure: a team's, or that of somebody whom the answers are about. None where it is not shown."""

    name: str
    of: int
    figure: Interval | None
    good: Interval | None


@dataclass(frozen=True, slots=True)
class Response:
    """How many of a team were asked, and the share that answered; the share is None where it is not shown."""

    name: str
    asked: int
    share: Interval | None


@dataclass(frozen=True, slots=True)
class Results:
    """A survey's results. Where `hidden`, fewer have answered than may be shown.

    `elsewhere` of the answers were taken in from where others had asked; `answered` are those of the `asked`. `apart`
    says whether any two of those it is `about` can be told apart.
    """

    answers: int
    hidden: bool
    questions: Sequence[QuestionResult]
    teams: Sequence[GroupResult]
    about: Sequence[GroupResult]
    apart: bool
    teams_apart: bool
    asked: int
    answered: int
    elsewhere: int
    response: Sequence[Response]


def results_of(organisation_id: int, programme: str, survey: Survey) -> Results:
    """What has been answered so far, or of an anonymous survey what has come out of its urns."""
    rows = _counted(organisation_id, programme, survey)
    gave = _gave(organisation_id, programme, survey)
    table = Voice if survey.anonymous else Answer
    of = table.objects.filter(organisation_id=organisation_id, programme=programme, survey=survey.key).count()
    hidden = survey.anonymous and of < SMALLEST
    words = _words(organisation_id, programme, survey) if not hidden else {}
    headline = survey.headline
    teams = _groups(rows, headline.key, 1) if headline is not None else {}
    about = _groups(rows, headline.key, 2) if headline is not None else {}
    names = _names(organisation_id, about)
    team_results = _results(headline, {name: teams[name] for name in teams}, groups_shown(_sizes(teams)))
    about_results = _results(
        headline,
        {names.get(key, key): counts for key, counts in about.items() if key},
        frozenset(names.get(key, key) for key in groups_shown(_sizes(about))),
    )
    asked, answered, response = _response(organisation_id, programme, survey)
    return Results(
        answers=of,
        hidden=hidden,
        questions=[
            _question(survey, one, rows, gave.get(one.key, 0), words.get(one.key, ()))
            for one in survey.questions
        ],
        teams=team_results,
        about=about_results,
        apart=can_be_told_apart([one.figure for one in about_results if one.figure is not None]),
        teams_apart=can_be_told_apart([one.figure for one in team_results if one.figure is not None]),
        asked=asked,
        answered=answered,
        elsewhere=_elsewhere(organisation_id, programme, survey),
        response=response,
    )


def _elsewhere(organisation_id: int, programme: str, survey: Survey) -> int:
    """How many answers are of nobody whom we know; of answers without names that is not known."""
    if survey.anonymous:
        return 0
    given = Answer.objects.filter(organisation_id=organisation_id, programme=programme, survey=survey.key)
    return given.filter(member_id=None).count()


_Row = tuple[str, str, str, str, int]


def _counted(organisation_id: int, programme: str, survey: Survey) -> list[_Row]:
    keys = [one.key for one in survey.questions if one.answered is not Answered.TEXT]
    named = "coalesce(a.about_id::text, '')", "survey_answer"
    about, table = ("''", "survey_voice") if survey.anonymous else named
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTED.format(about=about, table=table), [organisation_id, programme, survey.key, keys]
        )
        return [(key, team, whom, value, count) for key, team, whom, value, count in cursor.fetchall()]


def _gave(organisation_id: int, programme: str, survey: Survey) -> dict[str, int]:
    """How many gave an answer to each question, however many choices they took."""
    table = "survey_voice" if survey.anonymous else "survey_answer"
    with connection.cursor() as cursor:
        cursor.execute(_GAVE_ONE.format(table=table), [organisation_id, programme, survey.key])
        return dict(cursor.fetchall())


def _groups(rows: Sequence[_Row], key: str, place: int) -> dict[str, Counter[int]]:
    """The answers to one scale, counted for each group."""
    found: dict[str, Counter[int]] = {}
    for row in rows:
        if row[0] == key:
            found.setdefault(str(row[place]), Counter())[int(row[3])] += row[4]
    return found


def _sizes(groups: Mapping[str, Counter[int]]) -> dict[str, int]:
    return {name: counts.total() for name, counts in groups.items()}


def _results(
    headline: Question | None, groups: Mapping[str, Counter[int]], shown: frozenset[str]
) -> list[GroupResult]:
    found = []
    for name, counts in sorted(groups.items()):
        if not name or headline is None:
            continue
        seen = name in shown
        found.append(
            GroupResult(
                name,
                counts.total() if seen else 0,
                mean_of(counts) if seen else None,
                share_of(_upper(headline, counts), counts.total()) if seen else None,
            )
        )
    return found


def _upper(question: Question, counts: Counter[int]) -> int:
    return sum(count for score, count in counts.items() if score >= question.highest - 1)


def _question(
    survey: Survey, one: Question, rows: Sequence[_Row], of: int, words: Sequence[str]
) -> QuestionResult:
    if survey.anonymous and of < SMALLEST:
        return QuestionResult(one, 0, hidden=True)
    if one.answered is Answered.TEXT:
        return QuestionResult(one, of, hidden=False, words=words)
    counts: Counter[str] = Counter()
    for key, _team, _about, value, count in rows:
        if key == one.key:
            counts[value] += count
    if one.answered is Answered.CHOICE:
        options = [Option(name, counts[name], share_of(counts[name], of)) for name in one.choices]
        return QuestionResult(one, of, hidden=False, options=options)
    scale = Counter({int(value): count for value, count in counts.items()})
    points = range(one.lowest, one.highest + 1)
    options = [Option(str(point), scale[point], share_of(scale[point], of)) for point in points]
    is_net = survey.kind is Kind.NPS and (one.lowest, one.highest) == (0, 10)
    return QuestionResult(
        one,
        of,
        hidden=False,
        options=options,
        mean=mean_of(scale),
        good=share_of(_upper(one, scale), of) if of else None,
        net=net_promoter(scale) if is_net else None,
    )


def _words(organisation_id: int, programme: str, survey: Survey) -> dict[str, list[str]]:
    """Some of what was written, question by question: the newest, or of an anonymous survey any."""
    written: dict[str, list[str]] = {}
    keys = [one.key for one in survey.questions if one.answered is Answered.TEXT]
    for key in keys:
        if survey.anonymous:
            rows = Voice.objects.order_by("id")
        else:
            rows = Answer.objects.order_by("-answered_at", "-id")  # type: ignore[assignment]  # read alike
        found = rows.filter(
            organisation_id=organisation_id, programme=programme, survey=survey.key, answers__has_key=key
        )
        written[key] = [row.answers[key] for row in found[:WORDS_SHOWN]]
    return written


def _names(organisation_id: int, about: Mapping[str, object]) -> dict[str, str]:
    ids = [UUID(key) for key in about if key]
    rows = Member.objects.filter(organisation_id=organisation_id, id__in=ids)
    names = dict(rows.values_list("id", "name"))
    taken = Counter(names.values())
    return {
        str(key): name if name and taken[name] == 1 else f"{name} {str(key)[-4:]}".strip()
        for key, name in names.items()
    }


def _response(organisation_id: int, programme: str, survey: Survey) -> tuple[int, int, list[Response]]:
    rows = list(
        Invitation.objects.filter(organisation_id=organisation_id, programme=programme, survey=survey.key)
        .values("team")
        .annotate(asked=Count("id"), answered=Count("id", filter=Q(answered=True)))
        .order_by("team")
        .values_list("team", "asked", "answered")
    )
    shown = groups_shown({team: asked for team, asked, _ in rows})
    return (
        sum(asked for _, asked, _ in rows),
        sum(answered for _, _, answered in rows),
        [
            Response(
                team, asked if team in shown else 0, share_of(answered, asked) if team in shown else None
            )
            for team, asked, answered in rows
            if team
        ],
    )


def standings(organisation_id: int) -> dict[tuple[str, str], tuple[int, int, bool]]:
    """Of every survey how many were asked, how many answers it took, and whether it is closed for good."""
    found = Standing.objects.filter(organisation_id=organisation_id)
    asked = {
        (programme, survey): count
        for programme, survey, count in Invitation.objects.filter(organisation_id=organisation_id)
        .values("programme", "survey")
        .annotate(count=Count("id"))
        .values_list("programme", "survey", "count")
    }
    return {
        (one.programme, one.survey): (asked.get((one.programme, one.survey), 0), one.taken, one.settled)
        for one in found
    }
