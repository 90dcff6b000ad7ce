"""Follows the book: what was recorded moves people on, and what was corrected takes its part back exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from uuid import UUID

from plaudit.activity.following import EVENTS_AT_A_TIME, FollowedEvent, follow
from plaudit.engagement.actions.badges import settle_badges
from plaudit.engagement.actions.challenges import positions_in_challenge
from plaudit.engagement.actions.competing import tally
from plaudit.engagement.actions.joining import join_progress
from plaudit.engagement.actions.progressing import Moved, progress
from plaudit.engagement.actions.publish_engagement import FOLLOWER
from plaudit.engagement.actions.reaching import Position, settle_positions
from plaudit.engagement.actions.referrals import positions_in_referrals
from plaudit.engagement.actions.rounding import positions_in_rounding
from plaudit.engagement.actions.streaks import positions_in_streak
from plaudit.engagement.actions.weighing import Weighed, weigh, write_contributions
from plaudit.engagement.definitions import Kind, Part, shown_count
from plaudit.engagement.published import PublishedSet, PublishedSets, published_sets
from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell_each
from plaudit.foundation.tenancy import act


def follow_on(organisation_id: int, *, at_most: int = EVENTS_AT_A_TIME) -> int:
    """Follow the book to its end, page by page, each in a transaction of its own; how many events there were.

    Then what members did who were merged since is joined, and what that brings is followed, too.

    Several at once share the work: each page is done by one of them. Must not be called inside a
    transaction.
    """
    done, joined = 0, 1
    while joined:
        while given := follow(
            organisation_id, FOLLOWER, partial(take_page, organisation_id), at_most=at_most
        ):
            done += given
        joined = act(organisation_id, partial(join_progress, organisation_id, settle_weighed))
    return done


def take_page(organisation_id: int, events: Sequence[FollowedEvent]) -> None:
    """Let these events count, in the transaction that is open."""
    sets = published_sets(organisation_id)
    weighed = weigh(organisation_id, sets, events)
    if not weighed:
        return
    write_contributions(organisation_id, weighed)
    settle_weighed(organisation_id, sets, weighed)


def settle_weighed(organisation_id: int, sets: PublishedSets, weighed: Sequence[Weighed]) -> None:
    """Let everybody be where what these count, which is written already, brings them."""
    if not weighed:
        return
    kinds = {part_id: part.kind for part_id, (_, part) in sets.newest_forms.items()}
    competitions = [part_id for part_id, kind in kinds.items() if kind is Kind.COMPETITION]
    adding_up = [one for one in weighed if kinds[one.part_id] is not Kind.REFERRAL]
    moved = progress(organisation_id, adding_up, ranked=competitions)
    positions = _positions_of_friends(organisation_id, sets, weighed, kinds)
    told: list[dict[str, object]] = []
    for part_id, of_part in groupby(moved, key=lambda one: one.part_id):
        one, part = sets.part(part_id)
        if part.kind in (Kind.CHALLENGE, Kind.ACHIEVEMENT):
            movers = list(of_part)
            positions += positions_in_challenge(one, part, movers)
            if part.kind is Kind.CHALLENGE:
                told += [_progressed(one, part, mover) for mover in movers if mover.amount != mover.before]
        elif part.kind is Kind.ROUNDING:
            positions += positions_in_rounding(organisation_id, one, part, list(of_part))
        elif part.kind is Kind.STREAK:
            positions += positions_in_streak(organisation_id, one, part, list(of_part))
        elif part.kind is Kind.COMPETITION:
            tally(organisation_id, one, part, list(of_part))
    tell_each(organisation_id, "challenge.progressed", told, happened_at=clock.now())
    settle_positions(organisation_id, positions)
    settle_badges(
        organisation_id, sets, {one.member_id for one in moved} | {one.member_id for one in positions}
    )


def _positions_of_friends(
    organisation_id: int, sets: PublishedSets, weighed: Sequence[Weighed], kinds: Mapping[int, Kind]
) -> list[Position]:
    friends: dict[int, set[UUID]] = defaultdict(set)
    for one in weighed:
        if kinds[one.part_id] is Kind.REFERRAL:
            friends[one.part_id].add(one.member_id)
    positions: list[Position] = []
    for part_id, members in sorted(friends.items()):
        positions += positions_in_referrals(organisation_id, *sets.part(part_id), members)
    return positions


def _progressed(one: PublishedSet, part: Part, moved: Moved) -> dict[str, object]:
    return {
        "member": show("mem", moved.member_id),
        "programme": one.programme,
        "challenge": part.key,
        "period": moved.period,
        "progress": shown_count(moved.amount),
    }
