"""Erases again, after a backup was restored, whoever was erased since it was made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID

from plaudit.foundation import ids
from plaudit.foundation.refusals import NotFound, Problem, Refusal
from plaudit.membership.actions.erase import erase_member
from plaudit.people.models import Organisation
from plaudit.surfaces.cli.acting import ACTOR

_REASON = "Erased before; the backup that was restored is older."


def listed(files: Iterable[Path]) -> list[tuple[str, str]]:
    """The erasures in these files, one a line: any words, the organisation's code (org_…), the member (mem_…).

    Raises `Problem` with every line that says something else; blank lines and those after # are passed over.
    """
    found, errors = [], []
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            words = line.split()
            try:
                found.append((words[-2].removeprefix("org_"), str(ids.read("mem", words[-1], kind="member"))))
            except (IndexError, Refusal):
                pointer = f"{file}:{number}"
                errors.append(
                    {"pointer": pointer, "code": "not_an_erasure", "detail": "Expected: org_… mem_…"}
                )
    if errors:
        raise Problem("A list of erasures cannot be read.", errors=errors)
    return found


def erase_again(erased: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Erase these members, as (organisation's code, member id): who was erased now, and who could not be.

    A member the backup does not know yet, or knows to be erased, needs nothing. One that the backup knows as
    merged into another cannot be erased alone, and a person must decide.
    """
    organisations = dict(Organisation.objects.values_list("code", "id"))
    done: list[str] = []
    left: list[str] = []
    for code, member_id in dict.fromkeys(erased):
        if code not in organisations:
            continue
        try:
            gone = erase_member(organisations[code], member_id=UUID(member_id), reason=_REASON, actor=ACTOR)
        except NotFound:
            continue
        except Refusal:
            left.append(ids.show("mem", UUID(member_id)))
        else:
            done += [ids.show("mem", one) for one in gone]
    return done, [one for one in left if one not in done]
