"""Whatever is joined, paid, upgraded, cancelled, refunded, renewed or let lapse: money, points and terms agree."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.foundation import clock
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.examples import examples
from plaudit.membership import queries
from plaudit.membership.actions.cancel import cancel
from plaudit.membership.actions.fall_due import fall_due
from plaudit.membership.actions.levels import change_level, upgrade
from plaudit.membership.actions.renew import renew
from plaudit.membership.actions.settle import pay, refund, write_off
from plaudit.membership.models import Entry, EntryKind, Invoice, Membership, StepState
from plaudit.membership.rules import Taken, stands
from plaudit.membership.tests.factories import ACTOR, Body, make_body

EARNS = {"join": 1_000, "renewal": 500}
OPENING_DAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Life:
    """One member of a body, to whom things happen; what is refused changes nothing."""

    def __init__(self) -> None:
        self.body: Body = make_body()
        self.ada = self.body.member()
        self.acts = 0

    def newest(self) -> Invoice:
        with in_organisation(self.body.id):
            found = Invoice.objects.order_by("-number").first()
        return found if found is not None else Invoice(number=1, amount=1)

    def membership(self) -> Membership:
        with in_organisation(self.body.id):
            found = Membership.objects.order_by("-joined_at", "-id").first()
        return found if found is not None else Membership()

    def does(self, act: str) -> None:
        """One act, by a key of its own."""
        self.acts += 1
        key, at = f"k{self.acts}", self.body.id
        number, membership_id = self.newest().number, self.membership().id
        acts: dict[str, Callable[[], object]] = {
            "join": lambda: self.body.joins(self.ada, key=key),
            "pay": lambda: self._pay(number, None, key),
            "pay a part": lambda: self._pay(number, 77_00, key),
            "refund": lambda: self._refund(None, key),
            "refund a part": lambda: self._refund(55_00, key),
            "write off": lambda: write_off(at, invoice=number, key=key, actor=ACTOR, reason="Let go"),
            "cancel": lambda: cancel(at, invoice=number, actor=ACTOR, reason="No"),
            "renew": lambda: renew(at, membership_id=membership_id, key=key, actor=ACTOR),
            "upgrade": lambda: upgrade(
                at, membership_id=membership_id, level="management", key=key, actor=ACTOR
            ),
            "decide": lambda: change_level(
                at, membership_id=membership_id, level="professional", reason="Vote", actor=ACTOR
            ),
        }
        with suppress(Refusal):
            acts[act]()

    def _pay(self, number: int, amount: int | None, key: str) -> object:
        with in_organisation(self.body.id):
            whole = queries.invoice(self.body.id, number).account.open
        return pay(
            self.body.id,
            invoice=number,
            amount=amount or whole or 1,
            currency="USD",
            key=key,
            actor=ACTOR,
        )

    def _refund(self, amount: int | None, key: str) -> object:
        with in_organisation(self.body.id):
            payment = Entry.objects.filter(kind=EntryKind.PAYMENT).order_by("-id").first()
        if payment is None:
            return None
        return refund(
            self.body.id,
            payment=payment.id,
            amount=amount or payment.amount,
            key=key,
            actor=ACTOR,
            reason="Sorry",
        )


def agrees(life: Life) -> None:
    """Invoices, payments, points and terms say the same."""
    points = 0
    with in_organisation(life.body.id):
        for billed in queries.invoices(life.body.id, limit=200):
            account, step = billed.account, billed.invoice.step
            assert 0 <= account.open <= account.amount
            assert 0 <= account.refunded <= account.paid
            if step.state == StepState.STANDING:
                assert account.open == 0
                points += EARNS.get(step.kind, 0)
            elif step.state == StepState.OPEN:
                assert account.open > 0
            else:
                assert (account.open, account.kept) == (0, 0)
        for one in Membership.objects.all():
            steps = [Taken(s.kind, s.state, s.level, s.ends_on) for s in one.steps.order_by("number")]
            found = stands(steps, today=clock.now().date(), grace_days=30)
            assert (one.state, one.level, one.ends_on) == (found.state, found.level, found.ends_on)
    assert life.body.available(life.ada) == points


ACTS = st.sampled_from(
    [
        "join",
        "pay",
        "pay",
        "pay a part",
        "refund",
        "refund a part",
        "write off",
        "cancel",
        "renew",
        "upgrade",
        "decide",
        20,
        200,
        500,
    ]
)


@settings(max_examples=examples(12), deadline=None)
@given(st.lists(ACTS, min_size=3, max_size=14))
def test_any_sequence_leaves_money_points_and_terms_in_agreement(acts):
    now = OPENING_DAY
    with clock.frozen_at(now):
        life = Life()
        life.does("join")
        life.does("pay")
    for act in acts:
        if isinstance(act, int):
            now += timedelta(days=act)
        with clock.frozen_at(now):
            if isinstance(act, str):
                life.does(act)
            fall_due(life.body.id)
            agrees(life)
