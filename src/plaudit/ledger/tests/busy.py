"""A busy book: a little of everything the ledger can do, for tests that look at all of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from plaudit.foundation.ids import new_id
from plaudit.ledger.actions.capture import capture
from plaudit.ledger.actions.expire import activate, expire
from plaudit.ledger.actions.move import move, move_back
from plaudit.ledger.actions.opening import OpeningBalance, opening
from plaudit.ledger.actions.release import expire_holds, release
from plaudit.ledger.actions.seal import seal
from plaudit.ledger.models import Seal
from plaudit.ledger.receipts import Receipt
from plaudit.ledger.tests.factories import (
    ACTOR,
    correct,
    day,
    deduct,
    earn,
    give,
    make_books,
    on_day,
    set_aside,
    undo,
)
from plaudit.people.tests.factories import make_member


@dataclass(frozen=True)
class Busy:
    """An organisation that has seen everything, its members, and some of what happened."""

    organisation_id: int
    ada: UUID
    ben: UUID
    seals: list[Seal]
    earned: Receipt
    held: Receipt
    owing: Receipt


def make_busy_books() -> Busy:
    """A quarter in which two members earn, spend, hold, owe, expire, are corrected, merged and separated."""
    organisation_id, ada = make_books(may_owe=True)
    ben = make_member(organisation_id, name="Ben").id
    purchase = new_id()
    with on_day(1):
        opening(organisation_id, [OpeningBalance("old-1", ada, "points", 40, day(1))], actor=ACTOR)
        earned = earn(organisation_id, ada, 100, expires_at=day(30), event_id=purchase)
        earn(organisation_id, ada, 70, spendable_at=day(10))
        earn(organisation_id, ben, 300, expires_at=day(60))
        gift = give(organisation_id, ben, 25)
        first = seal(organisation_id, actor=ACTOR)
    with on_day(20):
        activate(organisation_id)
        spent = capture(organisation_id, set_aside(organisation_id, ada, 120).reference, amount=90)
        release(organisation_id, set_aside(organisation_id, ben, 200).reference)
        undo(organisation_id, gift, 10)
        set_aside(organisation_id, ben, 30, expires_at=day(21))
    with on_day(40):
        expire_holds(organisation_id)
        expire(organisation_id)
        undo(organisation_id, spent.captured, 50)
        correct(organisation_id, purchase, 60)
        owing = deduct(organisation_id, ada, 500)
        earn(organisation_id, ada, 600, expires_at=day(400))
        undo(organisation_id, owing, 450)
        second = seal(organisation_id, actor=ACTOR)
    with on_day(50):
        between = {"reason": "One person.", "actor": ACTOR}
        move(organisation_id, from_member_id=ben, to_member_id=ada, key="m1", **between)
        give(organisation_id, ada, -20)
        move_back(organisation_id, from_member_id=ada, to_member_id=ben, key="m1", **between)
        deduct(organisation_id, ben, 1000)
        held = set_aside(organisation_id, ada, 10)
    return Busy(organisation_id, ada, ben, [first, second], earned, held, owing)
