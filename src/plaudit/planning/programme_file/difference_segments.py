"""What changes in a segment, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.segments import Segment
from plaudit.planning.programme_file.wording import people


def segment_changes(was: Segment | None, now: Segment | None) -> Iterator[str]:
    """What becomes of a segment."""
    if was is None and now is not None:
        yield worded(
            "New segment {key} ({name}): {segment}.", key=now.key, name=now.name, segment=segment_words(now)
        )
    elif was is not None and now is None:
        yield worded("Segment {key} ({name}) is gone; nobody is in it any more.", key=was.key, name=was.name)
    elif was is not None and now is not None:
        if was.name != now.name:
            yield worded(
                "Segment {key} is now called {name}, not {was_name}.",
                key=now.key,
                name=now.name,
                was_name=was.name,
            )
        if (was.condition, was.all_facts) != (now.condition, now.all_facts):
            yield worded(
                "Segment {key} is {segment}, not {segment_was}; everybody is looked at.",
                key=now.key,
                segment=segment_words(now),
                segment_was=segment_words(was),
            )
        elif was.ready != now.ready or was.amount != now.amount:
            yield worded("Segment {key} is written otherwise, and means the same.", key=now.key)
        if was.teams != now.teams:
            yield worded(
                "Segment {key} is of {teams}.",
                key=now.key,
                teams=", ".join(now.teams) or worded("every team and none"),
            )
        if was.audience != now.audience:
            yield worded(
                "Segment {key} is for {audience}.",
                key=now.key,
                audience=people(now.audience) if now.audience else worded("the audience of the programme"),
            )


def segment_words(segment: Segment) -> str:
    """Who is in it: `frequent by purchase`, `where visits >= 3`."""
    if segment.ready is not None:
        return worded("{name} by {activity}", name=segment.ready.name, activity=segment.ready.on)
    return worded("where {condition}", condition=segment.when)
