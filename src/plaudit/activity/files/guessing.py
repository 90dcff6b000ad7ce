"""A first mapping for a file nobody has described yet: a text to be read and corrected by a person."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from plaudit.activity.files.limits import CHUNK_BYTES, LIMITS, Limits
from plaudit.activity.files.mapping import FileForm
from plaudit.activity.files.opening import format_of, open_table
from plaudit.activity.files.profiling import ColumnSeen, profile
from plaudit.activity.files.sources import OpenedFile, first_file, plain_name

SAMPLE_ROWS = 1_000
_DELIMITERS = (",", ";", "\t", "|")
_SUBJECT = re.compile(
    r"(customer|client|member|user|household|student|agent|employee|staff|account|contact|card|person|guest)",
    re.IGNORECASE,
)
_ID = re.compile(
    r"(^|[^a-z])(id|no|nr|number|ref|reference|key|uuid)([^a-z]|$)|[a-z](ID|Id|No|Nr)$", re.IGNORECASE
)
_SINCE = re.compile(r"became|joined|member|regist|enrol|since|created|birth", re.IGNORECASE)
_AMOUNT = re.compile(r"amount|total|value|price|sales|revenue|paid|spend|net|gross", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of the first file behind a path, and how it was read."""

    name: str
    identity: str
    form: FileForm
    format: str
    columns: tuple[ColumnSeen, ...]
    several: bool


def guess_form(opened: OpenedFile) -> FileForm:
    """Format, encoding, delimiter and header of a file, judged by its first bytes."""
    format_ = format_of(opened, FileForm())
    if format_ not in ("csv", "tsv"):
        return FileForm(format=format_)
    start = opened.stream.peek(CHUNK_BYTES)[:CHUNK_BYTES]
    encoding = _encoding(start)
    text = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)("replace").decode(
        start
    )
    delimiter, rows = _best_delimiter(text)
    form = FileForm(format="tsv" if delimiter == "\t" else "csv", encoding=encoding, delimiter=delimiter)
    return replace(form, header=_has_header(rows))


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros = start[:512].count(b"\0")
    if zeros * 3 > len(start[:512]):
        return "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _best_delimiter(text: str) -> tuple[str, list[list[str]]]:
    """The delimiter under which most rows have the same number of cells, more than one; and those rows."""
    best: tuple[float, str, list[list[str]]] = (-1.0, ",", [])
    for delimiter in _DELIMITERS:
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            rows = [row for row, _ in zip(reader, range(60), strict=False) if row]
        except csv.Error:
            continue
        widths = [len(row) for row in rows]
        common = max(set(widths), key=widths.count) if widths else 0
        score = 0.0 if common < 2 else widths.count(common) / len(widths) + common / 10_000
        if score > best[0]:
            best = (score, delimiter, rows)
    return best[1], best[2]


def _has_header(rows: list[list[str]]) -> bool:
    """Whether the first row names columns: all different texts, none a number or a date."""
    if not rows:
        return True
    first = [cell.strip() for cell in rows[0]]
    kinds = {profile("", [cell]).kind for cell in first if cell}
    return len(set(first)) == len(first) and kinds <= {"text", "yes_no"}


def take_sample(path: str | Path, form: FileForm | None = None, *, limits: Limits = LIMITS) -> Sample:
    """The columns of the first file behind `path`, profiled over its first rows."""
    compression = form.compression if form is not None else "auto"
    rows: list[Any] = []
    with first_file(path, compression, limits) as opened:
        form = form if form is not None else guess_form(opened)
        format_ = format_of(opened, form)
        table = open_table(opened, form, limits)
        try:
            for chunk in table.chunks(SAMPLE_ROWS):
                rows += chunk.rows
                if len(rows) >= SAMPLE_ROWS:
                    break
        finally:
            table.close()
    if table.keyed:
        columns = tuple(profile(name, [row.get(name) for row in rows]) for name in table.columns)
    else:
        cells = [
            [row[place] if place < len(row) else None for row in rows] for place in range(len(table.columns))
        ]
        columns = tuple(profile(name, column) for name, column in zip(table.columns, cells, strict=True))
    if any(column.decimal_comma for column in columns):
        form = replace(form, decimal_comma=True)
    identity = opened.identity if opened.alone else plain_name(Path(path).name)
    return Sample(opened.name, identity, form, format_, columns, not opened.alone)


def guess_mapping(path: str | Path, *, limits: Limits = LIMITS) -> str:
    """The text of a mapping for the file behind `path`, with a comment wherever a person must decide.

    The text always loads; what it says is a guess from the first rows. Raises a FileRefusal where the file
    cannot be read at all.
    """
    return write_guess(take_sample(path, limits=limits))


def write_guess(sample: Sample) -> str:
    """The guess behind a sample, as the text of a mapping."""
    roles = _roles(sample.columns)
    slug = (
        re.sub(r"[^a-z0-9]+", "-", sample.identity.rpartition("/")[2].partition(".")[0].lower()).strip("-")
        or "file"
    )
    lines = [
        "# A first guess from the first rows. Read every line, and correct what is not so.",
        "mapping: 1",
    ]
    lines += _form_lines(sample)
    date = roles["date"]
    member = roles["key"] is not None and (date is None or _SINCE.search(date.name) is not None)
    if member:
        lines.append(
            "record: member  # each row seems to be a member; say event where it is something that happened"
        )
        roles = {**roles, "date": None, "time": None, "subject": None}
    lines.append(f"source: {_quoted(slug)}  # the name of the system the file comes from")
    lines += _member_lines(roles) if member else _event_lines(sample, roles, slug)
    lines += _field_lines(sample.columns, roles)
    return "\n".join(lines) + "\n"


