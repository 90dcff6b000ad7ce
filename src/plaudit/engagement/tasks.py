"""What time makes happen here: the book is followed to its end, every few seconds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from plaudit.activity.following import waits_since
from plaudit.engagement.actions.follow_on import follow_on
from plaudit.engagement.actions.publish_engagement import FOLLOWER
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import attend


def _activity_waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    since = waits_since(organisation_id, FOLLOWER)
    if since is not None and after < since <= until:
        yield Due(since, FOLLOW_ON.name, "Activity moves people on in what they take part in")


def _follow_on(organisation_id: int) -> list[str]:
    done = follow_on(organisation_id)
    return [f"{done} events moved people on"] if done else []


FOLLOW_ON = attend(
    when_due(Happening("engagement.follow", _activity_waiting, _follow_on)), every=timedelta(seconds=5)
)
