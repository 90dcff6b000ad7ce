"""What a member's summary of a week says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from plaudit.recognition.models import Received
from plaudit.recognition.queries.feed import Seen, Which, feed

TOLD_MAX = 5
LOOKED_THROUGH = 100


@dataclass(frozen=True, slots=True)
class Week:
    """How often a member was recognised in the week before a moment, and the newest that they may see."""

    received: int
    newest: Sequence[Seen]


def week_of(organisation_id: int, member_id: UUID, moment: datetime) -> Week:
    """The seven days before `moment`."""
    since = moment - timedelta(days=7)
    received = Received.objects.filter(
        organisation_id=organisation_id,
        member_id=member_id,
        stands=True,
        given_at__gt=since,
        given_at__lte=moment,
    ).count()
    found, _ = feed(organisation_id, member_id, Which.SEEN, limit=LOOKED_THROUGH)
    newest = [one for one in found if since < one.given_at <= moment][:TOLD_MAX]
    return Week(received, newest)
