"""Answers to whoever holds a document of ours: whether it is genuine, and whether it still stands.

Nothing is told that the document does not say itself, and never whose it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from plaudit.foundation import ids
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.told import told
from plaudit.ledger.sealing import seal_of
from plaudit.ledger.units import units_by_id
from plaudit.rewards.models import Redemption, RedemptionState

_DIGEST = re.compile(r"[0-9a-f]{64}")
CODE_MAX = 300


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a document says: an amount of money has its `currency`, a moment is one."""

    label: str
    value: str | int | datetime
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """A document of ours. `stands` is false where it was withdrawn; `note` says what became of it."""

    what: str
    code: str
    issued_at: datetime
    stands: bool
    note: str
    facts: tuple[Fact, ...]


def verified(organisation_id: int, code: str) -> Verified | None:
    """The document with this code; None where there is none. Ask inside `in_organisation`."""
    code = " ".join(code.split())[:CODE_MAX]
    if code.lower().startswith("rdm_"):
        try:
            return _receipt(organisation_id, ids.read("rdm", code.lower(), kind="receipt"))
        except NotFound:
            return None
    return _seal(organisation_id, code)


def _receipt(organisation_id: int, redemption_id: UUID) -> Verified | None:
    found = (
        Redemption.objects.filter(organisation_id=organisation_id, id=redemption_id)
        .select_related("reward", "arrangement")
        .first()
    )
    if found is None:
        return None
    arrangement = getattr(found, "arrangement", None)
    unit = units_by_id(organisation_id)[found.reward.unit_id]
    facts = [Fact(_("What for"), told(found.reward.name)), Fact(_("Given for it"), unit.say(found.points))]
    if arrangement is not None and arrangement.value_minor is not None:
        facts.append(Fact(_("Worth"), arrangement.value_minor, arrangement.currency))
    charity = arrangement.charity if arrangement is not None else ""
    if charity:
        facts.append(Fact(_("Given to"), charity))
    stands, note = _standing(found)
    return Verified(
        _("Receipt of a donation") if charity else _("Receipt of a reward"),
        ids.show("rdm", found.id),
        found.ordered_at,
        stands,
        note,
        tuple(facts),
    )


def _standing(found: Redemption) -> tuple[bool, str]:
    """Whether the receipt stands, and what became of what it is for."""
    if found.state == RedemptionState.CANCELLED:
        return False, _("It was cancelled, and the points were given back.")
    back = found.refunds.aggregate(points=Sum("points"))["points"] or 0
    if back >= found.points:
        return False, _("It was given back whole.")
    if back:
        return True, _("A part of it was given back.")
    if found.state == RedemptionState.ORDERED:
        return True, _("It is on its way.")
    return True, _("It was handed over.")


def _seal(organisation_id: int, code: str) -> Verified | None:
    """The seal of the books that a kept line, or a digest alone, speaks of."""
    digest = code.lower().rpartition(" ")[2]
    if not _DIGEST.fullmatch(digest):
        return None
    seal = seal_of(organisation_id, bytes.fromhex(digest))
    if seal is None or code.lower() not in (digest, seal.anchor.lower()):
        return None
    return Verified(
        _("Seal of the books"),
        digest,
        seal.sealed_at,
        stands=True,
        note=_("The books up to that moment are as they were when it was made."),
        facts=(Fact(_("Number"), str(seal.number)), Fact(_("Books up to"), seal.sealed_until)),
    )
