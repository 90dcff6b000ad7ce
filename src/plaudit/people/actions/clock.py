"""Moves a sandbox's clock forward, running what time makes happen on the way, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Value
from django.db.models.functions import Greatest

from plaudit.foundation import audit, clock
from plaudit.foundation.due import Due, next_moment, what_will_happen
from plaudit.foundation.jobs import run_due
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import end_session, in_organisation
from plaudit.people.clock_moves import ClockMove
from plaudit.people.models import Organisation, OrganisationKind
from plaudit.people.queries import clock_standing
from plaudit.people.refusals import ClockIsMoving, ClockOnlyGoesForward, ClockTooFar, NotASandbox

YEARS_AT_A_TIME = 10

CHANGES_KEPT = 500
"""How many sentences about what changed are kept of one move."""


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


def start_clock_move(organisation_id: int, *, until: datetime, actor: str) -> ClockMove:
    """Note that a sandbox's clock is to be moved to `until`, for a worker to do. Raises as moving it does.

    One that nobody has begun, or that broke off, gives way to it.
    """
    with in_organisation(organisation_id):
        if clock_standing(organisation_id).state == "advancing":
            raise ClockIsMoving
        return _noted(organisation_id, until, actor)


def run_clock_move(organisation_id: int, move_id: UUID) -> list[Happened]:
    """Do a move that was noted, or go on with it where it broke off; nothing where it gave way or is done.

    Must not be called inside a transaction.
    """
    assert not connection.in_atomic_block, "each stop commits before the next"
    with _clock_of(organisation_id):
        with in_organisation(organisation_id):
            mine = ClockMove.objects.filter(organisation_id=organisation_id, id=move_id, ended_at=None)
            move = mine.first()
            if move is not None and move.until < clock.now():
                mine.update(ended_at=clock.wall())  # time itself went past it while it waited
                move = None
        return _walk(organisation_id, move) if move is not None else []


def move_sandbox_clock(organisation_id: int, *, until: datetime, actor: str) -> list[Happened]:
    """Move a sandbox's clock to `until`, stopping at every moment at which something is due.

    At each stop the real jobs run and commit before the clock goes on, so a failure leaves the sandbox
    standing at that moment with everything before it done; moving on from there finishes the way.
    Returns what changed at each stop. Raises `NotASandbox`, `ClockOnlyGoesForward`, `ClockTooFar` and
    `ClockIsMoving`. Must not be called inside a transaction.
    """
    assert not connection.in_atomic_block, "each stop commits before the next"
    with _clock_of(organisation_id):
        return _walk(organisation_id, _noted(organisation_id, until, actor))


def _noted(organisation_id: int, until: datetime, actor: str) -> ClockMove:
    with in_organisation(organisation_id):
        organisation = _sandbox(organisation_id)
        now = clock.now()
        _refuse_unless_ahead(organisation, now, until)
        moves = ClockMove.objects.filter(organisation_id=organisation_id)
        moves.filter(ended_at=None).update(ended_at=clock.wall())
        details = {"from": now.isoformat(), "until": until.isoformat()}
        audit.note(actor=actor, act="clock.moved", subject=f"org_{organisation.code}", details=details)
        return ClockMove.objects.create(
            organisation_id=organisation_id,
            moved_by=actor,
            begun_at=clock.wall(),
            began_from=now,
            stands_at=now,
            until=until,
        )


def _walk(organisation_id: int, move: ClockMove) -> list[Happened]:
    """Go from stop to stop. Called by whoever holds the clock."""
    happened: list[Happened] = []

    def run(at: datetime) -> None:
        changes = tuple(run_due(organisation_id))
        happened.append(Happened(at, changes))
        _note(move, at, changes)

    with in_organisation(organisation_id):
        standing_at = clock.now()
        Organisation.objects.filter(id=organisation_id).update(clock_target=move.until)
    # What should have happened by now comes first: the worker may be behind, or a move broke off here.
    run(standing_at)
    while (stop := next_moment(organisation_id, standing_at, move.until)) is not None:
        standing_at, _ = stop
        _set_clock(organisation_id, standing_at)
        run(standing_at)
    _set_clock(organisation_id, move.until, arrived=True)
    with in_organisation(organisation_id):
        ClockMove.objects.filter(organisation_id=organisation_id, id=move.id).update(
            stands_at=move.until, ended_at=clock.wall()
        )
    return happened if happened[0].changes else happened[1:]


def _note(move: ClockMove, at: datetime, changes: Sequence[str]) -> None:
    """Write down how far a move is, and what changed there."""
    move.stands_at = at
    if changes:
        move.changed += len(changes)
        kept = sum(len(sentences) for _, sentences in move.changes)
        if room := CHANGES_KEPT - kept:
            move.changes.append([at.isoformat(), list(changes[:room])])
    with in_organisation(move.organisation_id):
        ClockMove.objects.filter(organisation_id=move.organisation_id, id=move.id).update(
            stands_at=at, changes=move.changes, changed=move.changed
        )


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
