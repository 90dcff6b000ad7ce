"""Control totals that must match, and the rows behind a difference, named by comparing with another copy."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from plaudit.activity.files import Position, check_control, check_file, compare, control_totals, load_mapping
from plaudit.activity.files.refusals import ControlTotalsDiffer, NoSuchFile, WrongFormat
from plaudit.activity.files.spilling import DistinctCount
from plaudit.activity.files.tests.factories import HEADER, SALES, packed, sales, write

ROWS = "7,2025-03-01,1.50\n8,2025-03-02,2.25\n7,2025-03-03,-0.75\n,2025-03-04,0\nx,2025,1\n"


def test_totals_are_exact_and_complete(tmp_path: Path):
    mapping = sales(
        extra="""
count_when: {free: "number(amount) = 0"}
control: {as_found: {sum: {amount: 4}, count_distinct: {customer: 3}}}
"""
    )
    totals = control_totals(write(tmp_path, HEADER + ROWS), mapping)

    assert totals.stored() == {
        "rows": 5,
        "events": 4,
        "members": 0,
        "error_rows": 1,
        "repairs": {"date_unreadable": 1},
        "skipped": {},
        "noted": {"no_member": 1, "free": 1},
        "sums": {"amount": "3.00"},
        "distinct": {"subject": 2},
        "found_sums": {"amount": "4.00"},
        "found_distinct": {"customer": 3},
        "first_at": "2025-03-01T12:00:00+00:00",
        "last_at": "2025-03-04T12:00:00+00:00",
    }
    json.dumps(totals.stored())
    assert totals.examples["date_unreadable"][0].row == 6
    assert check_control(mapping.control, totals) == []


def test_every_total_that_differs_is_named_with_its_gap(tmp_path: Path):
    mapping = sales(
        extra="""
control:
  rows: 6
  events: 4
  sum: {amount: "3000.00"}
  count_distinct: {subject: 2, type: 2}
  counts: {no_member: 2, date_unreadable: 1}
  as_found: {sum: {amount: 1}, count_distinct: {customer: 9}}
"""
    )
    totals = control_totals(write(tmp_path, HEADER + ROWS), mapping)

    assert [(each.name, each.expected, each.found) for each in check_control(mapping.control, totals)] == [
        ("rows", "6", "5"),
        ("sum of amount", "3000.00", "3.00"),
        ("different type", "2", "1"),
        ("sum of amount as found", "1", "4.00"),
        ("different customer as found", "9", "3"),
        ("rows counted as no_member", "2", "1"),
    ]
    sentence = check_control(mapping.control, totals)[1].sentence
    assert sentence == "The sum of amount should be 3,000.00 and is 3.00: 2,997.00 less."


COPY = "control: {sum: {amount: '3.75'}, compare_with: {file: copy.csv, columns: {amount: price}}}\n"


def test_a_wrong_total_is_traced_to_its_rows(tmp_path: Path):
    path = write(tmp_path, HEADER + "7,2025-03-01,0.50\n8,2025-03-02,2.25\n9,2025-03-03,0\n")
    write(
        tmp_path, "customer,price,date\n7,1.5,2025-03-01\n8,2.25,2025-03-02\n9,0.00,2025-03-03\n", "copy.csv"
    )
    checked = check_file(path, sales(extra=COPY))

    assert [each.sentence for each in checked.differences] == [
        "The sum of amount should be 3.75 and is 2.75: 1.00 less."
    ]
    assert checked.compared is not None
    assert [
        (each.row, each.subject, each.field, each.found, each.expected)
        for each in checked.compared.differences
    ] == [(2, "7", "amount", "0.50", "1.50")]
    with pytest.raises(ControlTotalsDiffer) as refused:
        checked.refuse()
    assert [error["detail"] for error in refused.value.errors] == [
        "The sum of amount should be 3.75 and is 2.75: 1.00 less.",
        "Row 2 (“7”): amount is 0.50 here and 1.50 in copy.csv.",
    ]


def test_a_file_that_matches_is_not_compared(tmp_path: Path):
    path = write(tmp_path, HEADER + "7,2025-03-01,3.75\n")
    checked = check_file(path, sales(extra=COPY))

    assert (checked.differences, checked.compared) == ((), None)
    checked.refuse()


def test_a_copy_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(NoSuchFile, match=r"copy\.csv"):
        check_file(write(tmp_path, HEADER + "7,2025-03-01,1\n"), sales(extra=COPY))


def test_rows_missing_on_either_side_are_counted(tmp_path: Path):
    path = write(tmp_path, HEADER + "7,2025-03-01,1\n8,2025-03-01,oops\n9,2025-03-01,3\n")
    other = write(tmp_path, HEADER + "7,2025-03-01,1\n8,2025-03-01,2\n", "other.csv")
    compared = compare(path, sales(), other)

    assert (compared.rows, compared.different_rows, compared.only_here, compared.only_there) == (3, 0, 1, 1)
    assert [each.sentence for each in compared.differences] == [
        "Row 3 of other.csv is not in this file, or cannot be used here.",
        "Row 4 is not in other.csv.",
    ]
    assert not compared.same


def test_rows_with_ids_are_compared_by_id_in_any_order_and_form(tmp_path: Path):
    mapping = load_mapping(SALES.replace("{row_number: true, dataset: sales}", "{columns: [id]}"))
    head = "id," + HEADER
    path = write(tmp_path, head + "a,7,2025-03-01,1\nb,8,2025-03-01,2\nc,9,2025-03-01,3\n")
    shuffled = head + "c,9,2025-03-01,3\na,7,2025-03-01,1\nb,8,2025-03-01,2.5\n"
    other = write(tmp_path, packed(shuffled.encode(), "zst"), "other.csv.zst")

    assert [each.sentence for each in compare(path, mapping, other).differences] == [
        "Row 3 (“8”): amount is 2.00 here and 2.50 in other.csv.zst, row 4."
    ]


def test_only_the_first_differences_are_kept_and_all_are_counted(tmp_path: Path):
    path = write(tmp_path, HEADER + "7,2025-03-01,1\n" * 100)
    other = write(tmp_path, HEADER + "7,2025-03-01,2\n" * 100, "copy.csv")
    compared = compare(path, sales(extra="control: {compare_with: {file: copy.csv, show: 3}}"), other)

    assert (compared.different_rows, len(compared.differences)) == (100, 3)


def test_rows_known_by_place_are_compared_file_by_file(tmp_path: Path):
    write(tmp_path / "set", HEADER, "a.csv")
    write(tmp_path / "set", HEADER, "b.csv")
    with pytest.raises(WrongFormat, match="file by file"):
        compare(tmp_path / "set", sales(), write(tmp_path, HEADER, "c.csv"))


def test_progress_is_told_and_counting_can_be_stopped(tmp_path: Path):
    path = write(tmp_path, HEADER + "7,2025-03-01,1\n" * 5_000)
    told: list[Position] = []
    control_totals(path, sales(), on_progress=told.append)
    assert told[-1].finished

    def stop(_: Position) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        control_totals(path, sales(), on_progress=stop)


def test_distinct_counts_are_the_same_from_disk():
    small, large = DistinctCount(in_memory=50), DistinctCount()
    for number in range(1_000):
        for count in (small, large):
            count.add(str(number * 7919 % 613))

    assert small.count() == large.count() == 613


def test_sums_of_very_many_digits_stay_exact(tmp_path: Path):
    rows = "".join(f"7,2025-03-01,{10**30 + number}.01\n" for number in range(100))
    totals = control_totals(write(tmp_path, HEADER + rows), sales())

    assert totals.sums["amount"] == Decimal(100 * 10**30 + 4951)
