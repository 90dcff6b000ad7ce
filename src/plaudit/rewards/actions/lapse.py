"""Gives back redemptions whose time ran out before they came to anything."""

from __future__ import annotations

from plaudit.foundation import clock
from plaudit.foundation.tenancy import act
from plaudit.rewards.actions.settle import give_back, lock_redemption
from plaudit.rewards.models import Arrangement, RedemptionState, Stage

ACTOR = "plaudit"
_WAITING = (Stage.APPROVAL, Stage.PAYMENT, Stage.SEND)


def lapse(organisation_id: int, *, at_a_time: int = 100) -> int:
    """Give back every redemption that is past its time and not on its way; how many. In small transactions."""
    count = 0
    while True:
        done = act(organisation_id, lambda: _lapse_some(organisation_id, at_a_time))
        count += done
        if done < at_a_time:
            return count


def _lapse_some(organisation_id: int, at_most: int) -> int:
    due = Arrangement.objects.filter(
        organisation_id=organisation_id, lapses_at__lte=clock.now(), stage__in=_WAITING
    )
    found = list(due.order_by("redemption_id").values_list("redemption_id", flat=True)[:at_most])
    for redemption_id in found:
        redemption = lock_redemption(organisation_id, redemption_id)
        if redemption.state == RedemptionState.ORDERED:
            give_back(organisation_id, redemption, actor=ACTOR, reason="Its time ran out")
    return len(found)
