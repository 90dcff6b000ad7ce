"""What time makes happen here: the book is followed, competitions are decided, birthdays celebrated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from plaudit.activity.following import waits_since
from plaudit.engagement.actions.birthdays import celebrate
from plaudit.engagement.actions.competing import decide_rounds
from plaudit.engagement.actions.follow_on import follow_on
from plaudit.engagement.actions.publish_engagement import FOLLOWER
from plaudit.engagement.models import Joining, Round
from plaudit.engagement.queries.birthdays import coming
from plaudit.foundation import clock
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import attend

_MOMENTS = 1_000


def _activity_waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    since = waits_since(organisation_id, FOLLOWER)
    if since is None and Joining.objects.filter(organisation_id=organisation_id).exists():
        since = min(clock.now(), until)
    if since is not None and after < since <= until:
        yield Due(since, FOLLOW_ON.name, "Activity moves people on in what they take part in")


def _follow_on(organisation_id: int) -> list[str]:
    done = follow_on(organisation_id)
    return [f"{done} events moved people on"] if done else []


def _rounds_waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    over = Round.objects.filter(
        organisation_id=organisation_id, decided_at__isnull=True, ends_at__gt=after, ends_at__lte=until
    )
    for moment in over.order_by("ends_at").values_list("ends_at", flat=True).distinct()[:_MOMENTS]:
        assert moment is not None, "it was asked for with a moment"
        yield Due(moment, DECIDE.name, "A competition is decided")


def _decide(organisation_id: int) -> list[str]:
    """Follow the book first: what was recorded before the end is still to be counted."""
    follow_on(organisation_id)
    decided = decide_rounds(organisation_id)
    return [f"{decided} competitions were decided"] if decided else []


def _birthdays_waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    now = min(clock.now(), until)
    for moment in sorted(set(coming(organisation_id, now, until))):
        if after < moment <= until:
            yield Due(moment, CELEBRATE.name, "Birthdays are celebrated")


def _celebrate(organisation_id: int) -> list[str]:
    done = celebrate(organisation_id)
    return [f"{done} birthdays were celebrated"] if done else []


DECIDE = when_due(Happening("engagement.decide", _rounds_waiting, _decide))
CELEBRATE = when_due(Happening("engagement.celebrate", _birthdays_waiting, _celebrate))
FOLLOW_ON = attend(
    when_due(Happening("engagement.follow", _activity_waiting, _follow_on)), every=timedelta(seconds=5)
)
