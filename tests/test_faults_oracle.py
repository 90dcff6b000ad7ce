"""The oracle of the fault campaign finds what is planted: lost, doubled, made up, stale, and a wrong sum."""

from __future__ import annotations

from dataclasses import replace

from bench.faults.books import ACCRUAL, ADJUSTMENT, BookedEvent, Books, Line
from bench.faults.history import Operation
from bench.faults.oracle import judge
from bench.faults.plants import PLANTS
from bench.faults.sabotage import check_that_patches_apply
from tests.source import ROOT

EVENT = {"id": "e1", "type": "visit", "subject": "m1", "time": "2026-03-02T12:00:00+00:00"}


def _kinds(operations: list[Operation], books: Books) -> set[str]:
    return {finding.kind for finding in judge(operations, books)}


def _adjusted() -> Operation:
    done = Operation(0, 1, "adjust", "k1", {"member": "m1", "amount": 7}, began=10, ended=20, outcome="ok")
    done.result = {"transfer": "led_000001-1", "amount": 7}
    return done


def _visited() -> Operation:
    done = Operation(0, 2, "event", "e1", {"event": EVENT}, began=30, ended=40, outcome="ok")
    done.result = {"id": "act_1", "status": "recorded", "grants": [["visits", 10]]}
    return done


def _read(has: list[int]) -> Operation:
    done = Operation(1, 1, "balance", "", {"member": "m1"}, began=50, ended=60, outcome="ok")
    done.result = {"has": has}
    return done


def _line(number: int, kind: int, amount: int, after: int, **made_by: str) -> Line:
    source = 11 if kind == ACCRUAL else 14
    key, event = made_by.get("key"), made_by.get("event")
    ref = f"led_000001-{number}"
    return Line(ref, 1, number, "mem_1", source, 1, amount, kind, after, None, key, event)


def _books() -> Books:
    books = Books(balances={"mem_1": (17, 0, 0)}, events=[BookedEvent("act_1", "till", "e1")])
    books.lines = [
        _line(1, ADJUSTMENT, 7, 7, key="adjustment:api:k1"),
        _line(2, ACCRUAL, 10, 17, event="act_1"),
    ]
    return books


LOG = [_adjusted(), _visited(), _read([17, 0, 0])]


def test_books_that_say_what_was_answered_are_found_in_order():
    assert judge(LOG, _books()) == []


def test_a_posting_that_was_answered_and_is_not_there_is_lost():
    books = _books()
    del books.lines[0]
    assert "lost" in _kinds(LOG, books)


def test_an_event_that_was_answered_and_is_not_there_is_lost():
    books = _books()
    books.events = []
    assert "lost" in _kinds(LOG, books)


def test_a_grant_that_was_answered_and_is_not_there_is_lost():
    books = _books()
    del books.lines[1]
    assert "lost" in _kinds(LOG, books)


def test_a_key_that_posted_twice_is_doubled():
    books = _books()
    books.lines.append(_line(3, ADJUSTMENT, 7, 24, key="adjustment:api:k1"))
    assert "doubled" in _kinds(LOG, books)


def test_an_event_that_is_there_twice_is_doubled():
    books = _books()
    books.events.append(BookedEvent("act_2", "till", "e1"))
    assert "doubled" in _kinds(LOG, books)


def test_an_event_that_was_paid_twice_is_doubled():
    books = _books()
    books.lines.append(_line(3, ACCRUAL, 10, 27, event="act_1"))
    assert "doubled" in _kinds(LOG, books)


def test_what_was_refused_and_is_there_is_a_ghost():
    refused = replace(_adjusted(), outcome="refused", result={})
    assert "ghost" in _kinds([refused, _visited()], _books())


def test_what_nobody_sent_and_is_there_is_a_ghost():
    books = _books()
    books.lines.append(_line(3, ADJUSTMENT, 5, 22, key="adjustment:api:stranger"))
    assert "ghost" in _kinds(LOG, books)


def test_a_webhook_about_what_is_not_there_is_a_ghost():
    messages = {"msg_1": [{"type": "redemption.ordered", "data": {"redemption": "rdm_1"}}]}
    assert [finding.kind for finding in judge(LOG, _books(), messages)] == ["ghost"]


def test_a_read_that_misses_what_was_answered_before_it_is_stale():
    assert "stale" in _kinds([_adjusted(), _visited(), _read([7, 0, 0])], _books())


def test_a_read_of_what_never_was_is_stale():
    assert "stale" in _kinds([_adjusted(), _visited(), _read([12, 0, 0])], _books())


def test_a_read_during_an_act_may_show_it_or_not():
    early = replace(_read([7, 0, 0]), began=35)
    assert judge([_adjusted(), _visited(), early], _books()) == []


def test_a_balance_that_is_not_what_the_answers_add_up_to_is_wrong():
    books = _books()
    books.balances["mem_1"] = (18, 0, 0)
    assert "wrong" in _kinds(LOG, books)


def test_a_limit_that_gave_less_than_it_had_is_wrong():
    told, books = _visited(), _books()
    told.result = {"id": "act_1", "status": "recorded", "grants": []}
    del books.lines[1]
    books.balances["mem_1"] = (7, 0, 0)
    assert _kinds([_adjusted(), told], books) == {"wrong"}


def test_an_act_without_an_answer_is_unfinished():
    assert "unfinished" in _kinds([*LOG, Operation(0, 9, "hold", "k9", {}, began=70)], _books())


def test_every_fault_that_is_planted_on_purpose_still_applies():
    check_that_patches_apply(ROOT, PLANTS)
