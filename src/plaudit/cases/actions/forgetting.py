"""Forgets what erased members wrote: that there was a case stays, its words go."""

from __future__ import annotations

from plaudit.cases.models import ApprovalRequest, CaseState, Message, RequestState
from plaudit.cases.queries import cases_to_forget
from plaudit.foundation import clock
from plaudit.foundation.tenancy import act

GONE = "(erased)"


def forget_erased(organisation_id: int) -> int:
    """Empty the words of every case of a member who was erased, and end those that run; how many."""

    def step() -> int:
        found = list(cases_to_forget(organisation_id).select_for_update().order_by("id"))
        now = clock.now()
        mine = {"organisation_id": organisation_id, "case__in": found}
        Message.objects.filter(**mine).update(words="")
        waiting = ApprovalRequest.objects.filter(**mine, state=RequestState.WAITING)
        waiting.update(state=RequestState.WITHDRAWN, decided_at=now)
        for one in found:
            one.about, one.proof, one.forgotten_at = GONE, "", now
            if one.ended_at is None:
                one.state, one.ended_at = CaseState.WITHDRAWN, now
            one.save(update_fields=["about", "proof", "forgotten_at", "state", "ended_at"])
        return len(found)

    return act(organisation_id, step)
