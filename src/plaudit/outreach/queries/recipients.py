"""Which colleagues a piece of news is for."""

from __future__ import annotations

from collections.abc import Collection

from plaudit.cases.models import ApprovalRequest
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.ids import read, show
from plaudit.people.models import Role

_APPROVE = (RoleName.MANAGER, RoleName.FINANCE)


def approvers(organisation_id: int) -> list[int]:
    """Everybody who may be the second person, by their sign-in."""
    found = Role.objects.filter(organisation_id=organisation_id, name__in=_APPROVE, user__is_active=True)
    return sorted(set(found.values_list("user_id", flat=True)))


def askers_of(organisation_id: int, references: Collection[str]) -> dict[str, int]:
    """Who asked for each of these requests; programs, which read no inbox, are left out."""
    ids = [read("apr", reference, kind="request") for reference in references]
    rows = ApprovalRequest.objects.filter(organisation_id=organisation_id, id__in=ids)
    return {
        show("apr", id): int(asked_by.removeprefix("usr_"))
        for id, asked_by in rows.values_list("id", "asked_by")
        if asked_by.startswith("usr_") and asked_by.removeprefix("usr_").isdigit()
    }
