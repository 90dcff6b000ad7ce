"""Leases on deliveries: whoever dies leaves them to others, whoever froze writes nothing, nobody overlaps."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from uuid import UUID

import pytest
from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.jobs.running import RESUME_STALLED, work_off
from plaudit.foundation.jobs.tests import alone
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach import tasks
from plaudit.outreach.actions.delivering import LEASE, deliver_due, note, send, take_up
from plaudit.outreach.models import Delivery, DeliveryState
from plaudit.outreach.queries.webhooks import attempts
from plaudit.outreach.tests.factories import NOON, happen, make_endpoint, only_delivery, say
from plaudit.outreach.tests.receiver import Reply, receiver
from plaudit.people.tests.factories import make_organisation

pytestmark = pytest.mark.usefixtures("_sending_here")


def test_no_transaction_is_open_while_a_receiver_is_waited_for():
    organisation = make_organisation().id
    found: list[int] = []

    def look() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and state like 'idle in transaction%%' and pid <> pg_backend_pid()"
            )
            found.append(cursor.fetchone()[0])
        connection.close()

    with receiver(Reply(before=look)) as there:
        added = make_endpoint(organisation, there)
        say(organisation, "one")
        deliver_due(organisation, added.endpoint.id)

    assert found == [0]


def test_a_worker_killed_before_noting_leaves_it_to_be_sent_again_with_the_same_id():
    organisation = make_organisation().id
    with receiver() as there, clock.frozen_at(NOON):
        added = make_endpoint(organisation, there)
        say(organisation, "once")
        parcel = take_up(organisation, added.endpoint.id)
        assert parcel is not None
        send(parcel)
        assert deliver_due(organisation, added.endpoint.id) == 0
        with clock.frozen_at(NOON + LEASE):
            assert deliver_due(organisation, added.endpoint.id) == 1

    assert len(there.received) == 2
    assert len(set(there.ids)) == 1
    assert only_delivery(organisation).state == DeliveryState.DELIVERED


def test_a_worker_process_killed_while_the_receiver_answers_loses_nothing():
    organisation = make_organisation().id
    with receiver() as there:
        make_endpoint(organisation, there)
        happen(organisation, "once")
        alone.empty_queue()
        worker = subprocess.Popen([sys.executable, "-c", alone.WORKER], stderr=subprocess.DEVNULL)
        there.now_answers(Reply(before=worker.kill), Reply(200))
        tasks.SEND.run(organisation)
        assert worker.wait(60) == -signal.SIGKILL

        with connection.cursor() as cursor:
            cursor.execute(RESUME_STALLED, {"stalled": 0})
        with in_organisation(organisation):
            Delivery.objects.update(leased_until=NOON)  # as though two minutes had gone by
        tasks.SEND.run(organisation)
        work_off()

    assert len(there.received) == 2
    assert len(set(there.ids)) == 1
    assert only_delivery(organisation).state == DeliveryState.DELIVERED


def test_a_worker_that_froze_past_its_lease_may_note_nothing():
    organisation = make_organisation().id
    with receiver(Reply(200), Reply(500)) as there, clock.frozen_at(NOON):
        added = make_endpoint(organisation, there)
        say(organisation, "once")
        frozen = take_up(organisation, added.endpoint.id)
        assert frozen is not None
        with clock.frozen_at(NOON + LEASE):
            other = take_up(organisation, added.endpoint.id)
            assert other is not None
            late = send(frozen)
            assert note(organisation, added.endpoint.id, late) == 0
            assert only_delivery(organisation).state == DeliveryState.WAITING
            assert note(organisation, added.endpoint.id, send(other)) == 1
            assert note(organisation, added.endpoint.id, late) == 0

    one = only_delivery(organisation)
    assert (one.state, one.tries, one.attempts) == (DeliveryState.WAITING, 1, 1)
    assert [attempt.status for attempt in attempts(organisation, one.id)] == [500]


def test_workers_that_take_up_at_once_share_and_never_overlap():
    organisation = make_organisation().id
    with receiver() as there:
        added = make_endpoint(organisation, there)
        say(organisation, *(f"message {number}" for number in range(60)))
        barrier = threading.Barrier(3)
        taken: list[UUID] = []

        def take() -> None:
            try:
                barrier.wait(30)
                with in_organisation(organisation):
                    # The plan in which a claim that is not careful takes everything.
                    with connection.cursor() as cursor:
                        cursor.execute("set local enable_hashjoin = off; set local enable_mergejoin = off")
                    parcel = take_up(organisation, added.endpoint.id)
                assert parcel is not None
                assert len(parcel.taken) == 20
                taken.extend(one.id for one in parcel.taken)
            finally:
                connection.close()

        threads = [threading.Thread(target=take) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

    assert len(taken) == len(set(taken)) == 60
