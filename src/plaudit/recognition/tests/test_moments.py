"""Moments: proposed once with their evidence, seen to, and how promptly."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from plaudit.earning.tests.factories import NOON, make_event
from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.tests.factories import ACTOR
from plaudit.recognition.actions.propose import propose_moments
from plaudit.recognition.actions.seeing_to import (
    keep_plan,
    put_away_moment,
    share_note,
    snooze_moment,
    write_note,
)
from plaudit.recognition.definitions import Source
from plaudit.recognition.models import Moment
from plaudit.recognition.queries.moments import OpenMoment, open_moments
from plaudit.recognition.queries.notes import notes_by, notes_shared_with
from plaudit.recognition.queries.noticing import (
    Spotting,
    by_source,
    coverage,
    plan_of,
    promptness,
)
from plaudit.recognition.queries.people import colleagues
from plaudit.recognition.refusals import MomentSeenTo
from plaudit.recognition.tests.factories import Noticing, make_noticing, make_watching

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def rated(noticing: Noticing, who: str, rating: int = 5, *, id: str = "", ago: timedelta = HOUR) -> None:
    """Let a customer rate somebody, and the book be followed."""
    data = {"rating": rating, "words": "Lovely"}
    noticing.story.send(make_event("rated", who, data, at=NOON - ago, id=id))
    follow(noticing)


def follow(noticing: Noticing) -> None:
    with clock.frozen_at(NOON):
        propose_moments(noticing.organisation)


def waiting(noticing: Noticing, who: str = "Sue", *, after: timedelta = timedelta(0)) -> list[OpenMoment]:
    with clock.frozen_at(NOON + after), in_organisation(noticing.organisation):
        return list(open_moments(noticing.organisation, noticing.id(who)))


def test_what_a_watch_asks_for_is_put_before_the_supervisor_with_its_evidence():
    noticing = make_watching()
    rated(noticing, "Tim")
    rated(noticing, "Tim", 4)
    rated(noticing, "Pat")

    (one,) = waiting(noticing)

    assert (one.member, one.name, one.behaviour, one.evidence) == ("Tim", "Five stars", "calm", {"rating": 5})
    assert one.happened_at == NOON - HOUR
    assert waiting(noticing, "Ann") == []


def test_what_was_taken_back_is_a_moment_no_more_and_what_is_old_never_was():
    noticing = make_watching()
    rated(noticing, "Tim", id="r1")
    rated(noticing, "Ann", ago=20 * DAY)
    assert [one.member for one in waiting(noticing)] == ["Tim"]

    noticing.story.send(make_event("rated.withdrawn", None, {}, corrects="r1"))
    follow(noticing)

    assert waiting(noticing) == []


def test_a_moment_waits_four_weeks_from_its_deed():
    noticing = make_watching()
    rated(noticing, "Tim", ago=3 * DAY)

    assert len(waiting(noticing, after=25 * DAY - HOUR)) == 1
    assert waiting(noticing, after=25 * DAY) == []


def test_a_moment_that_is_put_off_comes_again_tomorrow_and_one_put_away_does_not():
    noticing = make_watching()
    rated(noticing, "Tim")
    rated(noticing, "Ann")
    later, never = (one.id for one in waiting(noticing))
    sue = noticing.id("Sue")

    with clock.frozen_at(NOON):
        snooze_moment(noticing.organisation, later, leader_id=sue, actor=ACTOR)
        put_away_moment(noticing.organisation, never, leader_id=sue, actor=ACTOR)
        with pytest.raises(NotFound):
            put_away_moment(noticing.organisation, later, leader_id=noticing.id("Ann"), actor=ACTOR)

    assert waiting(noticing) == []
    assert [one.id for one in waiting(noticing, after=DAY)] == [later]


def test_a_moment_is_recognised_once_and_its_deed_counts():
    noticing = make_watching()
    rated(noticing, "Tim", ago=3 * HOUR)
    (one,) = waiting(noticing)

    with pytest.raises(NotFound):
        noticing.give("Sue", "Ann", moment=one.id)
    with pytest.raises(NotFound):
        noticing.give("Ann", "Tim", moment=one.id)
    noticing.give("Sue", "Tim", moment=one.id)
    with pytest.raises(MomentSeenTo):
        noticing.give("Sue", "Tim", moment=one.id)

    assert waiting(noticing) == []
    with clock.frozen_at(NOON), in_organisation(noticing.organisation):
        found = promptness(noticing.organisation, giver_id=noticing.id("Sue"))
    assert (found.known, found.median) == (1, 3 * HOUR)


@rounds
def test_a_page_looked_through_by_many_at_once_proposes_each_moment_once(round_: int):
    noticing = make_watching()
    for who in ("Tim", "Ann"):
        event = make_event("rated", who, {"rating": 5, "words": ""}, at=NOON - HOUR)
        noticing.story.send(event)

    at_once(CONTENDERS, lambda _: follow(noticing))

    follow(noticing)  # a place that had not settled yet while they raced
    with in_organisation(noticing.organisation):
        assert Moment.objects.filter(organisation_id=noticing.organisation).count() == 2


def test_promptness_is_a_value_that_occurred_of_supervisors_and_of_whole_teams():
    noticing = make_noticing()
    for hours in (1, 2, 3, 4, 50):
        noticing.give("Sue", "Tim", with_points=False, deed_at=NOON - hours * HOUR)
    noticing.give("Ann", "Tim", with_points=False, deed_at=NOON - 100 * HOUR)
    noticing.give("Sue", "Ann", with_points=False)

    with clock.frozen_at(NOON), in_organisation(noticing.organisation):
        hers = promptness(noticing.organisation, giver_id=noticing.id("Sue"))
        team = promptness(noticing.organisation, team_id=noticing.teams["floor"].id)
        came = by_source(noticing.organisation, teams=[noticing.teams["floor"].id])

    assert (hers.known, hers.median, hers.ninetieth) == (5, 3 * HOUR, 50 * HOUR)
    assert (team.known, team.median, team.ninetieth) == (6, 3 * HOUR, 100 * HOUR)
    assert (came.counts[Source.SUPERVISOR], came.counts[Source.PEER], came.in_all) == (6, 1, 7)
    assert (came.supervisors.did, came.supervisors.of) == (6, 7)
    assert came.supervisors.low < came.supervisors.rate < came.supervisors.high


def test_whom_a_giver_noticed_longest_ago_comes_first():
    noticing = make_noticing()
    noticing.give("Sue", "Tim", at=NOON - 8 * DAY)
    noticing.give("Pat", "Ann", at=NOON - DAY)

    with clock.frozen_at(NOON), in_organisation(noticing.organisation):
        found = colleagues(noticing.organisation, noticing.id("Sue"), led=True)

    assert [(one.name, one.noticed_by_giver_at, one.noticed_at) for one in found] == [
        ("Ann", None, NOON - DAY),
        ("Tim", NOON - 8 * DAY, NOON - 8 * DAY),
    ]


def test_coverage_is_of_the_plan_week_by_week():
    noticing = make_noticing()
    sue, theirs = noticing.id("Sue"), [noticing.id("Tim"), noticing.id("Ann")]
    noticing.give("Sue", "Tim", "Ann", at=NOON - 8 * DAY)
    noticing.give("Sue", "Tim", at=NOON - DAY)

    def covered(spotting: Spotting) -> list[int]:
        with clock.frozen_at(NOON), in_organisation(noticing.organisation):
            return [one.noticed for one in coverage(noticing.organisation, sue, theirs, spotting, weeks=3)]

    assert covered(Spotting(7)) == [0, 2, 1]
    assert covered(Spotting(14)) == [0, 2, 2]


def test_a_plan_is_a_supervisors_own_and_the_programmes_until_there_is_one():
    noticing = make_noticing()

    def plan() -> Spotting:
        with in_organisation(noticing.organisation):
            return plan_of(noticing.organisation, noticing.id("Sue"))

    assert plan() == Spotting(7)
    keep_plan(
        noticing.organisation, leader_id=noticing.id("Sue"), every_days=3, behaviour="helps", actor=ACTOR
    )
    assert plan() == Spotting(3, "helps")


def test_a_note_is_its_authors_until_it_is_shared_and_about_those_they_lead():
    noticing = make_noticing()

    def note(author: str, about: str) -> UUID:
        return write_note(
            noticing.organisation,
            author_id=noticing.id(author),
            member_id=noticing.id(about),
            words="Breathe before you answer",
            actor=ACTOR,
        ).id

    made = note("Sue", "Tim")
    for author, about in (("Sue", "Pat"), ("Ann", "Tim"), ("Sue", "Sue")):
        with pytest.raises(NotFound):
            note(author, about)

    def read() -> tuple[int, int]:
        with in_organisation(noticing.organisation):
            mine = notes_by(noticing.organisation, noticing.id("Sue"))
            return len(mine), len(notes_shared_with(noticing.organisation, noticing.id("Tim")))

    assert read() == (1, 0)
    with pytest.raises(NotFound):
        share_note(noticing.organisation, made, author_id=noticing.id("Ann"), actor=ACTOR)
    share_note(noticing.organisation, made, author_id=noticing.id("Sue"), actor=ACTOR)
    assert read() == (1, 1)


def test_moments_of_one_kind_of_one_person_are_one_card_and_are_seen_to_together():
    noticing = make_watching()
    for who, hours in (("Tim", 1), ("Tim", 2), ("Tim", 3), ("Ann", 1)):
        rated(noticing, who, ago=hours * HOUR)

    cards = {one.member: one for one in waiting(noticing)}
    assert {name: one.alike for name, one in cards.items()} == {"Tim": 3, "Ann": 1}
    noticing.give("Sue", "Tim", moment=cards["Tim"].id)

    assert [one.member for one in waiting(noticing)] == ["Ann"]
