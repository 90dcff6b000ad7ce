"""Keeps views of lists under a name, and lets them go again."""

from __future__ import annotations

from plaudit.foundation import audit, clock
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.people.rules import Faults, check_text
from plaudit.people.saved_views import SHARED, SavedView

QUERY_MAX = 2_000


def save_view(
    organisation_id: int, *, page: str, name: str, query: str, user_id: int, shared: bool, actor: str
) -> SavedView:
    """Keep how a list is asked for; the same name again means the newer one. Raises `Problem`."""
    faults = Faults()
    check_text(faults, "/name", name, longest=60, empty=False)
    check_text(faults, "/query", query, longest=QUERY_MAX)
    faults.refuse("The view cannot be kept like this.")
    owner_id = SHARED if shared else user_id

    def step() -> SavedView:
        view, _ = SavedView.objects.update_or_create(
            organisation_id=organisation_id,
            page=page,
            owner_id=owner_id,
            name=name.strip(),
            defaults={"query": query, "saved_at": clock.now()},
        )
        audit.note(actor=actor, act="view.saved", subject=page, details={"shared": shared})
        return view

    return act(organisation_id, step)


def remove_view(organisation_id: int, *, view_id: int, user_id: int, actor: str) -> None:
    """Forget a view of one's own, or everybody's. Raises `NotFound` for one that is somebody else's."""

    def step() -> None:
        gone, _ = SavedView.objects.filter(
            organisation_id=organisation_id, id=view_id, owner_id__in=(user_id, SHARED)
        ).delete()
        if not gone:
            raise NotFound(kind="view", ref=view_id)
        audit.note(actor=actor, act="view.removed", subject=f"view {view_id}")

    act(organisation_id, step)
