"""Memberships joined, paid for, renewed, upgraded, cancelled and let lapse; what they are sold by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from plaudit.foundation import clock
from plaudit.membership.actions.cancel import cancel
from plaudit.membership.actions.entitle import use_entitlement
from plaudit.membership.actions.fall_due import fall_due
from plaudit.membership.actions.join import Asked, join, membership_of
from plaudit.membership.actions.levels import change_level, quote_upgrade, upgrade
from plaudit.membership.actions.publish_scheme import publish_scheme
from plaudit.membership.actions.renew import refuse_unless_settled, renew
from plaudit.membership.actions.settle import (
    hold_invoice,
    pay,
    refund,
    refuse_unless_latest,
    write_off,
)
from plaudit.membership.actions.take_reports import take_reports
from plaudit.membership.providers import Report
from plaudit.membership.tests.factories import ACTOR, FEE, NOON, SCHEME, Body, make_body
from plaudit.membership.tests.fake_provider import Fake
from tests.faults.trial import Flow, Prepared


def _of_a_member(act: Callable[[Body, Asked], object]) -> Callable[[], Prepared]:
    """Something done to a membership that is paid for."""

    def prepare() -> Prepared:
        body = make_body()
        asked = body.paid_member()
        return body.id, lambda: act(body, asked)

    return prepare


def _of_an_invoice(act: Callable[[Body, Asked], object]) -> Callable[[], Prepared]:
    """Something done to an invoice that nothing was paid of."""

    def prepare() -> Prepared:
        body = make_body()
        asked = body.joins(body.member())
        return body.id, lambda: act(body, asked)

    return prepare


def _joining() -> Prepared:
    body = make_body()
    ada = body.member()
    return body.id, lambda: body.joins(ada)


def _publishing() -> Prepared:
    body = make_body()
    return body.id, lambda: publish_scheme(body.id, "body", replace(SCHEME, partners=()))


def _refunding() -> Prepared:
    body = make_body()
    asked = body.joins(body.member())
    paid = body.pays(asked)
    return body.id, lambda: refund(body.id, payment=paid.id, amount=FEE, key="r", actor=ACTOR, reason="Sorry")


def _reporting() -> Prepared:
    body = make_body()
    asked = body.joins(body.member())
    told = [
        Report("tr-1", str(asked.invoice.number), FEE, "USD", NOON),
        Report("tr-2", "17", FEE, "USD", NOON),
    ]
    return body.id, lambda: take_reports(body.id, Fake(told), actor=ACTOR)


def _long_ago(days: int) -> tuple[Body, Asked]:
    """A membership paid for so many days ago, and another that nobody ever paid for."""
    with clock.frozen_at(clock.now() - timedelta(days=days)):
        body = make_body()
        asked = body.paid_member()
        body.joins(body.member("Bo"))
    return body, asked


def _reinstating() -> Prepared:
    body, asked = _long_ago(800)
    fall_due(body.id)
    return body.id, lambda: renew(body.id, membership_id=asked.membership.id, key="back", actor=ACTOR)


def _falling_due() -> Prepared:
    body, _ = _long_ago(400)
    return body.id, lambda: fall_due(body.id, at_a_time=1)


FLOWS = [
    Flow("memberships: publish", _publishing, (publish_scheme,)),
    Flow("memberships: join", _joining, (join, membership_of)),
    Flow("memberships: pay", _of_an_invoice(lambda body, asked: body.pays(asked)), (pay, hold_invoice)),
    Flow(
        "memberships: write off",
        _of_an_invoice(
            lambda body, asked: write_off(
                body.id, invoice=asked.invoice.number, key="w", actor=ACTOR, reason="Let it be"
            )
        ),
        (write_off,),
    ),
    Flow("memberships: refund", _refunding, (refund, refuse_unless_latest)),
    Flow("memberships: hear of payments", _reporting, (take_reports,)),
    Flow(
        "memberships: renew",
        _of_a_member(
            lambda body, asked: renew(body.id, membership_id=asked.membership.id, key="again", actor=ACTOR)
        ),
        (renew, refuse_unless_settled),
    ),
    Flow("memberships: reinstate", _reinstating, (renew,)),
    Flow(
        "memberships: decide a level",
        _of_a_member(
            lambda body, asked: change_level(
                body.id, membership_id=asked.membership.id, level="management", reason="Elected", actor=ACTOR
            )
        ),
        (change_level,),
    ),
    Flow(
        "memberships: upgrade",
        _of_a_member(
            lambda body, asked: upgrade(
                body.id, membership_id=asked.membership.id, level="management", key="up", actor=ACTOR
            )
        ),
        (upgrade, quote_upgrade),
    ),
    Flow(
        "memberships: cancel",
        _of_a_member(
            lambda body, asked: cancel(
                body.id, invoice=asked.invoice.number, actor=ACTOR, reason="Changed her mind"
            )
        ),
        (cancel,),
    ),
    Flow(
        "memberships: use an entitlement",
        _of_a_member(
            lambda body, asked: use_entitlement(
                body.id,
                membership_id=asked.membership.id,
                entitlement="discount",
                occasion="2026",
                fee=100_00,
                key="use",
                actor=ACTOR,
            )
        ),
        (use_entitlement,),
    ),
    Flow("memberships: fall due", _falling_due, (fall_due,)),
]
