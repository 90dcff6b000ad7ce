"""Points moved by hand: with a reason, once a key, above a figure by two people."""

from __future__ import annotations

import pytest

from plaudit.foundation.ids import new_id
from plaudit.foundation.models import Audit
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.actions.declare_unit import declare_unit
from plaudit.ledger.models import Transfer
from plaudit.ledger.receipts import Receipt
from plaudit.ledger.refusals import (
    AmountRefused,
    ApproverNeeded,
    KeyUsedOtherwise,
    NotEnoughPoints,
    ReasonNeeded,
)
from plaudit.ledger.tests.factories import balance_of, earn, make_books, make_unit, new_key
from plaudit.ledger.verification.verify import verify
from plaudit.people.tests.factories import make_member, make_organisation


def _adjust(organisation_id: int, member_id: object, amount: object, **facts: object) -> Receipt:
    wanted = {"unit": "points", "reason": "A call dropped.", "key": new_key(), "actor": "usr_1", **facts}
    return adjust(organisation_id, member_id=member_id, amount=amount, **wanted)  # type: ignore[arg-type]  # faulty on purpose


def test_a_grant_says_who_gave_it_and_why():
    organisation_id, ada = make_books()
    made = _adjust(organisation_id, ada, 25)
    with in_organisation(organisation_id):
        row = Transfer.objects.get(line=made.line)
        noted = Audit.objects.get(act="points.adjusted")
    assert (row.actor, row.reason, row.amount) == ("usr_1", "A call dropped.", 25)
    assert (noted.actor, noted.details["amount"]) == ("usr_1", 25)
    assert made.reference == noted.details["transfer"]


def test_a_deduction_takes_no_more_than_there_is():
    organisation_id, ada = make_books()
    earn(organisation_id, ada, 10)
    with pytest.raises(NotEnoughPoints) as refused:
        _adjust(organisation_id, ada, -11)
    assert refused.value.facts == {"needed": 11, "available": 10}
    assert balance_of(organisation_id, ada) == (10, 0, 0)
    _adjust(organisation_id, ada, -10)
    assert balance_of(organisation_id, ada) == (0, 0, 0)


def test_the_same_key_adjusts_once_and_another_request_is_refused():
    organisation_id, ada = make_books()
    first = _adjust(organisation_id, ada, 25, key="k")
    again = _adjust(organisation_id, ada, 25, key="k")
    assert again.repeated and again.reference == first.reference
    for member_id, amount in ((ada, 26), (ada, -25), (make_member(organisation_id).id, 25)):
        with pytest.raises(KeyUsedOtherwise):
            _adjust(organisation_id, member_id, amount, key="k")
    assert balance_of(organisation_id, ada) == (25, 0, 0)


def test_from_the_units_figure_on_a_second_person_is_needed():
    organisation_id = make_organisation().id
    make_unit(organisation_id, approval_from=1000)
    ada = make_member(organisation_id).id
    _adjust(organisation_id, ada, 999)
    for amount in (1000, -1000):
        with pytest.raises(ApproverNeeded):
            _adjust(organisation_id, ada, amount)
    with pytest.raises(ApproverNeeded):
        _adjust(organisation_id, ada, 1000, approver="usr_1")
    _adjust(organisation_id, ada, 1000, approver="usr_2")
    assert balance_of(organisation_id, ada) == (1999, 0, 0)


def test_what_was_adjusted_under_another_figure_is_not_held_against_it():
    organisation_id = make_organisation().id
    make_unit(organisation_id, approval_from=1000)
    ada = make_member(organisation_id).id
    _adjust(organisation_id, ada, 500)
    declare_unit(organisation_id, key="points", names={}, approval_from=100)
    assert verify(organisation_id).broken() == []


@pytest.mark.parametrize("amount", [0, True, 0.5, "5", 10**15 + 1, -(10**15) - 1, 2**63, float("nan"), None])
def test_what_is_no_amount_is_refused(amount):
    organisation_id, ada = make_books()
    with pytest.raises((AmountRefused, TypeError)):
        _adjust(organisation_id, ada, amount)
    with in_organisation(organisation_id):
        assert not Transfer.objects.exists()


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_moves(reason):
    organisation_id, ada = make_books()
    with pytest.raises(ReasonNeeded):
        _adjust(organisation_id, ada, 5, reason=reason)


def test_nobody_and_nothing_is_not_found():
    organisation_id, ada = make_books()
    _, stranger = make_books()
    for member_id in (new_id(), stranger):
        with pytest.raises(NotFound):
            _adjust(organisation_id, member_id, 5)
    with pytest.raises(NotFound):
        _adjust(organisation_id, ada, 5, unit="stars")
