"""What time makes happen here: the book is followed, and what is worth noticing is proposed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from plaudit.activity.following import waits_since
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import attend
from plaudit.recognition.actions.propose import FOLLOWER, propose_moments


def _activity_waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    since = waits_since(organisation_id, FOLLOWER)
    if since is not None and after < since <= until:
        yield Due(since, PROPOSE.name, "Activity is looked through for moments worth noticing")


def _propose(organisation_id: int) -> list[str]:
    done = propose_moments(organisation_id)
    return [f"{done} events were looked through for moments"] if done else []


PROPOSE = attend(
    when_due(Happening("recognition.propose", _activity_waiting, _propose)), every=timedelta(seconds=5)
)
