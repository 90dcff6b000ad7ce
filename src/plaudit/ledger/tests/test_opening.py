"""Opening balances: all or none, once each, with the expiry they bring or their unit's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from plaudit.foundation.ids import new_id
from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.opening import Opened, OpeningBalance, opening
from plaudit.ledger.models import Transfer
from plaudit.ledger.tests.factories import ACTOR, balance_of, day, deduct, lots_of, make_books
from plaudit.ledger.verification.verify import verify
from plaudit.people.tests.factories import make_member


def test_balances_arrive_as_lots_with_their_own_expiry():
    organisation_id, ada = make_books(expiry={"after": "P12M", "round_to": "month"})
    balances = [
        OpeningBalance("1", ada, "points", 30, day(1)),
        OpeningBalance("2", ada, "points", 70, day(1), expires_at=day(20)),
    ]
    assert opening(organisation_id, balances, actor=ACTOR) == Opened(2, 0)
    assert balance_of(organisation_id, ada) == (100, 0, 0)
    with in_organisation(organisation_id):
        expiries = dict(Transfer.objects.values_list("line", "expires_at"))
    assert expiries == {1: datetime(2027, 2, 1, tzinfo=UTC), 2: day(20)}


def test_a_balance_taken_over_twice_is_there_once():
    organisation_id, ada = make_books()
    ben = make_member(organisation_id).id
    first = [OpeningBalance("1", ada, "points", 30, day(1))]
    opening(organisation_id, first, actor=ACTOR)
    more = [*first, OpeningBalance("2", ben, "points", 5, day(1))]
    assert opening(organisation_id, more, actor=ACTOR) == Opened(1, 1)
    assert opening(organisation_id, more, actor=ACTOR) == Opened(0, 2)
    assert lots_of(organisation_id, ada) == {1: 30}


def test_one_faulty_row_leaves_none():
    organisation_id, ada = make_books()
    rows = [
        OpeningBalance("1", ada, "points", 30, day(1)),
        OpeningBalance("1", ada, "stars", 0, day(1)),
        OpeningBalance("2", new_id(), "points", 30, day(1)),
    ]
    with pytest.raises(Problem) as refused:
        opening(organisation_id, rows, actor=ACTOR)
    pointers = [error["pointer"] for error in refused.value.errors]
    assert pointers == ["/1/unit", "/1/amount", "/1/key", "/2/member"]
    with in_organisation(organisation_id):
        assert not Transfer.objects.exists()


def test_a_key_taken_over_before_with_other_facts_is_refused():
    organisation_id, ada = make_books()
    opening(organisation_id, [OpeningBalance("1", ada, "points", 30, day(1))], actor=ACTOR)
    with pytest.raises(Problem, match="otherwise"):
        opening(organisation_id, [OpeningBalance("1", ada, "points", 31, day(1))], actor=ACTOR)


def test_what_is_owed_is_paid_first():
    organisation_id, ada = make_books(may_owe=True)
    deduct(organisation_id, ada, 20)
    opening(organisation_id, [OpeningBalance("1", ada, "points", 30, day(1))], actor=ACTOR)
    assert balance_of(organisation_id, ada) == (10, 0, 0)
    assert verify(organisation_id).broken() == []
