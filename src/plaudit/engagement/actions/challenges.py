"""Challenges and achievements: who has reached a target of one, or no longer has."""

from __future__ import annotations

from collections.abc import Sequence

from plaudit.engagement.actions.progressing import Moved
from plaudit.engagement.actions.reaching import Position
from plaudit.engagement.definitions import Kind, Part, shown_count
from plaudit.engagement.own_activities import (
    ACHIEVEMENT_REACHED,
    ACHIEVEMENT_WITHDRAWN,
    CHALLENGE_COMPLETED,
    CHALLENGE_WITHDRAWN,
)
from plaudit.engagement.published import PublishedSet
from plaudit.engagement.rules.steps import Stand

_TYPES = {
    Kind.CHALLENGE: (CHALLENGE_COMPLETED, CHALLENGE_WITHDRAWN),
    Kind.ACHIEVEMENT: (ACHIEVEMENT_REACHED, ACHIEVEMENT_WITHDRAWN),
}


def positions_in_challenge(one: PublishedSet, part: Part, moved: Sequence[Moved]) -> list[Position]:
    """Where these members now stand in a challenge, each in the one period in which they moved."""
    kind = part.kind.value
    completed, withdrawn = _TYPES[part.kind]
    badges = {step.at: step.badge for step in part.steps}
    positions = []
    for member in moved:
        last_at = member.last_at
        wanted = {
            Stand(member.period, step.at): last_at
            for step in part.steps
            if last_at is not None and member.amount >= step.at
        }
        positions.append(
            Position(
                part_id=member.part_id,
                member_id=member.member_id,
                about=f"{kind}:{one.programme}:{part.key}",
                completed=completed,
                withdrawn=withdrawn,
                wanted=wanted,
                facts=lambda stand: {
                    "programme": one.programme,
                    kind: part.key,
                    "period": stand.period,
                    "target": shown_count(stand.step),
                },
                badge=lambda stand: badges.get(stand.step, ""),
                asked=lambda stand: stand.step in badges,
                within=frozenset({member.period}),
            )
        )
    return positions
