"""What came of asking staff: shown once it is closed, of eight or more, with how each figure comes about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count

from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.listening.models import Baseline, Paper, TookPart
from plaudit.listening.published import points_of, todays_rules
from plaudit.listening.refusals import AnswersNotShown
from plaudit.listening.rules.designs import design_for
from plaudit.listening.rules.wanting import (
    SHOWN_FROM,
    Standing,
    Verdict,
    Wanted,
    groups_shown,
    standing,
    verdict,
    wanted,
)
from plaudit.people.models import Team


@dataclass(frozen=True, slots=True)
class DeedResult:
    """What is wanted for one deed beside what is given today; `chosen` is how many chose each reward.

    `today` is in whole units, None for a formula, whose words are `formula`.
    """

    name: str
    rule: str
    rule_name: str
    today: Decimal | None
    formula: str
    chosen: Sequence[int]
    wanted: Wanted
    verdict: Verdict
    standing: Standing


@dataclass(frozen=True, slots=True)
class Group:
    """A team whose answers may be shown, and how many they are."""

    team_id: int
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Result:
    """What `people` said, in the order in which they value the deeds; `groups` may be looked at alone."""

    people: int
    deeds: Sequence[DeedResult]
    groups: Sequence[Group]


def baselines(organisation_id: int, *, programme: str = "") -> list[Baseline]:
    """Every asking, the newest first."""
    found = Baseline.objects.filter(organisation_id=organisation_id)
    found = found.filter(programme=programme) if programme else found
    return list(found.order_by("-opened_at", "-id"))


def baseline(organisation_id: int, baseline_id: UUID) -> Baseline:
    """One of them. Raises `NotFound`."""
    found = Baseline.objects.filter(organisation_id=organisation_id, id=baseline_id).first()
    if found is None:
        raise NotFound(kind="baseline", ref=show("bsl", baseline_id))
    return found


def took_part(organisation_id: int, baseline_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many answered each of these."""
    rows = TookPart.objects.filter(organisation_id=organisation_id, baseline_id__in=list(baseline_ids))
    return dict(rows.values_list("baseline_id").annotate(Count("member_id")))


def open_for(organisation_id: int, kind: str, member_id: UUID) -> list[tuple[Baseline, bool]]:
    """What a member of this kind is asked now, and whether they answered."""
    found = Baseline.objects.filter(
        organisation_id=organisation_id, closed_at__isnull=True, audience__contains=[kind]
    )
    answered = set(
        TookPart.objects.filter(organisation_id=organisation_id, member_id=member_id).values_list(
            "baseline_id", flat=True
        )
    )
    return [(one, one.id in answered) for one in found.order_by("-opened_at", "-id")]


def newest_result(organisation_id: int, programme: str) -> tuple[Baseline, Result] | None:
    """What the newest closed asking of a programme came to, where it may be shown."""
    found = Baseline.objects.filter(
        organisation_id=organisation_id, programme=programme, closed_at__isnull=False
    )
    newest = found.order_by("-closed_at").first()
    if newest is None:
        return None
    try:
        return newest, result_of(organisation_id, newest)
    except AnswersNotShown:
        return None


def result_of(organisation_id: int, one: Baseline, *, team_id: int | None = None) -> Result:
    """What everybody said, or those of one team. Raises `AnswersNotShown` while it is open, and for fewer than eight."""
    papers = list(Paper.objects.filter(organisation_id=organisation_id, baseline_id=one.id))
    if one.closed_at is None or len(papers) < SHOWN_FROM:
        raise AnswersNotShown(least=SHOWN_FROM)
    sizes = Counter(paper.team_id for paper in papers if paper.team_id is not None)
    shown = groups_shown(dict(sizes), len(papers))
    if team_id is not None:
        if team_id not in shown:
            raise AnswersNotShown(least=SHOWN_FROM)
        papers = [paper for paper in papers if paper.team_id == team_id]
    names = dict(Team.objects.filter(organisation_id=organisation_id, id__in=shown).values_list("id", "name"))
    groups = [Group(each, names.get(each, ""), sizes[each]) for each in shown]
    deeds = _deeds(organisation_id, one, papers)
    return Result(len(papers), sorted(deeds, key=lambda each: -each.standing.score), groups)


def _deeds(organisation_id: int, one: Baseline, papers: Sequence[Paper]) -> list[DeedResult]:
    rules = todays_rules(organisation_id, one.programme)
    design = design_for(len(one.deeds))
    found = []
    for place, deed in enumerate(one.deeds):
        rule = rules.get(deed["rule"]) if deed["rule"] else None
        rated = [paper.ratings[str(place)] for paper in papers]
        want, today = wanted([one.rewards[each]["points"] for each in rated]), points_of(rule, one.unit)
        found.append(
            DeedResult(
                name=deed["name"],
                rule=deed["rule"],
                rule_name=rule.name if rule else "",
                today=today,
                formula=rule.earn or "" if rule and today is None else "",
                chosen=[rated.count(each) for each in range(len(one.rewards))],
                wanted=want,
                verdict=verdict(want, today),
                standing=standing([_count(paper.choices, place) for paper in papers], shown=design.shown),
            )
        )
    return found


def _count(choices: dict[str, list[int]], place: int) -> tuple[int, int]:
    """How often somebody chose this deed as best, and as worst."""
    pairs = choices.values()
    return sum(best == place for best, _ in pairs), sum(worst == place for _, worst in pairs)
