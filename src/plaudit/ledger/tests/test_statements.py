"""What a member reads: balances by either clock, a statement that reads itself, lots, and whole chains."""

from __future__ import annotations

from itertools import pairwise

import pytest

from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.capture import capture
from plaudit.ledger.actions.expire import activate
from plaudit.ledger.balances import Clock, balances, balances_as_of
from plaudit.ledger.places import Kind
from plaudit.ledger.references import read_transfer, show_transfer
from plaudit.ledger.statements import expiring, lots_of, statement, transfer_chain
from plaudit.ledger.tests.busy import make_busy_books
from plaudit.ledger.tests.factories import day, earn, give, make_books, make_unit, on_day, set_aside, undo


def test_every_line_of_a_statement_follows_from_the_one_before():
    busy = make_busy_books()
    with in_organisation(busy.organisation_id):
        page = statement(busy.organisation_id, busy.ada, "points", limit=200)
    lines = page.lines[::-1]
    assert [line.line for line in lines] == list(range(1, len(lines) + 1))
    assert lines[0].before == 0
    assert all(one.after == other.before for one, other in pairwise(lines))
    assert {Kind.HOLD, Kind.ACTIVATION, Kind.EXPIRY, Kind.REVERSAL, Kind.MERGE} <= {
        line.kind for line in lines
    }


def test_pages_follow_each_other_newest_first():
    organisation_id, ada = make_books()
    for amount in range(1, 6):
        earn(organisation_id, ada, amount)
    with in_organisation(organisation_id):
        first = statement(organisation_id, ada, "points", limit=2)
        second = statement(organisation_id, ada, "points", limit=2, before_line=first.older)
        last = statement(organisation_id, ada, "points", limit=2, before_line=second.older)
    assert [[line.change for line in page.lines] for page in (first, second, last)] == [[5, 4], [3, 2], [1]]
    assert (first.older, second.older, last.older) == (4, 2, None)


def test_a_balance_is_exact_before_any_run_has_written_down_what_fell_due():
    organisation_id, ada = make_books()
    with on_day(1):
        earn(organisation_id, ada, 10, expires_at=day(5))
        earn(organisation_id, ada, 20, spendable_at=day(5))
        earn(organisation_id, ada, 40)
    for number, expected in ((4, (50, 20)), (5, (60, 0))):
        with on_day(number), in_organisation(organisation_id):
            (balance,) = balances(organisation_id, ada)
            assert (balance.available, balance.pending) == expected


def test_a_balance_as_of_a_moment_by_either_clock():
    organisation_id, ada = make_books()
    with on_day(10):
        earn(organisation_id, ada, 100, occurred_at=day(2))  # told of a week late
        earn(organisation_id, ada, 50, spendable_at=day(12))
    with on_day(12):
        activate(organisation_id)
        set_aside(organisation_id, ada, 30)

    def then(number: int, by: Clock) -> tuple[int, int, int]:
        with in_organisation(organisation_id):
            (balance,) = balances_as_of(organisation_id, ada, day(number), by=by)
        return balance.available, balance.pending, balance.held

    assert then(5, Clock.OCCURRED) == (100, 0, 0)
    assert then(5, Clock.RECORDED) == (0, 0, 0)
    assert then(11, Clock.RECORDED) == (100, 50, 0)
    assert then(12, Clock.RECORDED) == (120, 0, 30)


def test_every_unit_has_its_own_balance():
    organisation_id, ada = make_books()
    make_unit(organisation_id, "stars")
    earn(organisation_id, ada, 5)
    earn(organisation_id, ada, 2, unit="stars")
    with in_organisation(organisation_id):
        found = {balance.unit: balance.available for balance in balances(organisation_id, ada)}
    assert found == {"points": 5, "stars": 2}


def test_lots_are_listed_as_they_will_be_spent_and_as_they_expire():
    organisation_id, ada = make_books()
    with on_day(1):
        earn(organisation_id, ada, 10)
        earn(organisation_id, ada, 20, expires_at=day(30))
        earn(organisation_id, ada, 30, expires_at=day(20))
        give(organisation_id, ada, -35)
        with in_organisation(organisation_id):
            lots = lots_of(organisation_id, ada, "points")
            soon = expiring(organisation_id, ada, "points", until=day(40))
    assert [(lot.line.line, lot.remaining) for lot in lots] == [(2, 15), (1, 10)]
    assert [(lot.remaining, lot.expires_at) for lot in soon] == [(15, day(30))]


def test_a_chain_tells_what_a_transfer_hangs_on():
    organisation_id, ada = make_books()
    earned = earn(organisation_id, ada, 60)
    held = set_aside(organisation_id, ada, 50)
    spent = capture(organisation_id, held.reference, amount=40).captured
    back = undo(organisation_id, spent, 15)
    with in_organisation(organisation_id):
        of_earning = transfer_chain(organisation_id, earned.reference)
        of_hold = transfer_chain(organisation_id, held.reference)
        of_spending = transfer_chain(organisation_id, spent.reference)
        of_return = transfer_chain(organisation_id, back.reference)
    assert [(use.other.line, use.amount) for use in of_earning.spent_by] == [(2, 50), (4, -10), (5, -15)]
    assert [line.kind for line in of_hold.undone_by] == [Kind.CAPTURE, Kind.RELEASE]
    assert [(use.other.line, use.amount) for use in of_hold.burned] == [(1, 50)]
    assert of_spending.undoes is not None and of_spending.undoes.reference == held.reference
    assert [line.reference for line in of_spending.undone_by] == [back.reference]
    assert of_return.undoes is not None and of_return.undoes.reference == spent.reference
    assert (of_return.member_id, of_return.unit) == (ada, "points")


@pytest.mark.parametrize(
    "wallet_id, line, shown", [(1, 1, "led_000001-1"), (2**63 - 1, 2**31 - 1, "led_7zzzzzzzzzzzz-2147483647")]
)
def test_a_reference_reads_back(wallet_id, line, shown):
    assert show_transfer(wallet_id, line) == shown
    assert read_transfer(shown) == (wallet_id, line)


def test_a_reference_is_understood_as_it_is_heard():
    assert read_transfer("LED_OOOOL2-7") == read_transfer("led_000012-7") == (34, 7)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "led_",
        "led_1-1",
        "mem_000001-1",
        "led_000001-0",
        "led_000001",
        "led_00000u-1",
        "led_zzzzzzzzzzzzz-1",
    ],
)
def test_what_is_no_reference_is_not_found(text):
    with pytest.raises(NotFound):
        read_transfer(text)


def test_another_organisations_transfer_is_not_found():
    organisation_id, ada = make_books()
    stranger, _ = make_books()
    earned = earn(organisation_id, ada, 60)
    with in_organisation(stranger), pytest.raises(NotFound):
        transfer_chain(stranger, earned.reference)
