"""What time makes happen in the ledger, when a clock is moved and when a worker looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.due import what_will_happen
from plaudit.foundation.jobs import run_due
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.hold import hold
from plaudit.ledger.models import Seal, Wallet
from plaudit.ledger.tests.factories import earn, make_books

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def balance(organisation_id: int, member_id: UUID) -> tuple[int, int, int]:
    with in_organisation(organisation_id):
        wallet = Wallet.objects.get(organisation_id=organisation_id, member_id=member_id)
        return wallet.available, wallet.pending, wallet.held


def seals(organisation_id: int) -> list[tuple[datetime, int]]:
    with in_organisation(organisation_id):
        found = Seal.objects.filter(organisation_id=organisation_id).order_by("number")
        return list(found.values_list("sealed_until", "transfers"))


def test_points_become_spendable_and_expire_as_time_goes_by():
    with clock.frozen_at(NOON):
        organisation_id, member_id = make_books()
        earn(organisation_id, member_id, 10, expires_at=NOON + 5 * DAY)
        earn(organisation_id, member_id, 7, spendable_at=NOON + 2 * DAY)
        assert not any("points" in change for change in run_due(organisation_id))
    with clock.frozen_at(NOON + 2 * DAY):
        changes = run_due(organisation_id)
        assert "7 points became spendable" in changes
        assert balance(organisation_id, member_id) == (17, 0, 0)
    with clock.frozen_at(NOON + 5 * DAY):
        assert "10 points expired" in run_due(organisation_id)

    assert balance(organisation_id, member_id) == (7, 0, 0)


def test_a_hold_that_runs_out_is_given_back_before_its_points_expire():
    with clock.frozen_at(NOON):
        organisation_id, member_id = make_books()
        earn(organisation_id, member_id, 10, expires_at=NOON + 3 * DAY)
        hold(
            organisation_id,
            member_id=member_id,
            unit="points",
            amount=6,
            key="h1",
            actor="usr_0",
            expires_at=NOON + DAY,
        )
    with clock.frozen_at(NOON + 9 * DAY):
        changes = [one for one in run_due(organisation_id) if "sealed" not in one]

    assert changes[0] == "1 holds ran out"
    assert balance(organisation_id, member_id) == (0, 0, 0)


def test_each_day_with_transfers_is_sealed_once_it_is_over():
    with clock.frozen_at(NOON):
        organisation_id, member_id = make_books(time_zone="Europe/London")
        earn(organisation_id, member_id, 10)
        run_due(organisation_id)
        assert seals(organisation_id) == []
    with clock.frozen_at(NOON + 4 * DAY):
        earn(organisation_id, member_id, 5)
        earn(organisation_id, member_id, 5)
        run_due(organisation_id)
    with clock.frozen_at(NOON + 30 * DAY):
        run_due(organisation_id)
        run_due(organisation_id)

    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    assert seals(organisation_id) == [(midnight, 1), (midnight + 4 * DAY, 2)]


def test_what_is_to_come_is_told_without_changing_anything():
    with clock.frozen_at(NOON):
        organisation_id, member_id = make_books()
        earn(organisation_id, member_id, 10, expires_at=NOON + 5 * DAY)
        coming = what_will_happen(organisation_id, NOON, NOON + 10 * DAY)

    of_the_ledger = [due for due in coming if due.happening.startswith("ledger.")]
    assert [(due.at, due.happening) for due in of_the_ledger] == [
        (datetime(2026, 3, 3, tzinfo=UTC), "ledger.seal"),
        (NOON + 5 * DAY, "ledger.fall_due"),
    ]
    assert balance(organisation_id, member_id) == (10, 0, 0)
