"""Copies the programmes in force into a sandbox, so that what is tried there is what would really happen."""

from __future__ import annotations

from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.queries import sandboxes_of
from plaudit.planning.actions.apply import apply
from plaudit.planning.models import ProgrammeState
from plaudit.planning.queries import export, programmes


def copy_programmes(organisation_id: int, sandbox_id: int, *, actor: str) -> list[str]:
    """Apply every programme in force to a sandbox of this organisation; their keys. Again, it changes nothing.

    Raises `NotFound` for what is no sandbox of the organisation.
    """
    if sandbox_id not in {one.id for one in sandboxes_of(organisation_id)}:
        raise NotFound(kind="sandbox", ref=sandbox_id)
    with in_organisation(organisation_id):
        in_force = [
            one.key
            for one in programmes(organisation_id)
            if one.version and one.state != ProgrammeState.RETIRED
        ]
        files = {key: export(organisation_id, key) for key in in_force}
    for file in files.values():
        apply(sandbox_id, file, actor=actor, reason="As it is in force in the original.")
    return list(files)
