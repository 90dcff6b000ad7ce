"""Streams of news to open pages: how many there may be, what each follows, and what it is told.

A stream carries names and marks of what changed and nothing else; the page asks for it as ever, and is
admitted or refused as ever. A stream is a thread of the web server that sleeps, so there are only so many.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from threading import Condition, Lock
from time import monotonic

from django.db import connection

from plaudit.insights.marks import Followed, Thing

A_PERSON = 4
"""As many pages of one person are told at once; who opens another has the oldest ask instead."""

LASTS = timedelta(minutes=5)
"""A browser comes back after it, with the marks it has, and misses nothing."""

BEATS = timedelta(seconds=10)
"""So often something is sent when nothing is new: only by sending does a server notice that nobody listens."""

COME_BACK = timedelta(seconds=2)

ASK_INSTEAD = b"event: ask\ndata: \n\n"


@dataclass(frozen=True, slots=True)
class Listener:
    """Whose stream it is: the organisation, the person in it, and their session, kept as its hash."""

    organisation_id: int
    person: str
    session: bytes


class Stream:
    """One open page, as the web server sends it: an iterator of bytes that sleeps until there is something to say."""

    def __init__(self, streams: Streams, listener: Listener, following: Collection[Followed]) -> None:
        self.listener = listener
        self._streams = streams
        self._names = {one.thing: one.name for one in following}
        self._marks = {one.thing: one.mark for one in following}
        self._changed: dict[Thing, str] = {}
        self._last = b""
        self._ended = False
        self._begun = False
        # Not all at once after a restart: each lasts a little shorter than it might.
        self._ends_at = monotonic() + LASTS.total_seconds() * random.uniform(0.8, 1)  # noqa: S311
        self._woken = Condition()

    @property
    def things(self) -> Collection[Thing]:
        """What it follows."""
        return self._names.keys()

    @property
    def is_over(self) -> bool:
        """Whether its time is over, and whoever sent it has forgotten to close it."""
        return monotonic() > self._ends_at + BEATS.total_seconds()

    def tell(self, marks: Mapping[Thing, str]) -> None:
        """Wake it where one of its marks is another than it was."""
        with self._woken:
            for thing in self._marks.keys() & marks.keys():
                if self._marks[thing] != marks[thing]:
                    self._marks[thing] = self._changed[thing] = marks[thing]
            if self._changed:
                self._woken.notify()

    def end(self, last: bytes = b"") -> None:
        """Have it end with these last words."""
        with self._woken:
            self._ended, self._last = True, last
            self._woken.notify()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if not self._begun:
            self._begun = True
            connection.close()  # nothing is asked from here on, and a pool has better use for it
            return f"retry: {COME_BACK // timedelta(milliseconds=1)}\n\n".encode()
        said = self._next()
        if said is None:
            self.close()
            raise StopIteration
        return said

    def _next(self) -> bytes | None:
        """What to send next, after a while of silence nothing but a sign of life; None at the end."""
        with self._woken:
            left = self._ends_at - monotonic()
            if left > 0 and not self._ended and not self._changed:
                self._woken.wait(min(left, BEATS.total_seconds()))
            if self._changed:
                return self._said()
            if self._last:
                last, self._last = self._last, b""
                return last
            if self._ended or monotonic() >= self._ends_at:
                return None
        return b":\n\n"

    def _said(self) -> bytes:
        """What changed, and as the event's id the marks of everything, for the browser that comes back."""
        changed = self._written(self._changed)
        self._changed = {}
        return f"id: {self._written(self._marks)}\ndata: {changed}\n\n".encode()

    def _written(self, marks: Mapping[Thing, str]) -> str:
        return " ".join(f"{self._names[thing]}={mark}" for thing, mark in marks.items())

    def close(self) -> None:
        """Nobody sends it any more."""
        self._streams.leave(self)


class Streams:
    """The streams of one process, at most `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._open: list[Stream] = []

    def __len__(self) -> int:
        return len(self._open)

    def open(self, listener: Listener, following: Collection[Followed]) -> Stream | None:
        """A new stream, or None where there are as many as there may be: then the page asks again and again.

        The oldest of a person's gives way to their newest: mostly it is that of a page they have left.
        """
        with self._lock:
            self._open = [one for one in self._open if not one.is_over]
            theirs = [one for one in self._open if one.listener.person == listener.person]
            if len(theirs) >= A_PERSON:
                theirs[0].end(ASK_INSTEAD)
                self._open.remove(theirs[0])
            if len(self._open) >= self._most:
                return None
            made = Stream(self, listener, following)
            self._open.append(made)
            return made

    def leave(self, stream: Stream) -> None:
        """Forget a stream."""
        with self._lock:
            if stream in self._open:
                self._open.remove(stream)

    def end(self, *, for_good: bool = False) -> None:
        """End all that are open; for good, if no more are to come."""
        if for_good:
            self._most = 0
        for one in self.all():
            one.end()

    def things(self) -> Mapping[int, set[Thing]]:
        """What is followed, by organisation."""
        found: dict[int, set[Thing]] = defaultdict(set)
        for one in self.all():
            found[one.listener.organisation_id].update(one.things)
        return found

    def tell(self, organisation_id: int, marks: Mapping[Thing, str]) -> None:
        """Tell everybody in this organisation how things are marked now."""
        for one in self.all():
            if one.listener.organisation_id == organisation_id:
                one.tell(marks)

    def all(self) -> list[Stream]:
        """Those that are open now."""
        with self._lock:
            return list(self._open)
