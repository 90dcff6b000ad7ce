"""Why a membership is at its level: a sentence that is kept in English, and told in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from plaudit.foundation.told import told
from plaudit.foundation.worded import Worded, recalled, worded

_BY_LIST = gettext_noop("{level}, because its list has the role {role}.")
_DECIDED = gettext_noop("{level} was decided: {reason}")
_BY_STEP = gettext_noop("{level}, by the {kind} of {day}.")


def by_list(level: str, role: str) -> Worded:
    """That the level's list has this role."""
    return worded(_BY_LIST, level=level, role=role)


def decided(level: str, reason: str) -> Worded:
    """That somebody decided so, and why."""
    return worded(_DECIDED, level=level, reason=reason)


def by_step(level: str, kind: str, day: str) -> Worded:
    """That it came with joining, renewing or changing on that day."""
    return worded(_BY_STEP, level=level, kind=kind, day=day)


def recalled_reason(kept: str) -> str:
    """A reason that was kept, able to be told again; the level by its name for whoever reads."""
    found = recalled(kept, _BY_LIST, _DECIDED, _BY_STEP)
    if not isinstance(found, Worded):
        return found
    return worded(found.message, **{**found.facts, "level": told(found.facts["level"])})
