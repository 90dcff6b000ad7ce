"""Many lines to one event: near or far apart, exact, whole or not at all, and with bounded memory."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from plaudit.activity.files import Batch, Limits, lines_of_groups, load_mapping, read_events
from plaudit.activity.files.limits import LIMITS
from plaudit.activity.files.tests.factories import ids, read, repairs, write

HEAD = "invoice,customer,at,quantity,price,country\n"


def grouped(extra: str = "", group: str = "") -> str:
    return f"""
mapping: 1
source: shop
type: {{expression: "case when invoice like 'C%' then 'order.cancelled' else 'order.placed' end"}}
key: {{columns: [invoice]}}
subject: {{column: customer, empty: keep}}
occurred_at: {{column: at, format: "%Y-%m-%d %H:%M", time_zone: UTC}}
fields:
  line_total: {{expression: "quantity * price", as: decimal, scale: 3}}
  country: {{column: country}}
  quantity: {{column: quantity, as: integer}}
group: {{by: [invoice], sum: {{amount: line_total}}, first: [country], count: lines{group}}}
{extra}
"""


MAPPING = load_mapping(grouped())
LINES = (
    "1,7,2025-03-01 10:00,2,1.255,UK\n"
    "2,8,2025-03-01 11:00,1,10,\n"
    "1,7,2025-03-01 09:59,3,0.5,FR\n"
    "C3,7,2025-03-02 10:00,-1,2.5,UK\n"
)


def test_lines_of_one_invoice_become_one_exact_event(tmp_path: Path):
    batch = read(write(tmp_path, HEAD + LINES), MAPPING)

    assert [
        (event.id, event.type, str(event.data["amount"]), event.data["lines"]) for event in batch.events
    ] == [
        ("1", "order.placed", "4.010", 2),
        ("2", "order.placed", "10.000", 1),
        ("C3", "order.cancelled", "-2.500", 1),
    ]
    assert batch.events[0].data["country"] == "UK"
    assert batch.events[1].data["country"] is None
    assert "line_total" not in batch.events[0].data
    assert batch.events[0].time.isoformat() == "2025-03-01T10:00:00+00:00"
    assert batch.rows == [2, 3, 5]


@pytest.mark.parametrize("which, at", [("first", "10:00"), ("earliest", "09:59"), ("latest", "10:00")])
def test_the_time_is_that_of_the_line_declared(tmp_path: Path, which: str, at: str):
    mapping = load_mapping(grouped(group=f", time: {which}"))

    assert read(write(tmp_path, HEAD + LINES), mapping).events[0].time.isoformat()[11:16] == at


def test_least_and_most_ignore_empty_cells(tmp_path: Path):
    mapping = load_mapping(grouped(group=", min: {least: quantity}, max: {most: quantity}"))
    lines = "1,7,2025-03-01 10:00,2,1,UK\n1,7,2025-03-01 10:00,,1,UK\n1,7,2025-03-01 10:00,9,1,UK\n"
    event = read(write(tmp_path, HEAD + lines), mapping).events[0]

    assert (event.data["least"], event.data["most"], str(event.data["amount"])) == (2, 9, "11.000")


def test_a_line_at_fault_takes_its_whole_group_and_no_other(tmp_path: Path):
    batch = read(write(tmp_path, HEAD + LINES + "1,7,2025-03-01 10:00,x,1,UK\n"), MAPPING)

    assert ids(batch.events) == ["2", "C3"]
    assert repairs(batch.errors) == [
        (6, "line_total", "number_unreadable"),
        (6, "quantity", "number_unreadable"),
        (2, "", "group_incomplete"),
        (4, "", "group_incomplete"),
    ]


def test_a_ragged_line_takes_its_group_too_where_its_key_can_be_read(tmp_path: Path):
    batch = read(write(tmp_path, HEAD + LINES + "2,8,2025-03-01 11:00,1,10,UK,extra\n"), MAPPING)

    assert ids(batch.events) == ["1", "C3"]
    assert repairs(batch.errors) == [(6, "", "too_many_columns"), (3, "", "group_incomplete")]


def test_lines_of_one_group_must_agree_on_the_member(tmp_path: Path):
    batch = read(write(tmp_path, HEAD + LINES + "2,9,2025-03-01 11:00,1,10,UK\n"), MAPPING)

    assert repairs(batch.errors) == [(6, "", "group_disagrees"), (3, "", "group_incomplete")]
    assert "“9” here, and “8”" in batch.errors[0].sentence
    assert ids(batch.events) == ["1", "C3"]


def test_lines_left_out_are_no_part_of_their_group(tmp_path: Path):
    mapping = load_mapping(grouped(extra="skip_when: {abroad: \"country = 'FR'\"}"))
    batch = read(write(tmp_path, HEAD + LINES), mapping)

    assert (batch.events[0].data["lines"], str(batch.events[0].data["amount"])) == (1, "2.510")
    assert batch.skipped == {"abroad": 1}


def test_groups_reach_over_files_only_where_declared(tmp_path: Path):
    write(tmp_path, HEAD + "1,7,2025-03-01 10:00,1,1,UK\n2,7,2025-03-01 10:00,1,1,UK\n", "a.csv")
    write(tmp_path, HEAD + "1,7,2025-03-02 10:00,1,1,UK\n", "b.csv")
    by_set = load_mapping(grouped(group=", within: set"))

    assert ids(read(tmp_path, MAPPING).events) == ["1", "2", "1"]
    assert [(event.id, event.data["lines"]) for event in read(tmp_path, by_set).events] == [
        ("1", 2),
        ("2", 1),
    ]


def many(lines: int, groups: int) -> str:
    chosen = random.Random(7)  # noqa: S311  # the same lines every time
    made = []
    for _ in range(lines):
        number, price = chosen.randrange(groups), chosen.randint(1, 9999) / 1000
        at = f"2025-03-01 10:{number % 60:02}"
        made.append(f"{number},c{number % 97},{at},{chosen.randint(-9, 9)},{price},UK\n")
    return HEAD + "".join(made)


def test_what_outgrows_memory_goes_to_disk_and_comes_out_the_same(tmp_path: Path):
    path = write(tmp_path, many(6_000, 2_500))
    small = read(path, MAPPING, limits=Limits(groups_in_memory=100))

    assert small.events == read(path, MAPPING).events
    assert len(small.events) > 2_000


def test_a_contradiction_found_after_spilling_spoils_its_group_too(tmp_path: Path):
    text = many(3_000, 1_500).replace("\n7,c7,", "\n7,other,", 1) + "7,c7,2025-03-01 10:07,1,1,UK\n"
    batch = read(write(tmp_path, text), MAPPING, limits=Limits(groups_in_memory=50))

    assert "7" not in ids(batch.events)
    assert {error.repair for error in batch.errors} <= {"group_incomplete", "group_disagrees"}
    assert all(error.content()["invoice"] == "7" for error in batch.errors)


@pytest.mark.parametrize("within", ["file", "set"])
def test_a_grouped_reading_taken_up_after_any_batch_loses_and_repeats_nothing(tmp_path: Path, within: str):
    mapping = load_mapping(
        grouped(group=f", within: {within}", extra='count_when: {minus: "number(quantity) < 0"}')
    )
    for day in range(3):
        broken = "5,c5,never,1,1,UK\n" if day == 1 else ""
        write(tmp_path, many(900, 120) + broken, f"{day}.csv")
    whole = list(read_events(tmp_path, mapping, size=50))

    def all_of(batches: list[Batch]) -> tuple[object, ...]:
        counts = [sum(batch.noted[name] for batch in batches) for name in ("minus", "no_member")]
        events = [event for batch in batches for event in batch.events]
        return events, [error for batch in batches for error in batch.errors], counts

    for stop, batch in enumerate(whole):
        rest = list(read_events(tmp_path, mapping, batch.position, size=50))
        assert all_of(whole[: stop + 1] + rest) == all_of(whole), stop


def test_a_fold_tells_how_far_it_is_before_the_first_event(tmp_path: Path):
    batches = list(read_events(write(tmp_path, many(40_000, 50)), MAPPING, size=100))

    assert [len(batch.events) for batch in batches[:3]] == [0, 0, 0]
    assert batches[0].position.rows < batches[1].position.rows
    assert sum(len(batch.events) for batch in batches) == 50


def test_the_lines_of_a_group_refused_later_can_be_had(tmp_path: Path):
    path = write(tmp_path, HEAD + LINES)

    errors = list(lines_of_groups(path, MAPPING, {"1"}, limits=LIMITS))
    assert [(error.row, error.content()["quantity"]) for error in errors] == [(2, "2"), (4, "3")]
