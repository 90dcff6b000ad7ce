"""An activity event on its way in, with the names CloudEvents 1.0 gives it, and how to read one from JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec

from plaudit.activity.strict_json import JsonProblem, decode_strictly, exact_number, examine, has_key_twice

BODY_BYTES_MAX = 16 * 1024 * 1024
EVENT_BYTES_MAX = 256 * 1024
EVENTS_MAX = 20_000
ID_CHARACTERS_MAX = 255
FIRST_YEAR, LAST_YEAR = 1900, 2199

# The source of what Plaudit itself reports, such as a challenge that was completed. Nobody else may use it.
OWN_SOURCE = "plaudit"

SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LINES = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-lines")


class IncomingEvent(msgspec.Struct, frozen=True, gc=False):
    """One event not yet recorded. The same `source` and `id` always mean the same event.

    `subject` is the member's id in the outside system named by `subject_source` (by default the event's
    own source), None where nobody is known. `time` is when it happened, aware and UTC. `data` holds int,
    Decimal, str, bool and None, and lists and dicts of them; never a float. `corrects` is the id, in the
    same source, of the event this one corrects.
    """

    source: str
    id: str
    type: str
    subject: str | None
    subject_source: str | None
    time: datetime
    data: dict[str, Any]
    corrects: str | None = None
    dataschema: str | None = None


class EventProblem(msgspec.Struct, frozen=True):
    """One thing wrong with one event: the JSON pointer of its place, a stable code, and a sentence."""

    pointer: str
    code: str
    sentence: str


class EventError(msgspec.Struct, frozen=True):
    """An event that cannot be taken: its place in the request (from 0), what is known of it, and why not."""

    index: int
    problems: tuple[EventProblem, ...]
    source: str | None = None
    id: str | None = None


def decode_cloudevents(body: bytes, content_type: str) -> list[IncomingEvent | EventError]:
    """The events of one request, in order, one result for each event sent.

    Accepts one event (`application/cloudevents+json`), an array of them
    (`application/cloudevents-batch+json`), one a line (`application/x-ndjson`), and plain
    `application/json` holding either of the first two. A fault in one event leaves the others alone; a
    body that cannot be taken apart gives a single EventError with index 0.
    """
    media = content_type.partition(";")[0].strip().lower()
    if len(body) > BODY_BYTES_MAX:
        return [_refused(0, "", "body_too_large", f"The request is larger than {BODY_BYTES_MAX:,} bytes.")]
    if media in LINES:
        return _from_lines(body)
    if media == BATCH or (media == "application/json" and body.lstrip()[:1] == b"["):
        return _from_array(body)
    if media in (SINGLE, "application/json"):
        return [_one(body, 0, "")]
    return [
        _refused(
            0,
            "",
            "content_type_unknown",
            f"The content type {media[:80] or 'is missing and'} is not one that events come in; "
            f"send {SINGLE}, {BATCH} or {LINES[0]}.",
        )
    ]


def _from_lines(body: bytes) -> list[IncomingEvent | EventError]:
    lines = [line for line in body.splitlines() if line.strip()]
    if len(lines) > EVENTS_MAX:
        return [_too_many(len(lines))]
    return [_one(line, index, f"/{index}") for index, line in enumerate(lines)]


_elements = msgspec.json.Decoder(list[msgspec.Raw])


def _from_array(body: bytes) -> list[IncomingEvent | EventError]:
    try:
        elements = _elements.decode(body)
    except RecursionError:
        return [_refused(0, "", "too_deep", "The JSON is nested too deep.")]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        said = str(error).removeprefix("JSON is malformed: ")
        return [_refused(0, "", "malformed", f"The batch is not a JSON array that can be read: {said}.")]
    if len(elements) > EVENTS_MAX:
        return [_too_many(len(elements))]
    return [_one(bytes(element), index, f"/{index}") for index, element in enumerate(elements)]


def _too_many(count: int) -> EventError:
    return _refused(
        0, "", "too_many_events", f"The request holds {count:,} events; at most {EVENTS_MAX:,} are taken."
    )


def _refused(index: int, pointer: str, code: str, sentence: str) -> EventError:
    return EventError(index, (EventProblem(pointer, code, sentence),))


_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=ID_CHARACTERS_MAX)]


class _Plain(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """An event as nearly all are: known attributes only, each of the right type."""

    specversion: Literal["1.0"]
    id: _Text
    source: _Text
    type: _Text
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    data: dict[str, Any]
    subject: _Text | msgspec.UnsetType = msgspec.UNSET
    subjectsource: _Text | msgspec.UnsetType = msgspec.UNSET
    corrects: _Text | msgspec.UnsetType = msgspec.UNSET
    dataschema: _Text | msgspec.UnsetType = msgspec.UNSET
    datacontenttype: Literal["application/json"] | msgspec.UnsetType = msgspec.UNSET


_plain = msgspec.json.Decoder(_Plain, float_hook=exact_number)


def _quickly(text: bytes) -> IncomingEvent | None:
    """The event where it is plain and right; None where the long way must look, which is not yet a no."""
    try:
        event = _plain.decode(text)
        keys = 6 + examine(event.data)
        moment = event.time.astimezone(UTC)
    except (msgspec.MsgspecError, JsonProblem, ValueError, ArithmeticError, RecursionError):
        return None
    subject, keys = (None, keys) if event.subject is msgspec.UNSET else (event.subject, keys + 1)
    subject_source, keys = (
        (None, keys) if event.subjectsource is msgspec.UNSET else (event.subjectsource, keys + 1)
    )
    corrects, keys = (None, keys) if event.corrects is msgspec.UNSET else (event.corrects, keys + 1)
    schema, keys = (None, keys) if event.dataschema is msgspec.UNSET else (event.dataschema, keys + 1)
    keys += event.datacontenttype is not msgspec.UNSET
    if has_key_twice(text, keys) or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    texts = (
        event.source,
        event.id,
        event.type,
        subject or "-",
        subject_source or "-",
        corrects or "-",
        schema or "-",
    )
    if "\0" in "".join(texts) or not all(map(str.strip, texts)):
        return None
    return IncomingEvent(
        event.source, event.id, event.type, subject, subject_source, moment, event.data, corrects, schema
    )


def _one(text: bytes, index: int, pointer: str) -> IncomingEvent | EventError:
    if len(text) > EVENT_BYTES_MAX:
        return _refused(
            index, pointer, "event_too_large", f"An event may have {EVENT_BYTES_MAX:,} bytes at most."
        )
    plain = _quickly(text)
    if plain is not None:
        return plain
    try:
        event = decode_strictly(text)
    except JsonProblem as problem:
        return _refused(index, pointer + problem.pointer, problem.code, problem.sentence)
    if event.__class__ is not dict:
        return _refused(index, pointer, "not_an_object", "An event is a JSON object.")
    return _incoming(event, index, pointer)


def _texts(event: dict[str, Any], refuse: Callable[[str, str, str], None]) -> dict[str, Any]:
    """The attributes that are texts, each fault among them told to `refuse`."""
    texts: dict[str, Any] = {}
    for name, needed in _ATTRIBUTES:
        value = event.get(name)
        if value is None:
            if needed:
                refuse(name, "missing", f'"{name}" is missing.')
        elif value.__class__ is not str or not value.strip():
            refuse(name, "not_a_text", f'"{name}" must be a text that is not empty.')
        elif len(value) > ID_CHARACTERS_MAX:
            refuse(name, "too_long", f'"{name}" has {len(value):,} characters; {ID_CHARACTERS_MAX} at most.')
        texts[name] = value
    return texts


def _data(event: dict[str, Any], refuse: Callable[[str, str, str], None]) -> dict[str, Any]:
    data: Any = event.get("data")
    if data is None and "data_base64" not in event:
        data = {}
    if data.__class__ is not dict:
        refuse("data", "data_not_an_object", '"data" must be a JSON object.')
    content = event.get("datacontenttype")
    if content is not None and not (content.__class__ is str and _JSON_MEDIA.fullmatch(content)):
        refuse("datacontenttype", "data_not_json", '"datacontenttype" must be application/json.')
    return data  # type: ignore[no-any-return]  # what is not a dict is refused above


def _incoming(event: dict[str, Any], index: int, pointer: str) -> IncomingEvent | EventError:
    """The event, or everything that is wrong with it. Extension attributes nobody here reads are let pass."""
    problems: list[EventProblem] = []

    def refuse(name: str, code: str, sentence: str) -> None:
        problems.append(EventProblem(f"{pointer}/{name}", code, sentence))

    if event.get("specversion") != "1.0":
        refuse("specversion", "specversion_unknown", 'Only CloudEvents "specversion": "1.0" is understood.')
    texts = _texts(event, refuse)
    data = _data(event, refuse)
    time = event.get("time")
    try:
        moment = parse_rfc3339(time)
    except ValueError as error:
        refuse("time", "missing" if time is None else "time_unreadable", str(error))
    if problems:
        return EventError(
            index, tuple(problems), _text_or_none(event.get("source")), _text_or_none(event.get("id"))
        )
    return IncomingEvent(
        texts["source"],
        texts["id"],
        texts["type"],
        texts["subject"],
        texts["subjectsource"],
        moment,
        data,
        texts["corrects"],
        texts["dataschema"],
    )


_ATTRIBUTES = (
    ("source", True),
    ("id", True),
    ("type", True),
    ("subject", False),
    ("subjectsource", False),
    ("corrects", False),
    ("dataschema", False),
)
_JSON_MEDIA = re.compile(r"(application/json|application/[\w.+-]+\+json|text/json)\s*(;.*)?", re.IGNORECASE)


def _text_or_none(value: Any) -> str | None:
    return value[:ID_CHARACTERS_MAX] if isinstance(value, str) else None


_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)


def parse_rfc3339(text: object) -> datetime:
    """The moment an RFC 3339 text names, in UTC. Raises ValueError with a sentence for a person.

    The offset must be there: a time without one could be any of thirty-eight moments.
    """
    if text is None:
        raise ValueError('"time" is missing: say when it happened, for example 2025-03-01T14:05:00Z.')
    match = _RFC3339.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"{_shown(text)} is not an RFC 3339 time such as 2025-03-01T14:05:00Z.")
    assert isinstance(text, str)
    if match[2] is None:
        raise ValueError(f"{_shown(text)} has no offset; end it with Z or with one such as +02:00.")
    try:
        moment: datetime = msgspec.convert(text, datetime).astimezone(UTC)
    except (msgspec.ValidationError, OverflowError, ValueError):
        raise ValueError(f"{_shown(text)} is not a moment that exists.") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"{_shown(text)} lies outside the years {FIRST_YEAR} to {LAST_YEAR}.")
    return moment


def _shown(value: object) -> str:
    text = str(value)
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'
