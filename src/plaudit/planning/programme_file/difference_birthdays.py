"""What changes about birthdays, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.birthdays import Birthdays
from plaudit.planning.programme_file.phrase_words import counted, phrase_words
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.wording import amount, people


def birthday_changes(older: Programme, newer: Programme) -> Iterator[str]:
    """Every change of what a file says of birthdays."""
    was, now = older.birthdays, newer.birthdays
    if was is None and now is not None:
        yield worded(
            "New: birthdays are celebrated ({name}), {birthday}.",
            name=now.name,
            birthday=birthday_words(newer, now),
        )
    elif was is not None and now is None:
        yield worded("Birthdays are no longer celebrated; what they gave stays.")
    elif was is not None and now is not None:
        before, after = birthday_words(older, was), birthday_words(newer, now)
        if before != after:
            yield worded("A birthday now is {after}; before, it was {before}.", after=after, before=before)
        if (was.name, was.description) != (now.name, now.description):
            yield worded(
                "Birthdays now tell members: {description}.", description=now.description or now.name
            )


def birthday_words(programme: Programme, one: Birthdays) -> str:
    """What it is: `50 points from 3 days before to 7 days after it, on 28 February for 29 February`."""
    earns = amount(one.earn, programme.unit(one.unit)) if one.earn is not None else worded("nothing")
    since = (
        worded("from {days} before it", days=counted(one.before_days, "day"))
        if one.before_days
        else worded("from the day")
    )
    until = worded(" to {days} after it", days=counted(one.after_days, "day")) if one.after_days else ""
    words = worded(
        "{earns} {since}{until}, on {leap_day} for 29 February in common years",
        earns=earns,
        since=since,
        until=until,
        leap_day=phrase_words(one.leap_day),
    )
    return (
        worded("{words}, for {people}", words=words, people=people(one.audience)) if one.audience else words
    )
