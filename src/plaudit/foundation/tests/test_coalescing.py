"""What arrives together is done together, and no item suffers for another."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError

from plaudit.foundation.coalescing import Together, TooBusy, bisect


class Desk:
    """Does batches and notes them. The first batch waits until `open_up`, so that others gather behind it."""

    def __init__(self, *bad: int) -> None:
        self.bad = bad
        self.batches: list[list[int]] = []
        self.opened = threading.Event()
        self.begun = threading.Event()

    def work(self, _partition: int, items: Sequence[int]) -> list[int]:
        self.begun.set()
        assert self.opened.wait(30)
        self.batches.append(list(items))
        if any(item in self.bad for item in items):
            raise ValueError(f"bad: {[item for item in items if item in self.bad]}")
        return [item * 10 for item in items]


def answer_to(together: Together[int, int], item: int, partition: int = 1) -> int | Exception:
    """What the desk answers to an item, or the exception it raises."""
    try:
        return together.hand_in(partition, item)
    except (ValueError, TooBusy, OperationalError) as error:
        return error


def wait_until(true) -> None:
    """Look again and again until it is so; a condition that never comes fails by the run's own time limit."""
    gate = threading.Event()
    for _ in range(30_000):
        if true():
            return
        gate.wait(0.001)
    raise AssertionError("it never came to that")


def gathered(together: Together[int, int], count: int):
    return lambda: len(together._queues.get(1, ())) == count


def gather(desk: Desk, together: Together[int, int], items: Sequence[int]) -> list[int | Exception]:
    """Hand in the first item, then the others while it is being done; what each was answered."""
    first, *others = items
    with ThreadPoolExecutor(len(items)) as pool:
        leading = pool.submit(answer_to, together, first)
        assert desk.begun.wait(30)
        waiting = []
        for number, item in enumerate(others, start=1):
            waiting.append(pool.submit(answer_to, together, item))
            wait_until(gathered(together, number))
        desk.opened.set()
        return [future.result(timeout=30) for future in (leading, *waiting)]


def test_alone_an_item_is_a_batch_of_one():
    desk = Desk()
    desk.opened.set()
    together = Together(desk.work)

    assert [answer_to(together, item) for item in (1, 2)] == [10, 20]
    assert desk.batches == [[1], [2]]
    assert together._queues == {}


def test_what_arrives_while_a_batch_is_done_is_the_next_batch():
    desk = Desk()
    together = Together(desk.work)

    answers = gather(desk, together, [1, 2, 3, 4, 5])

    assert answers == [10, 20, 30, 40, 50]
    assert desk.batches == [[1], [2, 3, 4, 5]]
    assert together._queues == {}


def test_a_batch_has_at_most_so_many_items():
    desk = Desk()
    together = Together(desk.work, batch_max=2)

    assert gather(desk, together, [1, 2, 3, 4, 5, 6]) == [10, 20, 30, 40, 50, 60]
    assert desk.batches == [[1], [2, 3], [4, 5], [6]]


def test_who_was_there_a_moment_ago_is_waited_for():
    desk = Desk()
    together = Together(desk.work, gathering=1e9, gathering_max=30)
    with ThreadPoolExecutor(4) as pool:
        leading = pool.submit(answer_to, together, 1)
        assert desk.begun.wait(30)
        waiting = [pool.submit(answer_to, together, item) for item in (2, 3)]
        wait_until(gathered(together, 2))
        desk.opened.set()
        assert leading.result(timeout=30) == 10

        back = pool.submit(answer_to, together, 4)

        assert [future.result(timeout=30) for future in (*waiting, back)] == [20, 30, 40]
    assert [sorted(batch) for batch in desk.batches] == [[1], [2, 3, 4]]


def test_who_does_not_come_back_is_not_waited_for_long():
    desk = Desk()
    together = Together(desk.work, gathering=1e9, gathering_max=0.01)

    assert gather(desk, together, [1, 2, 3]) == [10, 20, 30]
    assert [sorted(batch) for batch in desk.batches] == [[1], [2, 3]]
    assert together._awaiting == {}


