"""Referrals: who joined by whom, and what reaching it together earns both, or no longer does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from plaudit.engagement.actions.reaching import Position
from plaudit.engagement.definitions import Part
from plaudit.engagement.own_activities import (
    FRIEND_UNWELCOMED,
    FRIEND_WELCOMED,
    REFERRAL_QUALIFIED,
    REFERRAL_WITHDRAWN,
)
from plaudit.engagement.published import PublishedSet
from plaudit.engagement.queries.referrals import Referred, qualified, referrals_of_friends
from plaudit.engagement.rules.steps import Stand
from plaudit.foundation.ids import show

_ONCE = 1


def positions_in_referrals(
    organisation_id: int, one: PublishedSet, part: Part, friends: Collection[UUID]
) -> list[Position]:
    """Where these friends and whoever referred them now stand: one event of the friend is enough for both."""
    ordered = sorted(friends)
    known = referrals_of_friends(organisation_id, ordered)
    since = qualified(organisation_id, one.part_id(part), ordered, at_least=part.steps[0].at)
    positions = []
    for friend_id in ordered:
        referred = known.get((one.programme, friend_id))
        if referred is not None:
            positions.append(_of_friend(one, part, friend_id, referred, since))
            positions.append(_of_referrer(one, part, friend_id, referred, since))
    return positions


def _of_friend(
    one: PublishedSet, part: Part, friend_id: UUID, referred: Referred, since: Mapping[UUID, datetime]
) -> Position:
    facts = {"programme": one.programme, "referred_by": show("mem", referred.referrer_id)}
    return Position(
        part_id=one.welcome_id(part),
        member_id=friend_id,
        about=f"welcome:{one.programme}",
        completed=FRIEND_WELCOMED,
        withdrawn=FRIEND_UNWELCOMED,
        wanted={Stand("", _ONCE): since[friend_id]} if friend_id in since else {},
        facts=lambda _: facts,
        badge=lambda _: "",
        asked=lambda _: True,
    )


def _of_referrer(
    one: PublishedSet, part: Part, friend_id: UUID, referred: Referred, since: Mapping[UUID, datetime]
) -> Position:
    facts = {"programme": one.programme, "friend": show("mem", friend_id)}
    period = str(friend_id)
    return Position(
        part_id=one.part_id(part),
        member_id=referred.referrer_id,
        about=f"referral:{one.programme}",
        completed=REFERRAL_QUALIFIED,
        withdrawn=REFERRAL_WITHDRAWN,
        wanted={Stand(period, _ONCE): since[friend_id]} if friend_id in since else {},
        facts=lambda _: facts,
        badge=lambda _: "",
        asked=lambda _: True,
        within=frozenset({period}),
    )
