"""What changes at the head of a file, in sentences: name, description, audience, time zone, currency and stacking."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.change import Act, Change
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.wording import people


def new_programme(programme: Programme) -> str:
    """What a new programme is, and for whom."""
    return worded(
        "New programme {key}: {name}, for {people}.",
        key=programme.key,
        name=programme.name,
        people=people(programme.audience),
    )


def head_changes(older: Programme, newer: Programme) -> Iterator[Change]:
    """Every change at the head of a file."""
    for key, sentence in _sentences(older, newer):
        if getattr(older, key) != getattr(newer, key):
            yield Change(Act.CHANGED, "programme", key, sentence, (key,))


def _sentences(older: Programme, newer: Programme) -> Iterator[tuple[str, str]]:
    yield (
        "name",
        worded("The programme is now called {name}, not {name_was}.", name=newer.name, name_was=older.name),
    )
    yield "description", worded("The programme has another description.")
    yield (
        "audience",
        worded(
            "The programme is for {people}, not for {people_was}.",
            people=people(newer.audience),
            people_was=people(older.audience),
        ),
    )
    yield (
        "time_zone",
        worded(
            "Days begin at midnight in {zone}, not in {zone_was}; limits count by the new days at once.",
            zone=newer.time_zone,
            zone_was=older.time_zone,
        ),
    )
    yield (
        "currency",
        worded(
            "Money is in {currency}, not in {currency_was}.",
            currency=newer.currency or worded("no currency"),
            currency_was=older.currency or worded("none"),
        ),
    )
    yield (
        "stacking",
        worded(
            "Several multipliers on one event now combine by {stacking}, not by {stacking_was}.",
            stacking=newer.stacking,
            stacking_was=older.stacking,
        ),
    )
