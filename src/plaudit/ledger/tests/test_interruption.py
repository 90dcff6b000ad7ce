"""A run that is stopped half-way and done again ends where one that was not stopped ends."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.db import OperationalError, connection, connections

from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.expire import expire
from plaudit.ledger.models import Transfer, Wallet
from plaudit.ledger.places import Kind
from plaudit.ledger.tests.factories import balance_of, day, earn, make_books, on_day
from plaudit.ledger.verification.verify import verify
from plaudit.people.tests.factories import make_member


def test_expiry_stopped_at_the_third_wallet_goes_on_from_there():
    organisation_id, _ = make_books()
    members = [make_member(organisation_id).id for _ in range(5)]
    with on_day(1):
        for number, member in enumerate(members):
            earn(organisation_id, member, 10, expires_at=day(10 + number))
            earn(organisation_id, member, 1)
    locked, enough = Event(), Event()

    def stand_in_the_way() -> None:
        try:
            with in_organisation(organisation_id):
                list(Wallet.objects.select_for_update().filter(member_id=members[2]))
                locked.set()
                enough.wait(timeout=30)
        finally:
            connections.close_all()

    other = Thread(target=stand_in_the_way)
    other.start()
    locked.wait(timeout=30)
    with connection.cursor() as cursor:
        cursor.execute("set lock_timeout = '50ms'")
    try:
        with on_day(20), pytest.raises(OperationalError, match="lock timeout"):
            expire(organisation_id, at_a_time=1)
    finally:
        enough.set()
        other.join()
        with connection.cursor() as cursor:
            cursor.execute("reset lock_timeout")
    assert [balance_of(organisation_id, member)[0] for member in members] == [1, 1, 11, 11, 11]

    with on_day(20):
        assert expire(organisation_id).points == {"points": 30}
        assert expire(organisation_id).points == {}
        assert [balance_of(organisation_id, member)[0] for member in members] == [1] * 5
        with in_organisation(organisation_id):
            assert Transfer.objects.filter(kind=Kind.EXPIRY).count() == 5
        assert verify(organisation_id).broken() == []
