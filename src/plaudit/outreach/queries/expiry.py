"""When members are to be warned of points that expire."""

from __future__ import annotations

from datetime import datetime, timedelta

from plaudit.ledger.lapsing import lapse_moments
from plaudit.outreach.models import ExpiryLook
from plaudit.outreach.rules.letters import WARNED_DAYS


def moments_to_warn(organisation_id: int, after: datetime, until: datetime) -> list[datetime]:
    """The moments in (after, until] at which an expiry comes near, and that nobody has looked at yet."""
    look = ExpiryLook.objects.filter(organisation_id=organisation_id).first()
    since = max(after, look.until) if look is not None else after
    found = set()
    for days in WARNED_DAYS:
        ahead = timedelta(days=days)
        # What has expired by then has no more to warn of.
        for moment in lapse_moments(organisation_id, after=since + ahead, until=until + ahead):
            found.add(moment - ahead)
    return sorted(found)
