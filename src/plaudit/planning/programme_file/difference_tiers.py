"""What changes on a ladder of tiers, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.planning.programme_file.phrases import count_text, number_text
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.tiers import Ladder, keep_text, then_text, within_text
from plaudit.planning.programme_file.wording import grouped, listed, people


def tier_changes(programme: Programme, was: Ladder | None, now: Ladder | None) -> Iterator[str]:
    """What becomes of a ladder; `programme` is the newer one."""
    if was is None and now is not None:
        yield f"New ladder {now.key} ({now.name}): {levels_words(now)}, by {counted_words(programme, now)}."
    elif was is not None and now is None:
        yield f"Ladder {was.key} ({was.name}) is gone; nobody stands on it any more."
    elif was is not None and now is not None:
        yield from _changes(programme, was, now)


def _changes(programme: Programme, was: Ladder, now: Ladder) -> Iterator[str]:
    start = f"Ladder {now.key}"
    if was.name != now.name:
        yield f"{start} is now called {now.name}, not {was.name}."
    if levels_words(was) != levels_words(now):
        yield f"{start} has {levels_words(now)}, not {levels_words(was)}; everybody is placed anew."
    elif was.levels != now.levels:
        yield f"{start} names its levels or their benefits otherwise."
    if (was.measure, was.window) != (now.measure, now.window):
        counted = f"{counted_words(programme, now)}, not {counted_words(programme, was)}"
        yield f"{start} is climbed by {counted}; everything is counted anew."
    rules_was, rules_now = keeping_words(was), keeping_words(now)
    if rules_was != rules_now:
        yield f"{start}: a level is {rules_now}, not {rules_was}."
    if was.warn_days != now.warn_days:
        days = count_text(now.warn_days, "day")
        yield f"{start} warns {days} before a level goes, not {count_text(was.warn_days, 'day')}."
    if was.audience != now.audience:
        yield f"{start} is for {people(now.audience or programme.audience)}."


def levels_words(ladder: Ladder) -> str:
    """`silver from 1,000 and gold from 5,000`."""
    return listed(f"{level.key} from {grouped(number_text(level.reached_from))}" for level in ladder.levels)


def counted_words(programme: Programme, ladder: Ladder) -> str:
    """`points earned within 12 months`, `purchase where channel = 'web' within the calendar year`."""
    if ladder.earned:
        units = {unit.key: unit.other for unit in programme.units}
        what = f"{units.get(ladder.earned, ladder.earned)} earned"
    else:
        condition = f" where {ladder.when}" if ladder.when else ""
        what = f"{ladder.amount} of {ladder.on}{condition}" if ladder.amount else f"{ladder.on}{condition}"
    return f"{what} within {within_text(ladder.window)}"


def keeping_words(ladder: Ladder) -> str:
    """`kept 12 months, then one step down after 30 days of grace`."""
    words = f"kept {keep_text(ladder.keeping)}, then {then_text(ladder.downgrade)}"
    return f"{words} after {count_text(ladder.grace_days, 'day')} of grace" if ladder.grace_days else words
