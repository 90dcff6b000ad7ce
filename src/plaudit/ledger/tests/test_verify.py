"""The books prove themselves: nothing breaks any check, and a run over what is new looks at just that."""

from __future__ import annotations

from plaudit.ledger.tests.busy import make_busy_books
from plaudit.ledger.tests.factories import day, earn, on_day
from plaudit.ledger.verification.checks import registered_checks
from plaudit.ledger.verification.verify import verify


def test_a_busy_book_breaks_no_check():
    busy = make_busy_books()
    with on_day(50):
        report = verify(busy.organisation_id)
    assert report.broken() == []
    assert {result.check.id for result in report.results} == {check.id for check in registered_checks()}


def test_a_run_over_what_is_new_looks_at_nothing_else():
    busy = make_busy_books()
    with on_day(51):
        earn(busy.organisation_id, busy.ada, 5)
        report = verify(busy.organisation_id, since=day(51))
    assert report.broken() == []
    assert report.transfers == 1
