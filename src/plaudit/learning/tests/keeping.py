"""Documents of courses for tests: as many as a place may have."""

from __future__ import annotations

from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.document_models import Document


def fill(organisation_id: int, many: int) -> None:
    """Keep so many documents more beside the newest."""
    with in_organisation(organisation_id):
        one = Document.objects.order_by("-id")[0]
        Document.objects.bulk_create(
            Document(
                organisation_id=organisation_id,
                place=f"{one.place} {number}",
                around=one.around,
                resource=one.resource,
                activity=one.activity,
                agent=one.agent,
                name=f"more-{number}",
                media=one.media,
                content=b"{}",
                digest=one.digest,
                changed_at=one.changed_at,
            )
            for number in range(many)
        )
