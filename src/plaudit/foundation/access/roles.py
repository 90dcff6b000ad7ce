"""The roles a person may hold in an organisation."""

from __future__ import annotations

from enum import StrEnum


class RoleName(StrEnum):
    """What a person is there for. A role says which pages and acts are theirs; a rule says whose rows."""

    MEMBER = "member"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    DESK = "desk"
    FINANCE = "finance"
    AUDITOR = "auditor"
    DEVELOPER = "developer"
    OPERATOR = "operator"


EVERYBODY = frozenset(RoleName)
"""Everyone who is signed in."""

COLLEAGUES = EVERYBODY - {RoleName.MEMBER}
"""Everyone who works on the programme."""

READS_ALL_MEMBERS = frozenset({RoleName.MANAGER, RoleName.DESK, RoleName.FINANCE, RoleName.AUDITOR})
"""Who may look at any member of their organisation."""

BUILDERS = frozenset({RoleName.MANAGER, RoleName.DEVELOPER, RoleName.OPERATOR})
"""Who tries things out: makes sandboxes, enters them and moves their clocks."""
