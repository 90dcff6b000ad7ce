"""Points given, taken, set aside, spent, reversed, moved, sealed; and what falls due."""

from __future__ import annotations

from plaudit.foundation.idempotency import empty_replies
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.actions.capture import capture
from plaudit.ledger.actions.declare_unit import declare_unit
from plaudit.ledger.actions.expire import activate, expire
from plaudit.ledger.actions.extend import extend
from plaudit.ledger.actions.hold import hold
from plaudit.ledger.actions.move import move, move_back, move_on
from plaudit.ledger.actions.opening import OpeningBalance, opening
from plaudit.ledger.actions.release import expire_holds, release
from plaudit.ledger.actions.reverse import reverse
from plaudit.ledger.actions.seal import seal
from plaudit.ledger.refusals import PeriodSealed
from plaudit.ledger.tests.factories import ACTOR, day, earn, give, make_books, on_day, set_aside
from plaudit.membership.actions.merge import merge_members
from plaudit.people.tests.factories import make_member
from tests.faults.trial import Flow, Prepared, by_key


def _adjusting() -> Prepared:
    at, ada = make_books()
    earn(at, ada, 100)
    return at, lambda: adjust(
        at, member_id=ada, unit="points", amount=-30, reason="Twice.", key="k", actor=ACTOR
    )


def _holding() -> Prepared:
    at, ada = make_books()
    earn(at, ada, 100)
    return at, lambda: hold(at, member_id=ada, unit="points", amount=60, key="k", expires_at=day(90))


def _capturing() -> Prepared:
    at, ada = make_books()
    earn(at, ada, 100)
    held = set_aside(at, ada, 60)
    return at, lambda: capture(at, held.reference, amount=40, key="k", actor=ACTOR)


def _releasing() -> Prepared:
    at, ada = make_books()
    earn(at, ada, 100)
    held = set_aside(at, ada, 60)
    return at, lambda: release(at, held.reference, key="k", actor=ACTOR)


def _reversing() -> Prepared:
    at, ada = make_books()
    earn(at, ada, 100)
    spent = give(at, ada, -70)
    return at, lambda: reverse(at, spent.reference, reason="No.", key="k", actor=ACTOR, amount=50)


def _extending() -> Prepared:
    at, ada = make_books()
    lot = earn(at, ada, 100, expires_at=day(90))
    return at, lambda: extend(at, lot.reference, until=day(120), reason="Ill.", key="k", actor=ACTOR)


def _expiring() -> Prepared:
    at, ada = make_books(expiry={"after": "P5D"})
    with on_day(1):
        for member in (ada, make_member(at).id):
            earn(at, member, 10)
    return at, lambda: expire(at, at_a_time=1)


def _activating() -> Prepared:
    at, ada = make_books()
    with on_day(1):
        for member in (ada, make_member(at).id):
            earn(at, member, 10, spendable_at=day(20))
    return at, lambda: activate(at, at_a_time=1)


def _holds_running_out() -> Prepared:
    at, ada = make_books()
    with on_day(1):
        earn(at, ada, 100)
        for _ in range(2):
            set_aside(at, ada, 20, expires_at=day(20))
    return at, lambda: expire_holds(at, at_a_time=1)


def _opening() -> Prepared:
    at, ada = make_books()
    ben = make_member(at).id
    balances = [OpeningBalance(str(one), one, "points", 40, day(1)) for one in (ada, ben)]
    return at, lambda: opening(at, balances, actor=ACTOR)


def _moving() -> Prepared:
    at, ada = make_books()
    ben = make_member(at).id
    earn(at, ada, 30, expires_at=day(400))
    earn(at, ada, 20)
    return at, lambda: move(at, from_member_id=ada, to_member_id=ben, key="k", reason="One.", actor=ACTOR)


def _moving_back() -> Prepared:
    at, ada = make_books()
    ben = make_member(at).id
    earn(at, ada, 30)
    move(at, from_member_id=ada, to_member_id=ben, key="k", reason="One.", actor=ACTOR)
    return at, lambda: move_back(
        at, from_member_id=ben, to_member_id=ada, key="b", reason="Two.", actor=ACTOR
    )


def _sealing() -> Prepared:
    at, ada = make_books()
    with on_day(1):
        earn(at, ada, 30)
    return at, lambda: seal(at, actor=ACTOR, until=day(30))


def _declaring_a_unit() -> Prepared:
    at, _ = make_books()
    return at, lambda: declare_unit(at, key="stars", names={"one": "star", "other": "stars"})


def _moving_on() -> Prepared:
    at, ada = make_books()
    ben = make_member(at).id
    with on_day(1):
        earn(at, ada, 30, spendable_at=day(20))
    merge_members(at, survivor_id=ben, absorbed_id=ada, reason="One.", actor=ACTOR)
    activate(at)
    return at, lambda: move_on(at)


def _forgetting_replies() -> Prepared:
    at, _ = make_books()
    with on_day(1):
        by_key(at, lambda: None)()
    return at, lambda: empty_replies(at, older_than=day(30))


FLOWS = [
    Flow("adjust", _adjusting, (adjust,)),
    Flow("extend", _extending, (extend,)),
    Flow("hold", _holding, (hold,)),
    Flow("capture", _capturing, (capture,)),
    Flow("release", _releasing, (release,)),
    Flow("reverse", _reversing, (reverse,)),
    Flow("expire", _expiring, (expire,)),
    Flow("activate", _activating, (activate,)),
    Flow("expire holds", _holds_running_out, (expire_holds,)),
    Flow("open balances", _opening, (opening,)),
    Flow("move", _moving, (move,)),
    Flow("move on", _moving_on, (move_on,)),
    Flow("seal", _sealing, (seal,), told_again=(PeriodSealed,)),
    Flow("declare unit", _declaring_a_unit, (declare_unit,)),
    Flow("forget replies", _forgetting_replies, (empty_replies,)),
    Flow("move back", _moving_back, (move_back,)),
]
