"""Webhooks: signed, sent at least once with one id, tried for three days, and nobody waits for anybody."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from standardwebhooks import Webhook

from plaudit.earning.tests.factories import make_story
from plaudit.foundation import clock
from plaudit.foundation.jobs import run_due
from plaudit.foundation.jobs.running import work_off
from plaudit.outreach import tasks
from plaudit.outreach.actions.delivering import deliver_due
from plaudit.outreach.actions.endpoints import change_endpoint
from plaudit.outreach.actions.spreading import spread
from plaudit.outreach.models import DeliveryState, EndpointState
from plaudit.outreach.queries.feed import feed
from plaudit.outreach.queries.webhooks import attempts, deliveries, delivery, endpoint, health, show_endpoint
from plaudit.outreach.rules.messages import ENDPOINT_DISABLED, GIVEN_UP
from plaudit.outreach.rules.schedule import TRIES, WAITS
from plaudit.outreach.tests.factories import NOON, happen, make_endpoint, only_delivery, say
from plaudit.outreach.tests.receiver import Reply, receiver
from plaudit.people.tests.factories import make_organisation

pytestmark = pytest.mark.usefixtures("_sending_here")


def test_what_happened_arrives_signed_and_as_the_feed_tells_it():
    story = make_story()
    organisation = story.organisation.id
    with receiver() as there:
        added = make_endpoint(organisation, there, types=["points.*"])
        story.buy("ada", "12.50")
        spread(organisation)
        assert deliver_due(organisation, added.endpoint.id) == 1

    (received,) = there.received
    verified = Webhook(added.secret).verify(received.body, dict(received.headers))
    _, earned = feed(organisation).messages
    assert verified == json.loads(received.body) == earned.shown()
    assert received.id == earned.id == verified["id"]
    assert only_delivery(organisation).state == DeliveryState.DELIVERED


def test_an_endpoint_is_told_what_happens_from_now_on_and_only_what_it_wants():
    organisation = make_organisation().id
    say(organisation, "before")
    with receiver() as there:
        added = make_endpoint(organisation, there, types=["test.said"])
        say(organisation, "other", topic="test.shouted")
        say(organisation, "after")
        deliver_due(organisation, added.endpoint.id)
        change_endpoint(organisation, added.endpoint.id, types=["test.shouted"], actor="usr_0")
        say(organisation, "no longer")
        deliver_due(organisation, added.endpoint.id)

    assert [json.loads(one.body)["data"]["what"] for one in there.received] == ["after"]


def test_each_message_is_handed_out_once_however_many_hand_out():
    organisation = make_organisation().id
    with receiver() as there:
        make_endpoint(organisation, there)
        happen(organisation, "one", "two", "three")
        barrier = threading.Barrier(4)

        def hand_out() -> None:
            try:
                barrier.wait(30)
                spread(organisation)
            finally:
                connection.close()

        threads = [threading.Thread(target=hand_out) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

    assert len(deliveries(organisation)) == 3


def test_a_dead_receiver_is_tried_ten_times_over_three_days_with_one_id_and_then_given_up():
    organisation = make_organisation().id
    tried_at = []
    with receiver(Reply(500, body=b"on fire")) as there, receiver() as elsewhere:
        with clock.frozen_at(NOON):
            added = make_endpoint(organisation, there)
            other = make_endpoint(organisation, elsewhere, types=[GIVEN_UP])
            say(organisation, "once")
        moment = NOON
        for _ in range(TRIES):
            with clock.frozen_at(moment - timedelta(seconds=1)):
                assert deliver_due(organisation, added.endpoint.id) == 0
            with clock.frozen_at(moment):
                assert deliver_due(organisation, added.endpoint.id) == 1
            tried_at.append(moment)
            (one, *_) = deliveries(organisation, endpoint_id=added.endpoint.id)
            moment = one.due_at
        with clock.frozen_at(moment + timedelta(days=30)):
            assert deliver_due(organisation, added.endpoint.id) == 0
            spread(organisation)
            deliver_due(organisation, other.endpoint.id)

    assert len(there.received) == TRIES
    assert len(set(there.ids)) == 1
    assert tried_at[-1] - NOON >= timedelta(hours=72)
    waited = [later - earlier for earlier, later in pairwise(tried_at)]
    assert all(wait <= done for wait, done in zip(WAITS, waited, strict=True))
    (dead,) = deliveries(organisation, state=DeliveryState.DEAD)
    assert (dead.tries, dead.settled_because) == (TRIES, "Every try failed.")
    assert [(one.status, one.answer) for one in attempts(organisation, dead.id)] == [(500, "on fire")] * TRIES
    assert json.loads(elsewhere.received[0].body)["data"]["endpoint"] == show_endpoint(added.endpoint.id)
    assert health(organisation)[added.endpoint.id].dead == 1


def test_the_signature_is_renewed_with_each_try():
    organisation = make_organisation().id
    with receiver(Reply(500), Reply(200)) as there:
        added = make_endpoint(organisation, there)
        say(organisation, "once")
        deliver_due(organisation, added.endpoint.id)
        with clock.frozen_at(clock.wall() + timedelta(minutes=1)):
            deliver_due(organisation, added.endpoint.id)

    first, second = there.received
    assert first.id == second.id
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) in (60, 61)
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]


def test_a_receiver_that_comes_back_is_sent_what_waited():
    organisation = make_organisation().id
    with receiver(Reply(503)) as there, clock.frozen_at(NOON):
        added = make_endpoint(organisation, there)
        say(organisation, "one", "two")
        deliver_due(organisation, added.endpoint.id)
        failing = endpoint(organisation, added.endpoint.id)
        there.now_answers(Reply(204, body=b""))
        with clock.frozen_at(NOON + timedelta(minutes=1)):
            deliver_due(organisation, added.endpoint.id)

    well = endpoint(organisation, added.endpoint.id)
    assert (failing.failures, failing.failing_since, failing.slow) == (2, NOON, True)
    assert (well.failures, well.failing_since, well.slow) == (0, None, False)
    assert [one.state for one in deliveries(organisation)] == [DeliveryState.DELIVERED] * 2
    assert sorted(there.ids[:2]) == sorted(there.ids[2:])


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 500])
def test_anything_but_2xx_is_tried_again(status):
    organisation = make_organisation().id
    with receiver(Reply(status, {"location": "http://127.0.0.1:1/"})) as there:
        added = make_endpoint(organisation, there)
        say(organisation, "once")
        deliver_due(organisation, added.endpoint.id)

    one = only_delivery(organisation)
    assert (one.state, one.tries) == (DeliveryState.WAITING, 1)
    assert attempts(organisation, one.id)[0].status == status


def test_a_receiver_that_is_gone_is_disabled_and_others_are_told():
    organisation = make_organisation().id
    with receiver(Reply(410)) as there, receiver() as elsewhere:
        added, other = make_endpoint(organisation, there), make_endpoint(organisation, elsewhere)
        say(organisation, "one", "two")
        deliver_due(organisation, added.endpoint.id)
        say(organisation, "three")
        assert deliver_due(organisation, added.endpoint.id) == 0
        deliver_due(organisation, other.endpoint.id)

    gone = endpoint(organisation, added.endpoint.id)
    assert (gone.state, gone.disabled_because) == (
        EndpointState.DISABLED,
        "It answered that it is gone (410).",
    )
    assert {one.state for one in deliveries(organisation, endpoint_id=gone.id)} == {DeliveryState.DEAD}
    told = {json.loads(one.body)["type"] for one in elsewhere.received}
    assert told == {"test.said", ENDPOINT_DISABLED}


def test_an_endpoint_that_fails_for_a_week_is_disabled():
    organisation = make_organisation().id
    with receiver(Reply(500)) as there:
        with clock.frozen_at(NOON):
            added = make_endpoint(organisation, there)
            say(organisation, "one")
            deliver_due(organisation, added.endpoint.id)
        with clock.frozen_at(NOON + timedelta(days=8)):
            say(organisation, "two")
            deliver_due(organisation, added.endpoint.id)

    assert endpoint(organisation, added.endpoint.id).disabled_because == "Every try failed for a week."


def test_a_receiver_that_asks_for_time_is_left_alone_until_then():
    organisation = make_organisation().id
    with receiver(Reply(429, {"retry-after": "600"}), Reply(200)) as there:
        with clock.frozen_at(NOON):
            added = make_endpoint(organisation, there)
            say(organisation, "one")
            deliver_due(organisation, added.endpoint.id)
            say(organisation, "two")
            assert deliver_due(organisation, added.endpoint.id) == 0
        with clock.frozen_at(NOON + timedelta(seconds=599)):
            assert deliver_due(organisation, added.endpoint.id) == 0
        with clock.frozen_at(NOON + timedelta(seconds=600)):
            assert deliver_due(organisation, added.endpoint.id) == 2

    assert len(there.received) == 3


def test_a_slow_receiver_keeps_nobody_else_waiting():
    organisation = make_organisation().id
    answer = threading.Event()
    with receiver(Reply(before=lambda: answer.wait(30))) as slow, receiver() as quick:
        waits, goes = make_endpoint(organisation, slow), make_endpoint(organisation, quick)
        say(organisation, "one")

        def deliver_slowly() -> None:
            try:
                deliver_due(organisation, waits.endpoint.id)
            finally:
                connection.close()

        thread = threading.Thread(target=deliver_slowly)
        thread.start()
        assert deliver_due(organisation, goes.endpoint.id) == 1
        assert thread.is_alive()
        answer.set()
        thread.join(30)

    assert {one.state for one in deliveries(organisation)} == {DeliveryState.DELIVERED}


def test_the_worker_sends_what_happens_without_being_asked():
    organisation = make_organisation().id
    with receiver() as there:
        make_endpoint(organisation, there)
        say(organisation, "one", "two")
        tasks.SEND.run(organisation)
        work_off()

    assert len(there.received) == 2


def test_a_failing_receiver_is_sent_to_from_a_lane_of_its_own():
    organisation = make_organisation().id
    with receiver(Reply(500)) as failing, receiver() as well:
        with clock.frozen_at(clock.wall() - timedelta(minutes=1)):
            bad, good = make_endpoint(organisation, failing), make_endpoint(organisation, well)
            say(organisation, "one")
            deliver_due(organisation, bad.endpoint.id)
        tasks.SEND.run(organisation)
        with connection.cursor() as cursor:
            cursor.execute(
                "select args ->> 'endpoint', queue_name from procrastinate_jobs"
                " where (args ->> 'organisation_id')::int = %s",
                [organisation],
            )
            lanes = dict(cursor.fetchall())
        tasks.SEND.run(organisation)
        work_off()

    assert lanes == {str(bad.endpoint.id): "webhooks_slow", str(good.endpoint.id): "webhooks"}
    assert (len(failing.received), len(well.received)) == (2, 1)


def test_moving_a_clock_sends_what_became_due():
    organisation = make_organisation().id
    with receiver(Reply(500), Reply(200)) as there:
        with clock.frozen_at(NOON):
            make_endpoint(organisation, there)
            say(organisation, "once")
            run_due(organisation)
        with clock.frozen_at(NOON + timedelta(hours=1)):
            run_due(organisation)

    assert len(there.received) == 2
    assert delivery(organisation, only_delivery(organisation).id).state == DeliveryState.DELIVERED
