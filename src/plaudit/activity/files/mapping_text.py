"""From the text of a mapping file to a Mapping, refusing with every fault at once."""

from __future__ import annotations

from typing import Any

from plaudit.activity.files.mapping import (
    Condition,
    FileForm,
    Group,
    Key,
    Mapping,
    Moment,
    Subject,
    Value,
)
from plaudit.activity.files.mapping_control import read_control
from plaudit.activity.files.mapping_parts import Part, Report, expression_of
from plaudit.activity.files.mapping_values import constant_text, read_value
from plaudit.activity.files.moments import MomentFormat
from plaudit.activity.files.refusals import MappingRefused
from plaudit.activity.files.yaml_text import YamlProblem, read_yaml

FORMATS = ("auto", "csv", "tsv", "xlsx", "ndjson", "json", "parquet")
COMPRESSIONS = ("auto", "none", "gzip", "zstd")
ENCODINGS = (
    "auto",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1250",
    "cp1251",
    "cp1252",
    "latin-1",
    "iso-8859-15",
)


def load_mapping(text: str) -> Mapping:
    """The mapping a YAML text describes.

    Raises MappingRefused, whose `errors` name every fault: the JSON pointer of its place, a stable code, a
    sentence for the author, and the line of the text.
    """
    try:
        value, lines = read_yaml(text)
    except YamlProblem as problem:
        fault = {
            "pointer": "",
            "code": "yaml_unreadable",
            "detail": problem.sentence,
            "line": problem.line or 1,
        }
        raise MappingRefused([fault]) from None
    report = Report(lines)
    if not isinstance(value, dict):
        report.add("", "not_a_section", "A mapping is a file of keys and values, beginning with mapping: 1.")
        raise MappingRefused(report.errors)
    mapping = _mapping(Part(value, "", report))
    if report.errors or mapping is None:
        raise MappingRefused(sorted(report.errors, key=lambda error: int(error["line"])))
    return mapping


def _mapping(part: Part) -> Mapping | None:
    if part.take("mapping") != 1:
        part.refuse("mapping", "version_unknown", "The file must say mapping: 1; this is the only version.")
    record = part.choice("record", ("event", "member"), "event")
    source = part.text("source", needed=True, longest=255)
    subject = _subject(part, source, record)
    fields = tuple(
        (name, value)
        for name, raw, place in part.entries("fields")
        if (value := read_value(raw, place, part.report)) is not None
    )
    group = _group(part, dict(fields))
    common = {
        "file": _file(part.part("file")),
        "record": record,
        "source": source,
        "subject": subject,
        "fields": fields,
        "skip_when": _conditions(part, "skip_when"),
        "only_when": _conditions(part, "only_when"),
        "count_when": _conditions(part, "count_when"),
        "control": read_control(part, fields, group),
    }
    made = _member(part, common) if record == "member" else _event(part, common, group)
    part.done()
    return None if part.report.errors else made


def _event(part: Part, common: dict[str, Any], group: Group | None) -> Mapping:
    moment = _moment(part.part("occurred_at"))
    if moment is None and not part.has("occurred_at"):
        part.refuse("occurred_at", "missing", "occurred_at is missing: say which column holds the date.")
    if part.has("member"):
        part.refuse("member", "not_for_events", "member belongs to record: member.")
    part.take("member")
    return Mapping(
        **common,
        type=constant_text(part, "type", needed=True) or Value(),
        key=_key(part, group),
        occurred_at=moment,
        corrects=read_value(part.take("corrects"), "/corrects", part.report)
        if part.has("corrects")
        else None,
        group=group,
    )


def _member(part: Part, common: dict[str, Any]) -> Mapping:
    for key in ("type", "key", "occurred_at", "corrects", "group"):
        if part.take(key) is not None:
            part.refuse(
                key, "not_for_members", f"{key} belongs to events; a member is known by subject alone."
            )
    member = part.part("member") or Part({}, "/member", part.report)
    name = read_value(member.take("name"), "/member/name", part.report) if member.has("name") else None
    kind = constant_text(member, "kind") or Value(constant="customer")
    member.done(("name", "kind"))
    return Mapping(**common, name=name, kind=kind)


