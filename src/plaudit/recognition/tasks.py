"""What time makes happen here: the book is followed, and what is worth noticing is proposed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from plaudit.activity.following import waits_since
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import attend
from plaudit.recognition.actions.propose import FOLLOWER, propose_moments
from plaudit.recognition.actions.reviewing import look_through
from plaudit.recognition.queries.reviews import LOOK_EVERY, next_look


def _activity_waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    since = waits_since(organisation_id, FOLLOWER)
    if since is not None and after < since <= until:
        yield Due(since, PROPOSE.name, "Activity is looked through for moments worth noticing")


def _propose(organisation_id: int) -> list[str]:
    done = propose_moments(organisation_id)
    return [f"{done} events were looked through for moments"] if done else []


def _look_waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    due = next_look(organisation_id)
    while due is not None and due <= until:
        if due > after:
            yield Due(due, LOOK.name, "Who recognises one another is looked through")
        due += LOOK_EVERY


def _look(organisation_id: int) -> list[str]:
    found = look_through(organisation_id)
    return [f"{found} findings wait to be looked into"] if found else []


LOOK = when_due(Happening("recognition.look", _look_waiting, _look))
PROPOSE = attend(
    when_due(Happening("recognition.propose", _activity_waiting, _propose)), every=timedelta(seconds=5)
)
