"""What others say to a recognition: taps, lines, corrections; and what becomes of what is reported."""

from __future__ import annotations

import pytest

from plaudit.earning.tests.factories import NOON
from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.tests.factories import ACTOR
from plaudit.recognition.actions.moderating import decide_report, take_report
from plaudit.recognition.actions.talking import react, reply, report, take_reaction
from plaudit.recognition.models import ReactionKind, Recognition, Report, ReportState
from plaudit.recognition.queries.feed import feed, seen
from plaudit.recognition.queries.talk import Said, Talk, replies, reports, talk_of
from plaudit.recognition.refusals import OwnReport, ReplyCorrected, ReportDecided
from plaudit.recognition.tests.factories import Noticing, make_noticing


@pytest.fixture
def noticing() -> Noticing:
    return make_noticing()


def talk(noticing: Noticing, made: Recognition, who: str) -> Talk:
    with in_organisation(noticing.organisation):
        return talk_of(noticing.organisation, [made.id], noticing.id(who))[made.id]


def lines(noticing: Noticing, made: Recognition, who: str) -> list[Said]:
    with in_organisation(noticing.organisation):
        return list(replies(noticing.organisation, made.id, noticing.id(who)))


def say(noticing: Noticing, made: Recognition, who: str, words: str, **more: object) -> object:
    with clock.frozen_at(NOON):
        return reply(
            noticing.organisation,
            made.id,
            member_id=noticing.id(who),
            words=words,
            actor=ACTOR,
            corrects=more.get("corrects"),  # type: ignore[arg-type]  # an id or nothing
        )


def complain(noticing: Noticing, made: Recognition, who: str, **more: object) -> Report:
    with clock.frozen_at(NOON):
        return report(
            noticing.organisation,
            made.id,
            member_id=noticing.id(who),
            words="This was not so",
            actor=ACTOR,
            reply_id=more.get("reply_id"),  # type: ignore[arg-type]  # an id or nothing
        )


def test_a_tap_counts_once_of_each_kind_and_is_taken_away_again(noticing):
    made, at, ann = noticing.give("Sue", "Tim"), noticing.organisation, noticing.id("Ann")

    for kind in (ReactionKind.THANKS, ReactionKind.THANKS, ReactionKind.SEEN):
        react(at, made.id, member_id=ann, kind=kind)
    assert talk(noticing, made, "Ann").counts == {"thanks": 1, "bravo": 0, "seen": 1}
    assert talk(noticing, made, "Ann").mine == {"thanks", "seen"}
    assert talk(noticing, made, "Tim").mine == set()

    for _ in range(2):
        take_reaction(at, made.id, member_id=ann, kind=ReactionKind.SEEN)
    assert talk(noticing, made, "Ann").counts["seen"] == 0


def test_whoever_may_not_see_it_can_say_nothing_to_it(noticing):
    made, at, pat = noticing.give("Sue", "Tim"), noticing.organisation, noticing.id("Pat")

    with pytest.raises(NotFound):
        react(at, made.id, member_id=pat, kind=ReactionKind.BRAVO)
    with pytest.raises(NotFound):
        say(noticing, made, "Pat", "Hello")
    with pytest.raises(NotFound):
        complain(noticing, made, "Pat")


def test_a_line_is_corrected_by_another_once_and_never_changed(noticing):
    made = noticing.give("Sue", "Tim")
    say(noticing, made, "Ann", "Wel  done")
    say(noticing, made, "Ann", "Wel done")
    (first,) = lines(noticing, made, "Tim")
    assert first.words == "Wel done"

    say(noticing, made, "Ann", "Well done", corrects=first.id)

    assert [(one.words, one.corrected, one.is_correction) for one in lines(noticing, made, "Tim")] == [
        ("Wel done", True, False),
        ("Well done", False, True),
    ]
    with pytest.raises(ReplyCorrected):
        say(noticing, made, "Ann", "Or not", corrects=first.id)
    with pytest.raises(NotFound):
        say(noticing, made, "Tim", "I say", corrects=first.id)
    with pytest.raises(Problem):
        say(noticing, made, "Ann", " ")
    assert talk(noticing, made, "Tim").replies == 1