def test_one_bad_item_harms_nobody_else():
    desk = Desk(4, 7)
    together = Together(desk.work)

    answers = gather(desk, together, [1, 2, 3, 4, 5, 6, 7, 8])

    assert [answer for answer in answers if isinstance(answer, int)] == [10, 20, 30, 50, 60, 80]
    assert [str(answer) for answer in answers if isinstance(answer, ValueError)] == ["bad: [4]", "bad: [7]"]


def test_a_full_queue_refuses_the_next_and_keeps_the_rest():
    desk = Desk()
    together = Together(desk.work, waiting_max=2)
    with ThreadPoolExecutor(3) as pool:
        leading = pool.submit(answer_to, together, 1)
        assert desk.begun.wait(30)
        waiting = [pool.submit(answer_to, together, item) for item in (2, 3)]
        wait_until(gathered(together, 2))

        refused = answer_to(together, 4)
        desk.opened.set()

        assert isinstance(refused, TooBusy) and refused.status == 503 and refused.facts["retry_after"] == 1
        assert [future.result(timeout=30) for future in (leading, *waiting)] == [10, 20, 30]


def test_whoever_waits_too_long_leaves_the_queue():
    desk = Desk()
    together = Together(desk.work, patience=0.01)
    with ThreadPoolExecutor(1) as pool:
        leading = pool.submit(answer_to, together, 1)
        assert desk.begun.wait(30)

        assert isinstance(answer_to(together, 2), TooBusy)
        desk.opened.set()

        assert leading.result(timeout=30) == 10
    assert desk.batches == [[1]]


def test_partitions_do_not_wait_for_each_other():
    desk = Desk()
    other = Desk()
    other.opened.set()
    together = Together[int, int](lambda at, items: (desk if at == 1 else other).work(at, items))
    with ThreadPoolExecutor(1) as pool:
        leading = pool.submit(answer_to, together, 1)
        assert desk.begun.wait(30)

        assert answer_to(together, 2, partition=2) == 20

        desk.opened.set()
        assert leading.result(timeout=30) == 10


def test_a_database_that_is_gone_is_everybodys_and_the_batch_stays_whole():
    asked = []

    def gone(_partition: int, items: Sequence[int]) -> list[int]:
        asked.append(list(items))
        raise OperationalError("the server closed the connection")

    together = Together[int, int](gone)

    assert isinstance(answer_to(together, 1), OperationalError)
    with pytest.raises(OperationalError):
        list(bisect(lambda items: gone(1, items), [1, 2, 3]))
    assert asked == [[1], [1, 2, 3]]
    assert together._queues == {}


def test_a_leader_that_is_ended_hands_the_lead_on():
    desk = Desk()

    class Ended(BaseException):
        """As when a worker is told to stop."""

    def work(partition: int, items: Sequence[int]) -> list[int]:
        answers = desk.work(partition, items)
        if 1 in items:
            raise Ended
        return answers

    together = Together[int, int](work)
    with ThreadPoolExecutor(2) as pool:
        leading = pool.submit(together.hand_in, 1, 1)
        assert desk.begun.wait(30)
        waiting = pool.submit(answer_to, together, 2)
        wait_until(gathered(together, 1))
        desk.opened.set()

        assert isinstance(leading.exception(timeout=30), Ended)
        assert waiting.result(timeout=30) == 20


def test_many_callers_each_get_their_own_answer():
    desk = Desk(13)
    desk.opened.set()
    together = Together(desk.work, batch_max=7)

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda item: answer_to(together, item), range(500)))

    wanted = [item * 10 for item in range(500)]
    assert [a for place, a in enumerate(answers) if place != 13] == wanted[:13] + wanted[14:]
    assert isinstance(answers[13], ValueError)
    assert together._queues == {}
