"""The one clock: aware UTC, shifted for a sandbox organisation, frozen by tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_shift: ContextVar[timedelta] = ContextVar("clock_shift", default=timedelta(0))
_frozen: ContextVar[datetime | None] = ContextVar("clock_frozen", default=None)


def now() -> datetime:
    """The moment it is for the organisation at work, aware and in UTC."""
    frozen = _frozen.get()
    return (frozen if frozen is not None else datetime.now(UTC)) + _shift.get()


def wall() -> datetime:
    """The moment it really is, whatever a sandbox's clock says: for keys, sessions and jobs."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Run with the clock moved, as in a sandbox organisation."""
    token = _shift.set(by)
    try:
        yield
    finally:
        _shift.reset(token)


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Run with the clock standing still; `moment` must be aware."""
    assert moment.tzinfo is not None
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
