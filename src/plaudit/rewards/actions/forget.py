"""Forgets where rewards were sent to, for a person who is erased."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from plaudit.foundation.tenancy import act
from plaudit.rewards.models import Arrangement


def forget_addresses(organisation_id: int, member_ids: Sequence[UUID]) -> int:
    """Remove every address these members gave; how many there were. What was redeemed stays."""

    def step() -> int:
        sent = Arrangement.objects.filter(
            organisation_id=organisation_id, redemption__member_id__in=member_ids, address__isnull=False
        )
        return sent.update(address=None, carrier="", tracking="")

    return act(organisation_id, step)
