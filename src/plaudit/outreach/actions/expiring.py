"""Warns members of points that will expire: thirty days before and seven, once each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from plaudit.foundation import arrays, clock, ids
from plaudit.foundation.news import tell_each
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.ledger.lapsing import Lapsing, lapsing
from plaudit.ledger.units import time_zone_of
from plaudit.outreach.models import ExpiryLook
from plaudit.outreach.rules.letters import WARNED_DAYS, days_before

TOPIC = "points.expiring"

_WARN = """
    insert into outreach_expiry_warning (organisation_id, member_id, unit, last_day, days, warned_at)
    select %(organisation)s, w.member_id, w.unit, w.last_day, w.days, %(now)s
      from unnest(%(members)s::uuid[], %(units)s::text[], %(last_days)s::date[], %(days)s::int[])
        as w (member_id, unit, last_day, days)
     order by w.member_id, w.unit, w.last_day
        on conflict do nothing returning member_id, unit, last_day
"""


def warn_of_expiry(organisation_id: int, *, at_a_time: int = 500) -> int:
    """Tell the news of every expiry that comes near, each once at each distance; how many were told.

    Wallets are looked through page by page, each page in a transaction of its own, so a run that is stopped
    anywhere, repeated, or run twice at once tells nobody twice.
    """
    with in_organisation(organisation_id):
        now, zone = clock.now(), time_zone_of(organisation_id)
    warned, after = 0, 0
    while True:
        page = partial(_warn_page, organisation_id, now, zone, after, at_a_time)
        count, last = act(organisation_id, page)
        warned += count
        if last is None:
            break
        after = last
    act(organisation_id, lambda: _note_look(organisation_id, now))
    return warned


def _note_look(organisation_id: int, now: datetime) -> None:
    ExpiryLook.objects.update_or_create(organisation_id=organisation_id, defaults={"until": now})


def _warn_page(
    organisation_id: int, now: datetime, zone: ZoneInfo, after: int, limit: int
) -> tuple[int, int | None]:
    until = now + timedelta(days=max(WARNED_DAYS))
    found, last = lapsing(organisation_id, now=now, until=until, after=after, limit=limit)
    sums = _by_day(found, zone)
    told = _not_told_yet(organisation_id, sums, now)
    tell_each(
        organisation_id,
        TOPIC,
        [
            {
                "member": ids.show("mem", member_id),
                "unit": unit,
                "amount": sums[member_id, unit, last_day][0],
                "last_day": last_day.isoformat(),
            }
            for member_id, unit, last_day in told
        ],
        happened_at=now,
    )
    return len(told), last


_Key = tuple[UUID, str, date]


def _by_day(found: Sequence[Lapsing], zone: ZoneInfo) -> dict[_Key, tuple[int, datetime]]:
    """How much of a unit a member can spend until a day, and the first moment at which some of it expires."""
    sums: dict[_Key, list[Lapsing]] = defaultdict(list)
    for one in found:
        sums[one.member_id, one.unit, one.expires_at.astimezone(zone).date() - timedelta(days=1)].append(one)
    return {
        key: (sum(one.amount for one in lots), min(one.expires_at for one in lots))
        for key, lots in sums.items()
    }


def _not_told_yet(organisation_id: int, sums: dict[_Key, tuple[int, datetime]], now: datetime) -> list[_Key]:
    """Of these expiries, those of which nobody was warned at the distance at which they are now; noted as told."""
    if not sums:
        return []
    keys = list(sums)
    with connection.cursor() as cursor:
        cursor.execute(
            _WARN,
            {
                "organisation": organisation_id,
                "now": now,
                "members": arrays.uuids([member_id for member_id, _, _ in keys]),
                "units": arrays.texts([unit for _, unit, _ in keys]),
                "last_days": arrays.texts([last_day.isoformat() for _, _, last_day in keys]),
                "days": arrays.numbers([days_before(sums[key][1], now) for key in keys]),
            },
        )
        return [(member_id, unit, last_day) for member_id, unit, last_day in cursor.fetchall()]
