"""What changes in a segment, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.planning.programme_file.segments import Segment
from plaudit.planning.programme_file.wording import people


def segment_changes(was: Segment | None, now: Segment | None) -> Iterator[str]:
    """What becomes of a segment."""
    if was is None and now is not None:
        yield f"New segment {now.key} ({now.name}): {segment_words(now)}."
    elif was is not None and now is None:
        yield f"Segment {was.key} ({was.name}) is gone; nobody is in it any more."
    elif was is not None and now is not None:
        if was.name != now.name:
            yield f"Segment {now.key} is now called {now.name}, not {was.name}."
        if (was.condition, was.all_facts) != (now.condition, now.all_facts):
            yield f"Segment {now.key} is {segment_words(now)}, not {segment_words(was)}; everybody is looked at."
        elif was.ready != now.ready or was.amount != now.amount:
            yield f"Segment {now.key} is written otherwise, and means the same."
        if was.teams != now.teams:
            yield f"Segment {now.key} is of {', '.join(now.teams) or 'every team and none'}."
        if was.audience != now.audience:
            yield f"Segment {now.key} is for {people(now.audience) if now.audience else 'the audience of the programme'}."


def segment_words(segment: Segment) -> str:
    """Who is in it: `frequent by purchase`, `where visits >= 3`."""
    if segment.ready is not None:
        return f"{segment.ready.name} by {segment.ready.on}"
    return f"where {segment.when}"
