"""Questions and claims opened, answered, put right, ended; and what two people decide."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from plaudit.cases.actions.answering import answer, assign, reply, take, withdraw
from plaudit.cases.actions.asking import approve, ask_approval, decline, expire_requests
from plaudit.cases.actions.forgetting import forget_erased
from plaudit.cases.actions.opening import claim, question
from plaudit.cases.correcting import Missing, Points
from plaudit.cases.tests.factories import Desk, make_desk
from plaudit.ledger.tests.factories import on_day
from plaudit.membership.actions.erase import erase_member
from tests.faults.trial import Flow, Prepared


def _questioning() -> Prepared:
    desk = make_desk()
    return desk.id, lambda: desk.asks(key="k")


def _claiming() -> Prepared:
    desk = make_desk()
    return desk.id, lambda: claim(
        desk.id,
        member_id=desk.member_id,
        activity="purchase",
        happened_on=date(2026, 3, 1),
        proof="Order 4711",
        key="k",
        actor=desk.mine,
    )


def _taking() -> Prepared:
    desk = make_desk()
    one = desk.asks()
    return desk.id, lambda: take(desk.id, one.id, actor=desk.ravi, key="k")


def _giving() -> Prepared:
    desk = make_desk()
    one = desk.asks()
    return desk.id, lambda: assign(desk.id, one.id, owner=desk.maya, actor=desk.ravi, key="k")


def _putting_right() -> Prepared:
    desk = make_desk()
    one = desk.asks()
    points = Points("points", 40)
    return desk.id, lambda: answer(
        desk.id, one.id, words="Ours.", actor=desk.ravi, key="k", correction=points
    )


def _recording_what_was_missing() -> Prepared:
    desk = make_desk()
    one = desk.misses()
    missing = Missing({"amount": Decimal("75.50")})
    return desk.id, lambda: answer(
        desk.id, one.id, words="Found.", actor=desk.ravi, key="k", correction=missing
    )


def _asking_with_an_answer() -> Prepared:
    desk = make_desk()
    one = desk.asks()
    points = Points("points", 600)
    return desk.id, lambda: answer(
        desk.id, one.id, words="Ours.", actor=desk.ravi, key="k", correction=points
    )


def _replying() -> Prepared:
    desk = make_desk()
    one = desk.asks()
    answer(desk.id, one.id, words="So.", actor=desk.ravi, key="a")
    return desk.id, lambda: reply(desk.id, one.id, words="But.", actor=desk.mine, key="k")


def _withdrawing() -> Prepared:
    desk = make_desk()
    one = desk.asks()
    answer(desk.id, one.id, words="A", actor=desk.ravi, key="a", correction=Points("points", 600))
    return desk.id, lambda: withdraw(desk.id, one.id, actor=desk.mine, key="k")


def _asking() -> Prepared:
    desk = make_desk()
    return desk.id, lambda: desk.wants(key="k")


def _approving() -> Prepared:
    desk, one = _asked_in_a_case()
    return desk.id, lambda: approve(desk.id, one, actor=desk.maya)


def _declining() -> Prepared:
    desk, one = _asked_in_a_case()
    return desk.id, lambda: decline(desk.id, one, reason="No.", actor=desk.maya)


def _asked_in_a_case() -> tuple[Desk, UUID]:
    desk = make_desk()
    one = desk.asks()
    asked = ask_approval(
        desk.id,
        member_id=desk.member_id,
        unit="points",
        amount=600,
        reason="Both.",
        key="r",
        actor=desk.ravi,
        case_id=one.id,
    )
    return desk, asked.id


def _running_out() -> Prepared:
    desk = make_desk()
    with on_day(1):
        desk.wants()
        desk.wants()
    return desk.id, lambda: expire_requests(desk.id)


def _forgetting() -> Prepared:
    desk, _ = _asked_in_a_case()
    erase_member(desk.id, member_id=desk.member_id, reason="Asked for", actor=desk.maya)
    return desk.id, lambda: forget_erased(desk.id)


FLOWS = [
    Flow("question", _questioning, (question,)),
    Flow("claim", _claiming, (claim,)),
    Flow("take a case", _taking, (take,)),
    Flow("give a case to somebody", _giving, (assign,)),
    Flow("put a case right", _putting_right, (answer,)),
    Flow("record what was missing", _recording_what_was_missing, (answer,)),
    Flow("answer and ask for approval", _asking_with_an_answer, (answer, ask_approval)),
    Flow("reply", _replying, (reply,)),
    Flow("withdraw a case", _withdrawing, (withdraw,)),
    Flow("ask for approval", _asking, (ask_approval,)),
    Flow("approve", _approving, (approve,)),
    Flow("decline", _declining, (decline,)),
    Flow("forget cases of the erased", _forgetting, (forget_erased,)),
    Flow("requests running out", _running_out, (expire_requests,)),
]
