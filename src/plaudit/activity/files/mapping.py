"""A mapping: how the rows of one kind of file become events or members. Plain values, read from YAML."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

from plaudit.activity.files.expressions import Expression
from plaudit.activity.files.moments import MomentFormat

Scalar: TypeAlias = str | int | Decimal | bool | None


@dataclass(frozen=True, slots=True)
class FileForm:
    """What kind of file it is. `auto` is found out from the first bytes, and never guessed from less."""

    format: str = "auto"
    compression: str = "auto"
    encoding: str = "auto"
    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    columns: tuple[str, ...] = ()
    skip_lines: int = 0
    sheet: str | int | None = None
    decimal_comma: bool = False
    thousands: str = ""
    scientific: bool = False
    # What columns are called in this file that the mapping calls otherwise: pairs of its name and this.
    renames: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """Where one value comes from (a column, a constant or an expression) and what it must be.

    `kind` is what `as` says. `values` translates texts, `otherwise` says what happens to others: refuse,
    keep or empty. Texts in `missing` stand for "not known": they become empty and are counted.
    """

    column: str | None = None
    constant: Scalar = None
    expression: Expression | None = None
    kind: str = "text"
    scale: int | None = None
    rounding: str | None = None
    values: tuple[tuple[str, Scalar], ...] = ()
    otherwise: str = "refuse"
    missing: frozenset[str] = frozenset()
    required: bool = False
    default: Scalar = None
    format: MomentFormat | None = None
    zone: ZoneInfo | None = None

    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        if self.column is not None:
            return (self.column,)
        return self.expression.columns if self.expression is not None else ()


@dataclass(frozen=True, slots=True)
class Key:
    """What makes an event the same event when it is read again, within its source.

    Either columns (or an expression) that hold the source's own id, or, for files without one, the row's
    place: then `per` says of what (`file` or `dataset`), and the file is known by its `identity` (`name` or
    `content`) or by the declared `dataset`. Never the equality of rows: real files hold true repeats.
    """

    columns: tuple[str, ...] = ()
    expression: Expression | None = None
    row_number: bool = False
    per: str = "file"
    dataset: str | None = None
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """Who the event is about: their id in the outside system `source`; `empty` is keep, skip or refuse."""

    value: Value
    source: str
    empty: str = "refuse"


@dataclass(frozen=True, slots=True)
class Moment:
    """When it happened: a date (or a moment) in one value, the time of day with it, beside it, or declared."""

    date: Value
    format: MomentFormat
    time: Value | None = None
    time_format: MomentFormat | None = None
    zone: ZoneInfo | None = None
    ambiguous: str = "earlier"
    nonexistent: str = "shift"
    earliest: datetime | None = None
    latest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A named condition on a row; the name is the reason it is counted under."""

    name: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Group:
    """Many lines to one event: lines of one key, near or far apart, within one `file` or the `set`.

    `sums`, `smallest`, `largest` and `firsts` are pairs of an event's field and the line's field it is
    made from; `count` names the field that holds the number of lines. `time` says which line's time.
    """

    within: str = "file"
    sums: tuple[tuple[str, str], ...] = ()
    firsts: tuple[tuple[str, str], ...] = ()
    smallest: tuple[tuple[str, str], ...] = ()
    largest: tuple[tuple[str, str], ...] = ()
    count: str | None = None
    time: str = "first"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A second copy of the same rows to compare with, row by row or by key, and how its columns are called."""

    file: str
    columns: tuple[tuple[str, str], ...] = ()
    show: int = 20


@dataclass(frozen=True, slots=True)
class Control:
    """Totals that must match before anything is posted.

    `rows` counts the data rows of the file; `events` what they become. `sums` and `distinct` are over the
    events; `found_sums` and `found_distinct` are expressions over every row as found, whatever is skipped
    later. `counts` are reasons counted by skip_when, only_when and count_when, and other noted counts.
    """

    rows: int | None = None
    events: int | None = None
    sums: tuple[tuple[str, Decimal], ...] = ()
    distinct: tuple[tuple[str, int], ...] = ()
    found_sums: tuple[tuple[Expression, Decimal], ...] = ()
    found_distinct: tuple[tuple[Expression, int], ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    compare_with: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """Everything that is needed to read one kind of file. Made by `load_mapping`, which checks it."""

    source: str
    subject: Subject | None
    file: FileForm = field(default_factory=FileForm)
    record: str = "event"
    type: Value = field(default_factory=Value)
    key: Key = field(default_factory=Key)
    occurred_at: Moment | None = None
    corrects: Value | None = None
    name: Value | None = None
    kind: Value = field(default_factory=lambda: Value(constant="customer"))
    fields: tuple[tuple[str, Value], ...] = ()
    skip_when: tuple[Condition, ...] = ()
    only_when: tuple[Condition, ...] = ()
    count_when: tuple[Condition, ...] = ()
    group: Group | None = None
    control: Control = field(default_factory=Control)

    def columns(self) -> tuple[str, ...]:
        """Every column the mapping reads, each once."""
        values = [self.type, self.corrects, self.name, self.kind, *(value for _, value in self.fields)]
        if self.subject is not None:
            values.append(self.subject.value)
        if self.occurred_at is not None:
            values += [self.occurred_at.date, self.occurred_at.time]
        expressions = [self.key.expression]
        expressions += [part.expression for part in (*self.skip_when, *self.only_when, *self.count_when)]
        expressions += [part for part, _ in (*self.control.found_sums, *self.control.found_distinct)]
        named = [*self.key.columns]
        for value in values:
            named += value.columns() if value is not None else ()
        for expression in expressions:
            named += expression.columns if expression is not None else ()
        return tuple(dict.fromkeys(named))
