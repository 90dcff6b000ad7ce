"""Moves a sandbox's clock forward, running what time makes happen on the way, in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Value
from django.db.models.functions import Greatest

from plaudit.foundation import audit, clock
from plaudit.foundation.due import Due, next_moment, what_will_happen
from plaudit.foundation.jobs import run_due
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import end_session, in_organisation
from plaudit.people.models import Organisation, OrganisationKind
from plaudit.people.refusals import ClockIsMoving, ClockOnlyGoesForward, ClockTooFar, NotASandbox

YEARS_AT_A_TIME = 10


@dataclass(frozen=True, slots=True)
class Happened:
    """One stop of a clock on its way: the moment, and what changed, in sentences."""

    at: datetime
    changes: tuple[str, ...]


def preview_clock(organisation_id: int, *, until: datetime) -> list[Due]:
    """What will happen in a sandbox if its clock is moved to `until`, in order. Raises as moving it does."""
    with in_organisation(organisation_id):
        organisation = _sandbox(organisation_id)
        now = clock.now()
        _refuse_unless_ahead(organisation, now, until)
        return what_will_happen(organisation_id, now, until)


def move_sandbox_clock(organisation_id: int, *, until: datetime, actor: str) -> list[Happened]:
    """Move a sandbox's clock to `until`, stopping at every moment at which something is due.

    At each stop the real jobs run and commit before the clock goes on, so a failure leaves the sandbox
    standing at that moment with everything before it done; moving on from there finishes the way.
    Returns what changed at each stop. Raises `NotASandbox`, `ClockOnlyGoesForward`, `ClockTooFar` and
    `ClockIsMoving`. Must not be called inside a transaction.
    """
    assert not connection.in_atomic_block, "each stop commits before the next"
    with _clock_of(organisation_id):
        with in_organisation(organisation_id):
            organisation = _sandbox(organisation_id)
            standing_at = clock.now()
            _refuse_unless_ahead(organisation, standing_at, until)
            Organisation.objects.filter(id=organisation_id).update(clock_target=until)
            details = {"from": standing_at.isoformat(), "until": until.isoformat()}
            audit.note(actor=actor, act="clock.moved", subject=f"org_{organisation.code}", details=details)
        # What should have happened by now comes first: the worker may be behind, or a move broke off here.
        happened = [Happened(standing_at, tuple(late))] if (late := run_due(organisation_id)) else []
        while (stop := next_moment(organisation_id, standing_at, until)) is not None:
            standing_at, _ = stop
            _set_clock(organisation_id, standing_at)
            happened.append(Happened(standing_at, tuple(run_due(organisation_id))))
        _set_clock(organisation_id, until, arrived=True)
    return happened


def _sandbox(organisation_id: int) -> Organisation:
    organisation = Organisation.objects.filter(id=organisation_id).first()
    if organisation is None:
        raise NotFound(kind="organisation", ref=organisation_id)
    if organisation.kind != OrganisationKind.SANDBOX:
        raise NotASandbox(organisation=organisation.name)
    return organisation


def _refuse_unless_ahead(organisation: Organisation, now: datetime, until: datetime) -> None:
    # A clock that stopped half-way has already promised to reach its target.
    if until < max(now, organisation.clock_target or now):
        raise ClockOnlyGoesForward(now=max(now, organisation.clock_target or now), wanted=until)
    if until - now > timedelta(days=366 * YEARS_AT_A_TIME):
        raise ClockTooFar(years=YEARS_AT_A_TIME)


def _set_clock(organisation_id: int, moment: datetime, *, arrived: bool = False) -> None:
    """Let it be at least `moment` in the sandbox: time runs on meanwhile, and the clock never goes back."""
    organisation = Organisation.objects.filter(id=organisation_id)
    organisation.update(clock_shift=Greatest("clock_shift", Value(moment - clock.wall())))
    if arrived:
        organisation.update(clock_target=None)


@contextmanager
def _clock_of(organisation_id: int) -> Iterator[None]:
    """Hold the one clock of an organisation across several transactions. Raises `ClockIsMoving`."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, hashtext('clock'))", [organisation_id])
        if not cursor.fetchone()[0]:
            raise ClockIsMoving
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s, hashtext('clock'))", [organisation_id])
        except (OperationalError, InterfaceError):
            end_session()  # with it goes the lock, which would keep everybody else out
