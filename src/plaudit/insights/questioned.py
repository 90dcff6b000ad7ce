"""The words that stand at what a member questions, so that the case can be read by itself."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from plaudit.foundation import ids
from plaudit.foundation.refusals import NotFound
from plaudit.insights.because import because, because_of_event, because_of_standing
from plaudit.rewards.queries import redemption


def words_at(organisation_id: int, member_id: UUID, reference: str) -> str:
    """What stands at a reference of the member's own; at none, their points. Raises `NotFound`, also for another's."""
    if not reference:
        return _("My points")
    if reference.startswith("rdm_"):
        wanted = ids.read("rdm", reference, kind="redemption")
        return redemption(organisation_id, wanted, member_id=member_id).reward
    if reference.startswith("act_"):
        reason = because_of_event(organisation_id, ids.read("act", reference, kind="activity"))
    elif reference.startswith("tier:"):
        reason = because_of_standing(organisation_id, member_id, reference)
    else:
        reason = because(organisation_id, reference)
    if reason.member_id != member_id:
        raise NotFound(kind="line", ref=reference)
    return reason.sentence
