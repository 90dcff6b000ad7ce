"""Points are given longer to live: once a key, traced, and only forward in time."""

from __future__ import annotations

import pytest

from plaudit.foundation.models import Audit
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.expire import expire
from plaudit.ledger.actions.extend import extend
from plaudit.ledger.refusals import KeyUsedOtherwise, NothingLeftToExtend, NotLater, ReasonNeeded
from plaudit.ledger.tests.factories import ACTOR, balance_of, day, earn, give, make_books, on_day
from plaudit.ledger.verification.verify import verify


def longer(at: int, reference: str, *, until: int = 60, key: str = "k", reason: str = "She was ill."):
    return extend(at, reference, until=day(until), reason=reason, key=key, actor=ACTOR)


def test_the_same_key_extends_once_and_says_so():
    at, ada = make_books()
    with on_day(1):
        lot = earn(at, ada, 100, expires_at=day(30))
        first, again = longer(at, lot.reference), longer(at, lot.reference)

        assert (first.amount, first.expires_at, first.repeated) == (100, day(60), False)
        assert (again.reference, again.repeated) == (first.reference, True)
        with pytest.raises(KeyUsedOtherwise):
            longer(at, lot.reference, until=70)
    with on_day(31):
        expire(at)
        assert balance_of(at, ada) == (100, 0, 0)
    with on_day(61):
        expire(at)
        assert balance_of(at, ada) == (0, 0, 0)
        assert verify(at).broken() == []


def test_what_has_lapsed_or_is_spent_or_never_expires_is_not_extended():
    at, ada = make_books()
    with on_day(1):
        lapsing, spent = earn(at, ada, 10, expires_at=day(5)), earn(at, ada, 10, expires_at=day(4))
        for_ever = earn(at, ada, 10)
        give(at, ada, -10)
    with on_day(6):
        for lot in (lapsing, spent, for_ever):
            with pytest.raises(NothingLeftToExtend):
                longer(at, lot.reference)
        expire(at)
        assert verify(at).broken() == []


def test_an_extension_needs_a_reason_a_lot_and_a_later_day():
    at, ada = make_books()
    with on_day(1):
        lot = earn(at, ada, 10, expires_at=day(50))
        with pytest.raises(ReasonNeeded):
            longer(at, lot.reference, reason=" ")
        with pytest.raises(NotLater):
            longer(at, lot.reference, until=50)
        with pytest.raises(NotFound):
            longer(at, lot.reference[:-1] + "9")


def test_an_extension_is_in_the_audit_trail_with_both_moments():
    at, ada = make_books()
    with on_day(1):
        lot = earn(at, ada, 10, expires_at=day(50))
        longer(at, lot.reference)
    with in_organisation(at):
        note = Audit.objects.get(organisation_id=at, act="points.extended")

    assert note.reason == "She was ill."
    assert (note.details["from"], note.details["to"]) == (day(50).isoformat(), day(60).isoformat())
