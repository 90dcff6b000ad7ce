"""Two versions of a programme side by side, or a version and a file: line by line, and in sentences."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from plaudit.foundation.tenancy import in_organisation
from plaudit.planning.plans import validate
from plaudit.planning.programme_file.change import Change
from plaudit.planning.programme_file.differences import changes_between
from plaudit.planning.queries import programme_behind, version_row


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs: `lines` as a unified diff of the files, empty where they are the same; `changes` in words."""

    lines: str
    changes: tuple[Change, ...]


def compare_versions(organisation_id: int, key: str, *, older: int, newer: int | None = None) -> Comparison:
    """What changed from one published version to another, by default the newest. Raises `NotFound`."""
    with in_organisation(organisation_id):
        was, now = version_row(organisation_id, key, older), version_row(organisation_id, key, newer)
    changes = changes_between(programme_behind(was), programme_behind(now))
    names = (f"{key} version {was.number}", f"{key} version {now.number}")
    return Comparison(_unified(was.source, now.source, *names), tuple(changes))


def compare_with_file(
    organisation_id: int, key: str, source: str, *, version: int | None = None
) -> Comparison:
    """What a file changes about a published version, by default the newest.

    The file is judged by itself; `plans.plan` also asks what else lives in the organisation. Raises
    `NotFound` and `ProgrammeFileRefused`.
    """
    with in_organisation(organisation_id):
        was = version_row(organisation_id, key, version)
    changes = changes_between(programme_behind(was), validate(source))
    return Comparison(_unified(was.source, source, f"{key} version {was.number}", "the file"), tuple(changes))


def _unified(was: str, now: str, was_name: str, now_name: str) -> str:
    lines = difflib.unified_diff(was.splitlines(), now.splitlines(), was_name, now_name, lineterm="")
    return "\n".join(lines)
