"""Merges two members into one and separates them again: who they are and what they hold, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from plaudit.foundation import ids
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import act
from plaudit.ledger.actions.move import move, move_back
from plaudit.ledger.posting import open_books
from plaudit.membership.belonging import follow, go_back
from plaudit.people.actions.merging import merge_identities, merge_ref, separate_identities
from plaudit.people.models import Merge


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge made or undone, and what moved with it (unit key: amount in its smallest part)."""

    merge: Merge
    points: dict[str, int]


def merge_members(
    organisation_id: int, *, survivor_id: UUID, absorbed_id: UUID, reason: str, actor: str
) -> Merged:
    """Let one member live on as another: names, teams and sign-in, and all that can be spent or is owed.

    The absorbed member keeps its history and its wallets' lines; what is pending or held there follows
    when it is settled. Raises as `merge_identities` and `move` do.
    """

    def step() -> Merged:
        # The books first, as everyone does who posts: whoever waits in another order waits for ever.
        now = open_books(organisation_id)
        merge = merge_identities(
            organisation_id, survivor_id=survivor_id, absorbed_id=absorbed_id, reason=reason, actor=actor
        )
        follow(organisation_id, absorbed_id=absorbed_id, survivor_id=merge.survivor_id)
        moved = move(
            organisation_id,
            from_member_id=absorbed_id,
            to_member_id=survivor_id,
            key=merge_ref(merge.id),
            reason=reason,
            actor=actor,
        )
        tell(organisation_id, "member.merged", _told(merge), happened_at=now)
        return Merged(merge, moved.points)

    return act(organisation_id, step)


def separate_members(organisation_id: int, *, merge_id: UUID, reason: str, actor: str) -> Merged:
    """Undo a merge: names go back to whom they meant, and so does what is left of the points.

    What was spent meanwhile stays spent. Raises as `separate_identities` and `move_back` do.
    """

    def step() -> Merged:
        now = open_books(organisation_id)
        merge = separate_identities(organisation_id, merge_id=merge_id, reason=reason, actor=actor)
        go_back(organisation_id, absorbed_id=merge.absorbed_id, survivor_id=merge.survivor_id)
        moved = move_back(
            organisation_id,
            from_member_id=merge.survivor_id,
            to_member_id=merge.absorbed_id,
            key=merge_ref(merge.id),
            reason=reason,
            actor=actor,
        )
        tell(organisation_id, "member.separated", _told(merge), happened_at=now)
        return Merged(merge, moved.points)

    return act(organisation_id, step)


def _told(merge: Merge) -> dict[str, str]:
    return {
        "merge": merge_ref(merge.id),
        "survivor": ids.show("mem", merge.survivor_id),
        "absorbed": ids.show("mem", merge.absorbed_id),
    }
