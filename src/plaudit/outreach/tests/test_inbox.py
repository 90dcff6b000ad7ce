"""What reaches an inbox: once, to whom it concerns, in their language; and warnings of points that expire."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings

from plaudit.cases.actions.asking import approve, ask_approval
from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.jobs import run_due
from plaudit.foundation.news import tell
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.ledger.tests.factories import make_unit
from plaudit.outreach.actions.expiring import warn_of_expiry
from plaudit.outreach.actions.reading import mark_read, mark_unread
from plaudit.outreach.actions.telling import tell_people
from plaudit.outreach.models import ExpiryWarning, Notice
from plaudit.outreach.queries.inbox import Reader, inbox, read_notice, unread_of
from plaudit.outreach.tasks import queue_mail
from plaudit.outreach.tests.factories import ACTOR, expiring_soon
from plaudit.people.actions.choosing import choose
from plaudit.people.choices import news_by_mail
from plaudit.people.models import Member
from plaudit.people.standing import person
from plaudit.people.tests.factories import make_member, make_organisation, make_user


def told(at: int, reader: Reader) -> list[str]:
    """What somebody's inbox says, the newest first."""
    with in_organisation(at):
        return [one.sentence for one in inbox(at, reader)]


def offered(at: int, *members: Member) -> None:
    """An offer is made to these."""
    with in_organisation(at):
        facts = {"programme": "main", "offer": "spring", "members": [show("mem", one.id) for one in members]}
        tell(at, "offer.made", facts, happened_at=clock.now())


def telling(at: int) -> int:
    """How many notices a run writes."""
    return tell_people(at, queue_mail(at)).notices


def only_member(at: int) -> Member:
    with in_organisation(at):
        return Member.objects.get(organisation_id=at)


def test_news_reaches_whom_it_is_about_once_and_nobody_else():
    at = make_organisation().id
    ada, ben, eve = (make_member(at) for _ in range(3))
    offered(at, ada, ben)

    assert (telling(at), telling(at)) == (2, 0)

    assert told(at, Reader(member_id=ada.id)) == ["Something is offered to you: spring."]
    assert told(at, Reader(member_id=ben.id)) == ["Something is offered to you: spring."]
    assert told(at, Reader(member_id=eve.id)) == []
    assert told(at, Reader()) == []


def test_what_is_read_can_be_unread_and_is_its_readers_alone():
    at = make_organisation().id
    ada, ben = make_member(at), make_member(at)
    offered(at, ada)
    offered(at, ada, ben)
    telling(at)
    mine, theirs = Reader(member_id=ada.id), Reader(member_id=ben.id)
    with in_organisation(at):
        assert unread_of(at, mine) == 2
        newest = read_notice(inbox(at, mine)[0].id)

    assert mark_read(at, mine, only=[newest]) == 1
    assert mark_read(at, mine, only=[newest]) == 0
    with pytest.raises(NotFound):
        mark_read(at, theirs, only=[newest])
    with pytest.raises(NotFound):
        mark_unread(at, theirs, newest)
    mark_unread(at, mine, newest)
    assert mark_read(at, mine) == 2
    with in_organisation(at):
        assert (unread_of(at, mine), unread_of(at, theirs)) == (0, 1)


def test_a_request_waits_in_the_inbox_of_every_second_person_and_its_end_in_the_askers():
    at = make_organisation().id
    make_unit(at)
    ada = make_member(at, name="Ada")
    desk, manager = make_user(at, roles=["desk"]).id, make_user(at, roles=["manager"]).id
    made = ask_approval(
        at, member_id=ada.id, unit="points", amount=900, reason="Kindness", key="a", actor=f"usr_{desk}"
    )
    telling(at)
    approve(at, made.id, actor=f"usr_{manager}")
    telling(at)

    assert told(at, Reader(user_id=manager)) == ["Waits for a second person: 900 points for Ada."]
    assert told(at, Reader(user_id=desk)) == ["Approved: 900 points for Ada."]
    assert told(at, Reader(member_id=ada.id)) == []


