"""Which lots a spend consumes, and that every way back restores the very same ones."""

from __future__ import annotations

from plaudit.foundation.ids import new_id
from plaudit.ledger.actions.capture import capture
from plaudit.ledger.actions.expire import activate, expire
from plaudit.ledger.actions.release import release
from plaudit.ledger.tests.factories import (
    balance_of,
    correct,
    day,
    deduct,
    earn,
    give,
    lots_of,
    make_books,
    on_day,
    set_aside,
    undo,
)


def test_the_nearest_expiry_burns_first_then_the_oldest():
    organisation_id, ada = make_books()
    with on_day(1):
        earn(organisation_id, ada, 100, expires_at=day(90))
        earn(organisation_id, ada, 100, expires_at=day(30))
        earn(organisation_id, ada, 100)
        earn(organisation_id, ada, 100, expires_at=day(30))
        give(organisation_id, ada, -250)
        assert lots_of(organisation_id, ada) == {1: 50, 3: 100}


def test_a_released_hold_restores_its_lots():
    organisation_id, ada = make_books()
    earn(organisation_id, ada, 60, expires_at=day(3000))
    earn(organisation_id, ada, 60)
    before = lots_of(organisation_id, ada)
    held = set_aside(organisation_id, ada, 100)
    assert balance_of(organisation_id, ada) == (20, 0, 100)
    release(organisation_id, held.reference)
    assert lots_of(organisation_id, ada) == before
    assert balance_of(organisation_id, ada) == (120, 0, 0)


def test_a_hold_captured_in_part_releases_what_it_would_not_have_taken():
    organisation_id, ada = make_books()
    earn(organisation_id, ada, 60, expires_at=day(3000))
    earn(organisation_id, ada, 60)
    held = set_aside(organisation_id, ada, 100)
    done = capture(organisation_id, held.reference, amount=70)
    assert done.released is not None and done.released.amount == 30
    assert lots_of(organisation_id, ada) == {2: 50}
    undo(organisation_id, done.captured, 20)
    assert lots_of(organisation_id, ada) == {1: 10, 2: 60}
    undo(organisation_id, done.captured)
    assert lots_of(organisation_id, ada) == {1: 60, 2: 60}


def test_an_activated_lot_expires_by_its_own_moment():
    organisation_id, ada = make_books(expiry={"after": "P10D"})
    with on_day(1):
        earn(organisation_id, ada, 50, spendable_at=day(5))
        assert balance_of(organisation_id, ada) == (0, 50, 0)
        assert activate(organisation_id).transfers == 0
    with on_day(6):
        assert activate(organisation_id).points == {"points": 50}
        assert balance_of(organisation_id, ada) == (50, 0, 0)
        assert expire(organisation_id).transfers == 0
    with on_day(17):
        assert expire(organisation_id).points == {"points": 50}
        assert balance_of(organisation_id, ada) == (0, 0, 0)


def test_a_refund_after_expiry_takes_no_other_points():
    organisation_id, ada = make_books()
    purchase = new_id()
    with on_day(1):
        earn(organisation_id, ada, 100, expires_at=day(10), event_id=purchase)
        earn(organisation_id, ada, 500)
        give(organisation_id, ada, -40)
    with on_day(11):
        expire(organisation_id)
        assert balance_of(organisation_id, ada) == (500, 0, 0)
        assert correct(organisation_id, purchase) == 100
        assert balance_of(organisation_id, ada) == (460, 0, 0)


def test_what_was_owed_comes_back_to_the_lot_that_paid_it():
    organisation_id, ada = make_books(may_owe=True)
    with on_day(1):
        earn(organisation_id, ada, 30, expires_at=day(50))
        taken = deduct(organisation_id, ada, 50)
        assert balance_of(organisation_id, ada) == (-20, 0, 0)
        earn(organisation_id, ada, 100, expires_at=day(80))
        assert lots_of(organisation_id, ada) == {3: 80}
        undo(organisation_id, taken)
        assert lots_of(organisation_id, ada) == {1: 30, 3: 100}
