"""Who referred whom, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.engagement.definitions import Part
from plaudit.engagement.models import Referral, ReferralCode
from plaudit.engagement.published import PublishedSet, published_sets
from plaudit.engagement.refusals import ReferralsClosed
from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound


class ReferralState(StrEnum):
    """How far a referral is."""

    WAITING = "waiting"
    """The friend has joined, and may still do what it takes."""
    QUALIFIED = "qualified"
    WITHDRAWN = "withdrawn"
    """What the friend did was taken back, and what it earned."""
    LATE = "late"
    """The time is over."""


@dataclass(frozen=True, slots=True)
class Invite:
    """One referral as its referrer sees it. `qualified_at` is when the friend did what it takes, last."""

    programme: str
    friend_id: UUID
    redeemed_at: datetime
    until: datetime
    state: ReferralState
    qualified_at: datetime | None


_INVITES = """
    select r.programme, r.friend_id, r.redeemed_at, r.until, d.stands, d.reached_at
      from engagement_referral r
      left join engagement_part p on p.organisation_id = r.organisation_id and p.programme = r.programme
                                 and p.kind = 'referral'
      left join engagement_reached d on d.organisation_id = r.organisation_id and d.part_id = p.id
                                    and d.member_id = r.referrer_id and d.period = r.friend_id::text
     where r.organisation_id = (select %s::int) and r.referrer_id = %s and (%s or r.programme = %s)
     order by r.redeemed_at desc, r.id desc limit %s
"""


def invites_of(organisation_id: int, member_id: UUID, *, programme: str = "", limit: int) -> list[Invite]:
    """Whom a member referred, the last first. Ask inside `in_organisation`."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_INVITES, [organisation_id, member_id, not programme, programme, limit])
        return [_invite(row, now) for row in cursor.fetchall()]


def _invite(row: tuple[Any, ...], now: datetime) -> Invite:
    programme, friend_id, redeemed_at, until, stands, reached_at = row
    if stands:
        state = ReferralState.QUALIFIED
    elif stands is not None:
        state = ReferralState.WITHDRAWN
    else:
        state = ReferralState.WAITING if now < until else ReferralState.LATE
    return Invite(programme, friend_id, redeemed_at, until, state, reached_at)


def open_referrals(organisation_id: int, programme: str) -> tuple[PublishedSet, Part]:
    """What a programme asks of referrals now. Raises `ReferralsClosed` where it asks nothing."""
    for one in published_sets(organisation_id).now():
        if one.programme == programme and one.referrals is not None:
            return one, one.referrals
    raise ReferralsClosed(programme=programme)


def owner_of(organisation_id: int, code: str) -> ReferralCode:
    """Whose code this is, however it was typed. Raises `NotFound`."""
    found = ReferralCode.objects.filter(organisation_id=organisation_id, code=typed(code)).first()
    if found is None:
        raise NotFound(kind="referral code", ref=code)
    return found


def typed(code: str) -> str:
    """A code as it was made: small letters, without blanks and hyphens."""
    return "".join(code.split()).replace("-", "").lower()


_REFERRED = """
    select programme, friend_id, referrer_id, redeemed_at, until from engagement_referral
     where organisation_id = (select %s::int) and friend_id = any(%s)
"""


@dataclass(frozen=True, slots=True)
class Referred:
    """A friend's referral: by whom, and from when up to when what they do can qualify."""

    referrer_id: UUID
    redeemed_at: datetime
    until: datetime


def referrals_of_friends(organisation_id: int, friends: Collection[UUID]) -> dict[tuple[str, UUID], Referred]:
    """The referrals by which these members joined, by programme and friend; one statement for all."""
    with connection.cursor() as cursor:
        cursor.execute(_REFERRED, [organisation_id, list(friends)])
        return {(programme, friend): Referred(*rest) for programme, friend, *rest in cursor.fetchall()}


_QUALIFYING = """
    select c.member_id, min(c.happened_at)
      from engagement_contribution c
     where c.organisation_id = (select %s::int) and c.part_id = %s and c.member_id = any(%s) and c.amount >= %s
     group by c.member_id
"""


def qualified(
    organisation_id: int, part_id: int, friends: Sequence[UUID], *, at_least: int
) -> dict[UUID, datetime]:
    """The friends of whom one event, as its corrections leave it, counts enough: when the first of them was."""
    with connection.cursor() as cursor:
        cursor.execute(_QUALIFYING, [organisation_id, part_id, list(friends), at_least])
        return dict(cursor.fetchall())


def referral_of(organisation_id: int, programme: str, friend_id: UUID) -> Referral | None:
    """The referral by which a member joined, if they did."""
    return Referral.objects.filter(
        organisation_id=organisation_id, programme=programme, friend_id=friend_id
    ).first()
