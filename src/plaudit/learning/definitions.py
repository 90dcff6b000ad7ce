"""What a programme offers to learn, as its file says, and the stored form of that."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from plaudit.foundation.exact import decode, encode
from plaudit.foundation.told import told_through
from plaudit.learning.conversations import Scenario


class Kind(StrEnum):
    """What sort of thing an offering is."""

    CONFERENCE = "conference"
    SEMINAR = "seminar"
    WEBINAR = "webinar"
    CERTIFICATION = "certification"
    REPORT = "report"
    BOOK = "book"
    TAPE = "tape"
    VIDEO = "video"
    E_LEARNING = "e-learning"
    PRACTICE = "practice"


class Counts(StrEnum):
    """How often one member's completing the same offering counts."""

    ONCE = "once"
    YEARLY = "once a year"
    EACH = "each time"


class MoveOn(StrEnum):
    """What statements must have said for it to be satisfied (cmi5, Quartz 1st edition, 13.1.4)."""

    PASSED = "Passed"
    COMPLETED = "Completed"
    COMPLETED_AND_PASSED = "CompletedAndPassed"
    COMPLETED_OR_PASSED = "CompletedOrPassed"
    NOT_APPLICABLE = "NotApplicable"


class Offering(msgspec.Struct, frozen=True):
    """One thing to learn: what it is, who gives it, and what completing it is worth.

    `minutes` are of instruction; they are what credits are reckoned from. `partner` is a partner of the
    programme, "" for the body's own. What it earns is `earn` of the `unit`, None where only the rules of the
    programme say. A certificate holds for `certificate_months`, 0 for as long as there is one; `has_certificate`
    says whether there is one at all, and `notice_days` how long before its end that is announced.

    Whoever registers has completed all of `after`. A certification with `steps` is completed by completing them
    all, and renewed by completing all of `renewal` (or else all of them) again. It is for members whose role is
    among `needed_by` to complete.

    `activity` is the address by which statements of the Experience API speak of it, "" where none do; it is completed
    once those of one registration satisfy `move_on`.
    """

    key: str
    name: str
    kind: Kind
    description: str = ""
    provider: str = ""
    partner: str = ""
    minutes: int = 0
    earn: Decimal | None = None
    unit: str = ""
    counts: Counts = Counts.YEARLY
    has_certificate: bool = False
    certificate_months: int = 0
    notice_days: int = 60
    after: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    renewal: tuple[str, ...] = ()
    needed_by: tuple[str, ...] = ()
    claim: bool = False
    activity: str = ""
    move_on: MoveOn = MoveOn.COMPLETED_OR_PASSED


class Learning(msgspec.Struct, frozen=True):
    """All that one version of a programme offers. `role` is the member's attribute that says their role.

    Days and years are those of `time_zone`. `scenarios` are conversations to practise.
    """

    programme: str
    time_zone: str
    role: str = "role"
    offerings: tuple[Offering, ...] = ()
    scenarios: tuple[Scenario, ...] = ()

    def offering(self, key: str) -> Offering | None:
        """The offering of that key."""
        return next((one for one in self.offerings if one.key == key), None)

    def scenario(self, key: str) -> Scenario | None:
        """The scenario of that key."""
        return next((one for one in self.scenarios if one.key == key), None)


def store_learning(learning: Learning) -> dict[str, Any]:
    """The offer as plain data for the database: the same offer gives the same data."""
    stored: dict[str, Any] = decode(encode(learning))
    return stored


def read_learning(stored: Mapping[str, Any]) -> Learning:
    """The offer behind its stored form, told to whoever reads."""
    return told_through(msgspec.convert(stored, Learning, strict=False))
