"""A programme's time zone in DuckDB: the very offsets Python uses, for the two carry their own zone data.

DuckDB's data is as old as its release, and zones change by decree: from 2026 on it disagreed with
Python about Vancouver and Casablanca. So the changes of offset are read from Python's data and written out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1990, 2040

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)

Change = tuple[int, int]


def local_time(
    column: str, time_zone: ZoneInfo, *, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR
) -> str:
    """SQL for the local time (a TIMESTAMP) of a TIMESTAMPTZ column: Python's, from `first_year` to `last_year`.

    Every change of offset in those years is written out, about 130 characters a year where clocks change;
    DuckDB's own data answers for the years around them, which hold no real events. A query that uses it
    often does best to compute it once, into a column of a table.
    """
    moment = f"epoch_us({column})"
    begin, end = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (first_year, last_year + 1))
    known = f"{moment} >= {begin * 1_000_000} AND {moment} < {end * 1_000_000}"
    exact = f"make_timestamp({moment} + {_offset(moment, changes_of(time_zone, first_year, last_year))})"
    return f"(CASE WHEN {known} THEN {exact} ELSE {column} AT TIME ZONE '{time_zone.key}' END)"


@lru_cache(maxsize=32)
def changes_of(time_zone: ZoneInfo, first_year: int, last_year: int) -> tuple[Change, ...]:
    """When each offset from UTC begins and what it is, both in seconds; the first counts from ever."""
    day, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    offset = _offset_at(day, time_zone)
    found = [((day - _EPOCH) // _SECOND, offset)]
    while day < end:
        following = day + _DAY
        if _offset_at(following, time_zone) != offset:
            offset = _offset_at(following, time_zone)
            found.append((_change_within(day, following, time_zone), offset))
        day = following
    return tuple(found)


def _change_within(before: datetime, after: datetime, time_zone: ZoneInfo) -> int:
    """The first second, after `before` and up to `after`, at which the later offset holds."""
    offset = _offset_at(after, time_zone)
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        before, after = (before, middle) if _offset_at(middle, time_zone) == offset else (middle, after)
    return (after - _EPOCH) // _SECOND


def _offset_at(moment: datetime, time_zone: ZoneInfo) -> int:
    offset = moment.astimezone(time_zone).utcoffset()
    assert offset is not None
    return offset // _SECOND


def _offset(moment: str, changes: Sequence[Change]) -> str:
    """The offset at a moment, in microseconds like the moment itself: a search by halves."""
    if len(changes) == 1:
        return str(changes[0][1] * 1_000_000)
    middle = len(changes) // 2
    earlier, later = _offset(moment, changes[:middle]), _offset(moment, changes[middle:])
    return f"CASE WHEN {moment} < {changes[middle][0] * 1_000_000} THEN {earlier} ELSE {later} END"
