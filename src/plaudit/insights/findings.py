"""What the doctor makes of what was measured: well or not, what it says, and what to do. Values in, a finding out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plaudit.foundation import written
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
    do = "" if free > ROOM else _("make room, or move it to a larger disk")
    return Finding(
        look_at,
        _("{place}, {size} GB free").format(
            place=place, size=written.number(Decimal(free).scaleb(-9), decimals=1)
        ),
        do,
    )


def of_server(version: str, number: int, today: date) -> Finding:
    """`number` is the server's own, such as 180006 for 18.6."""
    major = number // 10_000
    if major not in SUPPORT:
        return Finding(
            "server", _("PostgreSQL {version}, which came after this Plaudit").format(version=version)
        )
    began, ends = SUPPORT[major]
    years = Decimal((today - began).days * 100) / 36_525
    says = _("PostgreSQL {version}; {major} is {years} years old and supported until {ends}").format(
        version=version, major=major, years=written.number(years, decimals=1), ends=ends
    )
    if today > ends:
        return Finding("server", says, _("back up, and restore into a later version"))
    if today > ends - _SOON:
        return Finding("server", f"{says}: {_('plan a later version')}")
    return Finding("server", says)


def of_durability(off: Sequence[str]) -> Finding:
    """`off` are the settings that are switched off."""
    if not off:
        return Finding("durability", _("what is confirmed is on the disk"))
    return Finding(
        "durability",
        _("{settings} off: confirmed points can be lost").format(settings=_(" and ").join(off)),
        _("switch it on; serve refuses"),
    )


def of_clocks(ahead: float) -> Finding:
    """`ahead` is how many seconds the database's clock is ahead of this machine's."""
    if abs(ahead) <= SKEW_SECONDS:
        return Finding("clocks", _("within {seconds} s of each other").format(seconds=f"{SKEW_SECONDS:g}"))
    words = (
        _("the database's is {seconds} s ahead of this machine's")
        if ahead > 0
        else _("the database's is {seconds} s behind this machine's")
    ).format(seconds=written.number(Decimal(abs(ahead)), decimals=1))
    return Finding("clocks", words, _("let both machines ask a time server"))


def of_queue(waiting: int, oldest_seconds: int) -> Finding:
    """The jobs that could run and do not, in all lanes."""
    if not waiting:
        return Finding("queue", _("nothing waits"))
    says = _("{waiting} wait, the oldest for {time}").format(
        waiting=written.number(waiting), time=_span(timedelta(seconds=oldest_seconds))
    )
    well = oldest_seconds <= QUEUE_SECONDS
    return Finding(
        "queue", says, "" if well else _("see `plaudit job lanes`; start another `plaudit worker`")
    )


def of_jobs(failed: int) -> Finding:
    """The jobs that were set aside after their last try."""
    if not failed:
        return Finding("jobs", _("none was set aside"))
    return Finding("jobs", _("{n} set aside").format(n=failed), _("see `plaudit job list`"))


def of_seals(unsealed: Sequence[tuple[str, datetime]], now: datetime) -> Finding:
    """Each live organisation with its oldest transfer that no seal covers."""
    late = sorted((since, name) for name, since in unsealed if now - since > SEAL_AGE)
    if not late:
        return Finding("seals", _("every day that ended is sealed"))
    since, name = late[0]
    says = _("{n} organisations wait, {name} since {day}").format(
        n=len(late), name=name, day=since.date().isoformat()
    )
    return Finding("seals", says, _("the worker seals each night: start it, or `plaudit ledger seal`"))


def of_backup(last: datetime | None, organisations: int, now: datetime) -> Finding:
    """When the last backup was made from this home."""
    if not organisations:
        return Finding("backup", _("nothing to back up yet"))
    if last is None:
        return Finding(
            "backup", _("none was made from this home"), _("run `plaudit backup FOLDER` every night")
        )
    well = now - last <= BACKUP_AGE
    says = _("made {time} ago").format(time=_span(now - last))
    return Finding("backup", says, "" if well else _("run `plaudit backup FOLDER` every night"))


def of_checks(last: datetime | None, broken: int, transfers: int, now: datetime) -> Finding:
    """When the checks over all books were last run from this home, and how many were broken then."""
    if not transfers:
        return Finding("checks", _("nothing to prove yet"))
    if last is None:
        return Finding(
            "checks", _("never run over all books from this home"), _("run `plaudit ledger verify --all`")
        )
    if broken:
        return Finding(
            "checks",
            _("{n} were broken {time} ago").format(n=broken, time=_span(now - last)),
            _("run `plaudit ledger verify --all`"),
        )
    well = now - last <= CHECKS_AGE
    says = _("all held {time} ago").format(time=_span(now - last))
    return Finding("checks", says, "" if well else _("run `plaudit ledger verify --all` every week"))


def _span(length: timedelta) -> str:
    """A length of time in its largest unit."""
    # Not a constant of the module: the doctor reads this file before Django is set up, and marking words asks it.
    spans = (
        (86_400, gettext_noop("{n} days")),
        (3_600, gettext_noop("{n} hours")),
        (60, gettext_noop("{n} minutes")),
    )
    seconds = max(0, int(length.total_seconds()))
    for size, words in spans:
        if seconds >= 2 * size:
            return _(words).format(n=seconds // size)
    return _("{n} seconds").format(n=seconds)
