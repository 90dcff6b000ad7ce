"""A first look at a file, and a first mapping a newcomer can edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaudit.activity.events import IncomingEvent
from plaudit.activity.files import guess_mapping, load_mapping, survey
from plaudit.activity.files.tests.factories import (
    HEADER,
    cell_date,
    cell_number,
    cell_text,
    read,
    sales,
    write,
    xlsx,
)


def test_the_first_rows_are_shown_with_what_becomes_of_each(tmp_path: Path):
    rows = "7,2025-03-01,1\n8,never,2\n9,2025-03-01,3,4\n0,2025-03-01,5\n" + "1,2025-03-02,1\n" * 50
    path = write(tmp_path, HEADER + rows)
    preview = survey(path, sales(extra="skip_when: {test: customer = '0'}"), rows=4)

    assert [row.row for row in preview.rows] == [2, 3, 4, 5]
    assert preview.rows[0].cells == {"customer": "7", "date": "2025-03-01", "amount": "1"}
    first, second, third, fourth = preview.outcomes
    assert isinstance(first, IncomingEvent) and first.id == "sales:1"
    assert isinstance(second, tuple) and second[0].repair == "date_unreadable"
    assert isinstance(third, tuple) and third[0].repair == "too_many_columns"
    assert fourth is None
    assert preview.skipped == {"test": 1}
    assert [(column.name, column.kind, column.scale) for column in preview.columns] == [
        ("customer", "integer", 0),
        ("date", "text", 0),
        ("amount", "integer", 0),
    ]


def test_lines_to_be_grouped_are_shown_folded(tmp_path: Path):
    mapping = load_mapping("""
mapping: 1
source: shop
type: sale
key: {columns: [invoice]}
occurred_at: {column: date, time: "12:00", time_zone: UTC}
fields: {value: {column: value, as: decimal}}
group: {by: [invoice], sum: [value]}
""")
    path = write(tmp_path, "invoice,date,value\n1,2025-03-01,1\n2,2025-03-01,5\n1,2025-03-01,2\n")

    assert [(event.id, str(event.data["value"])) for event in survey(path, mapping).groups] == [
        ("1", "3"),
        ("2", "5"),
    ]


def test_what_deserves_attention_is_said(tmp_path: Path):
    text = 'customer,date,amount,note,note\n"=1+1",2025-03-01,1,a,b\n'
    warnings = " ".join(survey(write(tmp_path, text), sales()).warnings)
    assert "look like formulas" in warnings
    assert "note more than once" in warnings

    assert "no rows" in " ".join(survey(write(tmp_path, HEADER), sales()).warnings)
    path = write(tmp_path, '{"customer": "7", "date": "2025-03-01", "amont": 1}\n', "s.ndjson")
    assert "has the key amount" in " ".join(survey(path, sales()).warnings)


def guess(folder: Path, content: str | bytes, name: str = "sales.csv") -> tuple[str, list[IncomingEvent]]:
    path = write(folder, content, name)
    text = guess_mapping(path)
    batch = read(path, load_mapping(text))
    assert not batch.errors, batch.errors[0]
    return text, batch.events


def test_a_guess_names_member_amount_date_and_identity(tmp_path: Path):
    text, events = guess(
        tmp_path, "customer_id,date,quantity,price\n1,1997-01-01,1,11.77\n1,1997-01-01,1,11.77\n"
    )

    assert [(event.subject, str(event.data["amount"]), event.data["quantity"]) for event in events] == [
        ("1", "11.77", 1)
    ] * 2
    assert "dataset: sales" in text
    assert "check the time zone" in text


def test_a_guess_finds_the_id_and_moments(tmp_path: Path):
    text, events = guess(
        tmp_path, "Order No;Kunde;Datum;Betrag\nA1;k-7;01.03.2025 10:00;1,50\nA2;k-8;02.03.2025 11:00;12\n"
    )

    assert [event.id for event in events] == ["A1", "A2"]
    assert "decimal_comma: true" in text
    assert 'delimiter: ";"' in text
    assert "%d.%m.%Y %H:%M" in text


def test_days_and_months_that_cannot_be_told_apart_are_marked(tmp_path: Path):
    text, _ = guess(tmp_path, "id,date,amount\n1,01/02/2025,1.5\n2,03/04/2025,2.5\n")

    assert "%m/%d/%Y would fit as well" in text or "%m/%d/%Y and" in text


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-8-sig"])
def test_a_guess_declares_the_encoding(tmp_path: Path, encoding: str):
    text, events = guess(tmp_path, "customer,date,amount\nZoë,2025-03-01,1.5\n".encode(encoding))

    assert events[0].subject == "Zoë"
    if encoding == "cp1252":
        assert "not UTF-8" in text


def test_a_guess_knows_a_file_without_header_and_tabs_and_workbooks_and_json(tmp_path: Path):
    guess(tmp_path, "7,2025-03-01,1.5\n8,2025-03-02,2.5\n")
    guess(tmp_path, "customer\tdate\tamount\n7\t2025-03-01\t1.5\n", "s.tsv")
    guess(
        tmp_path, '{"customer": "7", "at": "2025-03-01T10:00:00Z", "tags": ["a"], "ok": true}\n', "s.ndjson"
    )
    head = [cell_text("customer"), cell_text("date"), cell_text("amount")]
    guess(tmp_path, xlsx([head, [cell_text("7"), cell_date("45717"), cell_number("1.5")]]), "s.xlsx")


def test_a_file_of_members_is_told_from_one_of_events(tmp_path: Path):
    path = write(tmp_path, '{"id": "a", "age": 118, "became_member_on": "20170212"}\n' * 1, "profile.json")
    path.write_text(
        "\n".join(f'{{"id": "m{n}", "age": {n}, "became_member_on": "20170212"}}' for n in range(9))
    )
    batch = read(path, load_mapping(guess_mapping(path)))

    assert [member.external_id for member in batch.members] == [f"m{n}" for n in range(9)]
    assert batch.members[0].attributes == {"age": 0, "became_member_on": "2017-02-12"}


def test_odd_names_are_quoted_and_fields_named_plainly(tmp_path: Path):
    text, events = guess(tmp_path, 'customer,date,"a: ""b"" #1",UnitPrice,"x\ty"\n7,2025-03-01,z,1.5,w\n')

    assert events[0].data == {"a_b_1": "z", "amount": events[0].data["amount"], "x_y": "w"}
    assert load_mapping(text).source == "sales"
