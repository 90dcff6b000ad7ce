"""Dates and times as files write them, read strictly, and turned into moments in UTC by a stated rule."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from plaudit.activity.events import FIRST_YEAR, LAST_YEAR
from plaudit.activity.files.values import CellProblem, shown

TIME_AMBIGUOUS = "time_ambiguous"
TIME_NONEXISTENT = "time_nonexistent"

_MONTHS = {
    name.lower(): number for names in (month_name, month_abbr) for number, name in enumerate(names) if name
}

# Every directive a format may hold: the pattern it stands for. Digits are ASCII and of fixed number.
_DIRECTIVES = {
    "%Y": "(?P<Y>[0-9]{4})",
    "%y": "(?P<y>[0-9]{2})",
    "%m": "(?P<m>[0-9]{2})",
    "%-m": "(?P<m>[0-9]{1,2})",
    "%d": "(?P<d>[0-9]{2})",
    "%-d": "(?P<d>[0-9]{1,2})",
    "%b": "(?P<b>[A-Za-z]{3})",
    "%B": "(?P<b>[A-Za-z]{3,9})",
    "%H": "(?P<H>[0-9]{2})",
    "%-H": "(?P<H>[0-9]{1,2})",
    "%I": "(?P<I>[0-9]{2})",
    "%-I": "(?P<I>[0-9]{1,2})",
    "%p": "(?P<p>[AaPp][Mm])",
    "%M": "(?P<M>[0-9]{2})",
    "%S": "(?P<S>[0-9]{2})",
    "%f": "(?P<f>[0-9]{1,6})",
    "%z": "(?P<z>Z|z|[+-][0-9]{2}:?[0-9]{2})",
    "%%": "%",
}
_TOKEN = re.compile(r"%-?.|.", re.DOTALL)
_DATE_PARTS = frozenset("Yymdb")
_TIME_PARTS = frozenset("HIMSfp")

_ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)([Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_UNIX = re.compile(r"[0-9]{1,14}(?:\.[0-9]{1,6})?")


class FormatProblem(Exception):
    """Why a date format in a mapping cannot be used, as a sentence."""


class MomentFormat:
    """One way of writing dates or times.

    `text` is `iso`, `unix` (seconds), `unix_ms`, or a pattern of %Y %m %d %H %M %S and their kin, where
    %m, %d, %H and %I need two digits and %-m, %-d, %-H and %-I take one or two. `read` answers with a
    date, a time, or a datetime (aware where the text has an offset), and raises ValueError otherwise.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.read: Callable[[str], date | time | datetime]
        if text == "iso":
            self.has_date, self.has_time, self.has_offset = True, True, True
            self.read = _read_iso
        elif text in ("unix", "unix_ms"):
            self.has_date, self.has_time, self.has_offset = True, True, True
            self.read = _unix_reader(1_000 if text == "unix_ms" else 1)
        else:
            self._compile(text)

    def _compile(self, text: str) -> None:
        pattern, parts = "", set()
        for token in _TOKEN.findall(text):
            if token[0] != "%" or len(token) == 1:
                pattern += re.escape(token)
                continue
            if token not in _DIRECTIVES:
                raise FormatProblem(f"{token} is not one of {' '.join(_DIRECTIVES)}.")
            part = "b" if token in ("%b", "%B") else token[-1]
            if part in parts:
                raise FormatProblem(f"{token} stands twice.")
            parts |= {part} - {"%"}
            pattern += _DIRECTIVES[token]
        self.has_date = bool(parts & _DATE_PARTS)
        self.has_time = bool(parts & _TIME_PARTS)
        self.has_offset = "z" in parts
        if not self.has_date and not self.has_time:
            raise FormatProblem("it holds neither a date nor a time; an example is %Y-%m-%d.")
        if self.has_date and not (parts & {"Y", "y"} and parts & {"m", "b"} and "d" in parts):
            raise FormatProblem("a date needs a year, a month and a day.")
        if self.has_time and not (("H" in parts or {"I", "p"} <= parts) and "M" in parts):
            raise FormatProblem("a time needs hours (%H, or %I with %p) and minutes.")
        self.read = self._quickly() or _pattern_reader(
            re.compile(pattern), with_date=self.has_date, with_time=self.has_time
        )

    def _quickly(self) -> Callable[[str], date | time | datetime] | None:
        """A faster reader for the forms most files use; they hold no offset."""
        if self.text in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"):
            shape = re.compile(re.sub("%Y", "[0-9]{4}", re.sub("%[mdHMS]", "[0-9]{2}", self.text)))
            parse = datetime.fromisoformat if self.has_time else date.fromisoformat

            def read(text: str) -> date | datetime:
                if shape.fullmatch(text) is None:
                    raise ValueError(text)
                return parse(text)

            return read
        return None


def _read_iso(text: str) -> date | datetime:
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return date.fromisoformat(text) if match[2] is None else datetime.fromisoformat(text.upper())


def _unix_reader(parts_a_second: int) -> Callable[[str], datetime]:
    def read(text: str) -> datetime:
        if _UNIX.fullmatch(text) is None:
            raise ValueError(text)
        whole, _, fraction = text.partition(".")
        microseconds = int(whole) * (1_000_000 // parts_a_second)
        microseconds += int(fraction.ljust(6, "0")) // parts_a_second if fraction else 0
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)

    return read


