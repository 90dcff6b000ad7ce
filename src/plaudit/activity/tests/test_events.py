"""Events out of JSON: exact, complete, each fault at its pointer, and nothing lost by silence."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaudit.activity.events import (
    BATCH,
    BODY_BYTES_MAX,
    SINGLE,
    EventError,
    IncomingEvent,
    decode_cloudevents,
    parse_rfc3339,
)
from plaudit.activity.strict_json import JsonProblem, decode_strictly

PLAIN: dict[str, Any] = {
    "specversion": "1.0",
    "id": "o-1",
    "source": "shop",
    "type": "order.placed",
    "subject": "c-7",
    "time": "2025-03-01T10:00:00+01:00",
    "data": {"amount": Decimal("12.50"), "quantity": 3, "gift": False, "note": None},
}


def body(event: object) -> bytes:
    return msgspec.json.Encoder(decimal_format="number").encode(event)


def one(event: dict[str, Any] | bytes) -> IncomingEvent | EventError:
    found = decode_cloudevents(event if isinstance(event, bytes) else body(event), SINGLE)
    assert len(found) == 1
    return found[0]


def faults(event: dict[str, Any] | bytes) -> list[tuple[str, str]]:
    found = one(event)
    assert isinstance(found, EventError)
    return [(problem.pointer, problem.code) for problem in found.problems]


def test_an_event_is_read_exactly():
    event = one(PLAIN)

    assert event == IncomingEvent(
        "shop", "o-1", "order.placed", "c-7", None, datetime(2025, 3, 1, 9, tzinfo=UTC), PLAIN["data"]
    )
    assert str(event.data["amount"]) == "12.50"
    assert event.data["gift"] is False


def test_an_event_with_an_attribute_of_the_senders_own_is_read_as_exactly():
    event = one(PLAIN | {"tillnumber": "7"})

    assert isinstance(event, IncomingEvent)
    assert str(event.data["amount"]) == "12.50"


def test_every_attribute_has_its_place():
    event = one(
        PLAIN
        | {
            "subjectsource": "crm",
            "corrects": "o-0",
            "dataschema": "urn:x",
            "datacontenttype": "application/json; charset=utf-8",
            "traceparent": "00-abc",
        }
    )

    assert isinstance(event, IncomingEvent)
    assert (event.subject_source, event.corrects, event.dataschema) == ("crm", "o-0", "urn:x")


def test_blanks_escapes_and_colons_in_texts_are_no_repeats():
    text = (
        b'{ "specversion" : "1.0", "id":"a\\":b", "source":":s", "type" :"t", "time":"2025-03-01T10:00:00Z",'
    )
    event = one(text + b'"data":{"k\\\\":"x:y", "m":"\\u00e9"}}')

    assert isinstance(event, IncomingEvent)
    assert (event.id, event.data) == ('a":b', {"k\\": "x:y", "m": "é"})


@pytest.mark.parametrize(
    "change, fault",
    [
        ({"specversion": "0.3"}, ("/specversion", "specversion_unknown")),
        ({"id": ""}, ("/id", "not_a_text")),
        ({"id": "  "}, ("/id", "not_a_text")),
        ({"id": 5}, ("/id", "not_a_text")),
        ({"id": "x" * 256}, ("/id", "too_long")),
        ({"source": None}, ("/source", "missing")),
        ({"type": None}, ("/type", "missing")),
        ({"subject": ["a"]}, ("/subject", "not_a_text")),
        ({"time": None}, ("/time", "missing")),
        ({"time": "2025-03-01T10:00:00"}, ("/time", "time_unreadable")),
        ({"time": "2025-02-30T10:00:00Z"}, ("/time", "time_unreadable")),
        ({"time": "0001-01-01T00:00:00+05:00"}, ("/time", "time_unreadable")),
        ({"time": "9999-01-01T00:00:00Z"}, ("/time", "time_unreadable")),
        ({"time": 1740823200}, ("/time", "time_unreadable")),
        ({"data": [1]}, ("/data", "data_not_an_object")),
        ({"data": None, "data_base64": "AAAA"}, ("/data", "data_not_an_object")),
        ({"datacontenttype": "text/xml"}, ("/datacontenttype", "data_not_json")),
    ],
)
def test_a_fault_is_named_at_its_pointer(change: dict[str, Any], fault: tuple[str, str]):
    assert faults(PLAIN | change) == [fault]


def test_all_faults_are_named_at_once_with_what_is_known_of_the_event():
    error = one({"id": "o-9", "time": "now"})

    assert isinstance(error, EventError)
    assert error.id == "o-9"
    assert [problem.code for problem in error.problems] == [
        "specversion_unknown",
        "missing",
        "missing",
        "time_unreadable",
    ]


@pytest.mark.parametrize(
    "text, code",
    [
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"[]", "not_an_object"),
        (b'{"id":"a","id":"b"}', "key_twice"),
        (b'{"data":{"a":1,"a":2}}', "key_twice"),
        (b'{"data":{"a" :1,"a":2}}', "key_twice"),
        (b'{"data":{"a\\\\":1,"a\\\\" :2}}', "key_twice"),
        (b'{"a":NaN}', "malformed"),
        (b'{"a":1e400}', "malformed"),
        (b'{"a":1e-9999999999}', "malformed"),
        (b'{"a":' + b"9" * 39 + b"}", "number_too_large"),
        (b'{"a":' + b"9" * 9_999 + b"}", "malformed"),
        (b'{"a":0.' + b"1" * 60 + b"}", "malformed"),
        (b'{"a":"\\u0000"}', "nul_character"),
        (b'{"a\\u0000":1}', "nul_character"),
        (b'{"a":"\xff"}', "not_utf8"),
        (b'{"a":"\\ud800"}', "malformed"),
        (b"[" * 20 + b"]" * 20, "too_deep"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "too_deep"),
        (b"{" + b",".join(b'"k%d":1' % n for n in range(3_000)) + b"}", "too_many_keys"),
        (b" " * 300_000, "event_too_large"),
    ],
)
def test_hostile_json_is_refused_by_name(text: bytes, code: str):
    began = time.thread_time()
    assert [found for _, found in faults(text)] == [code]
    assert time.thread_time() - began < 0.1


def test_a_repeat_hidden_within_a_whole_event_is_found():
    for text in (
        body(PLAIN)[:-1] + b',"id":"o-2"}',
        body(PLAIN).replace(b'"quantity"', b'"amount":1,"quantity"'),
    ):
        assert [code for _, code in faults(text)] == ["key_twice"]


def test_a_batch_answers_for_each_event_in_order():
    events = [PLAIN, PLAIN | {"id": "o-2", "time": "soon"}, PLAIN | {"id": "o-3"}]
    found = decode_cloudevents(body(events), BATCH + "; charset=utf-8")

    assert [getattr(each, "id", None) for each in found] == ["o-1", "o-2", "o-3"]
    error = found[1]
    assert isinstance(error, EventError)
    assert (error.index, error.problems[0].pointer) == (1, "/1/time")


def test_lines_answer_for_each_line_and_a_broken_one_harms_no_other():
    found = decode_cloudevents(body(PLAIN) + b"\n\n{broken\r\n" + body(PLAIN), "application/x-ndjson")

    assert [type(each) for each in found] == [IncomingEvent, EventError, IncomingEvent]
    error = found[1]
    assert isinstance(error, EventError)
    assert error.problems[0].pointer == "/1"


def test_plain_json_is_one_event_or_a_batch():
    assert len(decode_cloudevents(b" " + body(PLAIN), "application/json")) == 1
    assert len(decode_cloudevents(b" " + body([PLAIN, PLAIN]), "application/json")) == 2
    assert decode_cloudevents(b"[]", BATCH) == []


def test_what_cannot_be_taken_apart_is_one_error():
    for content, media, code in (
        (b"[1,", BATCH, "malformed"),
        (b"{}", "text/plain", "content_type_unknown"),
        (b"{}", "", "content_type_unknown"),
        (b"x" * (BODY_BYTES_MAX + 1), BATCH, "body_too_large"),
        (b"[" + b"1," * 30_000 + b"1]", BATCH, "too_many_events"),
        (b"1\n" * 30_000, "application/x-ndjson", "too_many_events"),
        (b"[" * 1_000_000, BATCH, "too_deep"),
    ):
        found = decode_cloudevents(content, media)
        assert [error.problems[0].code for error in found if isinstance(error, EventError)] == [code]
        assert len(found) == 1


def test_offsets_are_required_and_taken_into_account():
    assert parse_rfc3339("2025-03-01T23:30:00-02:00") == datetime(2025, 3, 2, 1, 30, tzinfo=UTC)
    assert parse_rfc3339("2025-03-01t23:30:00.5z") == datetime(2025, 3, 1, 23, 30, 0, 500_000, tzinfo=UTC)
    for text in ("2025-03-01", "2025-03-01T23:30Z", "2025-03-01T23:30:60Z", "", None, 5):
        with pytest.raises(ValueError, match=r"."):
            parse_rfc3339(text)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | texts
    | st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text('ab:"\\é ', max_size=5), values, max_size=5))
def test_what_is_sent_is_what_is_read(data: dict[str, Any]):
    event = one(PLAIN | {"data": data})

    assert isinstance(event, IncomingEvent)
    assert event.data == data


@given(st.binary(max_size=200))
def test_no_bytes_break_the_decoder(text: bytes):
    with suppress(JsonProblem):
        decode_strictly(text)
    assert len(decode_cloudevents(text, SINGLE)) == 1
