"""Two members become one and two again: totals hold, lots follow, and corrections find what moved."""

from __future__ import annotations

from uuid import UUID

import pytest

from plaudit.foundation.ids import new_id
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.foundation.tests.racing import at_once
from plaudit.ledger.actions.expire import activate
from plaudit.ledger.actions.move import Moved, move, move_back, move_on
from plaudit.ledger.actions.release import release
from plaudit.ledger.models import Transfer
from plaudit.ledger.posting import open_books
from plaudit.ledger.refusals import NotEnoughPoints, NothingToMove
from plaudit.ledger.tests.factories import (
    ACTOR,
    balance_of,
    correct,
    day,
    deduct,
    earn,
    give,
    lots_of,
    make_books,
    new_key,
    on_day,
    set_aside,
    undo,
)
from plaudit.ledger.verification.verify import verify
from plaudit.people.actions.merging import merge_identities
from plaudit.people.tests.factories import make_member

BETWEEN = {"reason": "One person.", "actor": ACTOR}


def _two() -> tuple[int, UUID, UUID]:
    organisation_id, ada = make_books()
    return organisation_id, ada, make_member(organisation_id, name="Ben").id


def _move(organisation_id: int, source: UUID, target: UUID, key: str | None = None) -> Moved:
    return move(organisation_id, from_member_id=source, to_member_id=target, key=key or new_key(), **BETWEEN)


def _absorb(organisation_id: int, survivor: UUID, absorbed: UUID) -> None:
    """What a merge is: the names live on, then the points follow."""

    def step() -> None:
        open_books(organisation_id)
        merge_identities(organisation_id, survivor_id=survivor, absorbed_id=absorbed, **BETWEEN)
        _move(organisation_id, absorbed, survivor)

    act(organisation_id, step)


def _proven(organisation_id: int) -> bool:
    return verify(organisation_id).broken() == []


def test_the_same_move_moves_once():
    organisation_id, ada, ben = _two()
    earn(organisation_id, ben, 40)
    assert (
        _move(organisation_id, ben, ada, "m")
        == _move(organisation_id, ben, ada, "m")
        == Moved({"points": 40})
    )
    assert (balance_of(organisation_id, ada)[0], balance_of(organisation_id, ben)[0]) == (40, 0)


def test_a_debt_moves_as_well():
    organisation_id, ada = make_books(may_owe=True)
    ben = make_member(organisation_id).id
    earn(organisation_id, ada, 30)
    deduct(organisation_id, ben, 50)
    _move(organisation_id, ben, ada)
    assert (balance_of(organisation_id, ada)[0], balance_of(organisation_id, ben)[0]) == (-20, 0)
    assert _proven(organisation_id)


def test_members_are_two_and_known():
    organisation_id, ada, _ = _two()
    with pytest.raises(NothingToMove):
        _move(organisation_id, ada, ada)
    with pytest.raises(NotFound):
        _move(organisation_id, ada, new_id())


def test_a_spend_and_a_merge_at_once_lose_and_double_nothing():
    organisation_id, ada, ben = _two()
    earn(organisation_id, ben, 100)

    def spend_or_merge(number: int) -> object:
        if number == 0:
            return _move(organisation_id, ben, ada, "m")
        return give(organisation_id, ben, -10)

    answers = at_once(8, spend_or_merge)
    spent = 10 * sum(not isinstance(answer, NotEnoughPoints | Moved) for answer in answers)
    left = balance_of(organisation_id, ada)[0] + balance_of(organisation_id, ben)[0]
    assert left == 100 - spent
    assert _proven(organisation_id)


def test_what_arrives_after_the_merge_is_sent_on():
    organisation_id, ada, ben = _two()
    with on_day(1):
        earn(organisation_id, ben, 10)
        held = set_aside(organisation_id, ben, 4)
        earn(organisation_id, ben, 20, spendable_at=day(3))
        _absorb(organisation_id, ada, ben)
        assert balance_of(organisation_id, ben) == (0, 20, 4)
    with on_day(3):
        release(organisation_id, held.reference)
        activate(organisation_id)
        assert move_on(organisation_id) == 1
        assert move_on(organisation_id) == 0
        assert balance_of(organisation_id, ada) == (30, 0, 0)
        assert balance_of(organisation_id, ben) == (0, 0, 0)
        assert _proven(organisation_id)


def test_a_refund_after_the_merge_takes_the_very_lot_where_it_went():
    organisation_id, ada, ben = _two()
    purchase = new_id()
    with on_day(1):
        earn(organisation_id, ben, 50, expires_at=day(30), event_id=purchase)
        earn(organisation_id, ben, 50, expires_at=day(20))
        earn(organisation_id, ada, 50, expires_at=day(10))
        _absorb(organisation_id, ada, ben)
        assert correct(organisation_id, purchase, 20) == 20
        assert balance_of(organisation_id, ben) == (0, 0, 0)
        assert lots_of(organisation_id, ada) == {1: 50, 2: 50, 3: 30}
        assert correct(organisation_id, purchase) == 30
        assert lots_of(organisation_id, ada) == {1: 50, 2: 50}
        assert _proven(organisation_id)


def test_a_refund_after_the_merge_of_points_already_spent_takes_the_persons_others():
    organisation_id, ada, ben = _two()
    purchase = new_id()
    earn(organisation_id, ben, 50, event_id=purchase)
    give(organisation_id, ben, -50)
    earn(organisation_id, ada, 80)
    _absorb(organisation_id, ada, ben)
    assert correct(organisation_id, purchase) == 50
    assert balance_of(organisation_id, ada) == (30, 0, 0)
    assert balance_of(organisation_id, ben) == (0, 0, 0)
    assert _proven(organisation_id)


def test_a_refund_of_what_the_person_cannot_pay_takes_what_is_there():
    organisation_id, ada, ben = _two()
    purchase = new_id()
    earn(organisation_id, ben, 50, event_id=purchase)
    _absorb(organisation_id, ada, ben)
    give(organisation_id, ada, -45)
    assert correct(organisation_id, purchase) == 5
    assert balance_of(organisation_id, ada) == (0, 0, 0)
    assert _proven(organisation_id)


def test_a_spend_from_before_the_merge_reversed_after_it_is_sent_on():
    organisation_id, ada, ben = _two()
    earn(organisation_id, ben, 50)
    spent = give(organisation_id, ben, -20)
    _absorb(organisation_id, ada, ben)
    undo(organisation_id, spent)
    assert balance_of(organisation_id, ben) == (20, 0, 0)
    move_on(organisation_id)
    assert balance_of(organisation_id, ada) == (50, 0, 0)
    assert _proven(organisation_id)


def test_after_a_call_back_separation_returns_what_is_left_and_no_more():
    organisation_id, ada, ben = _two()
    purchase = new_id()
    earn(organisation_id, ben, 50, event_id=purchase)
    earn(organisation_id, ada, 10)
    _absorb(organisation_id, ada, ben)
    correct(organisation_id, purchase, 20)
    move_back(organisation_id, from_member_id=ada, to_member_id=ben, key="back", **BETWEEN)
    again = move_back(organisation_id, from_member_id=ada, to_member_id=ben, key="back", **BETWEEN)
    assert again == Moved({"points": 30})
    assert (balance_of(organisation_id, ada)[0], balance_of(organisation_id, ben)[0]) == (10, 30)
    with in_organisation(organisation_id):
        moved = Transfer.objects.filter(source=15) | Transfer.objects.filter(target=15)
        assert sum(t.amount if t.source == 15 else -t.amount for t in moved) == 0
    assert _proven(organisation_id)
