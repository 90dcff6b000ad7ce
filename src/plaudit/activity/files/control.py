"""Control totals: what a file comes to, found in one pass, and how that differs from what it must come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from plaudit.activity.files.compiled import CompiledMapping
from plaudit.activity.files.limits import LIMITS, Limits
from plaudit.activity.files.mapping import Control, Mapping
from plaudit.activity.files.reading import read_events
from plaudit.activity.files.records import Batch, Position, RowError
from plaudit.activity.files.spilling import DistinctCount
from plaudit.activity.files.values import EXACT, CellProblem, text_of

NUMBERS = ("integer", "decimal", "minor_units", "duration")
EXAMPLES = 3


@dataclass
class Totals:
    """What the files come to. Sums are exact; `repairs` counts errors by repair code, `error_rows` rows.

    `sums` is over every number the events hold, `distinct` over `subject` and whatever the control section
    counts. `found_sums` and `found_distinct` are by the text of their expression, over every row as found.
    `examples` holds the first few errors of each repair code.
    """

    rows: int = 0
    events: int = 0
    members: int = 0
    error_rows: int = 0
    repairs: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[RowError]] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    sums: dict[str, Decimal] = field(default_factory=dict)
    distinct: dict[str, int] = field(default_factory=dict)
    found_sums: dict[str, Decimal] = field(default_factory=dict)
    found_distinct: dict[str, int] = field(default_factory=dict)
    first_at: datetime | None = None
    last_at: datetime | None = None

    def stored(self) -> dict[str, Any]:
        """The totals as plain JSON: exact numbers as text, moments in ISO 8601."""
        return {
            "rows": self.rows,
            "events": self.events,
            "members": self.members,
            "error_rows": self.error_rows,
            "repairs": dict(self.repairs),
            "skipped": dict(self.skipped),
            "noted": dict(self.noted),
            "sums": {name: format(total, "f") for name, total in self.sums.items()},
            "distinct": self.distinct,
            "found_sums": {name: format(total, "f") for name, total in self.found_sums.items()},
            "found_distinct": self.found_distinct,
            "first_at": self.first_at.isoformat() if self.first_at else None,
            "last_at": self.last_at.isoformat() if self.last_at else None,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """A control total that does not match: its name, both figures as text, and a sentence with the gap."""

    name: str
    expected: str
    found: str
    sentence: str


def control_totals(
    path: str | Path,
    mapping: Mapping,
    *,
    on_progress: Callable[[Position], None] | None = None,
    limits: Limits = LIMITS,
) -> Totals:
    """What the files behind `path` come to under the mapping, in one pass that posts nothing.

    `on_progress` is told the position after each batch, and may raise to stop. Memory is bounded.
    """
    totals = Totals()
    found = _Found(mapping)
    numbers = _number_fields(mapping)
    counted = {"subject": DistinctCount(), **{name: DistinctCount() for name, _ in mapping.control.distinct}}
    last_row: tuple[str, int] | None = None
    observer = found.watch if found.wanted else None
    for batch in read_events(path, mapping, size=2_000, limits=limits, observer=observer):
        _add_events(totals, batch, numbers, counted)
        for error in batch.errors:
            totals.repairs[error.repair] += 1
            totals.error_rows += (error.file, error.number) != last_row
            last_row = (error.file, error.number)
            shown = totals.examples.setdefault(error.repair, [])
            if len(shown) < EXAMPLES:
                shown.append(error)
        totals.skipped.update(batch.skipped)
        totals.noted.update(batch.noted)
        totals.rows = batch.position.rows
        if on_progress is not None:
            on_progress(batch.position)
    totals.distinct = {name: count.count() for name, count in counted.items()}
    totals.found_sums, totals.found_distinct = found.results()
    return totals


def _number_fields(mapping: Mapping) -> list[str]:
    """The fields of the events that hold numbers."""
    kinds = {name: value.kind for name, value in mapping.fields}
    if mapping.group is None:
        return [name for name, kind in kinds.items() if kind in NUMBERS]
    group = mapping.group
    pairs = (*group.sums, *group.smallest, *group.largest, *group.firsts)
    return [name for name, of in pairs if kinds[of] in NUMBERS] + ([group.count] if group.count else [])


def _add_events(totals: Totals, batch: Batch, numbers: list[str], counted: dict[str, DistinctCount]) -> None:
    totals.events += len(batch.events)
    totals.members += len(batch.members)
    events = batch.events
    for name in numbers:
        total: Decimal | int = 0
        for data in [event.data for event in events] + [member.attributes for member in batch.members]:
            value = data[name]
            if value is not None:
                total = EXACT.add(total, value) if value.__class__ is Decimal else total + value
        totals.sums[name] = EXACT.add(totals.sums.get(name, Decimal(0)), total)
    for name, count in counted.items():
        for text in _texts(name, batch):
            if text:
                count.add(text)
    if events:
        first, last = min(event.time for event in events), max(event.time for event in events)
        totals.first_at = min(totals.first_at or first, first)
        totals.last_at = max(totals.last_at or last, last)


def _texts(name: str, batch: Batch) -> list[str]:
    """What is counted distinct under a name: subject, id, type, or a field."""
    if name == "subject":
        return [event.subject or "" for event in batch.events] + [
            member.external_id for member in batch.members
        ]
    if name in ("id", "type"):
        return [getattr(event, name) for event in batch.events]
    values = [event.data.get(name) for event in batch.events]
    return [text_of(value) for value in values + [member.attributes.get(name) for member in batch.members]]


class _Found:
    """The totals over rows as they are found, whatever becomes of them."""

    def __init__(self, mapping: Mapping) -> None:
        control = mapping.control
        self.wanted = bool(control.found_sums or control.found_distinct)
        self._control = control
        self._sums = {expression.text: Decimal(0) for expression, _ in control.found_sums}
        self._distinct = {expression.text: DistinctCount() for expression, _ in control.found_distinct}

    def watch(self, compiled: CompiledMapping) -> Callable[[Any], None]:
        sums = [(each.text, compiled.number_expression(each)) for each, _ in self._control.found_sums]
        distinct = [(each.text, compiled.expression(each)) for each, _ in self._control.found_distinct]

        def observe(row: Any) -> None:
            for text, read in sums:
                try:
                    value = read(row)
                except CellProblem:
                    continue
                if value is not None:
                    self._sums[text] = EXACT.add(self._sums[text], value)
            for text, read in distinct:
                try:
                    value = read(row)
                except CellProblem:
                    continue
                if value is not None:
                    self._distinct[text].add(text_of(value))

        return observe

    def results(self) -> tuple[dict[str, Decimal], dict[str, int]]:
        return self._sums, {text: count.count() for text, count in self._distinct.items()}


def check_control(control: Control, totals: Totals) -> list[Difference]:
    """Every control total that does not match; empty where all do."""
    differences = []

    def check(name: str, expected: Decimal | int | None, found: Decimal | int) -> None:
        if expected is not None and expected != found:
            differences.append(_difference(name, Decimal(expected), Decimal(found)))

    check("rows", control.rows, totals.rows)
    check("events", control.events, totals.events or totals.members)
    for name, amount in control.sums:
        check(f"sum of {name}", amount, totals.sums.get(name, Decimal(0)))
    for name, number in control.distinct:
        check(f"different {name}", number, totals.distinct.get(name, 0))
    for expression, amount in control.found_sums:
        check(f"sum of {expression.text} as found", amount, totals.found_sums[expression.text])
    for expression, number in control.found_distinct:
        check(f"different {expression.text} as found", number, totals.found_distinct[expression.text])
    for name, number in control.counts:
        found = totals.skipped[name] or totals.noted[name] or totals.repairs[name]
        check(f"rows counted as {name}", number, found)
    return differences


def _difference(name: str, expected: Decimal, found: Decimal) -> Difference:
    gap = abs(EXACT.subtract(found, expected))
    side = "less" if found < expected else "more"
    said = f"The {name} should be {expected:,f} and is {found:,f}: {gap:,f} {side}."
    return Difference(name, format(expected, "f"), format(found, "f"), said)
