"""The feed: everything once, in one order, whatever the writers do, with ids that never change."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import psycopg
import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django.utils import connector_params

from plaudit.earning.tests.factories import make_rule, make_story, purchase, refund
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.adjust import adjust
from plaudit.outreach.queries.feed import cursor_now, feed
from plaudit.outreach.refusals import CursorUnknown
from plaudit.outreach.rules.messages import Message
from plaudit.people.tests.factories import make_member, make_organisation

MOMENT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def say(organisation: int, what: str) -> None:
    with in_organisation(organisation):
        tell(organisation, "test.said", {"what": what}, happened_at=MOMENT)


def read_all(organisation: int, *, limit: int = 100, after: str | None = None) -> list[Message]:
    found: list[Message] = []
    while True:
        page = feed(organisation, after=after, limit=limit)
        assert len(page.messages) <= limit
        found += page.messages
        after = page.cursor
        if not page.has_more:
            return found


def in_thread(work: Callable[[], None]) -> threading.Thread:
    def and_disconnect() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=and_disconnect)
    thread.start()
    return thread


def types_of(messages: list[Message]) -> list[str]:
    return [message.type for message in messages]


def test_an_event_and_what_it_earned_are_told_with_balance_and_rule():
    story = make_story()
    outcome = story.buy("ada", "12.50", id="p-1")

    recorded, earned = read_all(story.organisation.id)

    assert recorded.type == "activity.recorded"
    assert recorded.data["id"] == "p-1"
    assert str(recorded.data["data"]["amount"]) == "12.50"
    assert earned.type == "points.earned"
    assert earned.data["activity"] == recorded.data["activity"]
    assert earned.data["member"] == recorded.data["member"]
    facts = {
        name: earned.data[name] for name in ("unit", "amount", "available", "line", "rule", "from", "to")
    }
    assert facts == {
        "unit": "points",
        "amount": 12,
        "available": 12,
        "line": 1,
        "rule": "purchases",
        "from": "issued",
        "to": "available",
    }
    assert outcome.event_id is not None


def test_a_batch_is_told_event_by_event():
    story = make_story(make_rule(), make_rule("twice", earn="floor(amount) * 2"))
    story.send(*(purchase("ada", "10", id=f"p-{number}") for number in range(5)))

    messages = read_all(story.organisation.id)

    assert types_of(messages) == ["activity.recorded", "points.earned", "points.earned"] * 5
    assert [m.data["line"] for m in messages if m.type == "points.earned"] == list(range(1, 11))


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7, 500])
def test_pages_of_any_size_tell_everything_once(limit):
    story = make_story(make_rule(), make_rule("twice", earn="floor(amount) * 2"))
    organisation = story.organisation.id
    for batch in range(3):
        story.send(*(purchase(f"m{number}", "3", id=f"{batch}-{number}") for number in range(4)))
        say(organisation, f"after batch {batch}")
    whole = read_all(organisation)

    assert read_all(organisation, limit=limit) == whole
    assert len({message.id for message in whole}) == len(whole) == 3 * (4 * 3 + 1)


def test_reading_again_gives_the_same_ids():
    story = make_story()
    story.buy("ada", "5")

    assert read_all(story.organisation.id) == read_all(story.organisation.id)


def test_the_cursor_stands_still_while_nothing_is_new_and_goes_on_from_there():
    organisation = make_organisation().id
    say(organisation, "first")
    page = feed(organisation)

    again = feed(organisation, after=page.cursor)
    say(organisation, "second")

    assert (again.messages, again.cursor, again.has_more) == ([], page.cursor, False)
    assert [m.data["what"] for m in read_all(organisation, after=page.cursor)] == ["second"]


def test_from_now_on_leaves_out_what_was_before():
    organisation = make_organisation().id
    say(organisation, "before")
    cursor = cursor_now(organisation)
    say(organisation, "after")

    assert [m.data["what"] for m in read_all(organisation, after=cursor)] == ["after"]


def test_another_organisations_news_is_not_told():
    ours, theirs = make_organisation().id, make_organisation().id
    say(theirs, "secret")

    assert read_all(ours) == []
    assert read_all(ours, after=feed(theirs, limit=1).cursor) == []


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "é", "=" * 50, "A" * 50, "_" * 50, "' or 1=1"])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor):
    with pytest.raises(CursorUnknown):
        feed(make_organisation().id, after=cursor)


def test_a_refund_is_told_as_a_reversal_of_what_was_earned():
    story = make_story()
    story.buy("ada", "20", id="p-1")
    story.send(refund("p-1", "5"))

    *_, reversed_ = read_all(story.organisation.id)

    assert reversed_.type == "points.reversed"
    assert (reversed_.data["amount"], reversed_.data["available"]) == (5, 15)
    assert reversed_.data["reverses"] is not None


def test_points_given_by_hand_are_told_like_those_earned():
    story = make_story()
    organisation = story.organisation.id
    member = make_member(organisation)
    adjust(
        organisation,
        member_id=member.id,
        unit="points",
        amount=30,
        reason="Goodwill",
        key="k1",
        actor="usr_0",
    )

    (adjusted,) = read_all(organisation)

    assert adjusted.type == "points.adjusted"
    assert (adjusted.data["amount"], adjusted.data["available"], adjusted.data["line"]) == (30, 30, 1)
    assert "reason" not in adjusted.data


def test_news_that_is_rolled_back_is_never_told():
    organisation = make_organisation().id

    def say_and_fail() -> None:
        with in_organisation(organisation):
            tell(organisation, "test.said", {"what": "ghost"}, happened_at=MOMENT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        say_and_fail()
    say(organisation, "real")

    assert [m.data["what"] for m in read_all(organisation)] == ["real"]


def test_what_a_later_writer_commits_first_waits_for_the_earlier_one():
    organisation = make_organisation().id
    written, may_commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with in_organisation(organisation):
            tell(organisation, "test.said", {"what": "slow"}, happened_at=MOMENT)
            written.set()
            assert may_commit.wait(30)

    slow = in_thread(write_slowly)
    assert written.wait(30)
    say(organisation, "quick")
    early = feed(organisation)
    may_commit.set()
    slow.join(30)

    assert early.messages == []
    late = read_all(organisation, after=early.cursor)
    assert sorted(m.data["what"] for m in late) == ["quick", "slow"]


def test_a_writer_in_another_role_is_waited_for_and_one_in_another_database_is_not():
    organisation = make_organisation().id
    connections["owner"].ensure_connection()
    elsewhere = psycopg.connect(**(connector_params("owner") | {"dbname": "postgres"}))
    try:
        elsewhere.execute("select pg_current_xact_id()")
        say(organisation, "first")
        assert [m.data["what"] for m in read_all(organisation)] == ["first"]
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute("select pg_current_xact_id()")
            say(organisation, "second")
            assert [m.data["what"] for m in read_all(organisation)] == ["first"]
        assert [m.data["what"] for m in read_all(organisation)] == ["first", "second"]
    finally:
        elsewhere.close()
        connections["owner"].close()


def test_a_reader_among_writers_that_commit_out_of_order_misses_and_repeats_nothing():
    organisation = make_organisation().id
    writers, rounds = 6, 40
    line_up = threading.Barrier(writers)
    done = threading.Event()
    seen: list[str] = []

    def write(writer: int) -> None:
        for round_ in range(rounds):
            line_up.wait(30)
            with in_organisation(organisation):
                tell(organisation, "test.said", {"what": f"{writer}/{round_}"}, happened_at=MOMENT)
                # Each holds its transaction open for a different number of statements, in turn.
                with connection.cursor() as cursor:
                    for _ in range((writer * 7 + round_ * 3) % 11):
                        cursor.execute("select 1")

    def read() -> None:
        after: str | None = None
        finishing = False
        while True:
            page = feed(organisation, after=after, limit=5)
            seen.extend(message.data["what"] for message in page.messages)
            after = page.cursor
            if finishing and not page.has_more:
                return
            finishing = done.is_set()

    reader = in_thread(read)
    threads = [in_thread(partial(write, writer)) for writer in range(writers)]
    for thread in threads:
        thread.join(60)
    done.set()
    reader.join(60)

    assert len(seen) == writers * rounds
    assert set(seen) == {f"{writer}/{round_}" for writer in range(writers) for round_ in range(rounds)}
