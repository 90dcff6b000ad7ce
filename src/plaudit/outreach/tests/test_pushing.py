"""Members told on their devices: what they chose, in few words, once; and what a push service answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.jobs import run_due
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.membership.actions.erase import erase_member
from plaudit.outreach.actions.devices import try_device
from plaudit.outreach.actions.pushing import TRIES, note_pushes, push_due, send_pushes, take_up_pushes
from plaudit.outreach.actions.telling import tell_people
from plaudit.outreach.models import Device
from plaudit.outreach.queries.devices import devices_of
from plaudit.outreach.tasks import queue_mail
from plaudit.outreach.tests.browsers import Subscribed, make_browser, make_device
from plaudit.outreach.tests.choosing import answers, begin, names_of, offered, waiting
from plaudit.outreach.tests.receiver import Receiver, Reply, receiver
from plaudit.people.actions.choosing import choose
from plaudit.people.choices import IN_WORDS, news_by_push
from plaudit.people.models import Member, Organisation
from plaudit.people.tests.factories import ACTOR, make_member

here = pytest.mark.usefixtures("_sending_here")


def said(there: Receiver, to: Subscribed) -> list[dict[str, str]]:
    return [dict(to.reads(one.raw)) for one in there.received]


@here
def test_who_chose_it_is_told_once_on_every_device_that_there_is_something_and_not_what():
    ada = begin()
    at = ada.organisation_id
    phone, desk = make_browser(), make_browser()
    with receiver(Reply(201)) as there:
        make_device(at, ada.id, url=f"{there.url}/phone", to=phone)
        make_device(at, ada.id, url=f"{there.url}/desk", to=desk)
        assert offered(ada, "spring") == 2
        assert (push_due(at), push_due(at)) == (2, 0)

    by_path = {one.path: one for one in there.received}
    assert set(by_path) == {"/hook/phone", "/hook/desk"}
    for path, browser in (("/hook/phone", phone), ("/hook/desk", desk)):
        message = browser.reads(by_path[path].raw)
        assert message["body"] == "There is something new for you."
        assert (message["path"], message["tag"], message["lang"]) == (
            "/me/inbox?show=unread",
            "offers",
            "en-gb",
        )
        headers = by_path[path].headers
        assert (headers["ttl"], headers["content-encoding"]) == ("86400", "aes128gcm")
        assert headers["authorization"].startswith("vapid t=")
        assert len(headers["topic"]) == 32
    assert len({one.headers["topic"] for one in there.received}) == 2
    with in_organisation(at):
        assert all(one.reached_at is not None for one in devices_of(at, ada.id))


@here
def test_who_chose_to_be_told_what_is_told_in_their_language():
    ada = begin(IN_WORDS)
    at = ada.organisation_id
    with in_organisation(at):
        Organisation.objects.filter(id=at).update(language="de")
    phone = make_browser()
    with receiver(Reply(201)) as there:
        make_device(at, ada.id, url=there.url, to=phone)
        offered(ada, "spring")
        push_due(at)

    (message,) = said(there, phone)
    assert message["lang"] == "de"
    assert "spring" in message["body"]
    assert message["body"] != "Something is offered to you: spring."
    assert message["path"] == "/challenges"


@here
def test_what_comes_later_of_one_kind_replaces_what_waits_here_and_at_the_push_service():
    ada = begin(IN_WORDS)
    at, phone = ada.organisation_id, make_browser()
    with receiver(Reply(201)) as there:
        make_device(at, ada.id, url=there.url, to=phone)
        assert offered(ada, "spring", "summer") == 1
        push_due(at)
        offered(ada, "autumn")
        push_due(at)

    assert [one["body"] for one in said(there, phone)] == [
        "Something is offered to you: summer.",
        "Something is offered to you: autumn.",
    ]
    assert len({one.headers["topic"] for one in there.received}) == 1


def test_nobody_is_told_who_did_not_choose_it_or_had_no_device_when_it_happened():
    ada = begin()
    assert offered(ada, "early") == 0
    make_device(ada.organisation_id, ada.id)
    ben = make_member(ada.organisation_id)
    make_device(ada.organisation_id, ben.id)

    assert offered(ben, "spring") == 0
    assert offered(ada, "spring") == 1


def test_what_happened_longer_ago_than_a_day_is_sent_to_no_device():
    with clock.frozen_at(clock.wall() - timedelta(days=3)):
        ada = begin()
        make_device(ada.organisation_id, ada.id)
    at = ada.organisation_id
    with in_organisation(at):
        facts = {"programme": "main", "offer": "old", "members": [show("mem", ada.id)]}
        tell(at, "offer.made", facts, happened_at=clock.now() - timedelta(days=2))
    tell_people(at, queue_mail(at))

    assert waiting(at) == 0


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_no_more_is_forgotten(status):
    ada = begin()
    make_device(ada.organisation_id, ada.id, name="Gone")
    offered(ada, "spring")

    push_due(ada.organisation_id, post=answers(status))

    assert names_of(ada) == []
    assert waiting(ada.organisation_id) == 0


@pytest.mark.parametrize("status", [429, 503])
def test_a_push_service_that_asks_for_time_is_given_it(status):
    ada = begin()
    at = ada.organisation_id
    make_device(at, ada.id)
    now = clock.now()
    with clock.frozen_at(now):
        offered(ada, "spring")
        assert push_due(at, post=answers(status, "600")) == 1

        with clock.frozen_at(now + timedelta(minutes=9)):
            try_device(at, only_device(ada).id, member_id=ada.id)
            assert push_due(at, post=answers(201)) == 0
        with clock.frozen_at(now + timedelta(minutes=11)):
            assert push_due(at, post=answers(201)) == 2
    assert waiting(at) == 0


def only_device(member: Member) -> Device:
    with in_organisation(member.organisation_id):
        (found,) = devices_of(member.organisation_id, member.id)
    return found


@pytest.mark.parametrize("status", [None, 302])
def test_what_fails_is_tried_again_by_and_by_and_then_given_up(status):
    ada = begin()
    at = ada.organisation_id
    make_device(at, ada.id)
    now = clock.now()
    with clock.frozen_at(now):
        offered(ada, "spring")
        tried = 0
        for hours in range(14):
            with clock.frozen_at(now + timedelta(hours=hours)):
                tried += push_due(at, post=answers(status))
                tried += push_due(at, post=answers(status))
    assert tried == TRIES
    assert waiting(at) == 0
    assert names_of(ada) == ["Firefox on Linux"]


def test_whoever_was_frozen_while_something_newer_came_notes_nothing():
    ada = begin()
    at = ada.organisation_id
    make_device(at, ada.id)
    offered(ada, "spring")
    taken = take_up_pushes(at)
    assert take_up_pushes(at) == []
    offered(ada, "summer")

    note_pushes(at, send_pushes(taken, post=answers(201)))

    assert waiting(at) == 1
    assert push_due(at, post=answers(201)) == 1


def test_what_a_worker_took_with_it_is_taken_up_again():
    ada = begin()
    at = ada.organisation_id
    make_device(at, ada.id)
    now = clock.now()
    with clock.frozen_at(now):
        offered(ada, "spring")
        assert len(take_up_pushes(at)) == 1
        assert take_up_pushes(at) == []

    with clock.frozen_at(now + timedelta(minutes=3)):
        assert push_due(at, post=answers(201)) == 1


@here
def test_a_worker_sends_what_waits_and_a_try_comes_as_one():
    ada = begin()
    at, phone = ada.organisation_id, make_browser()
    with receiver(Reply(201)) as there:
        device = make_device(at, ada.id, url=there.url, to=phone)
        try_device(at, device.id, member_id=ada.id)
        try_device(at, device.id, member_id=ada.id)
        run_due(at)

    (message,) = said(there, phone)
    assert message["body"] == "This is how news reaches you here."


def test_whoever_is_erased_is_told_nothing_more():
    ada = begin()
    make_device(ada.organisation_id, ada.id)
    offered(ada, "spring")

    erase_member(ada.organisation_id, member_id=ada.id, reason="Asked", actor=ACTOR)

    assert waiting(ada.organisation_id) == 0
    with in_organisation(ada.organisation_id):
        assert not Device.objects.filter(organisation_id=ada.organisation_id).exists()


def test_five_members_cost_no_more_statements_than_one():
    ada = begin()
    at = ada.organisation_id
    make_device(at, ada.id)
    others = [make_member(at) for _ in range(4)]
    for one in others:
        choose(at, member_id=one.id, choices={news_by_push("offers"): True}, actor=ACTOR)
        make_device(at, one.id)

    statements(at, ada)  # what is kept in memory is kept from here on
    assert statements(at, ada, *others) == statements(at, ada)


def statements(at: int, *members: Member) -> int:
    """How many it takes to tell these of an offer, from the news to what is encrypted for their devices."""
    with in_organisation(at):
        facts = {"programme": "main", "offer": "one", "members": [show("mem", one.id) for one in members]}
        tell(at, "offer.made", facts, happened_at=clock.now())
    with CaptureQueriesContext(connection) as counted:
        tell_people(at, queue_mail(at))
        assert len(take_up_pushes(at)) == len(members)
    return len(counted)


@rounds
def test_of_twenty_workers_at_once_one_sends(round_):
    ada = begin()
    at = ada.organisation_id
    make_device(at, ada.id)
    offered(ada, "spring")

    sent = at_once(CONTENDERS, lambda _: push_due(at, post=answers(201)))

    assert sum(one for one in sent if isinstance(one, int)) == 1
