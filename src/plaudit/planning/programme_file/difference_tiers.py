"""What changes on a ladder of tiers, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.foundation.worded import figure, joined, listed, worded, worded_count
from plaudit.planning.programme_file.phrase_words import counted, phrase_words
from plaudit.planning.programme_file.phrases import number_text
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.tiers import Ladder, keep_text, then_text, within_text
from plaudit.planning.programme_file.wording import people
from plaudit.targeting.definitions import Within


def tier_changes(programme: Programme, was: Ladder | None, now: Ladder | None) -> Iterator[str]:
    """What becomes of a ladder; `programme` is the newer one."""
    if was is None and now is not None:
        yield worded(
            "New ladder {key} ({name}): {levels}, by {counted}.",
            key=now.key,
            name=now.name,
            levels=levels_words(now),
            counted=counted_words(programme, now),
        )
    elif was is not None and now is None:
        yield worded(
            "Ladder {key} ({name}) is gone; nobody stands on it any more.", key=was.key, name=was.name
        )
    elif was is not None and now is not None:
        yield from _changes(programme, was, now)


def _changes(programme: Programme, was: Ladder, now: Ladder) -> Iterator[str]:
    start = worded("Ladder {key}", key=now.key)
    if was.name != now.name:
        yield worded(
            "{start} is now called {name}, not {was_name}.", start=start, name=now.name, was_name=was.name
        )
    if levels_words(was) != levels_words(now):
        yield worded(
            "{start} has {levels}, not {levels_was}; everybody is placed anew.",
            start=start,
            levels=levels_words(now),
            levels_was=levels_words(was),
        )
    elif was.levels != now.levels:
        yield worded("{start} names its levels or their benefits otherwise.", start=start)
    if (was.measure, was.window) != (now.measure, now.window):
        climbed = worded(
            "{counted}, not {counted_was}",
            counted=counted_words(programme, now),
            counted_was=counted_words(programme, was),
        )
        yield worded("{start} is climbed by {what}; everything is counted anew.", start=start, what=climbed)
    rules_was, rules_now = keeping_words(was), keeping_words(now)
    if rules_was != rules_now:
        yield worded(
            "{start}: a level is {rules_now}, not {rules_was}.",
            start=start,
            rules_now=rules_now,
            rules_was=rules_was,
        )
    if was.warn_days != now.warn_days:
        days = counted(now.warn_days, "day")
        yield worded(
            "{start} warns {days} before a level goes, not {days_was}.",
            start=start,
            days=days,
            days_was=counted(was.warn_days, "day"),
        )
    if was.audience != now.audience:
        yield worded(
            "{start} is for {people}.", start=start, people=people(now.audience or programme.audience)
        )


def levels_words(ladder: Ladder) -> str:
    """`silver from 1,000 and gold from 5,000`."""
    return listed(
        worded("{key} from {number}", key=level.key, number=figure(number_text(level.reached_from)))
        for level in ladder.levels
    )


def counted_words(programme: Programme, ladder: Ladder) -> str:
    """`points earned within 12 months`, `purchase where channel = 'web' within the calendar year`."""
    if ladder.earned:
        units = {unit.key: unit.other for unit in programme.units}
        what = worded("{unit} earned", unit=units.get(ladder.earned, ladder.earned))
    else:
        condition = worded(" where {condition}", condition=ladder.when) if ladder.when else ""
        what = (
            worded("{amount} of {on}{condition}", amount=ladder.amount, on=ladder.on, condition=condition)
            if ladder.amount
            else joined((ladder.on, condition), by="")
        )
    if ladder.window.within is Within.MONTHS:
        return worded("{what} within {months}", what=what, months=counted(ladder.window.months, "month"))
    return worded("{what} within {within}", what=what, within=phrase_words(within_text(ladder.window)))


def keeping_words(ladder: Ladder) -> str:
    """`kept 12 months, then one step down after 30 days of grace`."""
    words = worded(
        "kept {keep}, then {then}",
        keep=phrase_words(keep_text(ladder.keeping)),
        then=phrase_words(then_text(ladder.downgrade)),
    )
    grace = worded_count(ladder.grace_days, " after {n} day of grace", " after {n} days of grace")
    return words + grace if ladder.grace_days else words
