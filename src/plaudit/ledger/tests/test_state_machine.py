"""Any run of what people do leaves the book as a model made of single points says, and proves itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from plaudit.foundation import clock
from plaudit.foundation.ids import new_id
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.capture import capture
from plaudit.ledger.actions.expire import activate, expire
from plaudit.ledger.actions.release import expire_holds, release
from plaudit.ledger.lots import open_lots
from plaudit.ledger.receipts import Receipt
from plaudit.ledger.refusals import NotEnoughPoints
from plaudit.ledger.tests.factories import (
    balance_of,
    correct,
    day,
    deduct,
    earn,
    give,
    make_books,
    set_aside,
    undo,
    wallet_of,
)
from plaudit.ledger.tests.model import Debit, Model
from plaudit.ledger.verification.verify import verify

_NEVER = datetime.max.replace(tzinfo=UTC)

amounts = st.integers(1, 12)
days = st.integers(1, 9)


class Ledger(RuleBasedStateMachine):
    """One wallet and its model, side by side."""

    @initialize(may_owe=st.booleans())
    def open_a_book(self, may_owe):
        self.now = day(1)
        self.organisation_id, self.ada = make_books(may_owe=may_owe)
        self.model = Model(may_owe=may_owe)
        self.grants = []  # (event id, grant)
        self.debits = []  # (receipt, debit)
        self.holds = []  # (reference, debit, lapses at)
        with clock.frozen_at(self.now):
            earn(self.organisation_id, self.ada, 1)
            self.model.earn(1, None)

    @rule(by=days)
    def time_passes(self, by):
        self.now += timedelta(days=by)

    @rule(amount=amounts, lasts=st.none() | days)
    def earns(self, amount, lasts):
        event = new_id()
        expires_at = self.now + timedelta(days=lasts) if lasts else None
        with clock.frozen_at(self.now):
            earn(self.organisation_id, self.ada, amount, expires_at=expires_at, event_id=event)
        self.grants.append((event, self.model.earn(amount, expires_at)))

    @rule(amount=amounts, ripens=days)
    def earns_for_later(self, amount, ripens):
        event, spendable_at = new_id(), self.now + timedelta(days=ripens)
        with clock.frozen_at(self.now):
            earn(self.organisation_id, self.ada, amount, spendable_at=spendable_at, event_id=event)
        self.grants.append((event, self.model.earn_pending(amount, spendable_at)))

    @rule(amount=amounts)
    def spends(self, amount):
        """By hand, which settles what is due first."""
        self._spend(amount, lambda: give(self.organisation_id, self.ada, -amount), settles=True)

    @rule(amount=amounts)
    def is_deducted(self, amount):
        self._spend(amount, lambda: deduct(self.organisation_id, self.ada, amount), settles=False)

    def _spend(self, amount: int, spend: Callable[[], Receipt], *, settles: bool) -> None:
        with clock.frozen_at(self.now):
            try:
                receipt = spend()
            except NotEnoughPoints:
                receipt = None
        if receipt is None:
            assert not self.model.may_owe
            before = len([p for p in self.model.free if not settles or p.expires_at > self.now])
            ripe = sum(g.left for g in self.model.pending if settles and g.is_ripe(self.now))
            assert before + ripe < amount
            return
        if settles:
            self.model.settle(self.now)
        self.debits.append((receipt, self.model.take(amount)))

    @rule(amount=amounts, lasts=st.none() | days)
    def holds_points(self, amount, lasts):
        lapses_at = self.now + timedelta(days=lasts) if lasts else None
        with clock.frozen_at(self.now):
            try:
                reference = set_aside(self.organisation_id, self.ada, amount, expires_at=lapses_at).reference
            except NotEnoughPoints:
                return
        self.model.settle(self.now)
        assert self.model.available >= amount
        self.holds.append((reference, self.model.take(amount), lapses_at))
        self.model.held += amount

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def captures(self, data):
        reference, debit, lapses_at = data.draw(st.sampled_from(self.holds))
        if lapses_at is not None and lapses_at <= self.now:
            return
        amount = data.draw(st.integers(1, debit.left))
        with clock.frozen_at(self.now):
            done = capture(self.organisation_id, reference, amount=amount)
        self.holds = [one for one in self.holds if one[0] != reference]
        self.model.held -= debit.left
        if amount < debit.left:
            self.model.give_back(debit, debit.left - amount)
        debit.left = amount
        self.debits.append((done.captured, debit))

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def releases(self, data):
        reference, debit, _ = data.draw(st.sampled_from(self.holds))
        with clock.frozen_at(self.now):
            release(self.organisation_id, reference)
        self._freed(reference, debit)

    def _freed(self, reference: str, debit: Debit) -> None:
        self.holds = [one for one in self.holds if one[0] != reference]
        self.model.held -= debit.left
        self.model.give_back(debit, debit.left)

    @precondition(lambda self: any(debit.left for _, debit in self.debits))
    @rule(data=st.data())
    def reverses_a_spend(self, data):
        receipt, debit = data.draw(st.sampled_from([one for one in self.debits if one[1].left]))
        amount = data.draw(st.integers(1, debit.left))
        with clock.frozen_at(self.now):
            undo(self.organisation_id, receipt, amount)
        debit.left -= amount
        self.model.give_back(debit, amount)

    @precondition(lambda self: any(grant.left for _, grant in self.grants))
    @rule(data=st.data())
    def corrects_a_grant(self, data):
        event, grant = data.draw(st.sampled_from([one for one in self.grants if one[1].left]))
        amount = data.draw(st.integers(1, grant.left))
        with clock.frozen_at(self.now):
            taken = correct(self.organisation_id, event, amount)
        assert taken == self.model.reverse_grant(grant, amount)

    @rule()
    def everything_due_happens(self):
        with clock.frozen_at(self.now):
            activate(self.organisation_id)
            expire_holds(self.organisation_id)
            expire(self.organisation_id)
        self.model.activate(self.now)
        lapsed = [one for one in self.holds if one[2] is not None and one[2] <= self.now]
        for reference, debit, _ in sorted(lapsed, key=lambda one: int(one[0].partition("-")[2])):
            self._freed(reference, debit)
        self.model.expire(self.now)

    @invariant()
    def the_balances_are_those_of_the_model(self):
        pending = sum(grant.left for grant in self.model.pending)
        assert balance_of(self.organisation_id, self.ada) == (self.model.available, pending, self.model.held)

    @invariant()
    def the_lots_are_those_of_the_model(self):
        wallet = wallet_of(self.organisation_id, self.ada)
        with in_organisation(self.organisation_id):
            lots = open_lots(self.organisation_id, [wallet.id])[wallet.id].lots
        held: dict[datetime, int] = {}
        for lot in lots:
            until = lot.expires_at or _NEVER
            held[until] = held.get(until, 0) + lot.remaining
        assert held == dict(self.model.shape())

    def teardown(self):
        if hasattr(self, "organisation_id"):
            with clock.frozen_at(self.now):
                activate(self.organisation_id)
                expire(self.organisation_id)
                assert verify(self.organisation_id).broken() == []


# A few stories each time; many, and new ones, in a search for faults (HYPOTHESIS_PROFILE=search).
_searching = settings.get_current_profile_name() == "search"

Ledger.TestCase.settings = settings(
    max_examples=300 if _searching else 12,
    stateful_step_count=60 if _searching else 25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestAnyRunLeavesWhatTheModelSays = Ledger.TestCase
