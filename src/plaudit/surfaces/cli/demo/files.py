"""The demo's files: two CSV files for each month of the year and two of people, each with its mapping."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from plaudit.surfaces.cli.demo.people import Colleague, Customer
from plaudit.surfaces.cli.demo.year import Row, Year, by_month

_EVENTS = """\
# How the rows of {name} become activity. `plaudit activity import {name} --mapping …` uses it.
mapping: 1
file: {{format: csv, encoding: utf-8}}
source: {source}
type: {{column: type}}
key: {{columns: [id]}}
subject: {{column: member}}
corrects: {{column: corrects}}
occurred_at: {{column: when, format: "%Y-%m-%d %H:%M", time_zone: {zone}}}
fields:
{fields}"""

_MEMBERS = """\
# How the rows of {name} become members.
mapping: 1
file: {{format: csv, encoding: utf-8}}
record: member
source: {source}
subject: {{column: number}}
member: {{name: {{column: name}}, kind: {kind}}}
fields:
{fields}"""

_SHOP = {
    "amount": "as: decimal, scale: 2",
    "refunded": "as: decimal, scale: 2",
    "channel": "",
    "score": "as: integer",
}
_DESK = {
    "rating": "as: integer",
    "first_contact": "as: yes_no",
    "minutes": "as: integer",
    "course": "",
    "hours": "as: decimal, scale: 1",
    "certified": "as: yes_no",
}


_PEOPLE = ("customers", "staff")
_ACTIVITY = ("shop", "service-desk")


@dataclass(frozen=True)
class DemoFile:
    """One file to import, and the mapping to import it under.

    `month` is the month of its activity, such as "2026-03", and "" for people.
    """

    path: Path
    mapping: str
    month: str = ""


def write_files(
    folder: Path, year: Year, people: list[Customer], colleagues: list[Colleague], now: datetime
) -> list[DemoFile]:
    """Write the files with their mappings beside them; they are as `files_in` finds them."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = [{"number": one.number, "name": one.name} for one in people]
    desk = [
        {"number": one.number, "name": one.name, "level": one.level, "shift": one.shift} for one in colleagues
    ]
    _members(folder / "customers.csv", "till", "customer", numbers)
    _members(folder / "staff.csv", "desk", "staff", desk)
    for month, rows in by_month([row for row in year.shop if _is_past(row, now)]).items():
        _events(folder / f"shop-{month}.csv", "till", "America/New_York", _SHOP, rows)
    for month, rows in by_month([row for row in year.desk if _is_past(row, now)]).items():
        _events(folder / f"service-desk-{month}.csv", "desk", "Europe/London", _DESK, rows)
    return files_in(folder)


def files_in(folder: Path) -> list[DemoFile]:
    """The files as they were written, in the order to import them in: people, then month by month."""
    people = [_written(folder / f"{name}.csv") for name in _PEOPLE]
    activity = [
        _written(path, path.stem.removeprefix(f"{name}-"))
        for name in _ACTIVITY
        for path in folder.glob(f"{name}-*.csv")
    ]
    return people + sorted(activity, key=lambda file: (file.month, _ACTIVITY[0] not in file.path.stem))


def _written(path: Path, month: str = "") -> DemoFile:
    return DemoFile(path, path.with_suffix(".mapping.yaml").read_text(encoding="utf-8"), month)


def _is_past(row: Row, now: datetime) -> bool:
    """Nothing has happened yet that is dated after now; a row nobody can read is kept as it is."""
    try:
        return datetime.strptime(row["when"], "%Y-%m-%d %H:%M") < now.replace(tzinfo=None)  # noqa: DTZ007  # local
    except ValueError:
        return True


def _members(path: Path, source: str, kind: str, rows: list[Row]) -> None:
    extra = [name for name in rows[0] if name not in ("number", "name")]
    fields = "".join(f"  {name}: {{column: {name}}}\n" for name in extra) or "  {}\n"
    _write(path, rows, _MEMBERS.format(name=path.name, source=source, kind=kind, fields=fields))


def _events(path: Path, source: str, zone: str, columns: dict[str, str], rows: list[Row]) -> None:
    fields = "".join(
        f"  {name}: {{column: {name}{', ' + how if how else ''}}}\n" for name, how in columns.items()
    )
    names = ["id", "type", "member", "when", *columns, "corrects"]
    full = [{name: row.get(name, "") for name in names} for row in rows]
    _write(path, full, _EVENTS.format(name=path.name, source=source, zone=zone, fields=fields))


def _write(path: Path, rows: list[Row], mapping: str) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    path.with_suffix(".mapping.yaml").write_text(mapping, encoding="utf-8")