def _file(part: Part | None) -> FileForm:
    if part is None:
        return FileForm()
    format_ = part.choice("format", FORMATS, "auto")
    sheet = part.take("sheet")
    if sheet is not None and (isinstance(sheet, bool) or not isinstance(sheet, str | int)):
        part.refuse("sheet", "not_a_text", "sheet is the name of a sheet, or its number from 1.")
        sheet = None
    form = FileForm(
        format=format_,
        compression=part.choice("compression", COMPRESSIONS, "auto"),
        encoding=part.choice("encoding", ENCODINGS, "auto"),
        delimiter=_one_sign(part, "delimiter", "\t" if format_ == "tsv" else ","),
        quote=part.text("quote", '"'),
        header=part.flag("header", default=True),
        columns=part.texts("columns"),
        skip_lines=part.whole("skip_lines", 0, 1_000) or 0,
        sheet=sheet,
        decimal_comma=part.flag("decimal_comma"),
        thousands=_one_sign(part, "thousands", ""),
        scientific=part.flag("scientific"),
    )
    if form.quote != "none" and len(form.quote) != 1:
        part.refuse(
            "quote", "not_one_character", "quote is one character, or none where cells are never quoted."
        )
    if form.thousands and form.thousands == ("," if form.decimal_comma else "."):
        part.refuse(
            "thousands", "not_one_character", "thousands is one character other than the decimal mark."
        )
    part.done()
    return form


def _one_sign(part: Part, key: str, default: str) -> str:
    value = part.take(key)
    if value is None:
        return default
    if not isinstance(value, str) or len(value) != 1 or value in '\r\n"\0':
        part.refuse(key, "not_one_character", f'{key} is one character, such as "," ";" "|" or "\\t".')
        return default
    return value


def _subject(part: Part, source: str, record: str) -> Subject | None:
    inner = part.part("subject")
    if inner is None:
        if record == "member":
            part.refuse("subject", "missing", "subject is missing: say which column holds the member's id.")
        return None
    named = inner.text("source", source, longest=255)
    empty = inner.choice("empty", ("keep", "skip", "refuse"), "refuse")
    if record == "member" and empty == "keep":
        inner.refuse(
            "empty", "unknown_choice", "A member without an id cannot be kept; empty is skip or refuse."
        )
    rest = {key: value for key, value in inner.value.items() if key not in ("source", "empty")}
    value = read_value(rest, inner.pointer, part.report)
    return None if value is None else Subject(value, named, empty)


def _key(part: Part, group: Group | None) -> Key:
    inner = part.part("key")
    by = _grouped_by(part)
    if inner is None:
        if by and not part.has("key"):
            return Key(columns=by)
        part.refuse(
            "key", "missing", "key is missing: name the columns that hold the source's own id, or row_number."
        )
        return Key()
    key = Key(
        columns=inner.texts("columns") or inner.texts("column"),
        expression=inner.expression("expression"),
        row_number=inner.flag("row_number"),
        per=inner.choice("per", ("file", "dataset"), "dataset" if inner.has("dataset") else "file"),
        dataset=inner.text("dataset", longest=120) or None,
        identity=inner.choice("identity", ("name", "content"), "") or None,
    )
    inner.done(("columns", "column"))
    if (bool(key.columns) + inner.has("expression") + key.row_number) != 1:
        inner.refuse("", "one_of", "key takes exactly one of columns, expression and row_number: true.")
    if key.row_number and group is not None:
        inner.refuse(
            "row_number", "not_with_group", "A group has no row number; name the columns that hold its id."
        )
    if key.row_number and key.dataset is None and key.identity is None:
        said = "say how the file is known again: dataset: a-name, or identity: name, or identity: content."
        inner.refuse("", "identity_missing", f"Rows are known by their place in the file, so {said}")
    if key.per == "dataset" and key.row_number and key.dataset is None:
        inner.refuse("per", "dataset_missing", "per: dataset needs dataset: a-name.")
    if not key.row_number and (key.dataset or key.identity):
        inner.refuse("", "not_with_columns", "dataset and identity belong to row_number: true.")
    if by and key.columns and set(by) != set(key.columns):
        inner.refuse(
            "columns",
            "not_the_group",
            "Each group becomes one event, so key and group.by name the same columns.",
        )
    return key


def _grouped_by(part: Part) -> tuple[str, ...]:
    group = part.value.get("group")
    return Part(group, "/group", part.report).texts("by") if isinstance(group, dict) else ()