def _pattern_reader(pattern: re.Pattern[str], *, with_date: bool, with_time: bool) -> Callable[[str], Any]:
    def read(text: str) -> date | time | datetime:
        match = pattern.fullmatch(text)
        if match is None:
            raise ValueError(text)
        parts = match.groupdict()
        day = _day_of(parts) if with_date else None
        if not with_time:
            assert day is not None
            return day
        clock = _clock_of(parts)
        return clock if day is None else datetime.combine(day, clock)

    return read


def _day_of(parts: dict[str, str]) -> date:
    if "Y" in parts:
        year = int(parts["Y"])
    else:
        # POSIX: 69 to 99 are the 1900s, 00 to 68 the 2000s.
        short = int(parts["y"])
        year = short + (1900 if short >= 69 else 2000)
    if "b" in parts:
        named = _MONTHS.get(parts["b"].lower())
        if named is None:
            raise ValueError(parts["b"])
        return date(year, named, int(parts["d"]))
    return date(year, int(parts["m"]), int(parts["d"]))


def _clock_of(parts: dict[str, str]) -> time:
    if "I" in parts:
        hour = int(parts["I"])
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if parts["p"].lower() == "pm" else 0)
    else:
        hour = int(parts["H"])
    offset = parts.get("z")
    zone = datetime.strptime(offset.upper(), "%z").tzinfo if offset else None
    fraction = int((parts.get("f") or "0").ljust(6, "0"))
    return time(hour, int(parts["M"]), int(parts.get("S") or 0), fraction, tzinfo=zone)


class LocalTimes:
    """Turns the wall clock of one zone into UTC.

    A wall time that happens twice (the clock went back) is taken as the earlier of the two moments
    unless `ambiguous` is `later`, and noted. One that never happened (the clock went forward) is moved
    on by the gap, and noted. Either is an error where the rule is `refuse`.
    """

    def __init__(self, zone: ZoneInfo, *, ambiguous: str = "earlier", nonexistent: str = "shift") -> None:
        self._zone = zone
        self._ambiguous = ambiguous
        self._nonexistent = nonexistent
        # The offset of each day on which it stays the same; None on the days the clock is changed.
        self._steady: dict[date, timedelta | None] = {}

    def to_utc(self, wall: datetime) -> tuple[datetime, str | None]:
        """The moment in UTC of a naive wall time, and the note it deserves."""
        day = wall.date()
        try:
            offset = self._steady[day]
        except KeyError:
            offset = self._steady[day] = self._offset_of(day)
        if offset is not None:
            return (wall - offset).replace(tzinfo=UTC), None
        return self._on_a_changing_day(wall)

    def _offset_of(self, day: date) -> timedelta | None:
        hours = [datetime.combine(day, time(hour), self._zone).utcoffset() for hour in range(0, 24, 3)]
        hours.append(datetime.combine(day + timedelta(days=1), time(0), self._zone).utcoffset())
        # An hour that happens twice at midnight shows only in the second of its two readings.
        hours.append(datetime.combine(day, time(0), self._zone).replace(fold=1).utcoffset())
        return hours[0] if len(set(hours)) == 1 else None

    def _on_a_changing_day(self, wall: datetime) -> tuple[datetime, str | None]:
        earlier = wall.replace(tzinfo=self._zone, fold=0)
        later = wall.replace(tzinfo=self._zone, fold=1)
        if earlier.utcoffset() == later.utcoffset():
            return earlier.astimezone(UTC), None
        exists = earlier.astimezone(UTC).astimezone(self._zone).replace(tzinfo=None) == wall
        said = f"{shown(wall.isoformat(' '))} in {self._zone.key}"
        if exists:
            if self._ambiguous == "refuse":
                raise CellProblem(
                    TIME_AMBIGUOUS, f"{said} happened twice, as the clock went back. Give it an offset."
                )
            return (later if self._ambiguous == "later" else earlier).astimezone(UTC), TIME_AMBIGUOUS
        if self._nonexistent == "refuse":
            raise CellProblem(
                TIME_NONEXISTENT, f"{said} never happened, as the clock went forward. Correct the time."
            )
        return earlier.astimezone(UTC), TIME_NONEXISTENT


def in_bounds(moment: datetime, earliest: datetime | None, latest: datetime | None) -> datetime:
    """`moment` where it is plausible; raises CellProblem `date_out_of_range` where not."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        found = f"{shown(moment.isoformat())} lies outside the years {FIRST_YEAR} to {LAST_YEAR}."
        raise CellProblem("date_out_of_range", found + " Correct the year.")
    if earliest is not None and moment < earliest:
        found = (
            f"{shown(moment.isoformat())} is before {earliest.isoformat()}, the earliest the mapping allows."
        )
        raise CellProblem("date_out_of_range", found)
    if latest is not None and moment >= latest:
        found = (
            f"{shown(moment.isoformat())} is not before {latest.isoformat()}, the latest the mapping allows."
        )
        raise CellProblem("date_out_of_range", found)
    return moment
