"""Tells people what concerns them: each piece of news once in their inbox, and by the channels they chose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation import arrays, clock, ids
from plaudit.foundation.exact import encode
from plaudit.foundation.tenancy import act
from plaudit.outreach.actions.pushing import ForColleague, ForMember, hand_to_colleagues, hand_to_devices
from plaudit.outreach.models import Mailed
from plaudit.outreach.queries.letters import members_of_redemptions
from plaudit.outreach.queries.mailing import AT_A_TIME, Piece, read_news, who_wants
from plaudit.outreach.queries.recipients import approvers, askers_of, waited_for
from plaudit.outreach.rules.cursors import START, read_cursor
from plaudit.outreach.rules.letters import CATEGORY_OF, DECIDED, TO_APPROVE, TOLD, WAITS, told_about
from plaudit.people.choices import news_by_mail

Queue = Callable[[UUID, str, Mapping[str, Any]], None]

FRESH = timedelta(days=14)
"""What happened longer ago, and is told only now, calls for nobody's attention."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One piece of news for one person, with the facts that concern them: a member, or a colleague by their sign-in."""

    piece: Piece
    facts: Mapping[str, Any]
    member_id: UUID | None = None
    user_id: int | None = None


@dataclass(slots=True)
class Reached:
    """How many notices were written, how many of them are mailed, and how many messages go to devices."""

    notices: int = 0
    mails: int = 0
    pushes: int = 0


def tell_people(organisation_id: int, queue: Queue) -> Reached:
    """Put every new piece of news into the inboxes of whom it concerns, and queue mail for whoever chose it.

    The place in the news moves in the transaction that writes it all. Whoever chooses a channel is told by it what
    happens from then on.
    """
    reached, more = Reached(), True
    while more:
        some, more = act(organisation_id, lambda: _some(organisation_id, queue))
        reached.notices += some.notices
        reached.mails += some.mails
        reached.pushes += some.pushes
    return reached


def _some(organisation_id: int, queue: Queue) -> tuple[Reached, bool]:
    Mailed.objects.get_or_create(organisation_id=organisation_id, defaults={"cursor": START.write()})
    place = Mailed.objects.select_for_update().get(organisation_id=organisation_id)
    pieces, mark = read_news(organisation_id, read_cursor(place.cursor))
    letters = [*_to_members(organisation_id, pieces), *_to_colleagues(organisation_id, pieces)]
    _deliver(organisation_id, letters)
    mails = _mail(organisation_id, letters, queue)
    told = [
        ForMember(one.member_id, one.piece.topic, one.facts, one.piece.happened_at)
        for one in letters
        if one.member_id is not None
    ]
    pushes = hand_to_devices(organisation_id, told) + hand_to_colleagues(
        organisation_id, _waiting(organisation_id, pieces, letters)
    )
    place.cursor = mark.write()
    place.save()
    return Reached(len(letters), mails, pushes), len(pieces) == AT_A_TIME


def _waiting(
    organisation_id: int, pieces: Sequence[Piece], letters: Iterable[Letter]
) -> Sequence[ForColleague]:
    """What waits for colleagues: what their inboxes say, and what is no notice because a queue of theirs shows it."""
    found = [
        ForColleague(one.user_id, one.piece.topic, one.piece.happened_at)
        for one in letters
        if one.user_id is not None
    ]
    ours = [piece for piece in pieces if piece.topic in WAITS and piece.topic not in TOLD]
    if ours:
        for place, user_id in waited_for(organisation_id, [(one.topic, one.payload) for one in ours]):
            found.append(ForColleague(user_id, ours[place].topic, ours[place].happened_at))
    return found


def _to_members(organisation_id: int, pieces: Iterable[Piece]) -> Iterable[Letter]:
    """Each piece once for every member it is about."""
    ours = [piece for piece in pieces if piece.topic not in WAITS]
    redemptions = [piece.payload["redemption"] for piece in ours if "redemption" in piece.payload]
    owners = members_of_redemptions(organisation_id, redemptions) if redemptions else {}
    for piece in ours:
        owner = owners.get(piece.payload.get("redemption", ""))
        if owner is not None:
            yield Letter(piece, piece.payload, member_id=owner)
            continue
        for member, facts in told_about(piece.topic, piece.payload):
            yield Letter(piece, facts, member_id=ids.read("mem", member, kind="member"))


def _to_colleagues(organisation_id: int, pieces: Iterable[Piece]) -> Iterable[Letter]:
    """What waits for a second person to everybody who may be it; what became of it to whoever asked."""
    ours = [piece for piece in pieces if piece.topic in (TO_APPROVE, *DECIDED)]
    if not ours:
        return
    askers = askers_of(organisation_id, [piece.payload["request"] for piece in ours])
    deciders = approvers(organisation_id)
    for piece in ours:
        asker = askers.get(piece.payload["request"])
        to = [one for one in deciders if one != asker] if piece.topic == TO_APPROVE else [asker]
        for user_id in to:
            if user_id is not None:
                yield Letter(piece, piece.payload, user_id=user_id)


_DELIVER = """
    insert into outreach_notice (organisation_id, id, member_id, user_id, news_id, topic, facts, told_at, read_at)
    select %(organisation)s, n.id, n.member_id, n.user_id, n.news_id, n.topic, n.facts::jsonb, n.told_at,
           case when n.told_at < %(stale)s then n.told_at end
      from unnest(%(ids)s::uuid[], %(members)s::uuid[], %(users)s::int[], %(news)s::bigint[], %(topics)s::text[],
                  %(facts)s::text[], %(told)s::timestamptz[])
        as n (id, member_id, user_id, news_id, topic, facts, told_at)
     where n.member_id is null or exists (select from people_member m where m.organisation_id = %(organisation)s
                                             and m.id = n.member_id and m.state <> 'erased')
        on conflict do nothing
"""


def _deliver(organisation_id: int, letters: Sequence[Letter]) -> None:
    if not letters:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _DELIVER,
            {
                "organisation": organisation_id,
                "stale": clock.now() - FRESH,
                "ids": arrays.uuids(ids.new_ids(len(letters))),
                "members": arrays.uuids([one.member_id for one in letters]),
                "users": arrays.numbers([one.user_id for one in letters]),
                "news": arrays.numbers([one.piece.mark.news_id for one in letters]),
                "topics": arrays.texts([one.piece.topic for one in letters]),
                "facts": arrays.texts([encode(dict(one.facts)) for one in letters]),
                "told": arrays.times([one.piece.happened_at for one in letters]),
            },
        )


def _mail(organisation_id: int, letters: Sequence[Letter], queue: Queue) -> int:
    """Queue a mail for each member who had chosen to be told of this by mail when it happened; how many."""
    asked = [
        (news_by_mail(CATEGORY_OF[one.piece.topic]), one.member_id, one.piece.happened_at, one)
        for one in letters
        if one.member_id is not None and one.piece.topic in CATEGORY_OF
    ]
    chose = who_wants(organisation_id, {(name, who, at) for name, who, at, _ in asked}) if asked else set()
    due = [(who, one) for name, who, at, one in asked if (name, who, at) in chose]
    for who, one in due:
        queue(who, one.piece.topic, one.facts)
    return len(due)
