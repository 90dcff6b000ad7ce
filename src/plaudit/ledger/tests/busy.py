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
    """An organisation that has seen everything, its members, and by name some of the transfers it made.

    Everything in `lines` happened after the last seal.
    """

    organisation_id: int
    ada: UUID
    ben: UUID
    sealed: Receipt
    lines: dict[str, Receipt]


def make_busy_books() -> Busy:
    """A quarter in which two members earn, spend, hold, owe, expire, are corrected, merged and separated."""
    organisation_id, ada = make_books(may_owe=True)
    ben = make_member(organisation_id, name="Ben").id
    purchase = new_id()
    with on_day(1):
        opening(organisation_id, [OpeningBalance("old-1", ada, "points", 40, day(1))], actor=ACTOR)
        sealed = earn(organisation_id, ada, 100, expires_at=day(30), event_id=purchase)
        earn(organisation_id, ada, 70, spendable_at=day(10))
        earn(organisation_id, ben, 300, expires_at=day(60))
        gift = give(organisation_id, ben, 25)
        seal(organisation_id, actor=ACTOR)
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
        seal(organisation_id, actor=ACTOR)
    with on_day(50):
        return Busy(organisation_id, ada, ben, sealed, _after_the_seal(organisation_id, ada, ben))


def _after_the_seal(organisation_id: int, ada: UUID, ben: UUID) -> dict[str, Receipt]:
    between = {"reason": "One person.", "actor": ACTOR}
    move(organisation_id, from_member_id=ben, to_member_id=ada, key="m1", **between)
    lines = {"taken": give(organisation_id, ada, -20)}
    move_back(organisation_id, from_member_id=ada, to_member_id=ben, key="m1", **between)
    deduct(organisation_id, ben, 1000)
    lines["held"] = set_aside(organisation_id, ada, 10)
    lines["given"] = give(organisation_id, ada, 5)
    lines["reversal"] = undo(organisation_id, lines["given"], 2)
    lines["short"] = earn(organisation_id, ada, 20, expires_at=day(60))
    lines["freed"] = set_aside(organisation_id, ada, 8)
    lines["release"] = release(organisation_id, lines["freed"].reference)
    lines["one"] = earn(organisation_id, ada, 7)
    lines["two"] = earn(organisation_id, ada, 7)
    return lines
