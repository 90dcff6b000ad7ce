"""Rejects files: what was refused, why, harmless in a spreadsheet, and importable again once repaired."""

from __future__ import annotations

import csv
from pathlib import Path

from plaudit.activity.files import load_mapping, write_rejects
from plaudit.activity.files.tests.factories import (
    HEADER,
    SALES,
    cell_date,
    cell_number,
    cell_text,
    ids,
    read,
    sales,
    write,
    xlsx,
)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_a_rejects_file_holds_the_row_and_every_reason(tmp_path: Path):
    batch = read(write(tmp_path, HEADER + "7,1.3.2025,ten\n8,2025-03-01,1\n"), sales())
    path = tmp_path / "rejects.csv"

    assert write_rejects(path, batch.errors) == 1
    head, row = rows_of(path)
    assert head == [
        "plaudit:key",
        "plaudit:file",
        "plaudit:row",
        "plaudit:reason",
        "plaudit:extra",
        *HEADER.strip().split(","),
    ]
    assert row[:3] == ["sales:1", "sales.csv", "2"]
    assert "amount: “ten” is not a number" in row[3]
    assert "occurred_at: “1.3.2025” is not a date" in row[3]
    assert row[5:] == ["7", "1.3.2025", "ten"]


def test_formulas_are_neutralised_and_come_back_as_they_were(tmp_path: Path):
    cells = ['=HYPERLINK(""x"")', "+cmd|' /C calc'!A0", "@SUM(1)", "'quoted", "-5", "-x"]
    rows = "".join(f'"{cell}",2025-03-01,ten\n' for cell in cells)
    refused = read(write(tmp_path, HEADER + rows), sales())
    path = tmp_path / "rejects.csv"
    write_rejects(path, refused.errors)

    written = [row[5] for row in rows_of(path)[1:]]
    assert written == ['\'=HYPERLINK("x")', "'+cmd|' /C calc'!A0", "'@SUM(1)", "''quoted", "-5", "'-x"]
    repaired = path.read_text().replace(",ten", ",10")
    events = read(write(tmp_path, repaired, "repaired.csv"), sales()).events
    assert [event.subject for event in events] == ['=HYPERLINK("x")', *cells[1:]]


def test_repaired_rows_keep_the_identity_they_had(tmp_path: Path):
    text = HEADER + "7,2025-03-01,1\n8,2025-03-01,x\n9,2025-03-01,y\n"
    first = read(write(tmp_path, text), sales())
    path = tmp_path / "rejects.csv"
    write_rejects(path, first.errors)
    repaired = read(
        write(tmp_path, path.read_text().replace(",x", ",2").replace(",y", ",3"), "r.csv"), sales()
    )
    corrected = read(write(tmp_path, text.replace("x", "2").replace("y", "3")), sales())

    assert ids(repaired.events) == ["sales:2", "sales:3"]
    assert repaired.events == corrected.events[1:]


def test_a_ragged_row_shows_what_was_too_much(tmp_path: Path):
    batch = read(write(tmp_path, HEADER + "7,2025-03-01,1,2,=3\n"), sales())
    path = tmp_path / "rejects.csv"
    write_rejects(path, batch.errors)

    assert rows_of(path)[1][4:] == ["2,=3", "7", "2025-03-01", "1"]


def test_rows_of_a_workbook_come_back_from_a_csv(tmp_path: Path):
    mapping = load_mapping(SALES.replace("%Y-%m-%d", "%d/%m/%Y") + "file: {format: xlsx}\n")
    book = xlsx(
        [
            [cell_text("customer"), cell_text("date"), cell_text("amount")],
            [cell_text("7"), cell_date("45717"), cell_text("ten")],
            [cell_number("8"), cell_text("02/03/2025"), cell_number("1.5")],
        ]
    )
    first = read(write(tmp_path, book, "sales.xlsx"), mapping)
    path = tmp_path / "rejects.csv"
    write_rejects(path, first.errors)
    again = read(write(tmp_path, path.read_text().replace(",ten", ",10"), "r.csv"), mapping)

    assert ids(first.events) == ["sales:2"]
    assert [(event.id, event.time.isoformat()) for event in again.events] == [
        ("sales:1", "2025-03-01T12:00:00+00:00")
    ]


def test_rows_of_several_files_with_other_columns_share_one_rejects_file(tmp_path: Path):
    mapping = load_mapping(SALES.replace("dataset: sales", "identity: name"))
    write(tmp_path / "in", HEADER + "7,2025-03-01,x\n", "a.csv")
    write(tmp_path / "in", "date,till,customer,amount\n2025-03-01,3,8,y\n", "b.csv")
    path = tmp_path / "rejects.csv"
    write_rejects(path, read(tmp_path / "in", mapping).errors)
    head, first, second = rows_of(path)

    assert head[5:] == ["customer", "date", "amount", "till"]
    assert (first[5:], second[5:]) == (["7", "2025-03-01", "x", ""], ["8", "2025-03-01", "y", "3"])
    again = read(write(tmp_path, path.read_text().replace(",x", ",1").replace(",y", ",2"), "r.csv"), mapping)
    assert ids(again.events) == ["a.csv:1", "b.csv:1"]
