"""Holds a supplier's statement against our orders: matched, missing, wrong in amount, or charged twice. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from plaudit.rewards.refusals import StatementUnreadable

LINES_MAX = 100_000


class Finding(StrEnum):
    """What a line of the statement, or an order of ours, came to.

    MATCHED: ordered and charged as agreed. WRONG_AMOUNT: charged otherwise. TWICE: charged again. UNKNOWN:
    charged, and no delivered order of ours. MISSING: delivered, and not on the statement.
    """

    MATCHED = "matched"
    WRONG_AMOUNT = "wrong_amount"
    TWICE = "twice"
    UNKNOWN = "unknown"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement: which order it charges, and how much, in minor units."""

    number: int
    order: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Found:
    """One finding. `line` is the statement's line number, None for what is missing from it."""

    finding: Finding
    order: str
    line: int | None
    ours_minor: int | None
    theirs_minor: int | None


def read_statement(text: str, digits: int) -> list[Line]:
    """The lines of a CSV with the columns `order` and `amount` (money with so many decimals). Raises `StatementUnreadable`."""
    try:
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True))
    except csv.Error:
        raise StatementUnreadable(line=1, why="it is not a CSV") from None
    if not rows or not {"order", "amount"} <= rows[0].keys():
        raise StatementUnreadable(line=1, why="it needs lines under the columns order and amount")
    if len(rows) > LINES_MAX:
        raise StatementUnreadable(line=LINES_MAX, why=f"more than {LINES_MAX:,} lines are too many")
    return [
        Line(number, (row["order"] or "").strip(), _minor(row["amount"] or "", digits, number))
        for number, row in enumerate(rows, start=2)
    ]


def _minor(text: str, digits: int, number: int) -> int:
    try:
        minor = Decimal(text.strip()).scaleb(digits)
    except InvalidOperation:
        raise StatementUnreadable(line=number, why="its amount is not a number") from None
    if not minor.is_finite() or abs(minor) > 10**15 or minor != minor.to_integral_value():
        raise StatementUnreadable(line=number, why="its amount is not a possible amount of money")
    return int(minor)


def reconcile(lines: list[Line], ours: Mapping[str, int | None]) -> list[Found]:
    """Every line with what it came to, then what is missing. `ours` is what was agreed for each delivered order.

    Where nothing was agreed (None) any amount matches.
    """
    charged: set[str] = set()
    found = []
    for line in lines:
        agreed = ours.get(line.order)
        if line.order not in ours:
            finding = Finding.UNKNOWN
        elif line.order in charged:
            finding = Finding.TWICE
        elif agreed is not None and agreed != line.amount_minor:
            finding = Finding.WRONG_AMOUNT
        else:
            finding = Finding.MATCHED
        charged.add(line.order)
        found.append(Found(finding, line.order, line.number, agreed, line.amount_minor))
    missing = [order for order in ours if order not in charged]
    return found + [Found(Finding.MISSING, order, None, ours[order], None) for order in missing]
