"""XLSX: the same events as from CSV; a hostile workbook takes down only the process that reads it."""

from __future__ import annotations

import io
import resource
import zipfile
from pathlib import Path

import pytest

from plaudit.activity.files import LIMITS, Limits, load_mapping
from plaudit.activity.files.mapping import FileForm
from plaudit.activity.files.refusals import FileDamaged, FileEmpty, FileTooLarge, WrongFormat
from plaudit.activity.files.sources import first_file
from plaudit.activity.files.tests.factories import (
    HEADER,
    SALES,
    cell_date,
    cell_number,
    cell_text,
    packed,
    read,
    repairs,
    sales,
    write,
    xlsx,
)
from plaudit.activity.files.workbook import WorkbookTable

HEAD = [cell_text(name) for name in ("customer", "date", "amount")]


def sheet(*rows: list[str], name: str = "Sheet1") -> bytes:
    return xlsx([HEAD, *rows], name)


def test_a_sheet_gives_the_events_its_csv_gives(tmp_path: Path):
    book = sheet(
        [cell_text("7"), cell_date("45717"), cell_number("10.1")],
        [cell_number("17850"), cell_text("2025-03-02"), cell_text("2.5")],
    )
    csv = HEADER + "7,2025-03-01,10.10\n17850,2025-03-02,2.5\n"

    assert (
        read(write(tmp_path, book, "sales.xlsx"), sales()).events
        == read(write(tmp_path, csv), sales()).events
    )


def test_numbers_are_what_the_sheet_shows(tmp_path: Path):
    book = sheet([cell_text("7"), cell_text("2025-03-01"), cell_number("0.30000000000000004")])

    assert str(read(write(tmp_path, book, "s.xlsx"), sales()).events[0].data["amount"]) == "0.30"


def test_a_time_of_day_may_stand_in_a_cell_of_its_own(tmp_path: Path):
    mapping = load_mapping(
        SALES.replace('time: "12:00"', 'time: {column: at, format: "%H:%M:%S"}').replace(
            "UTC", "Europe/Berlin"
        )
    )
    rows = [
        [*HEAD, cell_text("at")],
        [cell_text("7"), cell_date("45717"), cell_number("1"), cell_date("0.5")],
        [cell_text("7"), cell_text("2025-07-01"), cell_number("1"), cell_text("08:30:15")],
    ]
    events = read(write(tmp_path, xlsx(rows), "s.xlsx"), mapping).events

    assert [event.time.isoformat() for event in events] == [
        "2025-03-01T11:00:00+00:00",
        "2025-07-01T06:30:15+00:00",
    ]


def test_rows_are_numbered_as_the_sheet_shows_them(tmp_path: Path):
    book = sheet([], [cell_text("7"), cell_text("2025-03-01"), cell_text("ten")])

    assert repairs(read(write(tmp_path, book, "s.xlsx"), sales()).errors) == [
        (3, "amount", "number_unreadable")
    ]


def test_the_sheet_is_chosen_by_name_or_number_and_a_wrong_one_is_refused(tmp_path: Path):
    path = write(
        tmp_path, sheet([cell_text("7"), cell_text("2025-03-01"), cell_number("1")], name="Mar ch"), "s.xlsx"
    )

    assert len(read(path, sales('sheet: "Mar ch"')).events) == 1
    assert len(read(path, sales("sheet: 1")).events) == 1
    for wrong in ("sheet: April", "sheet: 2"):
        with pytest.raises(WrongFormat) as refused:
            read(path, sales(wrong))
        assert "Mar ch" in refused.value.next_step()


def test_a_packed_workbook_is_read_from_a_bounded_copy(tmp_path: Path):
    book = packed(sheet([cell_text("7"), cell_text("2025-03-01"), cell_number("1")]), "zst")
    path = write(tmp_path, book, "s.xlsx.zst")

    assert len(read(path, sales()).events) == 1
    with pytest.raises(FileTooLarge, match="larger than 100 bytes"):
        read(path, sales(), limits=Limits(workbook_bytes=100))


def test_what_is_no_workbook_is_refused(tmp_path: Path):
    for content, refusal in (
        (b"customer,date\n", WrongFormat),
        (b"\xd0\xcf\x11\xe0old", WrongFormat),
        (b"PK\x03\x04broken", FileDamaged),
        (xlsx([]), FileEmpty),
    ):
        with pytest.raises(refusal):
            read(write(tmp_path, content, "s.xlsx"), sales("format: xlsx"))


def test_a_zip_bomb_is_refused_by_what_it_announces(tmp_path: Path):
    out = io.BytesIO(sheet())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * 80_000_000)

    with pytest.raises(FileTooLarge, match="times its size"):
        read(write(tmp_path, out.getvalue(), "s.xlsx"), sales())


def test_a_cell_at_the_far_corner_exhausts_only_the_reading_process(tmp_path: Path):
    book = sheet([cell_text("7")])
    far = xlsx([HEAD, ['<c r="XFD1048576"><v>1</v></c>']])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(FileTooLarge):
        read(write(tmp_path, far, "s.xlsx"), sales(), limits=Limits(workbook_memory_bytes=600 * 1024**2))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024
    assert repairs(read(write(tmp_path, book, "s.xlsx"), sales()).errors)[0][2] in (
        "date_missing",
        "field_missing",
    )


def test_reading_that_is_given_up_leaves_no_process_behind(tmp_path: Path):
    rows = [[cell_text("7"), cell_text("2025-03-01"), cell_number("1")]] * 5_000
    path = write(tmp_path, sheet(*rows), "s.xlsx")
    with first_file(path, "auto") as opened:
        table = WorkbookTable(opened, FileForm(), LIMITS)
        chunks = table.chunks(100)
        assert len(next(chunks).rows) == 100
        assert table._child.poll() is None

        chunks.close()  # type: ignore[attr-defined]  # it is a generator
        assert table._child.poll() is not None
