"""Surveys: published, sent, answered, taken in, reminded, closed."""

from __future__ import annotations

from datetime import timedelta

from plaudit.foundation import clock
from plaudit.people.tests.factories import ACTOR
from plaudit.surveys.actions.answering import GivenElsewhere, complete, save_draft, take_in_answers
from plaudit.surveys.actions.fall_due import remind, settle
from plaudit.surveys.actions.invite import invite, invite_everyone
from plaudit.surveys.actions.publish_surveys import publish_surveys
from plaudit.surveys.definitions import Surveys
from plaudit.surveys.refusals import AnsweredAlready
from plaudit.surveys.tests.factories import CALL, LATER, NOON, make_asking
from tests.faults.trial import Flow, Prepared


def _publishing() -> Prepared:
    at = make_asking().id
    return at, lambda: publish_surveys(at, "main", Surveys("main", "UTC", (CALL,)))


def _inviting() -> Prepared:
    asking = make_asking()
    at, ada, tim = asking.id, asking.member("Ada"), asking.member("Tim", "staff")
    return at, lambda: invite(
        at, programme="main", survey="call", member_id=ada, about_id=tim, contact="one", actor=ACTOR
    )


def _inviting_everyone() -> Prepared:
    asking = make_asking()
    asking.team("Floor", 3)
    at = asking.id
    return at, lambda: invite_everyone(at, programme="main", survey="mood", actor=ACTOR)


def _saving() -> Prepared:
    asking = make_asking()
    at, asked = asking.id, asking.invites(asking.member("Ada"))
    return at, lambda: save_draft(at, asked.id, {"score": 2})


def _answering() -> Prepared:
    asking = make_asking()
    at, asked = asking.id, asking.invites(asking.member("Ada"))
    return at, lambda: complete(at, asked.id, {"score": 5})


def _answering_without_a_name() -> Prepared:
    asking = make_asking()
    at, asked = asking.id, asking.invites(asking.member("Tim", "staff"), "mood")
    return at, lambda: complete(at, asked.id, {"mood": 4})


def _taking_in() -> Prepared:
    asking = make_asking()
    at = asking.id
    given = [GivenElsewhere("one", asking.member("Tim", "staff"), {"score": 5}, NOON)]
    return at, lambda: take_in_answers(at, programme="main", survey="call", given=given, actor=ACTOR)


def _reminding() -> Prepared:
    asking = make_asking()
    with clock.frozen_at(clock.now() - timedelta(days=4)):
        asking.invites(asking.member("Ada"), "loyal")
    at = asking.id
    return at, lambda: remind(at)


def _closing() -> Prepared:
    asking = make_asking()
    with clock.frozen_at(NOON):
        for person in asking.team("Floor", 8):
            asking.says(person, "mood", mood=4)
    at = asking.id

    def close() -> int:
        with clock.frozen_at(LATER):
            return settle(at)

    return at, close


FLOWS = [
    Flow("publish surveys", _publishing, (publish_surveys,)),
    Flow("ask somebody", _inviting, (invite,)),
    Flow("ask everybody", _inviting_everyone, (invite_everyone,)),
    Flow("keep answers on the way", _saving, (save_draft,)),
    Flow("answer a survey", _answering, (complete,), told_again=(AnsweredAlready,)),
    Flow("answer without a name", _answering_without_a_name, (complete,), told_again=(AnsweredAlready,)),
    Flow("take in answers given elsewhere", _taking_in, (take_in_answers,)),
    Flow("remind of surveys", _reminding, (remind,)),
    Flow("close surveys", _closing, (settle,)),
]
