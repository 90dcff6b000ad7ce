"""Erases a person: every word about them goes, the books keep what happened and what it was worth."""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation import clock, ids
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import act
from plaudit.people.actions.erasing import erase_identities


def erase_member(organisation_id: int, *, member_id: UUID, reason: str, actor: str) -> list[UUID]:
    """Erase a member and whoever was merged into them; everyone erased, none if it was done before.

    The news tells floors above to erase what they hold. Points stay where they are, nobody's to spend,
    and expire by their own rule. Raises as `erase_identities` does.
    """

    def step() -> list[UUID]:
        erased = erase_identities(organisation_id, member_id=member_id, reason=reason, actor=actor)
        for one in erased:
            tell(organisation_id, "member.erased", {"member": ids.show("mem", one)}, happened_at=clock.now())
        return erased

    return act(organisation_id, step)
