"""The demo's year: the same for the same day, believable, and with the flaws that real files have."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from plaudit.planning.plans import validate
from plaudit.planning.programme_file.translating import coverage_of, notices
from plaudit.surfaces.cli.demo.files import files_in, write_files
from plaudit.surfaces.cli.demo.people import customers, staff
from plaudit.surfaces.cli.demo.programmes import company_files, first_files
from plaudit.surfaces.cli.demo.year import Year, by_month, year_until

TODAY = date(2026, 3, 31)
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


def a_year(days: int = 60) -> Year:
    return year_until(TODAY, customers(50), staff(), days=days)


def test_the_same_day_gives_the_same_year():
    assert a_year() == a_year()


def test_another_day_gives_another_year():
    assert a_year() != year_until(date(2026, 4, 1), customers(50), staff(), days=60)


def test_people_have_numbers_of_their_own():
    numbers = [*(one.number for one in customers()), *(one.number for one in staff())]
    assert len(set(numbers)) == len(numbers) == 324


def test_the_shop_has_repeats_and_rows_that_cannot_be_read():
    rows = a_year().shop
    assert sum(count - 1 for count in Counter(row["id"] for row in rows).values()) >= 12
    assert [row["amount"] for row in rows if row["type"] == "purchase" and row["amount"] in ("12,5O", "")]


def test_every_correction_names_what_was_sent():
    rows = [*a_year().shop, *a_year().desk]
    sent = {row["id"] for row in rows}
    assert {row["corrects"] for row in rows if row.get("corrects")} <= sent


def test_files_are_written_once_and_found_again(tmp_path: Path):
    written = write_files(tmp_path, a_year(), customers(50), staff(), NOW)
    assert files_in(tmp_path) == written
    again = {file.path.name: file.path.read_bytes() for file in written}
    write_files(tmp_path, a_year(), customers(50), staff(), NOW)
    assert {file.path.name: file.path.read_bytes() for file in written} == again
    assert [file.path.name for file in written[:4]] == [
        "customers.csv",
        "staff.csv",
        "shop-2026-01.csv",
        "service-desk-2026-01.csv",
    ]
    assert "2026-04" not in (tmp_path / "shop-2026-03.csv").read_text()


def test_a_months_file_has_nothing_of_a_later_month_and_all_that_came_by_its_end():
    rows = a_year().shop
    files = by_month(rows)

    assert list(files)[:3] == ["2026-01", "2026-02", "2026-03"]
    assert [row for several in files.values() for row in several] == rows
    assert all(
        row["when"][:7] <= month
        for month, several in files.items()
        for row in several
        if row["when"] != "31.02."
    )


def test_the_company_began_with_less_than_it_has_now():
    then, now = first_files(TODAY), company_files(TODAY)

    assert [validate(file).key for file in then.values()] == list(then)
    assert ("hut-weekend" in then["points-basics"], "hut-weekend" in now[0]) == (False, True)


def test_the_company_says_everything_in_german_too():
    files = [validate(file) for file in company_files(TODAY)]

    assert {one.key: [each.missing for each in coverage_of(one)] for one in files} == {
        one.key: [()] for one in files
    }
    assert [notices(one) for one in files] == [[], [], []]
