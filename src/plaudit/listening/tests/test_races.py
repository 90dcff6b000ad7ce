"""What is limited about listening, fought over: answers, seats of coders, places, votes, titles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.listening.actions.coding import code_texts
from plaudit.listening.actions.focus_groups import note_said, reply_to
from plaudit.listening.actions.ideas import tell_change, vote
from plaudit.listening.models import (
    Baseline,
    Change,
    Coded,
    Coder,
    Coding,
    Collection,
    FocusGroup,
    Idea,
    Paper,
    Remark,
    Said,
    Source,
    TookPart,
    Vote,
)
from plaudit.listening.tests.factories import make_company
from plaudit.people.tests.factories import ACTOR

Result = TypeVar("Result")


def _done(got: Sequence[Result | Refusal]) -> list[Result]:
    return [one for one in got if not isinstance(one, Refusal)]


@rounds
def test_a_member_who_answers_many_times_at_once_is_counted_once_and_none_after_the_closing(round_: int):
    company = make_company()
    (ada,) = company.staff()
    asked = company.asks()

    at_once(
        CONTENDERS,
        lambda number: company.answers(asked, ada) if number else company.closes(asked),
    )
    with in_organisation(company.id):
        assert Paper.objects.count() == TookPart.objects.count() <= 1
        assert Baseline.objects.get().closed_at is not None


@rounds
def test_of_twenty_who_want_to_code_two_do(round_: int):
    company = make_company()
    made = company.draws(company.takes_in())

    got = at_once(
        CONTENDERS,
        lambda number: code_texts(
            company.id, coding_id=made.id, codes={1: "praise"}, actor=f"usr_{number // 2}"
        ),
    )
    with in_organisation(company.id):
        assert Coder.objects.count() == Coded.objects.count() == 2
        assert {one.actor for one in _done(got)} == set(Coder.objects.values_list("actor", flat=True))


@rounds
def test_of_twenty_who_come_to_five_places_five_do_and_a_place_given_back_is_free(round_: int):
    company = make_company()
    people = company.staff(CONTENDERS)
    group = company.invites(*people, places=5)

    def come(number: int, *, comes: bool = True) -> object:
        return reply_to(company.id, group_id=group.id, member_id=people[number], comes=comes, actor=ACTOR)

    assert len(_done(at_once(CONTENDERS, come))) == 5
    at_once(CONTENDERS, lambda number: come(number, comes=False))
    with in_organisation(company.id):
        assert FocusGroup.objects.get().coming == 0


@rounds
def test_twenty_votes_of_one_member_are_one(round_: int):
    company = make_company()
    ada, bo = company.staff(2)
    idea = company.has_idea(ada)

    at_once(CONTENDERS, lambda _: vote(company.id, idea_id=idea.id, member_id=bo, actor=ACTOR))
    with in_organisation(company.id):
        assert Vote.objects.filter(member_id=bo).count() == 1


@rounds
def test_what_is_called_so_is_there_once_however_many_bring_it_at_once(round_: int):
    company = make_company()
    (ada,) = company.staff()
    survey, idea, group = company.takes_in(), company.has_idea(ada), company.invites()

    def bring(number: int) -> object:
        match number % 7:
            case 0:
                return company.asks()
            case 1:
                return company.takes_in("More")
            case 2:
                return company.draws(survey)
            case 3:
                return company.invites(title="Second")
            case 4:
                return company.has_idea(ada, "Fewer rules")
            case 5:
                return note_said(company.id, group_id=group.id, said=["Thanks"], actor=ACTOR)
        return tell_change(
            company.id, source=Source.IDEA, source_id=idea.id, programme="main", version=1, said="More",
            did="It is more.", actor=ACTOR,
        )  # fmt: skip

    assert len(_done(at_once(CONTENDERS, bring))) == CONTENDERS
    with in_organisation(company.id):
        tables = (Baseline, Coding, Said, Change)
        assert [table.objects.count() for table in tables] == [1, 1, 1, 1]
        assert [table.objects.count() for table in (Collection, FocusGroup, Idea, Remark)] == [2, 2, 2, 10]
