"""Parquet: exact numbers, moments, lists, read in batches; what is broken is refused."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from plaudit.activity.files import load_mapping
from plaudit.activity.files.refusals import FileDamaged, WrongFormat
from plaudit.activity.files.tests.factories import HEADER, amounts, packed, read, sales, write

TYPED = load_mapping("""
mapping: 1
source: shop
type: purchase
key: {columns: [id]}
subject: {column: customer, empty: keep}
occurred_at: {column: at, format: iso, time_zone: Europe/London}
fields:
  amount: {column: amount, as: decimal, scale: 3}
  rate: {column: rate, as: decimal}
  tags: {column: tags, as: list}
  member_since: {column: since, as: date}
  gift: {column: gift, as: yes_no}
""")


def parquet(folder: Path, query: str, name: str = "sales.parquet") -> Path:
    path = folder / name
    with duckdb.connect() as database:
        database.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def test_typed_columns_keep_their_exact_values(tmp_path: Path):
    query = """SELECT 1 AS id, 'c1' AS customer, TIMESTAMP '2025-07-01 10:00:00' AS at,
        12.345::DECIMAL(18,3) AS amount, 0.1::DOUBLE AS rate, ['a','b'] AS tags, DATE '2020-02-29' AS since, true AS gift
        UNION ALL SELECT 2, NULL, TIMESTAMP '2025-12-01 10:00:00', NULL, 3::DOUBLE, NULL, NULL, false"""
    first, second = read(parquet(tmp_path, query), TYPED).events

    assert first.time.isoformat() == "2025-07-01T09:00:00+00:00"
    assert {name: str(value) for name, value in first.data.items()} == {
        "amount": "12.345",
        "rate": "0.1",
        "tags": "['a', 'b']",
        "member_since": "2020-02-29",
        "gift": "True",
    }
    assert second.subject is None
    assert second.time.isoformat() == "2025-12-01T10:00:00+00:00"
    assert second.data["amount"] is None


def test_moments_with_a_zone_are_taken_as_they_are(tmp_path: Path):
    query = """SELECT 1 AS id, 'c' AS customer, make_timestamptz(1751364000000000) AS at, 1.0 AS amount, 1 AS rate,
        ['x'] AS tags, DATE '2020-01-01' AS since, true AS gift"""

    assert read(parquet(tmp_path, query), TYPED).events[0].time.isoformat() == "2025-07-01T10:00:00+00:00"


def test_it_gives_the_events_its_csv_gives(tmp_path: Path):
    query = (
        "SELECT range::VARCHAR AS customer, DATE '2025-03-01' AS date, range / 4 AS amount FROM range(5000)"
    )
    lines = "".join(f"{number},2025-03-01,{number / 4}\n" for number in range(5_000))
    path = parquet(tmp_path, query)
    events = read(path, sales()).events

    assert events == read(write(tmp_path, HEADER + lines), sales()).events
    assert read(write(tmp_path, packed(path.read_bytes(), "zst"), "s.parquet.zst"), sales()).events == events


def test_a_name_with_pattern_signs_is_that_file_alone(tmp_path: Path):
    query = "SELECT 'c' AS customer, DATE '2025-03-01' AS date, 1 AS amount"
    parquet(tmp_path, query, "sales1.parquet")

    assert amounts(read(parquet(tmp_path, query, "sales[1].parquet"), sales())) == ["1.00"]


def test_reading_can_start_anywhere(tmp_path: Path):
    path = parquet(
        tmp_path, "SELECT range AS customer, DATE '2025-03-01' AS date, 1 AS amount FROM range(3000)"
    )
    whole = read(path, sales(), size=100)
    position = whole.position.__class__(0, path.name, 1_250, 1_250, 0, 0, 0)

    assert read(path, sales(), start_after=position).events == whole.events[1_250:]


def test_what_is_broken_or_something_else_is_refused(tmp_path: Path):
    with pytest.raises(FileDamaged):
        read(write(tmp_path, b"PAR1" + b"\0" * 50, "s.parquet"), sales())
    with pytest.raises(WrongFormat):
        read(write(tmp_path, HEADER, "s.parquet"), sales("format: parquet"))
