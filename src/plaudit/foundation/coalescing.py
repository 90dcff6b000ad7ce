"""Does together what arrives together: concurrent single items become one batch, each answered after its commit.

One batch of a partition is in flight; whatever arrives meanwhile gathers and is the next batch. There is
no timer: alone, an item waits for nothing. Where several came a moment ago, the next batch begins when as
many are there again, or after a small part of the time the last one took. The thread whose item comes first leads: it does the batch's
work for all, then hands the lead to the first that waits. Measured against one transaction per item this
gains nothing for one caller and several times the rate for many, because they share the commit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from threading import Lock
from time import monotonic
from typing import Generic, NamedTuple, TypeVar

from django.db import InterfaceError, OperationalError

from plaudit.foundation.refusals import Refusal

T = TypeVar("T")
R = TypeVar("R")

GONE = (OperationalError, InterfaceError)
"""The database is not there: no item is at fault, and cutting the batch in two helps nobody."""


class TooBusy(Refusal):
    code = "too_busy"
    status = 503
    exit_code = 7
    sentence = "More arrives than can be written down at the moment. This was not taken."
    way_forward = "Send it again in {retry_after} s."

    def __init__(self, *, retry_after: int = 1) -> None:
        super().__init__(retry_after=retry_after)


class _Ticket(Generic[T, R]):
    """One item that waits. `called` is held until its answer is there or the lead falls to it."""

    __slots__ = ("answer", "called", "item", "leads")

    def __init__(self, item: T) -> None:
        self.item = item
        self.answer: R | Exception | None = None
        self.leads = False
        self.called = Lock()
        self.called.acquire()

    def result(self) -> R:
        if isinstance(self.answer, Exception):
            raise self.answer
        assert self.answer is not None, "whoever leads answers everybody in the batch"
        return self.answer


class _Last(NamedTuple):
    """The last batch of a partition: how long it took, when it ended, how many were in it or waited then."""

    lasted: float
    ended_at: float
    there: int


class Together(Generic[T, R]):
    """Gathers items by partition and does them in batches with `work(partition, items) -> answers`.

    At most `batch_max` items are one batch; at most `waiting_max` wait in a partition, and the next is
    refused with `TooBusy`. An item that waits longer than `patience` seconds is refused likewise; it may
    have been done all the same, which its own id makes harmless to repeat. Those who were there a moment ago are
    waited for during `gathering` of the last batch's time, counted from its end, at most `gathering_max` seconds.
    """

    def __init__(
        self,
        work: Callable[[int, Sequence[T]], Sequence[R]],
        *,
        batch_max: int = 500,
        waiting_max: int = 2_000,
        patience: float = 30,
        gathering: float = 0.25,
        gathering_max: float = 0.005,
    ) -> None:
        self._work = work
        self._batch_max = batch_max
        self._waiting_max = waiting_max
        self._patience = patience
        self._gathering = gathering
        self._gathering_max = gathering_max
        self._guard = Lock()
        # A partition has a queue exactly while somebody leads it.
        self._queues: dict[int, deque[_Ticket[T, R]]] = {}
        self._last: dict[int, _Last] = {}
        # Who leads and lets others arrive before beginning, and how many are then enough.
        self._awaiting: dict[int, tuple[_Ticket[T, R], int]] = {}

    def hand_in(self, partition: int, item: T) -> R:
        """The answer to this item, done in whichever batch it fell into.

        Raises what `work` raises for this item alone, and `TooBusy`.
        """
        ticket = self._queue_up(partition, item)
        if not ticket.leads:
            self._wait(partition, ticket)
        if ticket.leads:
            self._gather(partition, ticket)
            self._lead(partition)
        return ticket.result()

    def _queue_up(self, partition: int, item: T) -> _Ticket[T, R]:
        ticket = _Ticket[T, R](item)
        with self._guard:
            queue = self._queues.get(partition)
            if queue is None:
                queue = self._queues[partition] = deque()
                ticket.leads = True
            elif len(queue) >= self._waiting_max:
                raise TooBusy
            queue.append(ticket)
            awaiting = self._awaiting.get(partition)
            if awaiting is not None and len(queue) >= awaiting[1]:
                self._awaiting.pop(partition)[0].called.release()
        return ticket

    def _wait(self, partition: int, ticket: _Ticket[T, R]) -> None:
        if ticket.called.acquire(timeout=self._patience):
            return
        with self._guard:
            # The lead, or the answer, may have come in the very moment in which patience ran out.
            if ticket.called.acquire(blocking=False) or ticket.answer is not None:
                return
            queue = self._queues.get(partition)
            if queue is not None and ticket in queue:
                queue.remove(ticket)
        raise TooBusy(retry_after=5)

    def _gather(self, partition: int, ticket: _Ticket[T, R]) -> None:
        """Let those come back who were here a moment ago.

        Else callers who ask again as soon as they are answered fall into two halves that take turns, and
        each half pays for a batch of its own.
        """
        with self._guard:
            last = self._last.get(partition)
            if last is None or len(self._queues[partition]) >= last.there:
                return
            wait = min(self._gathering * last.lasted, self._gathering_max) - (monotonic() - last.ended_at)
            if wait <= 0:
                return
            self._awaiting[partition] = (ticket, last.there)
        if not ticket.called.acquire(timeout=wait):
            with self._guard:
                if self._awaiting.pop(partition, None) is None:  # they were there in the very moment
                    ticket.called.acquire()

    def _lead(self, partition: int) -> None:
        """Do the batch at the head of the queue, then call its items and whoever leads next."""
        with self._guard:
            queue = self._queues[partition]
            batch = [queue.popleft() for _ in islice(range(self._batch_max), len(queue))]
        began = monotonic()
        try:
            self._do(partition, batch)
        finally:
            self._hand_over(partition, len(batch), began)
            for ticket in batch:
                if ticket.answer is None:  # the leading thread itself was ended
                    ticket.answer = TooBusy(retry_after=5)
                ticket.called.release()

    def _do(self, partition: int, batch: Sequence[_Ticket[T, R]]) -> None:
        items = [ticket.item for ticket in batch]
        try:
            answers = list(bisect(lambda part: self._work(partition, part), items))
        except GONE as error:
            answers = [error] * len(items)
        for ticket, answer in zip(batch, answers, strict=True):
            ticket.answer = answer

    def _hand_over(self, partition: int, done: int, began: float) -> None:
        ended = monotonic()
        with self._guard:
            queue = self._queues[partition]
            self._last[partition] = _Last(ended - began, ended, min(done + len(queue), self._batch_max))
            if not queue:
                del self._queues[partition]
                return
            queue[0].leads = True
            queue[0].called.release()


def bisect(work: Callable[[Sequence[T]], Sequence[R]], items: Sequence[T]) -> Iterator[R | Exception]:
    """What `work` answers for each item, and its exception in the place of the one it fails on alone.

    A batch that fails is cut in two until what fails stands by itself, so that one bad item harms nobody
    else. A database that is not there is raised.
    """
    try:
        answers = work(items)
    except GONE:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, it is one item's alone
        if len(items) == 1:
            yield error
            return
        middle = len(items) // 2
        yield from bisect(work, items[:middle])
        yield from bisect(work, items[middle:])
    else:
        yield from answers
