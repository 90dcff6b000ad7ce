"""Staff say what deeds deserve: once each, without a name, shown of eight or more and beside today's rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.listening.actions.baselines import answer, open_baseline
from plaudit.listening.definitions import Answers, Deed, Reward
from plaudit.listening.models import Baseline, Paper, TookPart
from plaudit.listening.queries.baselines import Result, newest_result, open_for, result_of, took_part
from plaudit.listening.refusals import (
    AnsweredAlready,
    AnswersNotShown,
    BaselineClosed,
    NoDesign,
    NotAsked,
    TitleTaken,
)
from plaudit.listening.rules.wanting import Verdict
from plaudit.listening.tests.factories import DEEDS, REWARDS, Company, make_answers, make_company
from plaudit.people.actions.erasing import erase_identities
from plaudit.people.tests.factories import ACTOR


def _result(company: Company, asked: Baseline, team_id: int | None = None) -> Result:
    with in_organisation(company.id):
        return result_of(company.id, Baseline.objects.get(id=asked.id), team_id=team_id)


def test_what_eight_want_stands_beside_what_todays_rules_give():
    company = make_company()
    people = company.staff(8)
    asked = company.asks()
    for person in people:
        company.answers(asked, person)
    company.closes(asked)

    found = _result(company, asked)
    by_name = {one.name: one for one in found.deeds}
    assert found.people == asked.asked == 8
    assert {name: (one.wanted.middle, one.today, one.verdict) for name, one in by_name.items()} == {
        "Calms a caller": (20, Decimal(5), Verdict.UNDER),
        "Helps a colleague": (20, Decimal(0), Verdict.UNDER),
        "Smiles": (0, Decimal(50), Verdict.NOT_WANTED),
        "Is on time": (100, Decimal(0), Verdict.UNDER),
    }
    assert list(by_name["Smiles"].chosen) == [8, 0, 0]


def test_the_deed_that_is_chosen_most_often_as_best_stands_first_with_its_counts():
    company = make_company()
    people = company.staff(8)
    asked = company.asks()
    for person in people:
        company.answers(asked, person)
    company.closes(asked)

    first, *_, last = _result(company, asked).deeds
    assert (first.name, last.name) == ("Is on time", "Calms a caller")
    assert (first.standing.best, first.standing.worst, first.standing.shown) == (24, 0, 24)
    assert (first.standing.score, last.standing.score) == (Decimal(1), Decimal(-1))
    assert first.standing.error == 0, "all said the same"


def test_nothing_is_shown_while_it_is_open_nor_of_seven():
    company = make_company()
    people = company.staff(8)
    asked = company.asks()
    for person in people[:7]:
        company.answers(asked, person)
    with pytest.raises(AnswersNotShown):
        _result(company, asked)

    company.closes(asked)
    with pytest.raises(AnswersNotShown, match="fewer than 8"):
        _result(company, asked)
    with in_organisation(company.id):
        assert newest_result(company.id, "main") is None


def test_a_team_of_eight_is_shown_alone_unless_that_tells_of_the_others():
    company = make_company()
    people = company.staff(18)
    eight, ten = company.team(*people[:8]), company.team(*people[8:])
    asked = company.asks()
    for number, person in enumerate(people):
        company.answers(asked, person, ratings=(0, 0, 0, 0) if number < 8 else (2, 2, 2, 2))
    company.closes(asked)

    assert {group.team_id: group.people for group in _result(company, asked).groups} == {eight: 8, ten: 10}
    assert {one.wanted.middle for one in _result(company, asked, team_id=eight).deeds} == {0}

    other = company.asks("Autumn")
    for person in people[:10]:
        company.answers(other, person)
    company.closes(other)
    assert list(_result(company, other).groups) == [], "the two besides the eight would stand alone"
    with pytest.raises(AnswersNotShown):
        _result(company, other, team_id=eight)


def test_who_took_part_is_nowhere_near_what_was_said():
    company = make_company()
    people = company.staff(8)
    asked = company.asks()
    for person in people:
        company.answers(asked, person)
    with in_organisation(company.id):
        before = set(Paper.objects.values_list("id", flat=True))
    company.closes(asked)

    with in_organisation(company.id), connection.cursor() as cursor:
        cursor.execute("select p::text from listening_paper p")
        papers = " ".join(text for (text,) in cursor.fetchall())
        cursor.execute("select distinct xmin::text from listening_paper")
        assert len(cursor.fetchall()) == 1, "the versions of rows tell no order"
        cursor.execute("select act, subject, details::text from foundation_audit")
        noted = str(cursor.fetchall())
        assert set(Paper.objects.values_list("id", flat=True)).isdisjoint(before)
        assert set(TookPart.objects.values_list("member_id", flat=True)) == set(people)
    assert [person for person in people if str(person) in papers] == []
    assert "answer" not in noted


def test_one_answers_once_and_not_after_it_is_closed():
    company = make_company()
    ada, bo = company.staff(2)
    asked = company.asks()
    company.answers(asked, ada)
    with pytest.raises(AnsweredAlready):
        company.answers(asked, ada)

    company.closes(asked)
    company.closes(asked)
    with pytest.raises(BaselineClosed):
        company.answers(asked, bo)
    with in_organisation(company.id):
        assert took_part(company.id, [asked.id]) == {asked.id: 1}


def test_only_those_who_are_asked_answer():
    company = make_company()
    (mina,) = company.staff(kind="customer")
    asked = company.asks()
    with pytest.raises(NotAsked):
        company.answers(asked, mina)
    with in_organisation(company.id):
        assert open_for(company.id, "customer", mina) == []
        assert [(one.id, answered) for one, answered in open_for(company.id, "staff", mina)] == [
            (asked.id, False)
        ]


@pytest.mark.parametrize(
    "answers",
    [
        Answers({}, {}),
        Answers({**make_answers().ratings, 0: 3}, make_answers().choices),
        Answers(make_answers().ratings, {**make_answers().choices, 0: (1, 1)}),
        Answers(make_answers().ratings, {**make_answers().choices, 0: (3, 1)}),
    ],
    ids=["nothing", "no such reward", "both at once", "a deed that is not there"],
)
def test_an_answer_is_whole_and_of_what_was_asked(answers: Answers):
    company = make_company()
    (ada,) = company.staff()
    asked = company.asks()
    with pytest.raises(Problem):
        answer(company.id, baseline_id=asked.id, member_id=ada, answers=answers)
    with in_organisation(company.id):
        assert not TookPart.objects.exists()


def test_the_same_is_asked_once_and_another_under_its_title_not():
    company = make_company()
    first = company.asks()
    assert company.asks().id == first.id
    with pytest.raises(TitleTaken):
        company.asks(audience=["customer"])


def test_what_cannot_be_asked_is_refused():
    company = make_company()

    def ask(
        deeds: tuple[Deed, ...] = DEEDS, rewards: tuple[Reward, ...] = REWARDS, programme: str = "main"
    ) -> None:
        open_baseline(
            company.id,
            programme=programme,
            title="T",
            deeds=deeds,
            rewards=rewards,
            unit="points",
            actor=ACTOR,
        )

    with pytest.raises(NoDesign):
        ask(DEEDS[:3])
    with pytest.raises(Problem, match="no rule gone in force"):
        ask((*DEEDS[:3], Deed("Else", "gone")))
    with pytest.raises(Problem, match="from one of 0 points upwards"):
        ask(rewards=REWARDS[::-1])
    with pytest.raises(NotFound):
        ask(programme="nowhere")


def test_whoever_is_erased_leaves_what_they_said_which_nobody_can_tell_was_theirs():
    company = make_company()
    ada, *_ = company.staff(2)
    asked = company.asks()
    company.answers(asked, ada)
    erase_identities(company.id, member_id=ada, reason="Asked for it", actor=ACTOR)
    with in_organisation(company.id):
        assert (TookPart.objects.count(), Paper.objects.count()) == (0, 1)
