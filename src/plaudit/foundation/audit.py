"""The audit trail: who did what to which thing, and why, in the same transaction as the act."""

from __future__ import annotations

from collections.abc import Mapping

from plaudit.foundation import clock
from plaudit.foundation.models import Audit
from plaudit.foundation.requests import current_request_id
from plaudit.foundation.tenancy import organisation_at_work


def note(
    *, actor: str, act: str, subject: str = "", reason: str = "", details: Mapping[str, object] | None = None
) -> None:
    """Write down an act. `actor` and `subject` are references (usr_…, key_…, mem_…), never names."""
    Audit.objects.create(
        organisation_id=organisation_at_work(),
        happened_at=clock.now(),
        actor=actor,
        act=act,
        subject=subject,
        reason=reason,
        details=dict(details or {}),
        request_id=current_request_id(),
    )
