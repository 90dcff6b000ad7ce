"""Everything limited in the ledger, fought over by callers released at one moment."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from plaudit.foundation.ids import new_id
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.actions.capture import Captured, capture
from plaudit.ledger.actions.expire import activate, expire
from plaudit.ledger.actions.move import move
from plaudit.ledger.actions.release import expire_holds, release
from plaudit.ledger.actions.reverse import Reversed, reverse
from plaudit.ledger.actions.seal import seal
from plaudit.ledger.models import Hold, Transfer
from plaudit.ledger.receipts import Receipt
from plaudit.ledger.refusals import HoldNotOpen, KeyUsedOtherwise, NotEnoughPoints, NothingLeftToReverse
from plaudit.ledger.tests.factories import (
    ACTOR,
    balance_of,
    correct,
    day,
    earn,
    give,
    make_books,
    new_key,
    on_day,
    set_aside,
)
from plaudit.ledger.verification.verify import verify
from plaudit.people.tests.factories import make_member


def _kinds(answers: list[Any]) -> Counter[type]:
    return Counter(type(answer) for answer in answers)


def _proven(organisation_id: int) -> bool:
    return verify(organisation_id).broken() == []


@rounds
def test_a_balance_worth_one_spend_is_spent_once(round_):
    organisation_id, ada = make_books()
    earn(organisation_id, ada, 100)
    answers: list[Any] = at_once(CONTENDERS, lambda _: give(organisation_id, ada, -100))
    assert _kinds(answers) == {Receipt: 1, NotEnoughPoints: 19}
    assert balance_of(organisation_id, ada) == (0, 0, 0)
    assert _proven(organisation_id)


@rounds
def test_five_thousand_points_carry_five_holds_of_a_thousand(round_):
    organisation_id, ada = make_books()
    earn(organisation_id, ada, 5000)
    answers: list[Any] = at_once(CONTENDERS, lambda _: set_aside(organisation_id, ada, 1000))
    assert _kinds(answers) == {Receipt: 5, NotEnoughPoints: 15}
    assert balance_of(organisation_id, ada) == (0, 0, 5000)
    assert _proven(organisation_id)


@rounds
def test_a_hold_captured_released_and_run_out_at_once_ends_once(round_):
    organisation_id, ada = make_books()
    with on_day(1):
        earn(organisation_id, ada, 100)
        held = set_aside(organisation_id, ada, 60, expires_at=day(3))

    def end(number: int) -> object:
        with on_day(2 if number % 3 else 4):
            match number % 3:
                case 0:
                    return expire_holds(organisation_id)
                case 1:
                    return capture(organisation_id, held.reference)
                case _:
                    return release(organisation_id, held.reference)

    answers: list[Any] = at_once(CONTENDERS, end)
    ended = [one for one in answers if isinstance(one, Captured | Receipt) or one == 1]
    assert len(ended) == 1
    assert _kinds(answers)[HoldNotOpen] >= CONTENDERS - 8
    captured = isinstance(ended[0], Captured)
    assert balance_of(organisation_id, ada) == ((40, 0, 0) if captured else (100, 0, 0))
    with in_organisation(organisation_id):
        state = "captured" if captured else "expired" if ended[0] == 1 else "released"
        assert Hold.objects.get(line=held.line).state == state
    with on_day(4):
        assert _proven(organisation_id)


@rounds
def test_a_capture_retried_with_its_key_gets_one_answer(round_):
    organisation_id, ada = make_books()
    earn(organisation_id, ada, 100)
    held = set_aside(organisation_id, ada, 100)
    answers: list[Any] = at_once(
        CONTENDERS, lambda _: capture(organisation_id, held.reference, amount=70, key="c1")
    )
    assert {(one.captured.line, one.released.line) for one in answers} == {(3, 4)}
    assert balance_of(organisation_id, ada) == (30, 0, 0)
    assert _proven(organisation_id)


@rounds
def test_a_transfer_is_reversed_once(round_):
    organisation_id, ada = make_books()
    earn(organisation_id, ada, 100)
    spent = give(organisation_id, ada, -100)

    def take_back(_: int) -> Reversed:
        return reverse(organisation_id, spent.reference, reason="Twice?", key=new_key(), actor=ACTOR)

    assert _kinds(at_once(CONTENDERS, take_back)) == {Reversed: 1, NothingLeftToReverse: 19}
    assert balance_of(organisation_id, ada) == (100, 0, 0)
    assert _proven(organisation_id)


@rounds
def test_parts_of_a_reversal_never_add_up_to_more_than_the_whole(round_):
    organisation_id, ada = make_books()
    earn(organisation_id, ada, 100)
    spent = give(organisation_id, ada, -100)

    def take_back(_: int) -> Reversed:
        return reverse(
            organisation_id, spent.reference, reason="Part.", key=new_key(), actor=ACTOR, amount=10
        )

    assert _kinds(at_once(CONTENDERS, take_back))[Reversed] == 10
    assert balance_of(organisation_id, ada) == (100, 0, 0)
    assert _proven(organisation_id)


@rounds
def test_an_event_corrected_by_many_is_taken_back_once(round_):
    organisation_id, ada = make_books()
    purchase = new_id()
    earn(organisation_id, ada, 100, event_id=purchase)
    earn(organisation_id, ada, 500)
    answers: list[Any] = at_once(CONTENDERS, lambda _: correct(organisation_id, purchase))
    assert sorted(answers) == [0] * 19 + [100]
    assert balance_of(organisation_id, ada) == (500, 0, 0)
    assert _proven(organisation_id)


def _adjust(organisation_id: int, member_id: UUID, key: str) -> Receipt:
    return adjust(
        organisation_id,
        member_id=member_id,
        unit="points",
        amount=10,
        reason="Once.",
        key=key,
        actor=ACTOR,
    )


@rounds
def test_one_key_posts_once_and_everybody_gets_its_answer(round_):
    organisation_id, ada = make_books()
    answers: list[Any] = at_once(CONTENDERS, lambda _: _adjust(organisation_id, ada, "k"))
    assert {answer.reference for answer in answers} == {answers[0].reference}
    assert sum(not answer.repeated for answer in answers) == 1
    assert balance_of(organisation_id, ada) == (10, 0, 0)


@rounds
def test_one_key_used_for_two_members_at_once_posts_for_one(round_):
    organisation_id, ada = make_books()
    members = [ada, make_member(organisation_id).id]
    answers: list[Any] = at_once(
        CONTENDERS, lambda number: _adjust(organisation_id, members[number % 2], "k")
    )
    assert _kinds(answers) == {Receipt: 10, KeyUsedOtherwise: 10}
    with in_organisation(organisation_id):
        assert Transfer.objects.count() == 1
    assert _proven(organisation_id)


@rounds
def test_a_wallet_opened_by_many_at_once_is_one_wallet(round_):
    organisation_id, ada = make_books()
    answers: list[Any] = at_once(CONTENDERS, lambda number: earn(organisation_id, ada, number + 1))
    assert sorted(answer.line for answer in answers) == list(range(1, CONTENDERS + 1))
    assert balance_of(organisation_id, ada) == (210, 0, 0)
    assert _proven(organisation_id)


@rounds
def test_a_point_is_held_or_expired_and_never_both(round_):
    organisation_id, ada = make_books()
    with on_day(1):
        earn(organisation_id, ada, 50, expires_at=day(10))
        earn(organisation_id, ada, 50)

    def at_midnight(number: int) -> object:
        with on_day(9 if number % 2 else 10):
            return set_aside(organisation_id, ada, 20) if number % 2 else expire(organisation_id)

    at_once(CONTENDERS, at_midnight)
    with on_day(10):
        available, _, held = balance_of(organisation_id, ada)
        with in_organisation(organisation_id):
            expired = sum(t.amount for t in Transfer.objects.filter(target=13))
        assert available + held + expired == 100
        assert expired <= 50
        assert _proven(organisation_id)


@rounds
def test_what_falls_due_happens_once_however_many_run_it(round_):
    organisation_id, ada = make_books(expiry={"after": "P5D"})
    with on_day(1):
        for _ in range(5):
            earn(organisation_id, ada, 10)
            earn(organisation_id, make_member(organisation_id).id, 10)
            earn(organisation_id, ada, 10, spendable_at=day(20))

    def run(number: int) -> int:
        with on_day(21):
            return (activate if number % 2 else expire)(organisation_id, at_a_time=2).transfers

    done: list[Any] = at_once(CONTENDERS, run)
    # Ada's five lots lapsed at one moment, in one transfer; the others' five one by one.
    assert sum(done[1::2]) == 5
    assert sum(done[::2]) == 6
    with on_day(21):
        assert balance_of(organisation_id, ada) == (50, 0, 0)
        assert _proven(organisation_id)


@rounds
def test_points_moved_to_and_fro_at_once_neither_deadlock_nor_vanish(round_):
    organisation_id, ada = make_books()
    ben = make_member(organisation_id).id
    for member in (ada, ben):
        earn(organisation_id, member, 30, expires_at=day(4000))
        earn(organisation_id, member, 20)
    both = [(ada, ben), (ben, ada)]

    def swap(number: int) -> object:
        source, target = both[number % 2]
        return move(
            organisation_id,
            from_member_id=source,
            to_member_id=target,
            key=str(number),
            reason="To and fro.",
            actor=ACTOR,
        )

    at_once(CONTENDERS, swap)
    assert sum(balance_of(organisation_id, member)[0] for member in (ada, ben)) == 100
    assert _proven(organisation_id)


@rounds
def test_a_period_sealed_while_points_are_posted_is_sealed_whole(round_):
    organisation_id, ada = make_books()
    members = [ada, *(make_member(organisation_id).id for _ in range(4))]

    def post_or_seal(number: int) -> object:
        if number % 5 == 0:
            return seal(organisation_id, actor=ACTOR)
        for _ in range(5):
            earn(organisation_id, members[number % 5], 1)
        return None

    at_once(CONTENDERS, post_or_seal)
    seal(organisation_id, actor=ACTOR)
    assert _proven(organisation_id)
