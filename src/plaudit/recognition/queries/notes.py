"""Notes of supervisors, for those who may read them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from plaudit.recognition.models import Note

SHOWN_MAX = 50


def notes_by(organisation_id: int, author_id: UUID, *, about: UUID | None = None) -> Sequence[Note]:
    """What somebody noted, the newest first; about one person where one is named."""
    mine = Note.objects.filter(organisation_id=organisation_id, author_id=author_id)
    if about is not None:
        mine = mine.filter(member_id=about)
    return list(mine.order_by("-written_at", "-id")[:SHOWN_MAX])


def notes_shared_with(organisation_id: int, member_id: UUID) -> Sequence[Note]:
    """What was noted about somebody and shared with them, the newest first."""
    shared = Note.objects.filter(
        organisation_id=organisation_id, member_id=member_id, shared_at__isnull=False
    )
    return list(shared.order_by("-shared_at", "-id")[:SHOWN_MAX])
