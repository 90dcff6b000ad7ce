"""How many streams there may be, whose they are, and what they say."""

from __future__ import annotations

from plaudit.insights.marks import Followed
from plaudit.surfaces.live.streams import A_PERSON, Listener, Stream, Streams
from plaudit.surfaces.live.watching import Watch

POINTS = ("points", "one")
CASES = ("cases", "one")


def of(person: str, *, organisation: int = 1) -> Listener:
    return Listener(organisation, person, person.encode())


def opened(streams: Streams, person: str = "ada", *, organisation: int = 1) -> Stream:
    following = [Followed("points", POINTS, "aa"), Followed("cases", CASES, "bb")]
    stream = streams.open(of(person, organisation=organisation), following)
    assert stream is not None
    assert next(stream) == b"retry: 2000\n\n"
    return stream


def test_a_stream_says_what_changed_and_numbers_it_with_all_marks():
    streams = Streams(10)
    stream = opened(streams)

    streams.tell(1, {POINTS: "a1", CASES: "bb"})

    assert next(stream) == b"id: points=a1 cases=bb\ndata: points=a1\n\n"


def test_changes_that_come_together_are_said_together():
    streams = Streams(10)
    stream = opened(streams)

    streams.tell(1, {POINTS: "a1"})
    streams.tell(1, {POINTS: "a2", CASES: "b1"})

    assert next(stream) == b"id: points=a2 cases=b1\ndata: points=a2 cases=b1\n\n"


def test_nobody_hears_of_another_organisation():
    streams = Streams(10)
    mine, theirs = opened(streams), opened(streams, organisation=2)

    streams.tell(2, {POINTS: "a1"})
    mine.end()

    assert list(mine) == []
    assert b"points=a1" in next(theirs)


def test_the_oldest_of_a_person_gives_way_and_asks_instead():
    streams = Streams(10)
    first, *others = [opened(streams) for _ in range(A_PERSON)]
    opened(streams, "bo")

    newest = opened(streams)

    assert list(first) == [b"event: ask\ndata: \n\n"]
    assert len(streams) == A_PERSON + 1
    assert {*others, newest} < {*streams.all()}


def test_there_are_no_more_streams_than_there_may_be():
    streams = Streams(2)
    first = opened(streams, "ada")
    opened(streams, "bo")

    assert streams.open(of("eve"), []) is None

    first.close()
    assert streams.open(of("eve"), []) is not None


def test_one_look_tells_everybody_and_asks_once_for_what_many_follow():
    streams, asked = Streams(10), []

    def look(organisation_id, things):
        asked.append((organisation_id, sorted(things)))
        return dict.fromkeys(things, "new")

    ada, bo = opened(streams, "ada"), opened(streams, "bo")

    Watch(streams, look).look()

    assert asked == [(1, [CASES, POINTS])]
    assert next(ada) == next(bo)


def test_streams_of_sessions_that_ended_end():
    streams = Streams(10)
    stream = opened(streams)

    Watch(streams, lambda *_: {}).end_signed_out()

    assert list(stream) == []
    assert len(streams) == 0
