"""Does together what arrives together: concurrent single items become one batch, each answered after its commit.

One batch of a partition is in flight; whatever arrives meanwhile gathers and is the next batch. There is
no timer: alone, an item waits for nothing. The thread whose item comes first leads: it does the batch's
work for all, then hands the lead to the first that waits. Measured against one transaction per item this
gains nothing for one caller and several times the rate for many, because they share the commit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from threading import Lock
from typing import Generic, TypeVar

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


class Together(Generic[T, R]):
    """Gathers items by partition and does them in batches with `work(partition, items) -> answers`.

    At most `batch_max` items are one batch; at most `waiting_max` wait in a partition, and the next is
    refused with `TooBusy`. An item that waits longer than `patience` seconds is refused likewise; it may
    have been done all the same, which its own id makes harmless to repeat.
    """

    def __init__(
        self,
        work: Callable[[int, Sequence[T]], Sequence[R]],
        *,
        batch_max: int = 500,
        waiting_max: int = 2_000,
        patience: float = 30,
    ) -> None:
        self._work = work
        self._batch_max = batch_max
        self._waiting_max = waiting_max
        self._patience = patience
        self._guard = Lock()
        # A partition has a queue exactly while somebody leads it.
        self._queues: dict[int, deque[_Ticket[T, R]]] = {}

    def hand_in(self, partition: int, item: T) -> R:
        """The answer to this item, done in whichever batch it fell into.

        Raises what `work` raises for this item alone, and `TooBusy`.
        """
        ticket = self._queue_up(partition, item)
        if not ticket.leads:
            self._wait(partition, ticket)
        if ticket.leads:
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

    def _lead(self, partition: int) -> None:
        """Do the batch at the head of the queue, then call its items and whoever leads next."""
        with self._guard:
            queue = self._queues[partition]
            batch = [queue.popleft() for _ in islice(range(self._batch_max), len(queue))]
        try:
            self._do(partition, batch)
        finally:
            self._hand_over(partition)
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

    def _hand_over(self, partition: int) -> None:
        with self._guard:
            queue = self._queues[partition]
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
