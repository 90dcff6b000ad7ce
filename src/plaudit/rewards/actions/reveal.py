"""Shows a code to whoever paid for it, and notes that it was shown."""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation import audit
from plaudit.foundation.ids import show
from plaudit.foundation.tenancy import act
from plaudit.rewards.queries import code_of


def reveal(organisation_id: int, redemption_id: UUID, *, member_id: UUID, actor: str) -> str:
    """The code of this member's redemption, in clear. Raises `NotFound`, also for another member's."""

    def step() -> str:
        code = code_of(organisation_id, redemption_id, member_id=member_id)
        audit.note(actor=actor, act="redemption.code_shown", subject=show("rdm", redemption_id))
        return code

    return act(organisation_id, step)
