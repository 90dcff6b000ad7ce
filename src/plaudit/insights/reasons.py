"""A reason in six layers, as plain values: what the Because panel shows and the API answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from plaudit.foundation import written
from plaudit.ledger.units import UnitPolicy


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that was looked at: what it is, its value in words, where it came from and of when it is.

    `reference` names it where it is a row of the books: an activity (`act_…`) or a transfer (`led_…`).
    """

    label: str
    value: str
    source: str = ""
    at: datetime | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """What decided: a rule, a policy or a person, in words; since when, and by whom it was approved.

    `programme` and `key` name a published rule; a decision by hand has neither.
    """

    name: str
    words: str
    version: int | None = None
    since: datetime | None = None
    approved_by: str = ""
    programme: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of the arithmetic.

    A line with an `amount` (in the unit's smallest part) is added up; one with a `value` only shows a
    step on the way there.
    """

    label: str
    note: str = ""
    amount: int | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Something to read on about: in words, and its reference (`led_…`, `act_…`, `rdm_…`)."""

    label: str
    reference: str


@dataclass(frozen=True, slots=True)
class RuleWords:
    """What one rule said of an activity, for the question why it earned nothing."""

    name: str
    verdict: str
    sentence: str
    would_change: str
    paid: bool


@dataclass(frozen=True, slots=True)
class Because:
    """Why a balance changed, or why an activity earned what it did.

    The six layers: `sentence`; `inputs`; `authority`; `sums`, which add up to `total`; `would_change`;
    `question`, which says how to doubt it, and by
    which day (`answer_by`) it is answered. `aloud` is the whole to be read out on the telephone.
    `reference` is the transfer's or the activity's. Amounts are in the smallest part of `unit`, which is
    none for an activity that could have earned several; `total` then stands in words.
    """

    reference: str
    kind: str
    member_id: UUID | None
    unit: UnitPolicy | None
    happened_at: datetime
    sentence: str
    inputs: tuple[Input, ...]
    authority: Authority
    sums: tuple[Sum, ...]
    total: Sum
    would_change: tuple[str, ...]
    question: str
    aloud: str
    answer_by: date | None = None
    links: tuple[Link, ...] = ()
    rules: tuple[RuleWords, ...] = ()

    def adds_up(self) -> bool:
        """Whether the lines of the arithmetic come to the total."""
        added = [one.amount for one in self.sums if one.amount is not None]
        return self.total.amount is None or sum(added) == self.total.amount


def question_words(reference: str, answer_by: date) -> str:
    """How to doubt a reason: what becomes of it, and by when."""
    return _("Not right? Question {reference}: it becomes a case, answered by {day}.").format(
        reference=reference, day=written.day(answer_by)
    )
