"""Noticing people: published, given, undone, shown."""

from __future__ import annotations

from uuid import UUID

from plaudit.earning.tests.factories import make_event
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.tests.factories import ACTOR
from plaudit.recognition.actions.propose import propose_moments, propose_page
from plaudit.recognition.actions.publish_standard import (
    publish_standard,
    reinstate_standard,
    withdraw_standard,
)
from plaudit.recognition.actions.recognise import Giving, recognise
from plaudit.recognition.actions.reviewing import (
    ask_those_concerned,
    count_now,
    decide_finding,
    doubt_decision,
    keep_look,
    look_now,
    look_through,
    say_ones_side,
    take_up,
)
from plaudit.recognition.actions.seeing_to import (
    alike,
    keep_plan,
    led_moment,
    must_lead,
    put_away_moment,
    share_note,
    snooze_moment,
    write_note,
)
from plaudit.recognition.actions.showing import add_words, show_all_to, show_to
from plaudit.recognition.actions.taking_back import take_back, undo
from plaudit.recognition.actions.using import give_back, use_up
from plaudit.recognition.definitions import Visible
from plaudit.recognition.models import Moment, Recognition
from plaudit.recognition.refusals import FindingDecided, LookedLately, WordsStand
from plaudit.recognition.reviews import Finding
from plaudit.recognition.tests.factories import Noticing, make_noticing, make_standard, make_watching
from plaudit.recognition.tests.ringed import LOOK_AT, make_ringed
from tests.faults.trial import Flow, Prepared, by_key


def _publishing() -> Prepared:
    at = make_noticing().organisation
    return at, lambda: publish_standard(at, "main", make_standard(name="Well done"))


def _withdrawing() -> Prepared:
    at = make_noticing().organisation
    return at, lambda: withdraw_standard(at, "main")


def _reinstating() -> Prepared:
    at = make_noticing().organisation
    withdraw_standard(at, "main")
    return at, lambda: reinstate_standard(at, "main")


def _giving() -> Prepared:
    noticing = make_noticing()
    at, giver = noticing.organisation, noticing.id("Sue")
    wish = Giving(
        recipients=[noticing.id("Tim"), noticing.id("Ann")], behaviour="calm", words="Well done", key="one"
    )
    return at, lambda: recognise(at, wish, giver_id=giver, actor=ACTOR)


def _given() -> tuple[Noticing, Recognition]:
    noticing = make_noticing()
    return noticing, noticing.give("Sue", "Tim", at=clock.now())


def _undoing() -> Prepared:
    noticing, made = _given()
    at = noticing.organisation
    return at, lambda: undo(at, made.id, actor=ACTOR)


def _taking_back() -> Prepared:
    noticing, made = _given()
    at = noticing.organisation
    return at, lambda: take_back(at, made.id, reason="Somebody else did it", actor=ACTOR)


def _adding_words() -> Prepared:
    noticing, made = _given()
    at, giver = noticing.organisation, noticing.id("Sue")
    return at, lambda: add_words(at, made.id, giver_id=giver, words="You did", actor=ACTOR)


def _showing() -> Prepared:
    noticing, made = _given()
    at, tim = noticing.organisation, noticing.id("Tim")
    return at, lambda: show_to(at, made.id, member_id=tim, visible=Visible.EVERYONE, actor=ACTOR)


def _showing_all() -> Prepared:
    noticing, _ = _given()
    at, tim = noticing.organisation, noticing.id("Tim")
    return at, lambda: show_all_to(at, member_id=tim, visible=Visible.PRIVATE, actor=ACTOR)


def _watched(follow: bool) -> Noticing:
    noticing = make_watching()
    noticing.story.send(make_event("rated", "Tim", {"rating": 5, "words": ""}, at=clock.now()))
    if follow:
        propose_moments(noticing.organisation)
    return noticing


def _proposing() -> Prepared:
    at = _watched(follow=False).organisation
    return at, lambda: propose_moments(at)


def _moment() -> tuple[Noticing, UUID]:
    noticing = _watched(follow=True)
    with in_organisation(noticing.organisation):
        return noticing, Moment.objects.get(organisation_id=noticing.organisation).id


def _snoozing() -> Prepared:
    noticing, moment = _moment()
    at, sue = noticing.organisation, noticing.id("Sue")
    return at, lambda: snooze_moment(at, moment, leader_id=sue, actor=ACTOR)


def _putting_away() -> Prepared:
    noticing, moment = _moment()
    at, sue = noticing.organisation, noticing.id("Sue")
    return at, lambda: put_away_moment(at, moment, leader_id=sue, actor=ACTOR)


