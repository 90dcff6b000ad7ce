"""What time makes happen: every job that runs because a moment came, so that a moved clock can run them all.

Points expire, holds run out, campaigns begin: each floor adds its own with `when_due`, beside the job
that does it. A sandbox whose clock is moved asks this list what waits, and runs the real jobs in the
order of their moments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from plaudit.foundation.tenancy import in_organisation


@dataclass(frozen=True, slots=True)
class Due:
    """Something that waits for a moment. `sentence` tells a person, such as "12 lots of points expire"."""

    at: datetime
    happening: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One kind of thing that time makes happen in an organisation.

    `waiting(organisation_id, after, until)` lists what is due in (after, until], earliest first, one
    entry for each moment at which the real job would find something to do; it is called inside
    `in_organisation` and writes nothing. `run(organisation_id)` does what is due at the organisation's
    own clock by the real job, in its own transactions, and returns sentences about what changed.
    """

    name: str
    waiting: Callable[[int, datetime, datetime], Iterable[Due]]
    run: Callable[[int], Sequence[str]]


_happenings: dict[str, Happening] = {}


def when_due(happening: Happening) -> Happening:
    """Add a happening to the list. Added once, at import, beside the job that runs it."""
    assert happening.name not in _happenings, f"{happening.name} is on the list already"
    _happenings[happening.name] = happening
    return happening


def happenings() -> list[Happening]:
    """Everything that time makes happen, by name."""
    return [_happenings[name] for name in sorted(_happenings)]


def what_will_happen(organisation_id: int, after: datetime, until: datetime) -> list[Due]:
    """Everything due in (after, until], in the order in which it will happen."""
    with in_organisation(organisation_id):
        found = [
            due for happening in happenings() for due in happening.waiting(organisation_id, after, until)
        ]
    assert all(after < due.at <= until for due in found), "a happening listed what was not asked for"
    return sorted(found, key=lambda due: (due.at, due.happening))


def next_moment(organisation_id: int, after: datetime, until: datetime) -> tuple[datetime, list[str]] | None:
    """The earliest moment in (after, until] at which something is due, and which happenings; None for none."""
    first: dict[str, datetime] = {}
    with in_organisation(organisation_id):
        for happening in happenings():
            due = next(iter(happening.waiting(organisation_id, after, until)), None)
            if due is not None:
                first[happening.name] = due.at
    if not first:
        return None
    moment = min(first.values())
    assert after < moment <= until, "a happening listed what was not asked for"
    return moment, sorted(name for name, at in first.items() if at == moment)


def run_due(organisation_id: int, names: Iterable[str]) -> list[str]:
    """Run these happenings at the organisation's own clock; what changed, in sentences."""
    return [sentence for name in names for sentence in _happenings[name].run(organisation_id)]
