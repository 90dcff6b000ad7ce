"""What time makes happen in the ledger: points become spendable and expire, holds run out, days are sealed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import attend
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.expire import FallenDue, activate, expire
from plaudit.ledger.actions.move import move_on
from plaudit.ledger.actions.release import expire_holds
from plaudit.ledger.actions.seal import seal
from plaudit.ledger.models import Hold, HoldState, Wallet
from plaudit.ledger.refusals import PeriodSealed
from plaudit.ledger.units import time_zone_of

SYSTEM = "plaudit"
_MOMENTS = 1000


def _wallets_waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    due = Wallet.objects.filter(organisation_id=organisation_id, due_at__gt=after, due_at__lte=until)
    for moment in due.order_by("due_at").values_list("due_at", flat=True).distinct()[:_MOMENTS]:
        assert moment is not None, "it was asked for with a moment"
        yield Due(moment, FALL_DUE.name, "Points become spendable or expire")


def _fall_due(organisation_id: int) -> list[str]:
    activated, expired = activate(organisation_id), expire(organisation_id)
    move_on(organisation_id)
    return [*_sentences(activated, "became spendable"), *_sentences(expired, "expired")]


def _sentences(fallen: FallenDue, what: str) -> Iterator[str]:
    for unit, amount in sorted(fallen.points.items()):
        yield f"{amount} {unit} {what}"


def _holds_waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    lapsing = Hold.objects.filter(
        organisation_id=organisation_id, state=HoldState.OPEN, expires_at__gt=after, expires_at__lte=until
    )
    for moment in lapsing.order_by("expires_at").values_list("expires_at", flat=True).distinct()[:_MOMENTS]:
        assert moment is not None, "it was asked for with a moment"
        yield Due(moment, HOLDS_RUN_OUT.name, "Points held for too long are given back")


def _holds_run_out(organisation_id: int) -> list[str]:
    released = expire_holds(organisation_id)
    move_on(organisation_id)
    return [f"{released} holds ran out"] if released else []


# What is sealed lies before `sealed_until`. Asked for whole days only, it finds nothing most of the time,
# and the index on the time recorded tells so without reading rows.
_FIRST_UNSEALED = """
    select min(recorded_at) from ledger_transfer
     where organisation_id = %(organisation)s and recorded_at < %(before)s
       and recorded_at >= coalesce((select max(sealed_until) from ledger_seal
                                     where organisation_id = %(organisation)s), '-infinity')
"""


def _next_to_seal(organisation_id: int, until: datetime) -> datetime | None:
    """The end of the first day before `until` with transfers that are not sealed, or None where all are."""
    zone = time_zone_of(organisation_id)
    today = datetime.combine(until.astimezone(zone).date(), time(), zone)
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_UNSEALED, {"organisation": organisation_id, "before": today})
        recorded_at: datetime | None = cursor.fetchone()[0]
    if recorded_at is None:
        return None
    tomorrow = recorded_at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone).astimezone(UTC)


def _days_waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    over = _next_to_seal(organisation_id, until)
    if over is not None and after < over:
        yield Due(over, SEAL_DAYS.name, "The day's transfers are sealed")


def _seal_days(organisation_id: int) -> list[str]:
    """Seal every day that is over, one after another."""
    sealed: list[str] = []
    while True:
        with in_organisation(organisation_id):
            over = _next_to_seal(organisation_id, clock.now())
        if over is None:
            return sealed
        try:
            made = seal(organisation_id, actor=SYSTEM, until=over)
        except PeriodSealed:
            continue  # another worker was quicker
        sealed.append(f"{made.transfers} transfers were sealed")


FALL_DUE = when_due(Happening("ledger.fall_due", _wallets_waiting, _fall_due))
HOLDS_RUN_OUT = when_due(Happening("ledger.holds", _holds_waiting, _holds_run_out))
SEAL_DAYS = attend(when_due(Happening("ledger.seal", _days_waiting, _seal_days)), every=timedelta(minutes=15))
