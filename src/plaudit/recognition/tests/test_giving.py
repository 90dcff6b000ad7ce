"""Giving: what one act does, what it may not, and how it is undone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from plaudit.earning.tests.factories import NOON
from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound, Problem, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.membership.actions.merge import merge_members
from plaudit.people.actions.erasing import erase_identities
from plaudit.people.tests.factories import ACTOR, make_member
from plaudit.recognition.actions.recognise import Giving, recognise
from plaudit.recognition.actions.showing import add_words, show_all_to, show_to
from plaudit.recognition.actions.taking_back import take_back, undo
from plaudit.recognition.definitions import Visible
from plaudit.recognition.models import GivingUse, Received, Recognition
from plaudit.recognition.queries.feed import Which, feed, seen
from plaudit.recognition.refusals import (
    AllowanceUsed,
    AlreadyTakenBack,
    DayCap,
    NoStandard,
    NotRecognised,
    PairCap,
    SelfRecognition,
    TooLateToUndo,
    WordsStand,
)
from plaudit.recognition.tests.factories import Noticing, make_noticing

MINUTE = timedelta(minutes=1)


def test_each_recipient_gets_the_points_and_the_giver_pays_for_all():
    noticing = make_noticing()

    noticing.give("Sue", "Tim", "Ann", words="You kept them on the line.")

    assert [noticing.points(one) for one in ("Tim", "Ann", "Sue")] == [20, 20, 0]
    assert noticing.left("Sue") == 960


def test_words_alone_cost_nothing_and_a_behaviour_may_be_words_alone():
    noticing = make_noticing()

    noticing.give("Tim", "Ann", with_points=False)
    noticing.give("Tim", "Ann", behaviour="listens")

    assert noticing.points("Ann") == 0
    assert noticing.left("Tim") == 100


def test_an_allowance_that_is_used_up_begins_anew_and_nothing_is_carried_over():
    noticing = make_noticing(per_pair=10)
    noticing.give("Tim", "Ann", behaviour="helps")
    noticing.give("Tim", "Ann", behaviour="helps")

    with pytest.raises(AllowanceUsed) as refused:
        noticing.give("Tim", "Ann")

    assert refused.value.facts == {"needed": "20 points", "left": "0 points"}
    assert noticing.points("Ann") == 100
    assert noticing.left("Tim", at=NOON + timedelta(days=40)) == 100


def test_who_leads_a_team_has_a_supervisors_allowance_and_is_one_to_their_team_alone():
    noticing = make_noticing()
    made = [noticing.give("Sue", one) for one in ("Tim", "Pat")]
    made.append(noticing.give("Ann", "Tim"))

    with in_organisation(noticing.organisation):
        rows = Received.objects.filter(organisation_id=noticing.organisation)
        sources = dict(rows.values_list("recognition_id", "source"))
    assert [sources[one.id] for one in made] == ["supervisor", "peer", "peer"]
    assert (noticing.left("Sue"), noticing.left("Ann")) == (960, 80)


def test_nobody_recognises_themselves_nor_somebody_it_is_not_for():
    noticing = make_noticing()
    mina = make_member(noticing.organisation, name="Mina").id

    with pytest.raises(SelfRecognition):
        noticing.give("Tim", "Ann", "Tim")
    with pytest.raises(NotRecognised):
        recognise(
            noticing.organisation,
            Giving(recipients=[mina], behaviour="calm"),
            giver_id=noticing.id("Tim"),
            actor=ACTOR,
        )
    with pytest.raises(NotFound):
        noticing.give("Tim", "Ann", behaviour="smiles")

    with in_organisation(noticing.organisation):
        assert not Recognition.objects.filter(organisation_id=noticing.organisation).exists()
        assert not GivingUse.objects.filter(organisation_id=noticing.organisation).exists()


def test_one_person_gives_another_points_so_often_a_month_and_words_as_often_as_they_like():
    noticing = make_noticing(per_pair=2)
    for _ in range(2):
        noticing.give("Sue", "Tim")

    with pytest.raises(PairCap) as refused:
        noticing.give("Sue", "Ann", "Tim")

    assert refused.value.facts == {"times": 2, "who": "Tim"}
    noticing.give("Sue", "Tim", with_points=False)
    noticing.give("Sue", "Tim", at=NOON + timedelta(days=31))
    assert (noticing.points("Ann"), noticing.points("Tim")) == (0, 60)


def test_a_day_has_so_many_recognitions_of_one_giver():
    noticing = make_noticing(per_day=2)
    noticing.give("Sue", "Tim")
    noticing.give("Sue", "Ann")

    with pytest.raises(DayCap):
        noticing.give("Sue", "Tim", with_points=False)


def test_the_same_key_recognises_once():
    noticing = make_noticing()

    first, second = (noticing.give("Sue", "Tim", key="one") for _ in range(2))

    assert first.id == second.id
    assert noticing.points("Tim") == 20


def test_the_systems_word_has_no_giver_and_no_points():
    noticing = make_noticing()

    made = noticing.give(None, "Tim")

    assert (made.giver_id, made.points, noticing.points("Tim")) == (None, 0, 0)


def test_without_a_standard_nobody_is_recognised():
    noticing = make_noticing()

    with pytest.raises(NoStandard):
        noticing.give("Sue", "Tim", programme="elsewhere")
    with pytest.raises(Problem):
        noticing.give("Sue")


def test_what_was_undone_is_as_if_it_had_never_been():
    noticing = make_noticing(per_pair=1)
    made = noticing.give("Sue", "Tim", "Ann")

    with clock.frozen_at(NOON + 9 * MINUTE):
        for _ in range(2):
            undo(noticing.organisation, made.id, giver_id=noticing.id("Sue"), actor=ACTOR)

    assert [noticing.points(one) for one in ("Tim", "Ann")] == [0, 0]
    assert noticing.left("Sue") == 1_000
    noticing.give("Sue", "Tim", at=NOON + 9 * MINUTE)
    assert noticing.points("Tim") == 20


def test_after_the_minutes_it_takes_a_reason_and_the_allowance_stays_used():
    noticing = make_noticing()
    made = noticing.give("Sue", "Tim")

    with clock.frozen_at(NOON + 10 * MINUTE):
        with pytest.raises(TooLateToUndo):
            undo(noticing.organisation, made.id, giver_id=noticing.id("Sue"), actor=ACTOR)
        with pytest.raises(Problem):
            take_back(noticing.organisation, made.id, reason=" ", actor=ACTOR)
        for _ in range(2):
            take_back(noticing.organisation, made.id, reason="It was somebody else", actor=ACTOR)
        with pytest.raises(AlreadyTakenBack):
            undo(noticing.organisation, made.id, actor=ACTOR)

    assert noticing.points("Tim") == 0
    assert noticing.left("Sue") == 980


def test_only_whoever_gave_it_undoes_it():
    noticing = make_noticing()
    made = noticing.give("Sue", "Tim")

    with clock.frozen_at(NOON), pytest.raises(NotFound):
        undo(noticing.organisation, made.id, giver_id=noticing.id("Ann"), actor=ACTOR)


def test_a_line_can_be_added_for_a_day_and_never_changed():
    noticing = make_noticing()
    made, late = noticing.give("Sue", "Tim"), noticing.give("Sue", "Ann")

    def add(recognition: Recognition, words: str) -> None:
        add_words(
            noticing.organisation, recognition.id, giver_id=noticing.id("Sue"), words=words, actor=ACTOR
        )

    with clock.frozen_at(NOON + timedelta(hours=23)):
        add(made, "You let her finish.")
        with pytest.raises(WordsStand):
            add(made, "No, something else.")
    with clock.frozen_at(NOON + timedelta(hours=24)), pytest.raises(WordsStand):
        add(late, "Too late.")

    with in_organisation(noticing.organisation):
        assert seen(noticing.organisation, made.id, noticing.id("Tim")).words == "You let her finish."


def _seen(noticing: Noticing, who: str, which: Which = Which.SEEN) -> list[UUID]:
    with clock.frozen_at(NOON), in_organisation(noticing.organisation):
        return [one.id for one in feed(noticing.organisation, noticing.id(who), which)[0]]


def test_a_team_sees_what_its_members_are_recognised_for_until_they_choose_otherwise():
    noticing = make_noticing()
    made = noticing.give("Pat", "Tim")

    assert [_seen(noticing, who) for who in ("Tim", "Ann", "Sue", "Pat")] == [[made.id]] * 4

    show_to(
        noticing.organisation, made.id, member_id=noticing.id("Tim"), visible=Visible.PRIVATE, actor=ACTOR
    )
    assert [_seen(noticing, who) for who in ("Tim", "Ann", "Sue", "Pat")] == [
        [made.id],
        [],
        [made.id],  # who leads the team sees it
        [made.id],
    ]


def test_whoever_wants_to_be_seen_by_everybody_is_from_then_on():
    noticing = make_noticing()
    first = noticing.give("Sue", "Tim")
    assert _seen(noticing, "Pat") == []

    show_all_to(noticing.organisation, member_id=noticing.id("Tim"), visible=Visible.EVERYONE, actor=ACTOR)
    second = noticing.give("Sue", "Tim", "Ann")

    assert _seen(noticing, "Pat") == [second.id, first.id]
    with clock.frozen_at(NOON), in_organisation(noticing.organisation):
        found, _ = feed(noticing.organisation, noticing.id("Pat"))
    assert [[each.name for each in one.recipients] for one in found] == [["Tim"], ["Tim"]]


def test_received_and_given_are_told_apart_and_what_was_taken_back_is_in_neither():
    noticing = make_noticing()
    made, gone = noticing.give("Sue", "Tim"), noticing.give("Sue", "Tim")
    take_back(noticing.organisation, gone.id, reason="Twice", actor=ACTOR)

    assert _seen(noticing, "Tim", Which.RECEIVED) == [made.id]
    assert _seen(noticing, "Tim", Which.GIVEN) == []
    assert _seen(noticing, "Sue", Which.GIVEN) == [made.id]


def test_a_feed_goes_on_where_its_page_ended():
    noticing = make_noticing()
    made = [noticing.give("Sue", "Tim", with_points=False).id for _ in range(5)]

    with clock.frozen_at(NOON), in_organisation(noticing.organisation):
        first, more = feed(noticing.organisation, noticing.id("Ann"), limit=3)
        rest, end = feed(noticing.organisation, noticing.id("Ann"), before=more, limit=3)

    assert [one.id for one in (*first, *rest)] == made[::-1]
    assert end is None


def test_words_are_gone_with_whom_they_were_said_of():
    noticing = make_noticing()
    noticing.give("Sue", "Tim", words="Tim was kind")

    erase_identities(noticing.organisation, member_id=noticing.id("Tim"), reason="Asked", actor=ACTOR)

    with in_organisation(noticing.organisation):
        assert not Received.objects.filter(organisation_id=noticing.organisation).exists()


@rounds
def test_an_allowance_fought_over_by_many_is_never_overdrawn(round_: int):
    noticing = make_noticing(per_pair=100, per_day=100)

    def contend(_: int) -> Recognition:
        return noticing.give("Tim", "Ann", behaviour="helps")

    answers = at_once(CONTENDERS, contend)

    assert sum(isinstance(one, AllowanceUsed) for one in answers) == CONTENDERS - 2
    assert sum(isinstance(one, Refusal) for one in answers) == CONTENDERS - 2
    assert (noticing.points("Ann"), noticing.left("Tim")) == (100, 0)


@rounds
def test_one_key_sent_by_many_at_once_recognises_once(round_: int):
    noticing = make_noticing()

    answers = at_once(CONTENDERS, lambda _: noticing.give("Sue", "Tim", key="one").id)

    assert len(set(answers)) == 1
    assert noticing.points("Tim") == 20


@rounds
def test_the_months_count_of_a_pair_fought_over_by_many_is_never_passed(round_: int):
    noticing = make_noticing(per_pair=3)

    def contend(_: int) -> bool:
        try:
            noticing.give("Sue", "Tim")
        except PairCap:
            return False
        return True

    assert sum(got is True for got in at_once(CONTENDERS, contend)) == 3
    assert noticing.points("Tim") == 60


@rounds
def test_a_recognition_undone_by_many_at_once_is_taken_back_once(round_: int):
    noticing = make_noticing()
    made = noticing.give("Sue", "Tim")

    def contend(_: int) -> None:
        with clock.frozen_at(NOON):
            undo(noticing.organisation, made.id, actor=ACTOR)

    at_once(CONTENDERS, contend)

    assert (noticing.points("Tim"), noticing.left("Sue")) == (0, 1_000)


def test_what_somebody_gave_and_got_before_they_were_found_to_be_one_with_another_is_theirs():
    noticing = make_noticing()
    noticing.give("Sue", "Tim", words="Well done")
    noticing.give("Tim", "Pat")
    merge_members(
        noticing.organisation,
        survivor_id=noticing.id("Ann"),
        absorbed_id=noticing.id("Tim"),
        reason="One person",
        actor=ACTOR,
    )
    here, ann = noticing.organisation, noticing.id("Ann")
    with in_organisation(here):
        (got,), _ = feed(here, ann, Which.RECEIVED)
        (gave,), _ = feed(here, ann, Which.GIVEN)
        assert (got.words, got.recipients[0].id, gave.giver_id) == ("Well done", ann, ann)
        assert seen(here, got.id, ann).recipients[0].id == ann
    show_to(here, got.id, member_id=ann, visible=Visible.EVERYONE, actor=ACTOR)
    with in_organisation(here):
        assert feed(here, noticing.id("Pat"))[0][-1].words == "Well done"
