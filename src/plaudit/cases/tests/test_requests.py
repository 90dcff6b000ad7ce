"""What two people decide: asked by one, approved by another, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError

from plaudit.cases.actions.asking import GOOD_FOR, approve, ask_approval, decline, expire_requests
from plaudit.cases.models import ApprovalRequest, RequestState
from plaudit.cases.queries import waiting_requests
from plaudit.cases.refusals import KeyMeansAnother, OwnRequest, RequestDecided
from plaudit.cases.tests.factories import Desk, make_desk
from plaudit.foundation import clock
from plaudit.foundation.jobs import run_due
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.ledger.refusals import NotEnoughPoints
from plaudit.ledger.statements import statement


def waiting(desk: Desk) -> list[ApprovalRequest]:
    with in_organisation(desk.id):
        return waiting_requests(desk.id)


def test_what_is_approved_is_posted_with_both_names():
    desk = make_desk()
    one = desk.wants(600)
    assert [found.id for found in waiting(desk)] == [one.id]

    done = approve(desk.id, one.id, actor=desk.maya)

    assert approve(desk.id, one.id, actor=desk.maya).transfer == done.transfer
    assert waiting(desk) == []
    with in_organisation(desk.id):
        (line,) = statement(desk.id, desk.member_id, "points").lines
    assert (line.amount, line.actor, line.approver) == (600, desk.ravi, desk.maya)
    assert (line.reference, line.reason) == (done.transfer, "Two orders were lost.")


def test_nobody_approves_what_they_asked_for():
    desk = make_desk()
    one = desk.wants()

    with pytest.raises(OwnRequest):
        approve(desk.id, one.id, actor=desk.ravi)
    with in_organisation(desk.id), pytest.raises(IntegrityError, match="two_people_decide"):
        ApprovalRequest.objects.filter(id=one.id).update(
            state="approved", decided_by=desk.ravi, decided_at=clock.now(), transfer="led_000001-1"
        )


def test_a_request_is_declined_with_a_reason_and_then_decided():
    desk = make_desk()
    one = desk.wants()

    decline(desk.id, one.id, reason="One order was found.", actor=desk.maya)

    with pytest.raises(RequestDecided, match="declined"):
        approve(desk.id, one.id, actor=desk.maya)
    assert desk.available() == 0


def test_a_request_runs_out_after_seven_days():
    desk = make_desk()
    one = desk.wants()

    with clock.frozen_at(one.expires_at - timedelta(seconds=1)):
        run_due(desk.id)
        assert waiting(desk)
    with clock.frozen_at(one.asked_at + GOOD_FOR):
        assert waiting(desk) == []
        with pytest.raises(RequestDecided, match="expired"):
            approve(desk.id, one.id, actor=desk.maya)
        assert "1 requests for approval ran out" in run_due(desk.id)
        assert expire_requests(desk.id) == 0


def test_points_that_are_not_there_can_be_asked_for_and_not_taken():
    desk = make_desk()
    one = desk.wants(-600)

    with pytest.raises(NotEnoughPoints):
        approve(desk.id, one.id, actor=desk.maya)
    assert [found.id for found in waiting(desk)] == [one.id]


def test_a_key_asks_once():
    desk = make_desk()
    one = desk.wants(600, key="same")

    assert desk.wants(600, key="same").id == one.id
    with pytest.raises(KeyMeansAnother):
        desk.wants(700, key="same")


@rounds
def test_a_request_approved_and_declined_by_many_at_once_is_decided_once(round_: int):
    desk = make_desk()
    one = desk.wants(600)

    def decide(number: int) -> ApprovalRequest:
        who = f"usr_9{number}"
        if number % 4:
            return approve(desk.id, one.id, actor=who)
        return decline(desk.id, one.id, reason="No.", actor=who)

    got = at_once(CONTENDERS, decide)

    (decided,) = [found for found in got if isinstance(found, ApprovalRequest)]
    assert sum(isinstance(found, Refusal) for found in got) == CONTENDERS - 1
    assert desk.available() == (600 if decided.state == RequestState.APPROVED else 0)


@rounds
def test_one_key_asked_by_many_at_once_is_one_request(round_: int):
    desk = make_desk()

    got = at_once(CONTENDERS, lambda _: desk.wants(key="same"))

    assert len({one.id for one in got if isinstance(one, ApprovalRequest)}) == 1
    assert len(waiting(desk)) == 1


@rounds
def test_a_case_has_one_request_that_waits_however_many_ask(round_: int):
    desk = make_desk()
    case = desk.asks()

    at_once(
        CONTENDERS,
        lambda number: ask_approval(
            desk.id,
            member_id=desk.member_id,
            unit="points",
            amount=600,
            reason="Both.",
            key=f"k{number}",
            actor=desk.ravi,
            case_id=case.id,
        ),
    )

    assert len(waiting(desk)) == 1
