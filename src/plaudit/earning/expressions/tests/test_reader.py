"""Event data to typed values: exact where it fits, and every fault with its place where it does not."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from plaudit.earning.expressions import (
    FieldType,
    boolean,
    column_of,
    compile_reader,
    date,
    decimal,
    integer,
    json_schema,
    text,
    timestamp,
)

FIELDS: dict[str, FieldType] = {
    "amount": decimal(2),
    "rate": decimal(6, nullable=True, minimum=Decimal("0.01"), maximum=100),
    "items": integer(nullable=True, minimum=0, label="how many"),
    "channel": text("web", "app", nullable=True),
    "note": text(nullable=True),
    "vip": boolean(nullable=True),
    "day": date(nullable=True),
    "at": timestamp(nullable=True),
}
read = compile_reader(FIELDS, extra=False)


def _fault(name: str, value: Any) -> tuple[str, str, str]:
    _, problems = read({"amount": 1, name: value})
    assert len(problems) == 1
    return problems[0].pointer, problems[0].code, problems[0].sentence


def test_right_data_becomes_typed_values() -> None:
    data = {
        "amount": Decimal("11.77"),
        "rate": "0.5",
        "items": 3,
        "channel": "web",
        "note": "Zürich",
        "vip": False,
        "day": "2026-01-31",
        "at": "2026-01-31T23:30:00.25+01:00",
    }

    values, problems = read(data)

    assert problems == ()
    assert values == {
        "amount": 1177,
        "rate": 500_000,
        "items": 3,
        "channel": "web",
        "note": "Zürich",
        "vip": False,
        "day": datetime.date(2026, 1, 31),
        "at": datetime.datetime(2026, 1, 31, 22, 30, 0, 250_000, tzinfo=datetime.UTC),
    }


def test_absent_and_null_are_the_same() -> None:
    assert read({"amount": 5, "note": None}) == ({**dict.fromkeys(FIELDS), "amount": 500}, ())


def test_too_many_decimals_are_a_fault_and_never_rounded() -> None:
    assert _fault("amount", "11.777") == (
        "/amount",
        "too_many_decimals",
        "amount must be a number with at most 2 decimals; got '11.777'.",
    )
    assert _fault("amount", Decimal("1." + "0" * 70 + "1"))[1] == "too_many_decimals"
    assert read({"amount": Decimal("11.7700")})[0]["amount"] == 1177


def test_every_fault_is_found_at_once() -> None:
    _, problems = read({"channel": "wbe", "items": -1, "vip": 1, "day": "2026-02-30", "amuont": 1})

    assert {(problem.pointer, problem.code) for problem in problems} == {
        ("/amount", "field_missing"),
        ("/amuont", "field_unknown"),
        ("/channel", "not_a_choice"),
        ("/items", "number_out_of_range"),
        ("/vip", "not_a_boolean"),
        ("/day", "not_a_date"),
    }
    assert "amuont is not a field of this activity; did you mean `amount`?" in [p.sentence for p in problems]


@pytest.mark.parametrize(
    "name, value, code",
    [
        ("amount", True, "not_a_number"),
        ("amount", 1.5, "number_inexact"),
        ("amount", "1e5", "not_a_number"),
        ("amount", "٣", "not_a_number"),
        ("amount", [], "not_a_number"),
        ("amount", Decimal("NaN"), "number_out_of_range"),
        ("amount", Decimal("-Infinity"), "number_out_of_range"),
        ("amount", Decimal("1E+999999"), "number_out_of_range"),
        ("amount", Decimal("1E-999999"), "too_many_decimals"),
        ("amount", 10**15 + 1, "number_out_of_range"),
        ("rate", 0, "number_out_of_range"),
        ("rate", "100.000001", "number_out_of_range"),
        ("items", Decimal("1.5"), "too_many_decimals"),
        ("channel", ["web"], "not_a_text"),
        ("note", 5, "not_a_text"),
        ("note", "a" * 1_001, "text_too_long"),
        ("note", "a\0", "text_unreadable"),
        ("note", "a\ud800", "text_unreadable"),
        ("vip", "true", "not_a_boolean"),
        ("day", "20260131", "not_a_date"),
        ("day", "1899-12-31", "not_a_date"),
        ("at", "2026-01-31T23:30:00", "not_a_time"),
        ("at", "2026-01-31", "not_a_time"),
        ("at", "2026-01-31T25:00:00Z", "not_a_time"),
        ("at", "2026-13-31T23:00:00Z", "not_a_time"),
    ],
)
def test_what_does_not_fit_is_named(name: str, value: Any, code: str) -> None:
    pointer, found, sentence = _fault(name, value)

    assert (pointer, found) == (f"/{name}", code)
    assert sentence.startswith(f"{name} must ")
    assert len(sentence) < 250
    assert sentence.isprintable()


def test_a_number_too_long_to_print_is_still_named() -> None:
    assert _fault("amount", 10**5_000)[2].endswith("got a number of more than 60 digits.")


def test_unknown_fields_are_let_pass_where_that_is_wanted() -> None:
    lenient = compile_reader({"amount": decimal(2)}, extra=True)

    assert lenient({"amount": 1, "anything": [1, 2]}) == ({"amount": 100}, ())


def test_the_pointer_of_a_strange_name_is_escaped() -> None:
    _, problems = read({"amount": 1, "a/b~c": 1})

    assert problems[0].pointer == "/a~1b~0c"


def test_a_flood_of_unknown_fields_is_cut_short() -> None:
    _, problems = read({"amount": 1, **{f"field{number}": 1 for number in range(10_000)}})

    assert len(problems) == 20


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=8) | st.floats(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([*FIELDS, "other"]), _values, max_size=9))
@settings(max_examples=300, deadline=None, derandomize=True, database=None)
def test_any_data_is_read_or_refused_without_an_accident(data: dict[str, Any]) -> None:
    values, _ = read(data)

    assert values.keys() == FIELDS.keys()


def test_the_published_schema_is_valid_and_takes_what_the_reader_takes() -> None:
    schema = json_schema(FIELDS, extra=False, title="purchase")
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)

    assert json.loads(json.dumps(schema)) == schema
    assert schema["required"] == ["amount"]
    assert validator.is_valid({"amount": 11.77, "rate": "0.500", "items": 3, "channel": None, "vip": True})
    assert not validator.is_valid({"amount": 11.77, "other": 1})
    assert not validator.is_valid({"amount": 11.77, "channel": "shop"})
    assert not validator.is_valid({"amount": "11.777"})
    assert not validator.is_valid({"amount": 1, "items": -1})
    assert not validator.is_valid({})


def test_history_is_read_as_live_events_are() -> None:
    numbers = [
        "11.77",
        "-5",
        "11.777",
        "11.7700",
        "999999999999999.999999",
        "1000000000000000.01",
        "100.5",
        "x",
    ]
    numbers += [
        "0",
        "0.0000000000000000000000001",
        "5.00000000000000000000000001",
        "123456789012345678901",
        "",
    ]
    for field in (decimal(2, nullable=True), decimal(6, nullable=True), integer(nullable=True, minimum=0)):
        one = compile_reader({"value": field}, extra=False)
        live = [one({"value": number})[0]["value"] for number in numbers]

        listed = ", ".join(f"({place}, '{number}')" for place, number in enumerate(numbers))
        sql = f"SELECT {column_of(field, 'written')} FROM (VALUES {listed}) t(place, written) ORDER BY place"

        assert [row[0] for row in duckdb.connect().sql(sql).fetchall()] == live


def test_history_of_other_kinds_is_typed() -> None:
    written = {"channel": "shop", "note": "it's", "vip": "true", "day": "2026-01-31"}
    row = ", ".join(
        column_of(FIELDS[name], "'" + value.replace("'", "''") + "'") for name, value in written.items()
    )

    assert duckdb.connect().sql(f"SELECT {row}").fetchall() == [
        (None, "it's", True, datetime.date(2026, 1, 31))
    ]
