"""Fees: a provider that misbehaves, cards that are refused, refunds, cooling off, upgrades, partners, other people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.take_in import take_in
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.models import Transfer
from plaudit.ledger.places import Kind
from plaudit.membership import queries
from plaudit.membership.actions.cancel import cancel
from plaudit.membership.actions.erase import erase_member
from plaudit.membership.actions.levels import change_level, upgrade
from plaudit.membership.actions.merge import merge_members, separate_members
from plaudit.membership.actions.renew import renew
from plaudit.membership.actions.settle import pay, refund
from plaudit.membership.actions.take_reports import take_reports
from plaudit.membership.models import Entry, Membership
from plaudit.membership.partner_statements import statement_of
from plaudit.membership.providers import Report
from plaudit.membership.refusals import (
    CoolingOffOver,
    InvoiceIsClosed,
    LevelNeedsReason,
    LooksLikeACard,
    MoreThanOwed,
    NotTheLatest,
    ReferenceUsed,
    RoleUnknown,
)
from plaudit.membership.tests.factories import ACTOR, FEE, NOON, make_body
from plaudit.membership.tests.fake_provider import Fake
from plaudit.people.resolving import attributes_of
from plaudit.people.tests.factories import make_member


def test_a_provider_that_tells_twice_wrong_and_of_nobody_loses_no_money_and_pays_once():
    body = make_body()
    asked = body.joins(body.member())
    number = str(asked.invoice.number)
    half = Report("a", number, FEE // 2, "USD", NOON)
    told = [
        half,
        half,
        Report("b", number, FEE, "USD", NOON),  # more than is left
        Report("c", number, FEE // 2, "EUR", NOON),
        Report("d", "999", FEE, "USD", NOON),
        Report("e", number, FEE // 2, "USD", NOON),
        Report("f", number, FEE // 2, "USD", NOON),  # late: nothing is open any more
    ]

    counts = take_reports(body.id, Fake(told), actor=ACTOR)
    again = take_reports(body.id, Fake(told), actor=ACTOR)

    assert counts == {"recorded": 2, "known": 1, "stray": 4}
    assert again == {"known": 7}
    with in_organisation(body.id):
        assert [one.reference for one in queries.strays(body.id)] == ["b", "c", "d", "f"]
    assert body.available(asked.membership.member_id) == 1_000


def test_a_stray_payment_recorded_where_it_belongs_is_no_stray_any_more():
    body = make_body()
    asked = body.joins(body.member())
    take_reports(body.id, Fake([Report("d", "999", FEE, "USD", NOON)]), actor=ACTOR)

    pay(
        body.id,
        invoice=asked.invoice.number,
        amount=FEE,
        currency="USD",
        provider="fake",
        reference="d",
        key="k",
        actor=ACTOR,
    )

    with in_organisation(body.id):
        assert queries.strays(body.id) == []


def test_a_reference_means_one_payment():
    body = make_body()
    asked = body.joins(body.member())
    first = body.pays(asked, FEE // 2, key="k1", reference="tr")

    assert body.pays(asked, FEE // 2, key="k2", reference="tr").id == first.id
    with pytest.raises(ReferenceUsed):
        body.pays(asked, 1_00, key="k3", reference="tr")


@pytest.mark.parametrize("field", ["reference", "method"])
def test_a_card_s_number_is_refused_and_not_repeated(field):
    body = make_body()
    asked = body.joins(body.member())

    with pytest.raises(LooksLikeACard) as refused:
        pay(
            body.id,
            invoice=asked.invoice.number,
            amount=FEE,
            currency="USD",
            key="k",
            actor=ACTOR,
            **{field: "4111 1111 1111 1111"},  # type: ignore[arg-type]  # a reference or a method
        )

    assert "4111" not in refused.value.say() + str(refused.value.facts)
    with in_organisation(body.id):
        assert not Entry.objects.exists()


def test_too_much_is_refused_and_parts_add_up():
    body = make_body()
    asked = body.joins(body.member())
    body.pays(asked, FEE - 1, key="a")

    with pytest.raises(MoreThanOwed):
        body.pays(asked, 2, key="b")
    assert body.membership(asked).state == "pending"
    body.pays(asked, 1, key="c")
    assert body.membership(asked).state == "active"


def test_cancelling_in_time_gives_back_the_fee_and_takes_back_the_welcome():
    body = make_body()
    asked = body.paid_member()

    cancel(body.id, invoice=asked.invoice.number, actor=ACTOR, reason="Changed her mind")

    assert body.available(asked.membership.member_id) == 0
    assert body.membership(asked).state == "cancelled"
    with in_organisation(body.id):
        account = queries.invoice(body.id, asked.invoice.number).account
    assert (account.state, account.paid, account.refunded, account.open) == ("refunded", FEE, FEE, 0)


def test_after_the_cooling_off_days_it_stays():
    with clock.frozen_at(NOON):
        body = make_body()
        asked = body.paid_member()
    with clock.frozen_at(NOON + timedelta(days=14)):
        cancelled = body.paid_member()
        cancel(body.id, invoice=cancelled.invoice.number, actor=ACTOR, reason="In time")
    with clock.frozen_at(NOON + timedelta(days=15)), pytest.raises(CoolingOffOver):
        cancel(body.id, invoice=asked.invoice.number, actor=ACTOR, reason="Too late")
    assert body.available(asked.membership.member_id) == 1_000


def test_a_renewal_cancelled_leaves_the_term_before():
    body = make_body()
    asked = body.paid_member()
    ada = asked.membership.member_id
    before = body.membership(asked).ends_on
    renewed = renew(body.id, membership_id=asked.membership.id, key="r", actor=ACTOR)
    body.pays(renewed)
    assert body.available(ada) == 1_500

    with pytest.raises(NotTheLatest):
        cancel(body.id, invoice=asked.invoice.number, actor=ACTOR, reason="Not this one")
    cancel(body.id, invoice=renewed.invoice.number, actor=ACTOR, reason="No")

    assert body.available(ada) == 1_000
    assert body.membership(asked).ends_on == before


def test_a_part_refunded_leaves_the_term_and_the_whole_ends_it():
    body = make_body()
    asked = body.joins(body.member())
    paid = body.pays(asked)

    refund(body.id, payment=paid.id, amount=100_00, key="a", actor=ACTOR, reason="Late journal")
    assert (body.membership(asked).state, body.available(asked.membership.member_id)) == ("active", 1_000)
    refund(body.id, payment=paid.id, amount=200_00, key="b", actor=ACTOR, reason="All of it")
    assert (body.membership(asked).state, body.available(asked.membership.member_id)) == ("cancelled", 0)


def test_an_upgrade_holds_once_it_is_paid_for_and_says_how_it_was_reckoned():
    with clock.frozen_at(datetime(2026, 1, 1, 12, tzinfo=UTC)):
        body = make_body()
        asked = body.paid_member()
    with clock.frozen_at(datetime(2026, 7, 2, 12, tzinfo=UTC)):
        up = upgrade(body.id, membership_id=asked.membership.id, level="management", key="u", actor=ACTOR)
        assert [line["amount"] for line in up.invoice.lines] == [200_55, -150_41]  # 183 of 365 days
        assert body.membership(asked).level == "professional"
        body.pays(up)
    assert body.membership(asked).level == "management"
    with in_organisation(body.id):
        assert attributes_of(body.id, [asked.membership.member_id])[asked.membership.member_id]["level"] == (
            "management"
        )


def test_a_level_that_does_not_follow_from_the_role_needs_a_reason():
    body = make_body()
    ada = body.member()

    with pytest.raises(RoleUnknown):
        body.joins(ada, role="Wizard")
    with pytest.raises(LevelNeedsReason):
        body.joins(ada, role="Supervisor", level="management")
    asked = body.joins(ada, role="Wizard", level="management", reason="Elected in March")
    assert "Elected in March" in asked.membership.why_level
    body.pays(asked)
    changed = change_level(
        body.id, membership_id=asked.membership.id, level="professional", reason="Term over", actor=ACTOR
    )
    assert (changed.level, changed.why_level) == ("professional", "Professional was decided: Term over")


def test_a_partner_s_statement_is_what_the_ledger_says_and_what_is_owed_for_it():
    body = make_body()
    make_member(body.id, name="Ada", external_ids=[("crm", "ada")])
    events = [
        IncomingEvent(
            "crm", f"e{number}", "seminar", "ada", "crm", NOON, {"partner": "academy"} if number else {}
        )
        for number in range(4)
    ]
    back = IncomingEvent("crm", "back", "seminar.refunded", "ada", "crm", NOON, {}, "e1")
    outside = IncomingEvent(
        "crm", "later", "seminar", "ada", "crm", NOON + timedelta(days=40), {"partner": "academy"}
    )
    take_in(body.id, [*events, back, outside])

    with in_organisation(body.id):
        found = statement_of(
            body.id,
            programme="body",
            partner="academy",
            starts_at=datetime(2026, 3, 1, tzinfo=UTC),
            ends_at=datetime(2026, 4, 1, tzinfo=UTC),
        )
        of_all = sum(Transfer.objects.filter(kind=Kind.ACCRUAL).values_list("amount", flat=True))

    (line,) = found.lines
    assert (line.events, line.granted, line.taken_back, line.net) == (3, 3_000, 1_000, 2_000)
    assert of_all == line.granted + 1_000 + 1_000  # the body's own seminar, and one of another month
    assert found.owed == {"USD": 10_00}  # 2,000 points at one cent, half of it


def test_two_who_prove_to_be_one_have_one_membership_and_apart_again_their_own():
    body = make_body()
    asked = body.paid_member()
    absorbed = asked.membership.member_id
    survivor = body.member("Ada again")

    merge = merge_members(body.id, survivor_id=survivor, absorbed_id=absorbed, reason="One", actor=ACTOR)
    assert body.membership(asked).member_id == survivor
    with in_organisation(body.id):
        assert attributes_of(body.id, [survivor])[survivor]["level"] == "professional"
    renewed = renew(body.id, membership_id=asked.membership.id, key="r", actor=ACTOR)
    body.pays(renewed)
    assert body.available(survivor) == 1_500

    separate_members(body.id, merge_id=merge.merge.id, reason="Two", actor=ACTOR)
    assert body.membership(asked).member_id == absorbed


def test_nothing_is_said_of_somebody_who_was_erased():
    body = make_body()
    asked = body.paid_member()
    renewed = renew(body.id, membership_id=asked.membership.id, key="r", actor=ACTOR)

    erase_member(body.id, member_id=asked.membership.member_id, reason="Asked for", actor=ACTOR)

    with in_organisation(body.id):
        left = Membership.objects.get()
        assert (left.role, left.profession, left.why_level, left.state) == ("", "", "", "cancelled")
        assert left.ends_on is not None and left.ends_on > date(2000, 1, 1)
        assert queries.invoice(body.id, asked.invoice.number).account.paid == FEE
    with pytest.raises(InvoiceIsClosed):
        body.pays(renewed)
