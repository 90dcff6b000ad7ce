"""Nominations: who may decide, what is given of which budget, and what the nominator hears."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from plaudit.earning.tests.factories import NOON
from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound, Problem, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.tests.factories import ACTOR
from plaudit.recognition.actions.nominating import (
    Wish,
    approve_nomination,
    decline_nomination,
    expire_nominations,
    nominate,
    withdraw_nomination,
)
from plaudit.recognition.actions.standing_in import appoint, dismiss
from plaudit.recognition.actions.taking_back import undo
from plaudit.recognition.definitions import Nominations
from plaudit.recognition.models import Nomination
from plaudit.recognition.queries.nominations import nominations, to_decide
from plaudit.recognition.refusals import (
    NominationBudgetUsed,
    NominationDecided,
    NoNominations,
    NotSoManyPoints,
    NotTheGiver,
    OwnNomination,
    SelfRecognition,
)
from plaudit.recognition.tests.factories import Noticing, make_noticing

DAY = timedelta(days=1)


@pytest.fixture
def noticing() -> Noticing:
    return make_noticing()


def ask(
    noticing: Noticing, nominator: str = "Ann", nominee: str = "Tim", points: int = 200, key: str = "one"
) -> Nomination:
    wish = Wish(
        member_id=noticing.id(nominee),
        behaviour="helps",
        words="He stayed all night.",
        points=points,
        key=key,
    )
    with clock.frozen_at(NOON):
        return nominate(noticing.organisation, wish, nominator_id=noticing.id(nominator), actor=ACTOR)


def approve(noticing: Noticing, one: Nomination, who: str, at: datetime = NOON, **more: object) -> Nomination:
    with clock.frozen_at(at):
        return approve_nomination(
            noticing.organisation,
            one.id,
            actor=ACTOR,
            decider_id=noticing.id(who),
            points=more.get("points"),  # type: ignore[arg-type]  # a number or nothing
            answer=str(more.get("answer", "")),
        )


def test_whoever_leads_the_nominee_gives_it_from_the_programmes_budget(noticing):
    one = ask(noticing)
    assert noticing.points("Tim") == 0

    for _ in range(2):
        done = approve(noticing, one, "Sue")

    assert (done.state, done.granted, noticing.points("Tim")) == ("approved", 200, 200)
    assert noticing.left("Ann") == 100
    assert done.recognition_id is not None
    with clock.frozen_at(NOON), pytest.raises(NotTheGiver):
        undo(noticing.organisation, done.recognition_id, giver_id=noticing.id("Ann"), actor=ACTOR)


def test_neither_who_nominated_nor_who_is_nominated_decides(noticing):
    by_leader, of_leader = ask(noticing, "Sue", "Tim"), ask(noticing, "Tim", "Sue")

    for one, who in ((by_leader, "Sue"), (by_leader, "Tim"), (of_leader, "Sue"), (of_leader, "Tim")):
        with pytest.raises(OwnNomination):
            approve(noticing, one, who)
    with pytest.raises(NotFound):
        approve(noticing, by_leader, "Pat")
    with pytest.raises(OwnNomination):
        approve_nomination(
            noticing.organisation, by_leader.id, actor=ACTOR, decider_id=noticing.id("Tim"), as_manager=True
        )
    with pytest.raises(SelfRecognition):
        ask(noticing, "Tim", "Tim")
    assert noticing.points("Tim") == 0


def test_a_stand_in_decides_while_the_leader_is_away_and_no_longer(noticing):
    at, pat = noticing.organisation, noticing.id("Pat")
    one, two = ask(noticing), ask(noticing, "Sue", "Ann", key="two")
    with clock.frozen_at(NOON):
        appoint(
            at,
            leader_id=noticing.id("Sue"),
            stand_in_id=pat,
            since=NOON + DAY,
            until=NOON + 3 * DAY,
            actor=ACTOR,
        )
        with pytest.raises(Problem):
            appoint(
                at, leader_id=noticing.id("Tim"), stand_in_id=pat, since=NOON, until=NOON + DAY, actor=ACTOR
            )

    with pytest.raises(NotFound):
        approve(noticing, one, "Pat")
    with clock.frozen_at(NOON + 2 * DAY), in_organisation(at):
        assert [each.id for each in to_decide(at, pat)] == [one.id, two.id]
    approve(noticing, one, "Pat", at=NOON + 2 * DAY)
    with pytest.raises(NotFound):
        approve(noticing, two, "Pat", at=NOON + 3 * DAY)
    dismiss(at, leader_id=noticing.id("Sue"), actor=ACTOR)
    assert noticing.points("Tim") == 200


def test_other_points_need_a_word_to_the_nominator_and_a_no_needs_one_too(noticing):
    one, two = ask(noticing), ask(noticing, key="two")

    with pytest.raises(Problem):
        approve(noticing, one, "Sue", points=150)
    done = approve(noticing, one, "Sue", points=150, answer="As last time")
    with clock.frozen_at(NOON), pytest.raises(Problem):
        decline_nomination(
            noticing.organisation, two.id, answer=" ", actor=ACTOR, decider_id=noticing.id("Sue")
        )
    with clock.frozen_at(NOON):
        for _ in range(2):
            said = decline_nomination(
                noticing.organisation, two.id, answer="Twice", actor=ACTOR, decider_id=noticing.id("Sue")
            )

    assert (done.points, done.granted, done.answer, noticing.points("Tim")) == (200, 150, "As last time", 150)
    assert (said.state, said.answer) == ("declined", "Twice")
    with pytest.raises(NominationDecided):
        approve(noticing, two, "Sue")


def test_a_budget_is_of_a_period_and_a_nomination_of_no_more_than_it_may(noticing):
    for points in (0, 401):
        with pytest.raises(NotSoManyPoints):
            ask(noticing, points=points)
    wanted = [ask(noticing, points=400, key=str(number)) for number in range(3)]

    for one in wanted[:2]:
        approve(noticing, one, "Sue")
    with pytest.raises(NominationBudgetUsed) as refused:
        approve(noticing, wanted[2], "Sue")

    assert refused.value.facts == {"needed": "400 points", "left": "200 points"}
    approve(noticing, wanted[2], "Sue", points=200, answer="All that is left")
    assert noticing.points("Tim") == 1_000


def test_what_nobody_decides_runs_out_and_what_is_withdrawn_is_over(noticing):
    late, own = ask(noticing), ask(noticing, key="two")
    at, ann = noticing.organisation, noticing.id("Ann")
    with pytest.raises(NotFound):
        withdraw_nomination(at, own.id, nominator_id=noticing.id("Sue"), actor=ACTOR)
    with clock.frozen_at(NOON):
        for _ in range(2):
            assert withdraw_nomination(at, own.id, nominator_id=ann, actor=ACTOR).state == "withdrawn"

    with clock.frozen_at(NOON + 30 * DAY):
        assert (expire_nominations(at), expire_nominations(at)) == (1, 0)
        with in_organisation(at):
            assert [one.state for one in nominations(at, nominator_id=ann)] == ["withdrawn", "expired"]
    with pytest.raises(NominationDecided):
        approve(noticing, late, "Sue")


def test_the_same_key_asks_once_and_nobody_asks_where_there_are_none(noticing):
    assert ask(noticing).id == ask(noticing).id

    with pytest.raises(NoNominations):
        ask(make_noticing(nominations=None))


@rounds
def test_a_budget_fought_over_by_many_approvals_is_never_overdrawn(round_: int):
    noticing = make_noticing(nominations=Nominations(up_to=400, budget=1_000))
    wanted = [ask(noticing, points=300, key=str(number)) for number in range(CONTENDERS)]

    answers = at_once(CONTENDERS, lambda number: approve(noticing, wanted[number], "Sue"))

    assert sum(isinstance(one, NominationBudgetUsed) for one in answers) == CONTENDERS - 3
    assert sum(isinstance(one, Refusal) for one in answers) == CONTENDERS - 3
    assert noticing.points("Tim") == 900


@rounds
def test_a_nomination_approved_and_declined_by_many_at_once_is_decided_once(round_: int):
    noticing = make_noticing()
    one = ask(noticing)

    def contend(number: int) -> Nomination:
        if number % 2:
            return approve(noticing, one, "Sue")
        with clock.frozen_at(NOON):
            return decline_nomination(
                noticing.organisation, one.id, answer="No", actor=ACTOR, decider_id=noticing.id("Sue")
            )

    answers = at_once(CONTENDERS, contend)

    assert sum(isinstance(each, NominationDecided) for each in answers) == CONTENDERS // 2
    assert noticing.points("Tim") in (0, 200)
