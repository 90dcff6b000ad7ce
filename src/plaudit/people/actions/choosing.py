"""Keeps what members choose for themselves: which news reaches them, what they hide, where their name is shown."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from plaudit.foundation import audit, clock, ids
from plaudit.foundation.tenancy import act
from plaudit.people.actions.members import locked_member
from plaudit.people.chosen import Choice


def choose(organisation_id: int, *, member_id: UUID, choices: Mapping[str, bool], actor: str) -> None:
    """Keep these choices of a member, yes or no by name; choosing the same again changes nothing.

    Raises `NotFound`, and `MemberErased` for whoever was erased.
    """

    def step() -> None:
        member = locked_member(organisation_id, member_id)
        mine = Choice.objects.filter(organisation_id=organisation_id, member=member, name__in=list(choices))
        known = dict(mine.values_list("name", "chosen"))
        changed = sorted(name for name, chosen in choices.items() if known.get(name) != chosen)
        if not changed:
            return
        now = clock.now()
        Choice.objects.bulk_create(
            [
                Choice(
                    organisation_id=organisation_id,
                    member=member,
                    name=name,
                    chosen=choices[name],
                    chosen_at=now,
                )
                for name in changed
            ],
            update_conflicts=True,
            unique_fields=["organisation_id", "member", "name"],
            update_fields=["chosen", "chosen_at"],
        )
        details = {name: choices[name] for name in changed}
        audit.note(actor=actor, act="member.chose", subject=ids.show("mem", member_id), details=details)

    act(organisation_id, step)
