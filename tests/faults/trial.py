"""One flow tried with one thing failing: what must hold after the failure, and after its caller's retry."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import CodeType
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from plaudit.foundation import tenancy
from plaudit.foundation.idempotency import Reply, once
from plaudit.foundation.refusals import Refusal
from tests.faults.planting import BEFORE, Fault, Passage, watched
from tests.faults.world import Rows, World

GONE = (OperationalError, InterfaceError)


class Thoroughness(StrEnum):
    """How many of a flow's statements fail: one of them, each in one of the four ways, each in all four."""

    ONE = "one"
    EACH = "each"
    ALL = "all"


Act = Callable[[], object]
Prepared = tuple[int, Act]
"""The organisation, and the act that is tried in it."""


def by_key(organisation_id: int, act: Act) -> Act:
    """The act as the API does it: once for its caller's key, and every retry gets the first answer."""

    def answer() -> Reply:
        act()
        return Reply(200, "{}")

    return lambda: once(
        organisation_id,
        scope="api",
        key="k1",
        digest=b"the same request",
        act=answer,
        refused=lambda refusal: Reply(refusal.status, "{}"),
    )


@dataclass(frozen=True)
class Flow:
    """One write as its callers do it.

    `prepare` sets the scene and gives the organisation and the act, which may be done again with the same
    keys. `covers` are the actions it goes through. `told_again` is what a caller may hear who asks again
    for what was done, the reply having been lost: the answer is no, and nothing is done twice.
    `done_again` says why asking again does it again then. `ignoring` names columns and tables that tell of
    every try.
    """

    name: str
    prepare: Callable[[], Prepared]
    covers: tuple[Callable[..., Any], ...]
    told_again: tuple[type[Refusal], ...] = ()
    done_again: str = ""
    ignoring: frozenset[str] = frozenset()


class Trial:
    """A flow, how it goes undisturbed, and what was wrong with how it went when something failed."""

    def __init__(self, flow: Flow, world: World) -> None:
        self._flow, self._world = flow, world
        organisation_id, self._act = flow.prepare()
        world.ignoring = flow.ignoring
        world.keep(organisation_id)
        self.wrong: list[str] = []
        self.runs = 0
        called: set[CodeType] = set()
        with _noting_calls(called):
            self._learn()
        self.missed = [one.__qualname__ for one in flow.covers if one.__code__ not in called]

    def _learn(self) -> None:
        """Run it undisturbed: what passes, how things stand after each commit, and in the end."""
        # Between two commits a flow may stop, and nowhere else.
        self._standing: list[list[str]] = [[]]
        self.passage = Passage(on_commit=lambda: self._standing.append(self._now()))
        with watched(self.passage):
            self._act()
        self._end = self._world.read()
        assert self._world.change(self._end) == self._standing[-1], "written outside a commit that was seen"
        assert self._end != self._world.base, "a flow that writes nothing proves nothing"
        self._world.put_back(self._end)
        assert self._world.read() == self._world.base, "what every run begins with"

    def fail_everywhere(self, how_many: Thoroughness) -> None:
        """Let statements fail, and each commit.

        Unless all is asked for the four ways take turns: each statement fails in one of them, and the
        statements around it in the others. Where one is asked for, flows of equal length fail at other places.
        """
        turn = sum(map(ord, self._flow.name))  # short flows do not all begin with the same
        with self._world.watching_only(self._end):
            # What this process remembers from now on, it need not ask again: such a statement cannot fail.
            self._learn()
            last = self.passage.passed
            for at in [1 + turn % last] if how_many is Thoroughness.ONE else range(1, last + 1):
                ways = BEFORE if how_many is Thoroughness.ALL else [BEFORE[(at + turn) % len(BEFORE)]]
                for fault in ways:
                    self.fail(at, fault)
            for at in self.passage.commits:
                self.fail(at, Fault.REPLY_LOST)

    def fail(self, at: int, fault: Fault) -> None:
        """Run the flow with one thing failing, and once more where its caller would."""
        self.runs += 1
        passage = Passage(fault, at)
        error: Exception | None = None
        try:
            with watched(passage):
                self._act()
        except Exception as raised:  # noqa: BLE001  # what is raised is what is judged
            error = raised
        # Who follows the book waits for every transaction that is open, and a lost one is until it is missed.
        self._world.see_out(passage.lost)
        rows = self._world.read()
        found = list(self._faults_after(passage, error, rows))
        lost = fault is Fault.REPLY_LOST
        if error is not None and not (lost and self._flow.done_again):
            refused = list(self._retry(lost=lost))
            rows = self._world.read()
            found += [*refused, *self._unlike("not exactly once after the retry", rows, self._standing[-1])]
        close_old_connections()
        self.wrong += [f"{fault.name} at {passage.place}: {one}" for one in found]
        self._world.put_back(rows)

    def _faults_after(self, passage: Passage, error: Exception | None, rows: Rows) -> Iterator[str]:
        if not passage.fired:
            yield "it was not reached"
        if tenancy._at_work.get() is not None or connection.in_atomic_block:
            yield "a transaction was left open"
        if error is None:
            yield from self._unlike("done, its caller heard", rows, self._standing[-1])
            return
        if not isinstance(error, GONE) and not (isinstance(error, Refusal) and error.status == 503):
            yield f"the caller hears {error!r}, which is not 'try again'"
        yield from self._unlike("neither all nor nothing", rows, self._standing[passage.committed_then])

    def _retry(self, *, lost: bool) -> Iterator[str]:
        close_old_connections()  # as whoever retries does, between requests and between jobs
        try:
            self._act()
        except self._flow.told_again as refusal:
            if not lost:
                yield f"the retry is refused: {refusal!r}"
        except Exception as error:  # noqa: BLE001  # what is raised is what is judged
            yield f"the retry fails: {error!r}"

    def _unlike(self, what: str, rows: Rows, wanted: list[str]) -> Iterator[str]:
        now = self._world.change(rows)
        if now != wanted:
            yield f"{what}:\n" + "\n".join(sorted(set(now) ^ set(wanted)))

    def _now(self) -> list[str]:
        return self._world.change(self._world.read())


class _noting_calls:  # noqa: N801  # used as a function is
    """Notes the code of everything that is called inside."""

    def __init__(self, called: set[CodeType]) -> None:
        self._called = called

    def __enter__(self) -> None:
        def note(frame: Any, event: str, _argument: object) -> None:
            if event == "call":
                self._called.add(frame.f_code)

        self._before = sys.getprofile()
        sys.setprofile(note)

    def __exit__(self, *_raised: object) -> None:
        sys.setprofile(self._before)
