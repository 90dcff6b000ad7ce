"""What the doctor makes of what was measured: well or not, what it says, and what to do. Values in, a finding out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from plaudit.foundation.postgres.support import SUPPORT

ROOM = 1_000_000_000
"""Bytes that ought to be free on a disk that holds data."""

BACKUP_AGE = timedelta(hours=25)
CHECKS_AGE = timedelta(days=8)
SEAL_AGE = timedelta(days=2)
QUEUE_SECONDS = 600
SKEW_SECONDS = 2.0
_SOON = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `do` is what to do about it, empty where it is well."""

    look_at: str
    says: str
    do: str = ""

    @property
    def well(self) -> bool:
        """Whether there is nothing to do."""
        return not self.do


def of_disk(look_at: str, place: str, free: int) -> Finding:
    """`free` is in bytes."""
    do = "" if free > ROOM else "make room, or move it to a larger disk"
    return Finding(look_at, f"{place}, {free / 1e9:,.1f} GB free", do)


def of_server(version: str, number: int, today: date) -> Finding:
    """`number` is the server's own, such as 180006 for 18.6."""
    major = number // 10_000
    if major not in SUPPORT:
        return Finding("server", f"PostgreSQL {version}, which came after this Plaudit")
    began, ends = SUPPORT[major]
    years = (today - began).days / 365.25
    says = f"PostgreSQL {version}; {major} is {years:.1f} years old and supported until {ends}"
    if today > ends:
        return Finding("server", says, "back up, and restore into a later version")
    if today > ends - _SOON:
        return Finding("server", f"{says}: plan a later version")
    return Finding("server", says)


def of_durability(off: Sequence[str]) -> Finding:
    """`off` are the settings that are switched off."""
    if not off:
        return Finding("durability", "what is confirmed is on the disk")
    return Finding(
        "durability",
        f"{' and '.join(off)} off: confirmed points can be lost",
        "switch it on; serve refuses",
    )


def of_clocks(ahead: float) -> Finding:
    """`ahead` is how many seconds the database's clock is ahead of this machine's."""
    if abs(ahead) <= SKEW_SECONDS:
        return Finding("clocks", f"within {SKEW_SECONDS:g} s of each other")
    words = f"the database's is {abs(ahead):,.1f} s {'ahead of' if ahead > 0 else 'behind'} this machine's"
    return Finding("clocks", words, "let both machines ask a time server")


def of_queue(waiting: int, oldest_seconds: int) -> Finding:
    """The jobs that could run and do not, in all lanes."""
    if not waiting:
        return Finding("queue", "nothing waits")
    says = f"{waiting:,} wait, the oldest for {_span(timedelta(seconds=oldest_seconds))}"
    well = oldest_seconds <= QUEUE_SECONDS
    return Finding("queue", says, "" if well else "see `plaudit job lanes`; start another `plaudit worker`")


def of_jobs(failed: int) -> Finding:
    """The jobs that were set aside after their last try."""
    if not failed:
        return Finding("jobs", "none was set aside")
    return Finding("jobs", f"{failed} set aside", "see `plaudit job list`")


def of_seals(unsealed: Sequence[tuple[str, datetime]], now: datetime) -> Finding:
    """Each live organisation with its oldest transfer that no seal covers."""
    late = sorted((since, name) for name, since in unsealed if now - since > SEAL_AGE)
    if not late:
        return Finding("seals", "every day that ended is sealed")
    since, name = late[0]
    says = f"{len(late)} organisations wait, {name} since {since:%Y-%m-%d}"
    return Finding("seals", says, "the worker seals each night: start it, or `plaudit ledger seal`")


def of_backup(last: datetime | None, organisations: int, now: datetime) -> Finding:
    """When the last backup was made from this home."""
    if not organisations:
        return Finding("backup", "nothing to back up yet")
    if last is None:
        return Finding("backup", "none was made from this home", "run `plaudit backup FOLDER` every night")
    well = now - last <= BACKUP_AGE
    says = f"made {_span(now - last)} ago"
    return Finding("backup", says, "" if well else "run `plaudit backup FOLDER` every night")


def of_checks(last: datetime | None, broken: int, transfers: int, now: datetime) -> Finding:
    """When the checks over all books were last run from this home, and how many were broken then."""
    if not transfers:
        return Finding("checks", "nothing to prove yet")
    if last is None:
        return Finding(
            "checks", "never run over all books from this home", "run `plaudit ledger verify --all`"
        )
    if broken:
        return Finding(
            "checks",
            f"{broken} were broken {_span(now - last)} ago",
            "run `plaudit ledger verify --all`",
        )
    well = now - last <= CHECKS_AGE
    says = f"all held {_span(now - last)} ago"
    return Finding("checks", says, "" if well else "run `plaudit ledger verify --all` every week")


def _span(length: timedelta) -> str:
    """A length of time in its largest unit."""
    seconds = max(0, int(length.total_seconds()))
    for size, word in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {word}"
    return f"{seconds} seconds"