def _roles(columns: tuple[ColumnSeen, ...]) -> dict[str, ColumnSeen | None]:
    """Which column probably is the date, the time of day, the key, the member, and the amount."""

    def first(*kinds: str) -> ColumnSeen | None:
        return next((column for column in columns if column.kind in kinds), None)

    named = [column for column in columns if column.unique and _ID.search(column.name)]
    key = named[0] if named else None
    subjects = [column for column in columns if _SUBJECT.search(column.name) and _could_be_id(column)]
    subjects = [column for column in subjects if column is not key]
    ids = [column for column in subjects if _ID.search(column.name)]
    date = first("date_time") or first("date")
    clock = first("time") if date is not None and date.kind == "date" else None
    amounts = [column for column in columns if column.kind == "decimal" and _AMOUNT.search(column.name)]
    subject = next(iter(ids or subjects), None)
    return {"date": date, "time": clock, "key": key, "subject": subject, "amount": next(iter(amounts), None)}


def _could_be_id(column: ColumnSeen) -> bool:
    """Whether a column's texts are short and of one word, as ids are."""
    return column.kind in ("text", "integer") and all(
        len(text) <= 64 and len(text.split()) == 1 for text in column.examples
    )


def _form_lines(sample: Sample) -> list[str]:
    form = sample.form
    said = [f"format: {sample.format}"]
    if sample.format in ("csv", "tsv"):
        said += [f"delimiter: {_quoted(form.delimiter)}", f"encoding: {form.encoding}"]
        said += ["header: false"] if not form.header else []
        said += ["decimal_comma: true"] if form.decimal_comma else []
    check = (
        "  # the bytes are not UTF-8; check that accents and signs look right"
        if form.encoding == "cp1252"
        else ""
    )
    return [f"file: {{{', '.join(said)}}}{check}"]


def _member_lines(roles: dict[str, ColumnSeen | None]) -> list[str]:
    key = roles["key"]
    assert key is not None
    return [f"subject: {{column: {_quoted(key.name)}}}", "member: {kind: customer}  # or staff, or partner"]


def _event_lines(sample: Sample, roles: dict[str, ColumnSeen | None], slug: str) -> list[str]:
    key, subject, amount = roles["key"], roles["subject"], roles["amount"]
    lines = [f"type: {'purchase' if amount is not None else _quoted(slug)}  # what each row records"]
    if key is not None:
        lines.append(f"key: {{columns: [{_quoted(key.name)}]}}  # different in every row seen")
    elif sample.several:
        lines.append("key: {row_number: true, identity: name}  # no column is different in every row")
    else:
        said = "no column is different in every row, so rows are known by their place"
        lines.append(f"key: {{row_number: true, dataset: {_quoted(slug)}}}  # {said}")
    if subject is not None:
        empty = ", empty: keep" if subject.filled < subject.seen else ""
        lines.append(f"subject: {{column: {_quoted(subject.name)}{empty}}}  # the member's id in that system")
    else:
        lines.append(
            "# subject: {column: …}  # no column looks like a member's id; without it nobody earns points"
        )
    return lines + _date_lines(roles)


def _date_lines(roles: dict[str, ColumnSeen | None]) -> list[str]:
    date, clock = roles["date"], roles["time"]
    if date is None:
        return [
            'occurred_at: {constant: "2000-01-01", time_zone: UTC, time: "12:00"}  # no column looks like a date'
        ]
    said = [f"column: {_quoted(date.name)}", f"format: {_quoted(date.format)}"]
    comment = "check the time zone"
    if date.kind == "date" and clock is not None:
        said.append(f"time: {{column: {_quoted(clock.name)}, format: {_quoted(clock.format)}}}")
    elif date.kind == "date":
        said.append('time: "12:00"')
        comment += "; the file has no time of day"
    if date.formats:
        comment += f"; {' and '.join(date.formats[:3])} would fit as well"
    said.append("time_zone: UTC")
    return [f"occurred_at: {{{', '.join(said)}}}  # {comment}"]


_AS = {
    "integer": "integer",
    "decimal": "decimal",
    "yes_no": "yes_no",
    "duration": "duration",
    "list": "list",
    "date": "date",
    "date_time": "date_time",
}


def _field_lines(columns: tuple[ColumnSeen, ...], roles: dict[str, ColumnSeen | None]) -> list[str]:
    used = [roles["date"], roles["time"], roles["key"], roles["subject"]]
    lines, names = [], set()
    for column in columns:
        if column in used or column.kind == "empty":
            continue
        name = "amount" if column is roles["amount"] else _field_name(column.name)
        while name in names:
            name += "_2"
        names.add(name)
        said = [f"column: {_quoted(column.name)}"]
        if column.kind in _AS and not (column.kind == "integer" and _ID.search(column.name)):
            said.append(f"as: {_AS[column.kind]}")
        if column.kind == "decimal":
            said.append(f"scale: {column.scale}")
        if column.kind in ("date", "date_time"):
            said.append(f"format: {_quoted(column.format)}")
            said += ["time_zone: UTC"] if column.kind == "date_time" else []
        lines.append(f"  {name}: {{{', '.join(said)}}}")
    return ["fields:", *lines] if lines else ["fields: {}"]


def _field_name(name: str) -> str:
    """A column's name as a field: small letters, digits and underscores."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_") or "field"


def _quoted(text: str) -> str:
    """A text as YAML reads it back."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", text) and text not in ("true", "false", "null"):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
    return f'"{escaped}"'
