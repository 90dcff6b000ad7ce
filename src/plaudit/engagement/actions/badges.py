"""Gives the badges that have conditions of their own, and takes them back where these no longer hold."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from plaudit.engagement.actions.reaching import Position, settle_positions
from plaudit.engagement.definitions import Kind, Part
from plaudit.engagement.own_activities import BADGE_EARNED, BADGE_WITHDRAWN
from plaudit.engagement.published import PublishedSet, PublishedSets
from plaudit.engagement.queries.badge_counts import counts_of, deserved
from plaudit.engagement.rules.steps import Stand
from plaudit.foundation import clock

_ONCE = Stand("", 1)


def settle_badges(organisation_id: int, sets: PublishedSets, members: Collection[UUID]) -> int:
    """Look at the badges of members who moved; how many were given or taken back."""
    positions: list[Position] = []
    for one in sets.newest_sets if members else ():
        if one.conditional_badges:
            found = deserved(one, counts_of(organisation_id, one, members))
            positions += [
                _position(one, part, member_id, holds=part.key in found[member_id])
                for part in one.conditional_badges
                for member_id in sorted(members)
            ]
    return settle_positions(organisation_id, positions) if positions else 0


def _position(one: PublishedSet, part: Part, member_id: UUID, *, holds: bool) -> Position:
    facts = {"programme": one.programme, "badge": part.key}
    return Position(
        part_id=one.part_ids[(Kind.BADGE, part.key)],
        member_id=member_id,
        about=f"badge:{one.programme}:{part.key}",
        completed=BADGE_EARNED,
        withdrawn=BADGE_WITHDRAWN,
        wanted={_ONCE: clock.now()} if holds else {},
        facts=lambda _: facts,
        badge=lambda _: part.key,
        asked=lambda _: True,
    )
