"""What changes about birthdays, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.planning.programme_file.birthdays import Birthdays
from plaudit.planning.programme_file.phrases import count_text
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.wording import amount, people


def birthday_changes(older: Programme, newer: Programme) -> Iterator[str]:
    """Every change of what a file says of birthdays."""
    was, now = older.birthdays, newer.birthdays
    if was is None and now is not None:
        yield f"New: birthdays are celebrated ({now.name}), {birthday_words(newer, now)}."
    elif was is not None and now is None:
        yield "Birthdays are no longer celebrated; what they gave stays."
    elif was is not None and now is not None:
        before, after = birthday_words(older, was), birthday_words(newer, now)
        if before != after:
            yield f"A birthday now is {after}; before, it was {before}."
        if (was.name, was.description) != (now.name, now.description):
            yield f"Birthdays now tell members: {now.description or now.name}."


def birthday_words(programme: Programme, one: Birthdays) -> str:
    """What it is: `50 points from 3 days before to 7 days after it, on 28 February for 29 February`."""
    earns = amount(one.earn, programme.unit(one.unit)) if one.earn is not None else "nothing"
    since = f"from {count_text(one.before_days, 'day')} before it" if one.before_days else "from the day"
    until = f" to {count_text(one.after_days, 'day')} after it" if one.after_days else ""
    words = f"{earns} {since}{until}, on {one.leap_day} for 29 February in common years"
    return f"{words}, for {people(one.audience)}" if one.audience else words
