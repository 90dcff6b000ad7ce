"""Closes sandboxes: from then on nobody gets in, no key opens them, and their name is free again."""

from __future__ import annotations

from plaudit.foundation import audit, clock
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.people.models import ApiKey, Organisation, OrganisationKind, Role, Session, SignInLink


def close_sandbox(organisation_id: int, sandbox_id: int, *, actor: str) -> None:
    """Close a sandbox of this organisation: its roles, keys, links and sessions end, and it leaves every list.

    Its books stay where they are, for books are never deleted, and nobody can read them any more. Closing it
    again changes nothing. Raises `NotFound` for what was no sandbox of the organisation.
    """

    def step() -> None:
        found = Organisation.objects.select_for_update().filter(id=sandbox_id).first()
        if found is None or found.kind != OrganisationKind.SANDBOX:
            raise NotFound(kind="sandbox", ref=sandbox_id)
        if found.copied_from_id is None and found.slug == _closed(found):
            return
        if found.copied_from_id != organisation_id:
            raise NotFound(kind="sandbox", ref=sandbox_id)
        Role.objects.filter(organisation_id=sandbox_id).delete()
        SignInLink.objects.filter(organisation_id=sandbox_id).delete()
        Session.objects.filter(signed_in_to_id=sandbox_id).delete()
        ApiKey.objects.filter(organisation_id=sandbox_id, revoked_at=None).update(revoked_at=clock.wall())
        found.copied_from, found.slug = None, _closed(found)
        found.save(update_fields=["copied_from", "slug"])
        audit.note(actor=actor, act="sandbox.closed", subject=f"org_{found.code}")

    act(sandbox_id, step)


def _closed(sandbox: Organisation) -> str:
    return f"closed-{sandbox.code}"
