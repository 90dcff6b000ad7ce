"""What is limited about memberships, fought over: one membership, one payment, one use, one end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.membership.actions.cancel import cancel
from plaudit.membership.actions.entitle import use_entitlement
from plaudit.membership.actions.publish_scheme import publish_scheme
from plaudit.membership.actions.renew import renew
from plaudit.membership.actions.settle import pay, refund
from plaudit.membership.actions.take_reports import take_reports
from plaudit.membership.models import EntitlementUse, Entry, Invoice, Membership, Scheme, StrayPayment
from plaudit.membership.providers import Report
from plaudit.membership.tests.factories import ACTOR, FEE, NOON, SCHEME, make_body
from plaudit.membership.tests.fake_provider import Fake

Result = TypeVar("Result")


def _done(got: Sequence[Result | Refusal]) -> list[Result]:
    return [one for one in got if not isinstance(one, Refusal)]


@rounds
def test_of_twenty_who_join_one_member_at_once_one_does(round_: int):
    body = make_body()
    ada = body.member()

    got = at_once(CONTENDERS, lambda number: body.joins(ada, key=f"k{number}"))

    assert len(_done(got)) == 1
    with in_organisation(body.id):
        assert Membership.objects.count() == Invoice.objects.count() == 1


@rounds
def test_invoices_raised_at_once_are_numbered_without_a_gap(round_: int):
    body = make_body()
    members = [body.member(f"m{number}") for number in range(CONTENDERS)]

    got = at_once(CONTENDERS, lambda number: body.joins(members[number]))

    assert sorted(one.invoice.number for one in _done(got)) == list(range(1, CONTENDERS + 1))


@rounds
def test_an_invoice_paid_by_many_at_once_is_paid_once_and_welcomes_once(round_: int):
    body = make_body()
    ada = body.member()
    asked = body.joins(ada)

    got = at_once(CONTENDERS, lambda number: body.pays(asked, key=f"k{number}"))

    assert len(_done(got)) == 1
    assert body.available(ada) == 1_000


@rounds
def test_parts_paid_at_once_never_add_up_to_more_than_is_owed(round_: int):
    body = make_body()
    asked = body.joins(body.member())

    got = at_once(CONTENDERS, lambda number: body.pays(asked, FEE // 3, key=f"k{number}"))

    assert len(_done(got)) == 3
    assert body.membership(asked).state == "active"


@rounds
def test_one_payment_told_of_by_many_at_once_is_recorded_once(round_: int):
    body = make_body()
    asked = body.joins(body.member())
    told = Report("tr-1", str(asked.invoice.number), FEE // 2, "USD", NOON)
    stray = Report("tr-2", "no-invoice", FEE, "USD", NOON)

    at_once(CONTENDERS, lambda number: take_reports(body.id, Fake([told, stray]), actor=ACTOR))

    with in_organisation(body.id):
        assert Entry.objects.count() == 1
        assert StrayPayment.objects.count() == 1


@rounds
def test_the_same_reference_under_many_keys_at_once_is_one_payment(round_: int):
    body = make_body()
    asked = body.joins(body.member())

    def act(number: int) -> object:
        return pay(
            body.id,
            invoice=asked.invoice.number,
            amount=100_00,
            currency="USD",
            key=f"k{number}",
            reference="tr-1",
            actor=ACTOR,
        )

    at_once(CONTENDERS, act)

    with in_organisation(body.id):
        assert Entry.objects.count() == 1


@rounds
def test_refunds_at_once_never_give_back_more_than_came(round_: int):
    body = make_body()
    asked = body.joins(body.member())
    paid = body.pays(asked)

    got = at_once(
        CONTENDERS,
        lambda number: refund(
            body.id, payment=paid.id, amount=FEE // 3, key=f"r{number}", actor=ACTOR, reason="Sorry"
        ),
    )

    assert len(_done(got)) == 3
    assert body.available(asked.membership.member_id) == 0
    assert body.membership(asked).state == "cancelled"


@rounds
def test_a_membership_renewed_and_cancelled_by_many_at_once_changes_once(round_: int):
    body = make_body()
    asked = body.paid_member()

    def act(number: int) -> object:
        if number % 2:
            return cancel(body.id, invoice=asked.invoice.number, actor=ACTOR, reason="No")
        return renew(body.id, membership_id=asked.membership.id, key=f"k{number}", actor=ACTOR)

    at_once(CONTENDERS, act)

    ada = asked.membership.member_id
    state = body.membership(asked).state
    with in_organisation(body.id):
        invoices = Invoice.objects.count()
    assert (state, invoices, body.available(ada)) in {("cancelled", 1, 0), ("active", 2, 1_000)}


@rounds
def test_an_entitlement_is_used_once_an_occasion_whoever_uses_it(round_: int):
    body = make_body()
    asked = body.paid_member()

    got = at_once(
        CONTENDERS,
        lambda number: use_entitlement(
            body.id,
            membership_id=asked.membership.id,
            entitlement="discount",
            occasion="2026",
            fee=100_00,
            key=f"k{number}",
            actor=ACTOR,
        ),
    )

    assert len(_done(got)) == 1
    with in_organisation(body.id):
        assert EntitlementUse.objects.get().discount == 10_00


@rounds
def test_a_scheme_published_by_many_at_once_is_one_version(round_: int):
    body = make_body()
    cheaper = replace(SCHEME, prices=())

    at_once(CONTENDERS, lambda number: publish_scheme(body.id, "body", cheaper))

    with in_organisation(body.id):
        assert sorted(Scheme.objects.values_list("number", flat=True)) == [1, 2]
