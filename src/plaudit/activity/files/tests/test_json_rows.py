"""JSON files: one object a line, or one array, streamed, exact, and each bad row alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plaudit.activity.files import load_mapping
from plaudit.activity.files.refusals import FileDamaged, FileEmpty
from plaudit.activity.files.tests.factories import amounts, read, repairs, sales, write

ROWS = [
    {"customer": "7", "date": "2025-03-01", "amount": 10.10},
    {"customer": 8, "date": "2025-03-02", "amount": 2},
]


def test_one_object_a_line(tmp_path: Path):
    path = write(tmp_path, "\n".join(map(json.dumps, ROWS)) + "\n\n", "sales.ndjson")
    batch = read(path, sales())

    assert amounts(batch) == ["10.10", "2.00"]
    assert [event.subject for event in batch.events] == ["7", "8"]


def test_an_array_gives_the_same_events(tmp_path: Path):
    lines = read(write(tmp_path, "\n".join(map(json.dumps, ROWS)), "sales.ndjson"), sales())
    array = read(write(tmp_path, json.dumps(ROWS, indent=2), "sales.json"), sales())

    assert array.events == lines.events
    assert array.rows == [1, 2]


def test_a_large_array_on_one_line_is_read_in_pieces(tmp_path: Path):
    many = [{"customer": str(n), "date": "2025-03-01", "amount": n, "note": "é" * 40} for n in range(20_000)]
    batch = read(write(tmp_path, json.dumps(many, ensure_ascii=False), "sales.json"), sales())

    assert len(batch.events) == 20_000
    assert batch.events[-1].subject == "19999"


def test_bad_lines_cost_themselves(tmp_path: Path):
    lines = [
        json.dumps(ROWS[0]),
        '{"customer": "7", "customer": "8"}',
        "not json",
        "[1]",
        '{"customer": "a\\u0000b"}',
        '{"amount": NaN}',
        '{"amount": 1e400}',
        '{"a":' * 100 + "1" + "}" * 100,
        json.dumps({**ROWS[0], "amount": True}),
        json.dumps(ROWS[1]),
    ]
    batch = read(write(tmp_path, "\n".join(lines), "sales.ndjson"), sales())

    assert repairs(batch.errors) == [
        (2, "", "key_twice"),
        (3, "", "json_unreadable"),
        (4, "", "not_an_object"),
        (5, "", "nul_character"),
        (6, "", "json_unreadable"),
        (7, "", "json_unreadable"),
        (8, "", "too_deep"),
        (9, "amount", "number_unreadable"),
    ]
    assert [event.id for event in batch.events] == ["sales:1", "sales:10"]


def test_bad_elements_of_an_array_cost_themselves_where_their_end_is_known(tmp_path: Path):
    text = f'[{json.dumps(ROWS[0])}, {{"a": 1, "a": 2}}, 5, {{"amount": NaN}}, {json.dumps(ROWS[1])}]'
    batch = read(write(tmp_path, text, "sales.json"), sales())

    assert repairs(batch.errors) == [
        (2, "", "json_unreadable"),
        (3, "", "not_an_object"),
        (4, "", "json_unreadable"),
    ]
    assert [event.id for event in batch.events] == ["sales:1", "sales:5"]


@pytest.mark.parametrize("text", ['[{"a": 1}, {"a": ', '[{"a": 1} {"a": 2}]', '[{"a": 1}] tail', '[{"a" 1}]'])
def test_an_array_that_is_not_json_is_refused_at_its_element(tmp_path: Path, text: str):
    with pytest.raises(FileDamaged, match=r"row [12]"):
        read(write(tmp_path, text, "sales.json"), sales("format: json"))


def test_nothing_but_blanks_is_an_empty_file(tmp_path: Path):
    with pytest.raises(FileEmpty):
        read(write(tmp_path, " \n", "sales.json"), sales("format: json"))


def test_a_line_beyond_the_limit_costs_itself(tmp_path: Path):
    content = json.dumps(ROWS[0]) + '\n{"customer": "' + "x" * 3_000_000 + '"}\n' + json.dumps(ROWS[1])
    batch = read(write(tmp_path, content, "sales.ndjson"), sales())

    assert repairs(batch.errors) == [(2, "", "line_too_long")]
    assert batch.rows == [1, 3]


def test_nested_values_are_reached_by_their_path_and_keep_their_kind(tmp_path: Path):
    mapping = load_mapping("""
mapping: 1
source: shop
type: order.placed
key: {columns: [id]}
subject: {column: customer.id}
occurred_at: {column: at, format: iso}
fields:
  total: {column: total.amount, as: decimal, scale: 2}
  tags: {column: tags, as: list}
  paid: {column: paid, as: yes_no}
  lines: {column: lines, as: as_is}
  note: note
""")
    row = {
        "id": 1,
        "customer": {"id": "c-9"},
        "at": "2025-03-01T10:00:00+02:00",
        "total": {"amount": 9.9},
        "tags": ["a", "b"],
        "paid": True,
        "lines": [{"sku": "x", "price": 1.25}],
        "note": None,
    }
    event = read(write(tmp_path, json.dumps(row), "orders.ndjson"), mapping).events[0]

    assert (event.id, event.subject) == ("1", "c-9")
    assert event.time.isoformat() == "2025-03-01T08:00:00+00:00"
    assert str(event.data["total"]) == "9.90"
    assert event.data["tags"] == ["a", "b"]
    assert event.data["paid"] is True
    assert str(event.data["lines"][0]["price"]) == "1.25"
    assert event.data["note"] is None
