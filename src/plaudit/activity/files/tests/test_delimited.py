"""CSV and TSV: every way a row can be wrong costs that row, and nothing else."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from plaudit.activity.files import Limits, open_rows
from plaudit.activity.files.refusals import ColumnMissing, FileEmpty, WrongFormat
from plaudit.activity.files.tests.factories import HEADER, amounts, read, repairs, sales, write


def test_rows_become_events_with_exact_amounts(tmp_path: Path):
    batch = read(write(tmp_path, HEADER + "7,2025-03-01,10.10\n8,2025-03-02,0.2\n"), sales())

    assert amounts(batch) == ["10.10", "0.20"]
    assert [event.subject for event in batch.events] == ["7", "8"]
    assert batch.events[0].time.isoformat() == "2025-03-01T12:00:00+00:00"
    assert not batch.errors


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path: Path, end: str):
    text = HEADER + "7,2025-03-01,1\n8,2025-03-02,2\n"

    assert amounts(read(write(tmp_path, text.replace("\n", end)), sales())) == ["1.00", "2.00"]


def test_mixed_line_ends_and_a_missing_last_one_are_read(tmp_path: Path):
    text = "customer,date,amount\r\n7,2025-03-01,1\r8,2025-03-02,2\n9,2025-03-03,3"

    assert amounts(read(write(tmp_path, text), sales())) == ["1.00", "2.00", "3.00"]


def test_quoted_newlines_belong_to_the_cell_and_lines_are_counted_as_a_person_would(tmp_path: Path):
    text = HEADER + '"7\nseven",2025-03-01,1\n8,2025-03-02,oops\n'
    batch = read(write(tmp_path, text), sales())

    assert batch.events[0].subject == "7\nseven"
    assert batch.rows == [2]
    assert repairs(batch.errors) == [(4, "amount", "number_unreadable")]


def test_blank_lines_are_not_rows(tmp_path: Path):
    batch = read(write(tmp_path, HEADER + "\n7,2025-03-01,1\n\n\n8,2025-03-02,2\n"), sales())

    assert batch.rows == [3, 6]
    assert [event.id for event in batch.events] == ["sales:1", "sales:2"]


def test_a_row_with_too_many_cells_is_refused_and_the_rest_is_read(tmp_path: Path):
    batch = read(write(tmp_path, HEADER + "7,2025-03-01,1,2\n8,2025-03-02,2\n"), sales())

    assert repairs(batch.errors) == [(2, "", "too_many_columns")]
    assert "4 cells where the header has 3" in batch.errors[0].sentence
    assert [event.id for event in batch.events] == ["sales:2"]


def test_empty_cells_too_many_are_forgiven(tmp_path: Path):
    assert amounts(read(write(tmp_path, HEADER + "7,2025-03-01,1,,\n"), sales())) == ["1.00"]


def test_a_row_with_too_few_cells_is_refused(tmp_path: Path):
    batch = read(write(tmp_path, HEADER + "7,2025-03-01\n8,2025-03-02,2\n"), sales())

    assert repairs(batch.errors) == [(2, "", "too_few_columns")]
    assert amounts(batch) == ["2.00"]


def test_all_that_is_wrong_with_a_row_is_said_at_once(tmp_path: Path):
    batch = read(write(tmp_path, HEADER + "7,01.03.2025,ten\n"), sales())

    assert repairs(batch.errors) == [
        (2, "amount", "number_unreadable"),
        (2, "occurred_at", "date_unreadable"),
    ]


def test_an_unclosed_quote_costs_its_own_line_alone(tmp_path: Path):
    rows = "".join(f"{number},2025-03-02,{number}\n" for number in range(2, 200))
    batch = read(write(tmp_path, HEADER + '"1,2025-03-01,1\n' + rows), sales())

    assert repairs(batch.errors) == [(2, "", "quote_not_closed")]
    assert len(batch.events) == 198
    assert batch.events[0].id == "sales:2"
    assert batch.rows[0] == 3


def test_an_unclosed_quote_in_the_last_cell_does_not_swallow_the_file(tmp_path: Path):
    batch = read(write(tmp_path, HEADER + '1,2025-03-01,"1\n2,2025-03-02,2\n3,2025-03-03,3\n'), sales())

    assert repairs(batch.errors) == [(2, "", "quote_not_closed")]
    assert amounts(batch) == ["2.00", "3.00"]


def test_text_beside_a_quote_is_refused_rather_than_guessed(tmp_path: Path):
    batch = read(write(tmp_path, HEADER + '"7" or 8,2025-03-01,1\n9,2025-03-01,2\n'), sales())

    assert repairs(batch.errors) == [(2, "", "quote_misplaced")]
    assert amounts(batch) == ["2.00"]


def test_very_many_unclosed_quotes_take_no_more_than_their_share_of_time(tmp_path: Path):
    batch = read(write(tmp_path, HEADER + '"1,2025-03-01,1\n' * 5_000), sales(), limits=Limits(rescans=20))

    assert not batch.events
    assert {error.repair for error in batch.errors} == {"quote_not_closed"}
    assert len(batch.errors) <= 40


def test_nul_characters_cost_their_row(tmp_path: Path):
    batch = read(write(tmp_path, HEADER + "7\0,2025-03-01,1\n8,2025-03-02,2\n"), sales())

    assert repairs(batch.errors) == [(2, "", "nul_character")]
    assert "\0" not in "".join(batch.errors[0].content().values())
    assert amounts(batch) == ["2.00"]


def test_a_line_beyond_the_limit_is_named_and_memory_stays_bounded(tmp_path: Path):
    path = tmp_path / "sales.csv"
    with path.open("wb") as out:
        out.write(HEADER.encode() + b"7,2025-03-01,1\n")
        for _ in range(60):
            out.write(b"x" * 1024 * 1024)
        out.write(b"\n8,2025-03-02,2\n")
    tracemalloc.start()
    batch = read(path, sales())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert repairs(batch.errors) == [(3, "", "line_too_long")]
    assert amounts(batch) == ["1.00", "2.00"]
    assert batch.rows == [2, 4]
    assert peak < 30 * 1024 * 1024


def test_a_first_line_beyond_the_limit_refuses_the_file(tmp_path: Path):
    with pytest.raises(WrongFormat, match="header cannot be read"):
        read(write(tmp_path, "x" * 3_000_000), sales())


def test_a_quoted_cell_that_never_ends_costs_one_row_and_bounded_memory(tmp_path: Path):
    path = tmp_path / "sales.csv"
    with path.open("wb") as out:
        out.write(HEADER.encode() + b'"7,2025-03-01,1\n')
        for number in range(200_000):
            out.write(b"%d,2025-03-02,2\n" % number)
    batch = read(path, sales())

    assert repairs(batch.errors) == [(2, "", "quote_not_closed")]
    assert len(batch.events) == 200_000


def test_an_empty_file_is_refused(tmp_path: Path):
    with pytest.raises(FileEmpty):
        read(write(tmp_path, ""), sales())


def test_a_header_alone_gives_no_rows(tmp_path: Path):
    batch = read(write(tmp_path, HEADER), sales())

    assert (batch.events, batch.errors, batch.position.rows) == ([], [], 0)
    assert batch.position.finished


def test_a_missing_column_is_named_with_the_one_that_may_be_meant(tmp_path: Path):
    with pytest.raises(ColumnMissing, match="no column customer") as refused:
        read(write(tmp_path, "customers,date,amount\n1,2025-03-01,1\n"), sales())

    assert "customers" in refused.value.next_step()


def test_a_header_name_that_stands_twice_must_be_chosen(tmp_path: Path):
    path = write(tmp_path, "customer,date,amount,amount\n1,2025-03-01,1,2\n")
    with pytest.raises(ColumnMissing, match="amount 2 times"):
        read(path, sales())


def test_the_second_column_of_a_name_can_be_read(tmp_path: Path):
    path = write(tmp_path, "customer,date,amount,amount\n1,2025-03-01,1,2\n")
    rows = list(open_rows(path, sales()))

    assert rows[0].cells == {"customer": "1", "date": "2025-03-01", "amount#1": "1", "amount#2": "2"}


def test_semicolons_decimal_commas_and_thousands(tmp_path: Path):
    text = "customer;date;amount\n7;2025-03-01;1.234,50\n8;2025-03-01;12,5\n9;2025-03-01;1.2\n"
    batch = read(write(tmp_path, text), sales('delimiter: ";", decimal_comma: true, thousands: "."'))

    assert amounts(batch) == ["1234.50", "12.50"]
    assert repairs(batch.errors) == [(4, "amount", "number_unreadable")]


def test_tab_separated_without_quotes(tmp_path: Path):
    text = 'customer\tdate\tamount\n7 "big" seven\t2025-03-01\t1\n'
    batch = read(write(tmp_path, text, "sales.tsv"), sales("format: tsv, quote: none"))

    assert batch.events[0].subject == '7 "big" seven'


def test_a_file_without_a_header_names_its_columns(tmp_path: Path):
    path = write(tmp_path, "7,2025-03-01,1\n8,2025-03-02,2\n")
    batch = read(path, sales("header: false, columns: [customer, date, amount]"))

    assert amounts(batch) == ["1.00", "2.00"]
    assert batch.rows == [1, 2]


def test_lines_before_the_header_can_be_passed_over(tmp_path: Path):
    path = write(tmp_path, "Sales of March\nprinted by till 3\n" + HEADER + "7,2025-03-01,1\n")
    batch = read(path, sales("skip_lines: 2"))

    assert batch.rows == [4]


def test_a_workbook_declared_as_csv_is_refused(tmp_path: Path):
    with pytest.raises(WrongFormat, match="workbook or zip"):
        read(write(tmp_path, b"PK\x03\x04rest"), sales("format: csv"))
