"""Asks staff which deeds deserve which reward, takes what they say without saying who, and closes the asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from uuid import UUID

from django.db import connection

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act
from plaudit.listening.definitions import DEEDS_TITLE_MAX, REWARDS_MAX, Answers, Deed, Reward
from plaudit.listening.models import Baseline, Paper, TookPart
from plaudit.listening.published import todays_rules
from plaudit.listening.refusals import AnsweredAlready, BaselineClosed, NotAsked, TitleTaken
from plaudit.listening.rules.designs import Design, design_for
from plaudit.people.actions.members import locked_member
from plaudit.people.models import Member, TeamStay

# Papers are laid down anew in an order of chance: not even the versions of their rows tell when each was written.
_STIR = """
    with gone as (delete from listening_paper where organisation_id = %s and baseline_id = %s returning *)
    insert into listening_paper (id, organisation_id, baseline_id, team_id, ratings, choices)
    select gen_random_uuid(), organisation_id, baseline_id, team_id, ratings, choices from gone order by random()
"""


def open_baseline(
    organisation_id: int,
    *,
    programme: str,
    title: str,
    deeds: Sequence[Deed],
    rewards: Sequence[Reward],
    unit: str,
    audience: Sequence[str] = ("staff",),
    actor: str,
) -> Baseline:
    """Ask everybody of these kinds what each deed deserves, from now. The same asking is opened once.

    Raises `NoDesign` for a number of deeds that cannot be asked in balance, `TitleTaken`, `Problem`.
    """
    design_for(len(deeds))
    _check_rewards(title, deeds, rewards)

    def step() -> Baseline:
        known = todays_rules(organisation_id, programme)
        if not known:
            raise NotFound(kind="programme", ref=programme)
        if unknown := sorted({one.rule for one in deeds if one.rule} - known.keys()):
            raise Problem(f"There is no rule {', '.join(unknown)} in force in programme {programme}.")
        people = Member.objects.filter(
            organisation_id=organisation_id, kind__in=list(audience), state="active"
        )
        asking = {
            "programme": programme,
            "unit": unit,
            "audience": sorted(set(audience)),
            "deeds": [asdict(one) for one in deeds],
            "rewards": [asdict(one) for one in rewards],
        }
        made, new = Baseline.objects.get_or_create(
            organisation_id=organisation_id,
            title=title.strip(),
            defaults={**asking, "asked": people.count(), "opened_at": clock.now()},
        )
        if not new and {name: getattr(made, name) for name in asking} != asking:
            raise TitleTaken(title=title)
        if new:
            audit.note(actor=actor, act="baseline.opened", subject=show("bsl", made.id))
        return made

    return act(organisation_id, step)


def _check_rewards(title: str, deeds: Sequence[Deed], rewards: Sequence[Reward]) -> None:
    names = [one.name.strip() for one in deeds]
    if not title.strip() or not all(names) or len(set(names)) != len(names):
        raise Problem("Give the asking a title, and each deed a name of its own.")
    if any(len(one) > DEEDS_TITLE_MAX for one in (title, *names)):
        raise Problem(f"A title and a deed have at most {DEEDS_TITLE_MAX} characters.")
    points = [one.points for one in rewards]
    rises = all(one <= other for one, other in pairwise(points))
    if not 2 <= len(rewards) <= REWARDS_MAX or points[0] != 0 or not rises:
        raise Problem(f"Name 2 to {REWARDS_MAX} rewards, from one of 0 points upwards.")
    if not all(one.name.strip() for one in rewards):
        raise Problem("Give each reward a name.")


def answer(organisation_id: int, *, baseline_id: UUID, member_id: UUID, answers: Answers) -> None:
    """Take what a member says, once. That they took part is noted; what they said is kept without their name.

    Nothing is noted in the audit: it would tell a moment, and there is none to tell. Raises `AnsweredAlready`,
    `BaselineClosed`, `NotAsked`, `NotFound`, `Problem`.
    """

    def step() -> None:
        member = locked_member(organisation_id, member_id)
        baseline = _held(organisation_id, baseline_id, "share")
        if member.kind not in baseline.audience:
            raise NotAsked
        if TookPart.objects.filter(
            organisation_id=organisation_id, baseline_id=baseline_id, member_id=member_id
        ).exists():
            raise AnsweredAlready
        if baseline.closed_at is not None:
            raise BaselineClosed
        ratings, choices = said(answers, design_for(len(baseline.deeds)), len(baseline.rewards))
        TookPart.objects.create(organisation_id=organisation_id, baseline_id=baseline_id, member_id=member_id)
        Paper.objects.create(
            organisation_id=organisation_id,
            baseline_id=baseline_id,
            team_id=_team_of(organisation_id, member_id),
            ratings=ratings,
            choices=choices,
        )

    act(organisation_id, step)


def said(answers: Answers, design: Design, rewards: int) -> tuple[Mapping[str, int], Mapping[str, list[int]]]:
    """The answers as they are kept: one for everything that was asked. Raises `Problem`.

    Everybody answers everything, so that as many stand behind each figure, and nobody behind the rest of one.
    """
    ratings, choices = answers.ratings, answers.choices
    if set(ratings) != set(range(design.deeds)) or set(choices) != set(range(len(design.blocks))):
        raise Problem("Answer every question.")
    if not all(0 <= reward < rewards for reward in ratings.values()):
        raise Problem("Choose each deed's reward from those that are offered.")
    for block, (best, worst) in choices.items():
        if best == worst:
            raise Problem("A deed cannot deserve most and least at once.")
        if not {best, worst} <= set(design.blocks[block]):
            raise Problem("Choose from the deeds that stand together.")
    return (
        {str(deed): reward for deed, reward in sorted(ratings.items())},
        {str(block): list(pair) for block, pair in sorted(choices.items())},
    )


def _team_of(organisation_id: int, member_id: UUID) -> int | None:
    stays = TeamStay.objects.filter(
        organisation_id=organisation_id, member_id=member_id, ended_at__isnull=True, leads=False
    )
    return stays.order_by("team_id").values_list("team_id", flat=True).first()


def _held(organisation_id: int, baseline_id: UUID, lock: str) -> Baseline:
    """The baseline: those who answer share it, and whoever closes it has it alone."""
    assert lock in ("share", "update")
    with connection.cursor() as cursor:
        cursor.execute(
            f"select 1 from listening_baseline where organisation_id = %s and id = %s for {lock}",
            [organisation_id, baseline_id],
        )
        if cursor.fetchone() is None:
            raise NotFound(kind="baseline", ref=show("bsl", baseline_id))
    return Baseline.objects.get(organisation_id=organisation_id, id=baseline_id)


def close_baseline(organisation_id: int, *, baseline_id: UUID, actor: str) -> Baseline:
    """Take no more answers, and let what came of them be seen. Closed again it stays so. Raises `NotFound`."""

    def step() -> Baseline:
        baseline = _held(organisation_id, baseline_id, "update")
        if baseline.closed_at is not None:
            return baseline
        baseline.closed_at = clock.now()
        baseline.save(update_fields=["closed_at"])
        with connection.cursor() as cursor:
            cursor.execute(_STIR, [organisation_id, baseline_id])
        audit.note(actor=actor, act="baseline.closed", subject=show("bsl", baseline_id))
        return baseline

    return act(organisation_id, step)
