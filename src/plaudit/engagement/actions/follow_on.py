"""Follows the book: what was recorded moves people on, and what was corrected takes its part back exactly."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from plaudit.activity.following import EVENTS_AT_A_TIME, FollowedEvent, follow
from plaudit.engagement.actions.challenges import positions_in_challenge
from plaudit.engagement.actions.competing import tally
from plaudit.engagement.actions.progressing import Moved, progress
from plaudit.engagement.actions.publish_engagement import FOLLOWER
from plaudit.engagement.actions.reaching import Position, settle_positions
from plaudit.engagement.actions.streaks import positions_in_streak
from plaudit.engagement.actions.weighing import weigh, write_contributions
from plaudit.engagement.definitions import Kind, Part, shown_count
from plaudit.engagement.published import PublishedSet, published_sets
from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell_each


def follow_on(organisation_id: int, *, at_most: int = EVENTS_AT_A_TIME) -> int:
    """Follow the book to its end, page by page, each in a transaction of its own; how many events there were.

    Several at once share the work: each page is done by one of them. Must not be called inside a
    transaction.
    """
    done = 0
    while given := follow(organisation_id, FOLLOWER, partial(take_page, organisation_id), at_most=at_most):
        done += given
    return done


def take_page(organisation_id: int, events: Sequence[FollowedEvent]) -> None:
    """Let these events count, in the transaction that is open."""
    sets = published_sets(organisation_id)
    weighed = weigh(organisation_id, sets, events)
    if not weighed:
        return
    write_contributions(organisation_id, weighed)
    competitions = [
        part_id for part_id, (_, part) in sets.newest_forms.items() if part.kind is Kind.COMPETITION
    ]
    moved = progress(organisation_id, weighed, ranked=competitions)
    positions: list[Position] = []
    told: list[dict[str, object]] = []
    for part_id, of_part in groupby(moved, key=lambda one: one.part_id):
        one, part = sets.part(part_id)
        if part.kind is Kind.CHALLENGE:
            movers = list(of_part)
            positions += positions_in_challenge(one, part, movers)
            told += [_progressed(one, part, mover) for mover in movers if mover.amount != mover.before]
        elif part.kind is Kind.STREAK:
            positions += positions_in_streak(organisation_id, one, part, list(of_part))
        else:
            tally(organisation_id, one, part, list(of_part))
    tell_each(organisation_id, "challenge.progressed", told, happened_at=clock.now())
    settle_positions(organisation_id, positions)


def _progressed(one: PublishedSet, part: Part, moved: Moved) -> dict[str, object]:
    return {
        "member": show("mem", moved.member_id),
        "programme": one.programme,
        "challenge": part.key,
        "period": moved.period,
        "progress": shown_count(moved.amount),
    }
