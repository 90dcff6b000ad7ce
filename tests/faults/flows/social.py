"""What is said to recognitions, from outside, and by nomination."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from plaudit.foundation import clock
from plaudit.people.actions.choosing import choose
from plaudit.people.actions.members import update_member
from plaudit.people.tests.factories import ACTOR
from plaudit.recognition.actions.digesting import DIGEST, send_digests
from plaudit.recognition.actions.linking import Whose, end_link, open_link, renew_link
from plaudit.recognition.actions.moderating import decide_report, take_report
from plaudit.recognition.actions.nominating import (
    Wish,
    approve_nomination,
    decline_nomination,
    expire_nominations,
    nominate,
    nominating,
    withdraw_nomination,
)
from plaudit.recognition.actions.recording import write_down
from plaudit.recognition.actions.standing_in import appoint, dismiss
from plaudit.recognition.actions.talking import react, reply, report, take_reaction
from plaudit.recognition.actions.thanking import thank, thanked_by
from plaudit.recognition.models import Link, LinkKind, ReactionKind, Recognition
from plaudit.recognition.tasks import mail_digest
from plaudit.recognition.tests.factories import Noticing, make_noticing
from tests.faults.trial import Flow, Prepared

MONTH = timedelta(days=31)


def _linked() -> tuple[Noticing, Link]:
    noticing = make_noticing()
    whose = Whose(member_id=noticing.id("Tim"))
    return noticing, open_link(noticing.organisation, LinkKind.THANKS, whose, name="Tim", actor=ACTOR)


def _linking() -> Prepared:
    noticing = make_noticing()
    at, whose = noticing.organisation, Whose(team_id=noticing.teams["floor"].id)
    return at, lambda: open_link(at, LinkKind.WALL, whose, actor=ACTOR)


def _renewing() -> Prepared:
    noticing, link = _linked()
    at = noticing.organisation
    return at, lambda: renew_link(at, link.id, actor=ACTOR)


def _ending() -> Prepared:
    noticing, link = _linked()
    at = noticing.organisation
    return at, lambda: end_link(at, link.id, actor=ACTOR)


def _thanking() -> Prepared:
    noticing, link = _linked()
    at = noticing.organisation
    return at, lambda: thank(at, link.secret, behaviour="calm", words="You were kind", key="one")


def _given() -> tuple[Noticing, Recognition]:
    noticing = make_noticing()
    return noticing, noticing.give("Sue", "Tim", at=clock.now())


def _reacting() -> Prepared:
    noticing, made = _given()
    at, ann = noticing.organisation, noticing.id("Ann")
    return at, lambda: react(at, made.id, member_id=ann, kind=ReactionKind.BRAVO)


def _taking_away() -> Prepared:
    noticing, made = _given()
    at, ann = noticing.organisation, noticing.id("Ann")
    react(at, made.id, member_id=ann, kind=ReactionKind.BRAVO)
    return at, lambda: take_reaction(at, made.id, member_id=ann, kind=ReactionKind.BRAVO)


def _replying() -> Prepared:
    noticing, made = _given()
    at, ann = noticing.organisation, noticing.id("Ann")
    return at, lambda: reply(at, made.id, member_id=ann, words="So it was", actor=ACTOR)


def _reporting() -> Prepared:
    noticing, made = _given()
    at, ann = noticing.organisation, noticing.id("Ann")
    return at, lambda: report(at, made.id, member_id=ann, words="It was not so", actor=ACTOR)


def _reported() -> tuple[int, UUID]:
    noticing, made = _given()
    at, ann = noticing.organisation, noticing.id("Ann")
    return at, report(at, made.id, member_id=ann, words="It was not so", actor=ACTOR).id


def _taking() -> Prepared:
    at, one = _reported()
    return at, lambda: take_report(at, one, actor=ACTOR)


def _deciding() -> Prepared:
    at, one = _reported()
    return at, lambda: decide_report(at, one, hide=True, answer="It hurts", actor=ACTOR)


def _wish(noticing: Noticing) -> Wish:
    return Wish(member_id=noticing.id("Tim"), behaviour="helps", words="He stayed", points=200, key="one")


def _nominating() -> Prepared:
    noticing = make_noticing()
    at, ann = noticing.organisation, noticing.id("Ann")
    return at, lambda: nominate(at, _wish(noticing), nominator_id=ann, actor=ACTOR)


def _nominated() -> tuple[Noticing, UUID]:
    noticing = make_noticing()
    at, ann = noticing.organisation, noticing.id("Ann")
    return noticing, nominate(at, _wish(noticing), nominator_id=ann, actor=ACTOR).id


def _withdrawing() -> Prepared:
    noticing, one = _nominated()
    at, ann = noticing.organisation, noticing.id("Ann")
    return at, lambda: withdraw_nomination(at, one, nominator_id=ann, actor=ACTOR)


def _approving() -> Prepared:
    noticing, one = _nominated()
    at, sue = noticing.organisation, noticing.id("Sue")
    return at, lambda: approve_nomination(at, one, actor=ACTOR, decider_id=sue, points=150, answer="Enough")


def _declining() -> Prepared:
    noticing, one = _nominated()
    at, sue = noticing.organisation, noticing.id("Sue")
    return at, lambda: decline_nomination(at, one, answer="Not now", actor=ACTOR, decider_id=sue)


def _expiring() -> Prepared:
    noticing = make_noticing()
    at, ann = noticing.organisation, noticing.id("Ann")
    with clock.frozen_at(clock.now() - MONTH):
        nominate(at, _wish(noticing), nominator_id=ann, actor=ACTOR)
    return at, lambda: expire_nominations(at)


def _appointing() -> Prepared:
    noticing = make_noticing()
    at, since = noticing.organisation, clock.now()
    sue, pat = noticing.id("Sue"), noticing.id("Pat")
    return at, lambda: appoint(
        at, leader_id=sue, stand_in_id=pat, since=since, until=since + MONTH, actor=ACTOR
    )


def _dismissing() -> Prepared:
    noticing = make_noticing()
    at, sue, now = noticing.organisation, noticing.id("Sue"), clock.now()
    appoint(at, leader_id=sue, stand_in_id=noticing.id("Pat"), since=now, until=now + MONTH, actor=ACTOR)
    return at, lambda: dismiss(at, leader_id=sue, actor=ACTOR)


def _digesting() -> Prepared:
    noticing = make_noticing()
    at, tim, now = noticing.organisation, noticing.id("Tim"), clock.now()
    update_member(at, member_id=tim, email=f"tim-{at}@example.org", actor=ACTOR)
    with clock.frozen_at(now - timedelta(days=8)):
        choose(at, member_id=tim, choices={DIGEST: True}, actor=ACTOR)
    for days in (7, 14):
        noticing.give("Sue", "Tim", at=now - timedelta(days=days))

    def act() -> object:
        return send_digests(
            at, "UTC", lambda who, moment: mail_digest.later(at, member=str(who), moment=moment.isoformat())
        )

    return at, act


FLOWS = [
    Flow("make an address", _linking, (open_link,)),
    Flow("renew an address", _renewing, (renew_link,)),
    Flow("end an address", _ending, (end_link,)),
    Flow("thank through an address", _thanking, (thank, thanked_by, write_down)),
    Flow("react to a recognition", _reacting, (react,)),
    Flow("take a reaction away", _taking_away, (take_reaction,)),
    Flow("reply to a recognition", _replying, (reply,)),
    Flow("report a recognition", _reporting, (report,)),
    Flow("look into a report", _taking, (take_report,)),
    Flow("decide about a report", _deciding, (decide_report,)),
    Flow("nominate somebody", _nominating, (nominate, nominating)),
    Flow("withdraw a nomination", _withdrawing, (withdraw_nomination,)),
    Flow("approve a nomination", _approving, (approve_nomination,)),
    Flow("decline a nomination", _declining, (decline_nomination,)),
    Flow("let nominations run out", _expiring, (expire_nominations,)),
    Flow("name a stand-in", _appointing, (appoint,)),
    Flow("let nobody stand in", _dismissing, (dismiss,)),
    Flow("tell of the week", _digesting, (send_digests,)),
]