def test_what_is_reported_is_taken_and_hidden_with_a_reason_from_all_but_its_people(noticing):
    made, at = noticing.give("Sue", "Tim", words="As lazy as ever"), noticing.organisation
    first, second = complain(noticing, made, "Tim"), complain(noticing, made, "Ann")
    assert complain(noticing, made, "Ann").id == second.id

    assert take_report(at, first.id, actor="usr_1").owner == "usr_1"
    decide_report(at, first.id, hide=True, answer="It hurts", actor="usr_1")

    def who_sees() -> list[bool]:
        with clock.frozen_at(NOON), in_organisation(at):
            return [bool(feed(at, noticing.id(one))[0]) for one in ("Tim", "Sue", "Ann")]

    assert who_sees() == [True, True, False]
    with in_organisation(at):
        assert seen(at, made.id, noticing.id("Tim")).hidden_for == "It hurts"
        assert reports(at, waiting=True) == []
        assert {one.state for one in reports(at, waiting=False)} == {ReportState.HIDDEN}
    assert decide_report(at, second.id, hide=True, answer="Twice", actor="usr_1").answer == "It hurts"
    with pytest.raises(ReportDecided):
        decide_report(at, second.id, hide=False, answer="No", actor="usr_1")
    with pytest.raises(ReportDecided):
        take_report(at, second.id, actor="usr_1")


def test_a_reply_is_hidden_alone_and_nobody_decides_about_their_own(noticing):
    made, at = noticing.give("Sue", "Tim"), noticing.organisation
    say(noticing, made, "Ann", "Never seen him do it")
    (line,) = lines(noticing, made, "Tim")
    one = complain(noticing, made, "Tim", reply_id=line.id)

    for who in ("Tim", "Ann", "Sue"):
        with pytest.raises(OwnReport):
            decide_report(at, one.id, hide=True, answer="Mine", actor=ACTOR, decider_id=noticing.id(who))
    decide_report(at, one.id, hide=True, answer="Unkind", actor=ACTOR, decider_id=noticing.id("Pat"))

    assert lines(noticing, made, "Tim") == []
    assert [said.hidden_for for said in lines(noticing, made, "Ann")] == ["Unkind"]
    with clock.frozen_at(NOON), in_organisation(at):
        assert feed(at, noticing.id("Ann"))[0]


@rounds
def test_a_tap_of_one_person_many_times_at_once_counts_once(round_: int):
    noticing = make_noticing()
    made, at = noticing.give("Sue", "Tim"), noticing.organisation

    answers = at_once(
        CONTENDERS, lambda _: react(at, made.id, member_id=noticing.id("Ann"), kind=ReactionKind.BRAVO)
    )

    assert answers == [None] * CONTENDERS
    assert talk(noticing, made, "Ann").counts["bravo"] == 1


@rounds
def test_a_line_corrected_by_many_at_once_is_corrected_once(round_: int):
    noticing = make_noticing()
    made = noticing.give("Sue", "Tim")
    say(noticing, made, "Ann", "Wel done")
    (first,) = lines(noticing, made, "Ann")

    answers = at_once(
        CONTENDERS, lambda number: say(noticing, made, "Ann", f"Well done {number}", corrects=first.id)
    )

    assert sum(isinstance(one, ReplyCorrected) for one in answers) == CONTENDERS - 1
    assert len(lines(noticing, made, "Ann")) == 2


@rounds
def test_a_report_sent_by_one_person_many_times_at_once_waits_once(round_: int):
    noticing = make_noticing()
    made = noticing.give("Sue", "Tim")

    answers = at_once(CONTENDERS, lambda _: complain(noticing, made, "Ann").id)

    assert len(set(answers)) == 1