def _noting() -> Prepared:
    noticing = make_noticing()
    at, sue, tim = noticing.organisation, noticing.id("Sue"), noticing.id("Tim")
    return at, by_key(
        at, lambda: write_note(at, author_id=sue, member_id=tim, words="Breathe first", actor=ACTOR)
    )


def _sharing() -> Prepared:
    noticing = make_noticing()
    at, sue, tim = noticing.organisation, noticing.id("Sue"), noticing.id("Tim")
    note = write_note(at, author_id=sue, member_id=tim, words="Breathe first", actor=ACTOR).id
    return at, lambda: share_note(at, note, author_id=sue, actor=ACTOR)


def _planning() -> Prepared:
    noticing = make_noticing()
    at, sue = noticing.organisation, noticing.id("Sue")
    return at, lambda: keep_plan(at, leader_id=sue, every_days=3, actor=ACTOR)


def _looking() -> Prepared:
    at = make_ringed().organisation

    def look() -> int:
        with clock.frozen_at(LOOK_AT):
            return look_through(at)

    return at, look


def _looking_now() -> Prepared:
    at = make_ringed().organisation

    def look() -> object:
        with clock.frozen_at(LOOK_AT):
            return look_now(at, count_now(at), actor=ACTOR)

    return at, look


def _finding() -> tuple[Noticing, UUID]:
    noticing = make_ringed()
    at = noticing.organisation
    with clock.frozen_at(LOOK_AT):
        look_through(at)
        with in_organisation(at):
            found = Finding.objects.get(organisation_id=at).id
    return noticing, found


def _taking_up() -> Prepared:
    noticing, found = _finding()
    at = noticing.organisation
    return at, lambda: take_up(at, found, actor=ACTOR, member_id=None)


def _asking() -> Prepared:
    noticing, found = _finding()
    at = noticing.organisation
    return at, lambda: ask_those_concerned(at, found, actor=ACTOR, member_id=None)


def _saying() -> Prepared:
    noticing, found = _finding()
    at, una = noticing.organisation, noticing.id("Una")
    ask_those_concerned(at, found, actor=ACTOR, member_id=None)
    return at, lambda: say_ones_side(at, found, member_id=una, words="We share a desk", actor=ACTOR)


def _deciding() -> Prepared:
    noticing, found = _finding()
    at = noticing.organisation
    wish = {"outcome": "nothing_wrong", "words": "They share a desk", "actor": ACTOR}
    return at, lambda: decide_finding(at, found, **wish, member_id=None)


def _doubting() -> Prepared:
    noticing, found = _finding()
    at, una = noticing.organisation, noticing.id("Una")
    ask_those_concerned(at, found, actor=ACTOR, member_id=None)
    decide_finding(at, found, outcome="nothing_wrong", words="They do", actor=ACTOR, member_id=None)
    return at, lambda: doubt_decision(at, found, member_id=una, words="Nobody asked", actor=ACTOR)


FLOWS = [
    Flow("look through who recognises whom", _looking, (look_through, keep_look)),
    Flow("look before the day", _looking_now, (count_now, look_now), told_again=(LookedLately,)),
    Flow("take a finding up", _taking_up, (take_up,)),
    Flow("ask those a finding names", _asking, (ask_those_concerned,)),
    Flow("say one's side", _saying, (say_ones_side,)),
    Flow("decide a finding", _deciding, (decide_finding,), told_again=(FindingDecided,)),
    Flow("doubt a decision", _doubting, (doubt_decision,)),
    Flow("publish what is recognised", _publishing, (publish_standard,)),
    Flow("recognise nobody any more", _withdrawing, (withdraw_standard,)),
    Flow("recognise again", _reinstating, (reinstate_standard,)),
    Flow("recognise somebody", _giving, (recognise, use_up)),
    Flow("undo a recognition", _undoing, (undo, give_back)),
    Flow("take a recognition back", _taking_back, (take_back,)),
    Flow("add a line to a recognition", _adding_words, (add_words,), told_again=(WordsStand,)),
    Flow("show a recognition", _showing, (show_to,)),
    Flow("show all recognitions", _showing_all, (show_all_to,)),
    Flow("propose moments", _proposing, (propose_moments, propose_page)),
    Flow("put a moment off", _snoozing, (snooze_moment, led_moment, alike)),
    Flow("put a moment away", _putting_away, (put_away_moment,)),
    Flow("write a note", _noting, (write_note, must_lead)),
    Flow("share a note", _sharing, (share_note,)),
    Flow("plan to notice", _planning, (keep_plan,)),
]