def _moment(part: Part | None) -> Moment | None:
    if part is None:
        return None
    format_ = part.format("format", "%Y-%m-%d")
    time, time_format = _time_of_day(part)
    zone = part.zone("time_zone")
    ambiguous = part.choice("ambiguous", ("earlier", "later", "refuse"), "earlier")
    nonexistent = part.choice("nonexistent", ("shift", "refuse"), "shift")
    earliest, latest = part.moment("earliest"), part.moment("latest")
    own = ("format", "time", "time_zone", "ambiguous", "nonexistent", "earliest", "latest")
    rest = {key: value for key, value in part.value.items() if key not in own}
    date = read_value({**rest, "required": True}, part.pointer, part.report)
    if format_ is None or date is None:
        return None
    if not format_.has_date:
        part.refuse("format", "format_unknown", "The format of occurred_at must hold a date.")
    if not format_.has_time and time is None and not part.has("time"):
        said = 'A date alone does not say when: add time: "12:00", or time: {column: …, format: "%H:%M:%S"}.'
        part.refuse("time", "missing", said)
    if format_.has_time and format_.text != "iso" and time is not None:
        part.refuse("time", "twice", "The format already holds a time of day.")
    if zone is None and not format_.has_offset and not part.has("time_zone"):
        part.refuse(
            "time_zone", "missing", "Times without an offset need time_zone, such as Europe/London or UTC."
        )
    return Moment(date, format_, time, time_format, zone, ambiguous, nonexistent, earliest, latest)


def _time_of_day(part: Part) -> tuple[Value | None, MomentFormat | None]:
    raw = part.take("time")
    if raw is None:
        return None, None
    if isinstance(raw, str):
        for text in ("%H:%M", "%H:%M:%S"):
            try:
                MomentFormat(text).read(raw)
            except ValueError:
                continue
            return Value(constant=raw), MomentFormat(text)
        part.refuse("time", "time_unreadable", f'time is a time of day such as "12:00"; found {raw}.')
        return None, None
    inner = part.part("time")
    if inner is None:
        return None, None
    format_ = inner.format("format", "%H:%M:%S")
    if format_ is not None and (format_.has_date or not format_.has_time):
        inner.refuse("format", "format_unknown", "The format of a time holds hours and minutes and no date.")
    rest = {key: value for key, value in inner.value.items() if key != "format"}
    return read_value({**rest, "required": True}, inner.pointer, part.report), format_


def _conditions(part: Part, key: str) -> tuple[Condition, ...]:
    found = []
    for name, raw, place in part.entries(key):
        expression = expression_of(raw, place, part.report)
        if expression is not None and expression.kind != "truth":
            part.report.add(place, "not_a_condition", "A condition is expected, such as status = 'paid'.")
        elif expression is not None:
            found.append(Condition(name, expression))
    return tuple(found)


def _group(part: Part, fields: dict[str, Value]) -> Group | None:
    inner = part.part("group")
    if inner is None:
        return None
    inner.texts("by")
    found = {}
    for key in ("sum", "first", "min", "max"):
        raw = inner.value.get(key)
        if isinstance(raw, list):
            pairs = [(str(name), str(name), inner.place(key)) for name in inner.texts(key)]
        else:
            pairs = [(name, str(of), place) for name, of, place in inner.entries(key)]
        for _, of, place in pairs:
            if of not in fields:
                part.report.add(
                    place, "field_unknown", f"{of} is not among fields; a line's {of} must be made there."
                )
            elif key != "first" and fields[of].kind not in ("integer", "decimal", "minor_units", "duration"):
                part.report.add(
                    place, "not_a_number", f"{key} needs a number; give {of} as: decimal or as: integer."
                )
        found[key] = tuple((name, of) for name, of, _ in pairs)
    group = Group(
        within=inner.choice("within", ("file", "set"), "file"),
        sums=found["sum"],
        firsts=found["first"],
        smallest=found["min"],
        largest=found["max"],
        count=inner.text("count") or None,
        time=inner.choice("time", ("first", "earliest", "latest"), "first"),
    )
    names = [name for key in found for name, _ in found[key]] + ([group.count] if group.count else [])
    for name in {name for name in names if names.count(name) > 1}:
        inner.refuse("", "field_twice", f"The event's field {name} is made twice.")
    inner.done()
    return group
