"""What stands out is looked into by somebody, those concerned are heard, and nothing happens by itself."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from plaudit.earning.tests.factories import NOON
from plaudit.foundation import clock
from plaudit.foundation.models import News
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.membership.actions.merge import merge_members
from plaudit.people.tests.factories import ACTOR, make_member, make_team
from plaudit.recognition.actions.reviewing import (
    ask_those_concerned,
    count_now,
    decide_finding,
    doubt_decision,
    look_now,
    look_through,
    say_ones_side,
    take_up,
)
from plaudit.recognition.models import Received, Recognition
from plaudit.recognition.queries.reviews import (
    LOOK_AGAIN,
    LOOK_EVERY,
    concerned,
    finding,
    findings,
    next_look,
)
from plaudit.recognition.refusals import (
    FindingDecided,
    LookedLately,
    NotHeardYet,
    OwnFinding,
    SomebodyElseDecides,
    TooLateToDoubt,
)
from plaudit.recognition.reviews import Finding, Look
from plaudit.recognition.tests.factories import Noticing, make_noticing
from plaudit.recognition.tests.ringed import LOOK_AT, RING, given_at, ids_of, make_ringed

OTHER = "usr_9"


@pytest.fixture
def noticing() -> Noticing:
    return make_ringed()


def found_in(noticing: Noticing) -> UUID:
    with clock.frozen_at(LOOK_AT):
        assert look_through(noticing.organisation) == 1
    with in_organisation(noticing.organisation):
        (one,) = findings(noticing.organisation)
        return one.id


def read(noticing: Noticing, finding_id: UUID) -> Finding:
    with in_organisation(noticing.organisation):
        return finding(noticing.organisation, finding_id)


def decide(noticing: Noticing, finding_id: UUID, outcome: str, *, actor: str = ACTOR) -> None:
    decide_finding(
        noticing.organisation,
        finding_id,
        outcome=outcome,
        words="They share a desk",
        actor=actor,
        member_id=None,
    )


def test_three_who_thank_one_another_all_the_time_are_put_before_somebody_with_the_figures(noticing):
    one = read(noticing, found_in(noticing))

    assert one.people.split() == sorted(str(each) for each in ids_of(noticing))
    assert (one.state, one.owner, one.one_in > 100) == ("waiting", "", True)
    strong = [link for link in one.links if link["times"] == 13]
    assert len(strong) == 3
    assert all(float(link["expected"]) < 3 for link in strong)
    with in_organisation(noticing.organisation):
        assert Received.objects.filter(organisation_id=noticing.organisation, stands=False).count() == 0
        assert len(concerned(noticing.organisation, one.id)) == 3


def test_a_fair_company_raises_nothing_and_is_looked_through_every_quarter():
    noticing = make_noticing()
    noticing.give("Sue", "Tim")
    with clock.frozen_at(NOON + 2 * LOOK_EVERY), in_organisation(noticing.organisation):
        assert next_look(noticing.organisation) == NOON + LOOK_EVERY
    with clock.frozen_at(NOON + 2 * LOOK_EVERY):
        assert look_through(noticing.organisation) == 0

    with in_organisation(noticing.organisation):
        assert Look.objects.filter(organisation_id=noticing.organisation).count() == 2
        assert next_look(noticing.organisation) == NOON + 3 * LOOK_EVERY


def test_a_look_is_asked_for_before_its_day_and_not_again_for_four_weeks(noticing):
    here = noticing.organisation
    with clock.frozen_at(NOON):  # the very moment at which they were given
        made = look_now(here, count_now(here), actor=ACTOR)
        with pytest.raises(LookedLately, match="four weeks"):
            look_now(here, count_now(here), actor=ACTOR)
    with in_organisation(here):
        assert (made.findings, len(findings(here)), made.recognitions) == (1, 1, 12 * 11 + 36)
        assert next_look(here) == made.until + LOOK_EVERY
    with clock.frozen_at(NOON + LOOK_AGAIN):
        again = look_now(here, count_now(here), actor=ACTOR)
    with in_organisation(here):
        assert (again.findings, len(findings(here))) == (1, 1)  # about whom a finding runs is no second one


def test_thanks_to_a_whole_team_and_what_was_taken_back_say_nothing(noticing):
    here = noticing.organisation
    with in_organisation(here):
        rows = Received.objects.filter(organisation_id=here, giver_id=noticing.id("Una"))
        rows.filter(member_id=noticing.id("Vic")).update(stands=False)
    with clock.frozen_at(LOOK_AT):
        assert look_through(here) == 0


def test_two_members_who_are_one_person_are_no_pair():
    noticing = make_noticing()
    here, since = noticing.organisation, NOON - timedelta(days=90)
    people = [make_member(here, name=name, kind="staff", joined_at=since) for name in "ABCDEFGH"]
    team = make_team(here, members=people, since=since)
    pairs = [(one, other) for one in people for other in people if one is not other]
    given_at(noticing, [*pairs, *[(people[0], people[1]), (people[1], people[0])] * 20], team_id=team.id)
    merge_members(here, survivor_id=people[0].id, absorbed_id=people[1].id, reason="One person", actor=ACTOR)

    with clock.frozen_at(LOOK_AT):
        assert look_through(here) == 0


def test_those_concerned_are_heard_before_anything_but_nothing_wrong_is_decided(noticing):
    found = found_in(noticing)
    here, (una, vic, wyn) = noticing.organisation, ids_of(noticing)
    with pytest.raises(NotFound):
        say_ones_side(here, found, member_id=una, words="Why?", actor=ACTOR)
    with clock.frozen_at(LOOK_AT):
        ask_those_concerned(here, found, actor=ACTOR, member_id=None)
        ask_those_concerned(here, found, actor=ACTOR, member_id=None)
        for one in (una, vic):
            say_ones_side(here, found, member_id=one, words="We share a desk", actor=ACTOR)
        with pytest.raises(NotHeardYet):
            decide(noticing, found, "talked_about")
        say_ones_side(here, found, member_id=wyn, words="So we do", actor=ACTOR)
        decide(noticing, found, "talked_about")

    assert (read(noticing, found).state, read(noticing, found).decided_by) == ("decided", ACTOR)
    with pytest.raises(FindingDecided):
        say_ones_side(here, found, member_id=una, words="More", actor=ACTOR)
    with in_organisation(here):
        told = News.objects.filter(organisation_id=here, topic="recognition.asked_about")
        assert told.count() >= 1
        assert Recognition.objects.filter(organisation_id=here, ended_at__isnull=False).count() == 0


def test_who_says_nothing_for_a_week_was_heard_and_nothing_wrong_needs_nobody(noticing):
    found = found_in(noticing)
    with clock.frozen_at(LOOK_AT):
        ask_those_concerned(noticing.organisation, found, actor=ACTOR, member_id=None)
    with clock.frozen_at(LOOK_AT + timedelta(days=7)):
        decide(noticing, found, "passed_on")

    other = make_ringed()
    decide(other, found_in(other), "nothing_wrong")


def test_nobody_looks_into_what_names_themselves_and_a_decision_says_why(noticing):
    found, here = found_in(noticing), noticing.organisation
    with pytest.raises(OwnFinding):
        take_up(here, found, actor=ACTOR, member_id=noticing.id(RING[0]))
    with pytest.raises(Problem):
        decide_finding(here, found, outcome="guilty", words="x", actor=ACTOR, member_id=None)
    with pytest.raises(Problem):
        decide_finding(here, found, outcome="nothing_wrong", words=" ", actor=ACTOR, member_id=None)
    assert read(noticing, found).owner == ""

    take_up(here, found, actor=ACTOR, member_id=None)
    assert read(noticing, found).owner == ACTOR


def test_a_decision_is_doubted_once_by_each_and_somebody_else_decides(noticing):
    found, here, una = found_in(noticing), noticing.organisation, noticing.id(RING[0])
    with clock.frozen_at(LOOK_AT):
        ask_those_concerned(here, found, actor=ACTOR, member_id=None)
    with clock.frozen_at(LOOK_AT + timedelta(days=8)):
        decide(noticing, found, "talked_about")
        doubt_decision(here, found, member_id=una, words="Nobody asked Vic", actor=ACTOR)
        with pytest.raises(SomebodyElseDecides):
            decide(noticing, found, "talked_about")
        decide(noticing, found, "nothing_wrong", actor=OTHER)
        doubt_decision(here, found, member_id=una, words="Again", actor=ACTOR)
    assert (read(noticing, found).state, read(noticing, found).decided_by) == ("decided", OTHER)
    with clock.frozen_at(LOOK_AT + timedelta(days=40)), pytest.raises(TooLateToDoubt):
        doubt_decision(here, found, member_id=noticing.id(RING[1]), words="Late", actor=ACTOR)


def test_people_about_whom_a_finding_runs_have_no_second_one(noticing):
    found = found_in(noticing)
    with clock.frozen_at(LOOK_AT + LOOK_EVERY):
        assert look_through(noticing.organisation) == 0

    assert read(noticing, found).state == "waiting"


@rounds
def test_a_time_looked_through_by_many_at_once_finds_each_ring_once(round_: int):
    noticing = make_ringed()

    def contend(_: int) -> bool:
        with clock.frozen_at(LOOK_AT):
            return look_through(noticing.organisation) > 0

    assert sum(got is True for got in at_once(CONTENDERS, contend)) == 1
    with in_organisation(noticing.organisation):
        assert len(findings(noticing.organisation)) == 1


@rounds
def test_a_look_asked_for_by_many_at_once_is_one(round_: int):
    noticing = make_ringed()
    here = noticing.organisation

    def contend(_: int) -> bool:
        try:
            look_now(here, count_now(here), actor=ACTOR)
        except LookedLately:
            return False
        return True

    assert sum(got is True for got in at_once(CONTENDERS, contend)) == 1
    with in_organisation(here):
        assert Look.objects.filter(organisation_id=here).count() == 1


@rounds
def test_a_finding_decided_by_many_at_once_is_decided_once(round_: int):
    noticing = make_ringed()
    found = found_in(noticing)

    def contend(number: int) -> str:
        try:
            decide(noticing, found, "nothing_wrong", actor=f"usr_{number}")
        except FindingDecided:
            return ""
        return f"usr_{number}"

    (winner,) = filter(None, at_once(CONTENDERS, contend))
    assert read(noticing, found).decided_by == winner