def test_what_happened_long_ago_calls_for_nobody():
    at = make_organisation().id
    ada = make_member(at)
    with in_organisation(at):
        facts = {"programme": "main", "offer": "old", "members": [show("mem", ada.id)]}
        tell(at, "offer.made", facts, happened_at=clock.now() - timedelta(days=60))
    telling(at)

    with in_organisation(at):
        assert unread_of(at, Reader(member_id=ada.id)) == 0
    assert len(told(at, Reader(member_id=ada.id))) == 1


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_points_are_warned_of_thirty_days_before_and_seven_and_mailed_to_whoever_chose_it():
    mail.outbox = []
    at = expiring_soon(1)
    ada = only_member(at)
    choose(at, member_id=ada.id, choices={news_by_mail("expiry"): True}, actor=ACTOR)
    run_due(at)
    run_due(at)
    assert len(told(at, Reader(member_id=ada.id))) == 1

    with clock.frozen_at(clock.wall() + timedelta(days=14)):
        run_due(at)
        run_due(at)

    sentences = told(at, Reader(member_id=ada.id))
    assert len(sentences) == 2
    assert all(one.startswith("10 points can be spent until ") for one in sentences)
    assert len([one for one in mail.outbox if one.to == ["m0@home.example"]]) == 2


def test_what_was_spent_and_what_lasts_longer_is_not_warned_of():
    at = make_organisation().id
    make_unit(at, expiry={"after": "P90D"})
    make_member(at)

    assert warn_of_expiry(at) == 0

    soon = expiring_soon(1)
    assert (warn_of_expiry(soon), warn_of_expiry(soon)) == (1, 0)


def test_wallets_are_looked_through_page_by_page():
    at = expiring_soon(5)

    assert warn_of_expiry(at, at_a_time=2) == 5


@rounds
def test_of_twenty_who_warn_at_once_one_does(round_):
    at = expiring_soon(3)

    warned = at_once(CONTENDERS, lambda _: warn_of_expiry(at))

    assert sum(one for one in warned if isinstance(one, int)) == 3
    with in_organisation(at):
        assert ExpiryWarning.objects.filter(organisation_id=at).count() == 3


@rounds
def test_of_twenty_who_tell_at_once_each_notice_is_written_by_one(round_):
    at = make_organisation().id
    ada, ben = make_member(at), make_member(at)
    offered(at, ada, ben)

    written = at_once(CONTENDERS, lambda _: telling(at))

    assert sum(one for one in written if isinstance(one, int)) == 2
    with in_organisation(at):
        assert Notice.objects.filter(organisation_id=at).count() == 2


def test_what_was_told_a_year_ago_leaves_the_inbox_and_the_rest_stays():
    at = make_organisation().id
    ada = make_member(at)
    with clock.frozen_at(clock.now() - timedelta(days=200)):
        offered(at, ada)
        telling(at)
    offered(at, ada)
    telling(at)

    run_due(at)
    assert len(told(at, Reader(member_id=ada.id))) == 2
    with clock.frozen_at(clock.now() + timedelta(days=166)):
        run_due(at)

    assert len(told(at, Reader(member_id=ada.id))) == 1
    assert telling(at) == 0


def test_whoever_asks_is_known_with_what_they_have_not_read():
    at = make_organisation().id
    ada = make_member(at)
    both, manager = make_user(at, roles=["manager"], member=ada), make_user(at, roles=["manager"])
    offered(at, ada)
    offered(at, ada)
    telling(at)
    assert (person(at, both.id).unread, person(at, manager.id).unread) == (2, 0)

    make_unit(at)
    asked_by = f"usr_{manager.id}"
    ask_approval(at, member_id=ada.id, unit="points", amount=900, reason="Kindness", key="a", actor=asked_by)
    telling(at)
    assert person(at, both.id).unread == 3

    mark_read(at, Reader(member_id=ada.id, user_id=both.id))
    assert person(at, both.id).unread == 0
