"""Erases a person: every word about them goes, the books keep what happened and what it was worth."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from plaudit.foundation import clock, ids
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import act
from plaudit.membership.belonging import forget
from plaudit.people.actions.erasing import erase_identities
from plaudit.people.models import Organisation
from plaudit.rewards.actions.forget import forget_addresses

_log = logging.getLogger(__name__)


def erase_member(organisation_id: int, *, member_id: UUID, reason: str, actor: str) -> list[UUID]:
    """Erase a member and whoever was merged into them; everyone erased, none if it was done before.

    The news tells floors above to erase what they hold. Points stay where they are, nobody's to spend,
    and expire by their own rule. Raises as `erase_identities` does.
    """

    def step() -> list[UUID]:
        erased = erase_identities(organisation_id, member_id=member_id, reason=reason, actor=actor)
        forget(organisation_id, erased, actor=actor)
        for one in erased:
            tell(organisation_id, "member.erased", {"member": ids.show("mem", one)}, happened_at=clock.now())
        if erased:
            forget_addresses(organisation_id, erased)
            transaction.on_commit(partial(_note_outside, organisation_id, erased))
        return erased

    return act(organisation_id, step)


def _note_outside(organisation_id: int, erased: list[UUID]) -> None:
    """Write down in the home folder that they were erased, and nothing of who they were.

    An older backup, restored after the database was lost, still knows them; by this it learns. The erasure
    stands whether or not the line can be written.
    """
    code = Organisation.objects.values_list("code", flat=True).get(id=organisation_id)
    now = clock.wall().isoformat(timespec="seconds")
    lines = [f"{now} org_{code} {ids.show('mem', one)}\n" for one in erased]
    try:
        with (Path(settings.HOME) / "erasures.log").open("a", encoding="utf-8") as log:
            log.write("".join(lines))
    except OSError:
        _log.exception("An erasure was done, and could not be written to erasures.log.")
