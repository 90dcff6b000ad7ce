"""What each role is called."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop

from plaudit.foundation.access.roles import RoleName

ROLE_WORDS: Mapping[str, str] = {
    RoleName.MEMBER: gettext_noop("Member"),
    RoleName.SUPERVISOR: gettext_noop("Supervisor"),
    RoleName.DESK: gettext_noop("Desk"),
    RoleName.MANAGER: gettext_noop("Manager"),
    RoleName.FINANCE: gettext_noop("Finance"),
    RoleName.AUDITOR: gettext_noop("Auditor"),
    RoleName.OPERATOR: gettext_noop("Operator"),
    RoleName.DEVELOPER: gettext_noop("Developer"),
}
"""By role; to be translated where it is shown."""
