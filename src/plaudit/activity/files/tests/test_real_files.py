"""Real files, kept outside the project: what they come to must be what was computed of them elsewhere."""

from __future__ import annotations

import json
from collections import Counter
from decimal import ROUND_FLOOR, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from plaudit.activity.files import (
    check_control,
    check_file,
    control_totals,
    guess_mapping,
    load_mapping,
    survey,
)
from plaudit.activity.files.refusals import ControlTotalsDiffer
from plaudit.activity.files.tests.factories import read

DATA = Path(__file__).parents[6] / "shared" / "data"

pytestmark = [
    pytest.mark.at_length,
    pytest.mark.skipif(
        not DATA.is_dir(),
        reason="the real files are not here: they are kept beside the project, in ../shared/data",
    ),
]


@cache
def facts(name: str) -> dict[str, Any]:
    every = json.loads((DATA / "dev_facts.json").read_text())
    return next(value for key, value in every.items() if key.startswith(name))


CDNOW = """
mapping: 1
file: {format: csv, encoding: utf-8}
source: cdnow
type: purchase
key: {row_number: true, dataset: cdnow-master}
subject: {column: customer_id, source: cdnow}
occurred_at: {column: date, format: "%Y-%m-%d", time_zone: America/New_York, time: "12:00"}
fields:
  amount: {column: amount_usd, as: decimal, scale: 2}
  quantity: {column: quantity, as: integer}
  channel: {constant: web}
"""


def cdnow_control() -> str:
    known = facts("cdnow")
    return f"""
control:
  rows: {known["rows"]}
  events: {known["rows"]}
  sum: {{amount: "{known["total_usd"]}", quantity: {known["units"]}}}
  count_distinct: {{subject: {known["customers"]}}}
  counts: {{free: {known["zero_amount_rows"]}}}
  compare_with: {{file: cdnow_master.csv, columns: {{price: amount_usd}}}}
count_when: {{free: "number(AMOUNT) = 0"}}
"""


def test_cdnow_comes_to_its_control_totals():
    path = DATA / "cdnow" / "cdnow_master.csv"
    mapping = load_mapping(CDNOW + cdnow_control().replace("AMOUNT", "amount_usd"))
    totals = control_totals(path, mapping)

    assert check_control(mapping.control, totals) == []
    assert totals.error_rows == 0
    assert totals.first_at is not None and totals.first_at.date().isoformat() == facts("cdnow")["first"]
    assert totals.last_at is not None and totals.last_at.date().isoformat() == facts("cdnow")["last"]
    batch = read(path, mapping)
    assert len({event.id for event in batch.events}) == facts("cdnow")["rows"]
    points = sum(int(event.data["amount"]) for event in batch.events)
    assert points == facts("cdnow")["points_1_per_$1_floor_each_transaction"]
    by_member: Counter[str | None] = Counter()
    for event in batch.events:
        by_member[event.subject] += event.data["amount"]
    assert sum(int(total) for total in by_member.values()) == facts("cdnow")["points_floor_of_customer_total"]


def test_the_damaged_copy_of_cdnow_fails_by_three_thousand_and_its_rows_are_named():
    path = DATA / "cdnow" / "cdnow_as_found_3_prices_clipped.csv.gz"
    mapping = load_mapping(
        (CDNOW + cdnow_control()).replace("column: amount_usd", "column: price").replace("AMOUNT", "price")
    )
    checked = check_file(path, mapping)

    assert [each.name for each in checked.differences] == ["sum of amount"]
    assert "3,000.00 less" in checked.differences[0].sentence
    assert checked.compared is not None
    assert checked.compared.different_rows == 3
    assert [each.subject for each in checked.compared.differences] == ["8830", "14894", "18847"]
    assert {Decimal(each.expected) - Decimal(each.found) for each in checked.compared.differences} == {
        Decimal(1000)
    }
    with pytest.raises(ControlTotalsDiffer) as refused:
        checked.refuse()
    assert len(refused.value.errors) == 4


RETAIL = """
mapping: 1
source: online-retail
type: {expression: "case when InvoiceNo like 'C%' then 'order.cancelled' else 'order.placed' end"}
key: {columns: [InvoiceNo]}
subject: {expression: "strip_suffix(CustomerID, '.0')", empty: keep}
occurred_at: {column: InvoiceDate, format: "%Y-%m-%d %H:%M:%S", time_zone: Europe/London}
fields:
  line_total: {expression: "Quantity * UnitPrice", as: decimal, scale: 3}
  country: {column: Country}
count_when:
  cancellation: InvoiceNo like 'C%'
  no_price: number(UnitPrice) <= 0
group: {by: [InvoiceNo], sum: {amount: line_total}, first: [country], count: lines}
"""


def retail_control() -> str:
    known = facts("online_retail")
    return f"""
control:
  rows: {known["rows"]}
  events: {known["invoices"]}
  sum: {{amount: "{known["net_value_all_gbp"]}", lines: {known["rows"]}}}
  count_distinct: {{subject: {known["customers"]}, id: {known["invoices"]}}}
  counts:
    cancellation: {known["cancellation_lines(InvoiceNo C…)"]}
    no_member: {known["rows_without_customer"]}
  as_found: {{sum: {{"Quantity * UnitPrice": "{known["net_value_all_gbp"]}"}}}}
"""


def test_online_retail_comes_to_its_invoices_exactly():
    path = DATA / "online_retail_h1" / "by_day_2010-12_to_2011-06.tar.zst"
    mapping = load_mapping(RETAIL + retail_control())
    known = facts("online_retail")
    totals = control_totals(path, mapping)

    assert check_control(mapping.control, totals) == []
    assert (totals.error_rows, totals.noted["formula_text"]) == (0, 0)
    batch = read(path, mapping)
    assert batch.position.file == known["files"]
    identified = [event for event in batch.events if event.subject is not None]
    net = sum(event.data["amount"] for event in identified)
    assert str(net) == known["net_value_identified_gbp"]
    points = sum(
        int(abs(event.data["amount"]).to_integral_value(ROUND_FLOOR))
        * (1 if event.data["amount"] >= 0 else -1)
        for event in identified
    )
    assert points == known["points_identified(floor per invoice; cancellation takes back floor)"]
    assert len({event.id for event in batch.events}) == known["invoices"]


CALLS = """
mapping: 1
source: phonenow
type: call
key: {columns: ["Call Id"]}
subject: {column: Agent}
occurred_at: {column: Date, format: "%Y-%m-%d", time: {column: Time}, time_zone: Europe/Zurich}
fields:
  topic: {column: Topic}
  answered: {column: "Answered (Y/N)", as: yes_no}
  resolved: {column: Resolved, as: yes_no}
  seconds_to_answer: {column: Speed of answer in seconds, as: integer}
  seconds_talked: {column: AvgTalkDuration, as: duration}
  rating: {column: Satisfaction rating, as: integer}
"""


def test_calls_are_the_same_from_the_sheet_and_from_its_csv():
    mapping, known = load_mapping(CALLS), facts("pwc_call_centre")
    sheet = read(DATA / "pwc_call_centre" / "01 Call-Center-Dataset.xlsx", mapping)
    csv = read(DATA / "pwc_call_centre" / "calls.csv", mapping)

    assert sheet.events == csv.events
    assert not sheet.errors
    assert sheet.rows == csv.rows
    assert len(csv.events) == known["calls"]
    assert sum(event.data["answered"] for event in csv.events) == known["answered"]
    assert sum(event.data["resolved"] for event in csv.events) == known["resolved"]
    ratings = [event.data["rating"] for event in csv.events if event.data["rating"] is not None]
    assert len(ratings) == known["answered"]
    assert round(Decimal(sum(ratings)) / len(ratings), 4) == Decimal(str(known["overall CSAT mean"]))
    for agent, (answered, resolved, *_) in known["by_agent [answered,resolved,FCR,AHT_s,CSAT,ASA_s]"].items():
        calls = [event.data for event in csv.events if event.subject == agent]
        assert (sum(call["answered"] for call in calls), sum(call["resolved"] for call in calls)) == (
            answered,
            resolved,
        )


def test_open_university_completions_are_found():
    mapping = load_mapping("""
mapping: 1
source: oulad
type: module.completed
key: {columns: [code_module, code_presentation, id_student]}
subject: {column: id_student}
only_when: {not_completed: "final_result in ('Pass', 'Distinction')"}
occurred_at:
  column: code_presentation
  values: {2013J: 2014-06-30, 2014J: 2015-06-30}
  format: "%Y-%m-%d"
  time: "12:00"
  time_zone: Europe/London
fields:
  module: {column: code_module}
  result: {column: final_result, values: {Pass: pass, Distinction: distinction}}
""")
    batch = read(DATA / "oulad_subset" / "studentInfo.csv.gz", mapping)
    results = facts("oulad_subset")["final_result"]

    assert not batch.errors
    assert len(batch.events) == results["Pass"] + results["Distinction"]
    assert batch.skipped == {"not_completed": results["Fail"]}
    by_module = Counter(event.data["module"] for event in batch.events)
    assert by_module == facts("oulad_subset")["completions_by_module (Pass+Distinction)"]


def test_open_university_scores_that_are_missing_are_not_zero():
    mapping = load_mapping("""
mapping: 1
source: oulad
type: assessment.marked
key: {columns: [id_assessment, id_student]}
subject: {column: id_student}
occurred_at: {constant: 2014-01-01, time: "12:00", time_zone: UTC}
fields: {score: {column: score, as: integer}}
count_when: {no_score: score is null}
""")
    batch = read(DATA / "oulad_subset" / "studentAssessment.csv.gz", mapping)
    known = facts("oulad_subset")

    assert (len(batch.events), batch.noted["no_score"]) == (known["assessment_rows"], known["missing_score"])
    assert sum((event.data["score"] or 0) >= 40 for event in batch.events) == known["scores>=40"]


def test_starbucks_members_have_no_placeholder_ages():
    mapping = load_mapping(
        """
mapping: 1
record: member
source: starbucks
subject: {column: id}
fields:
  age: {column: age, as: integer, missing: [118]}
  income: {column: income, as: integer}
  member_since: {column: became_member_on, as: date, format: "%Y%m%d"}
control: {rows: ROWS, counts: {"placeholder:age": AGES}}
""".replace("ROWS", str(facts("starbucks")["members"])).replace(
            "AGES", str(facts("starbucks")["age_118_placeholder"])
        )
    )
    path = DATA / "starbucks_offers" / "profile.json.gz"

    assert check_control(mapping.control, control_totals(path, mapping)) == []
    members = read(path, mapping).members
    assert len(members) == facts("starbucks")["members"]
    ages = [member.attributes["age"] for member in members]
    assert ages.count(None) == facts("starbucks")["age_118_placeholder"]
    assert 118 not in ages


def test_starbucks_offers_keep_their_channels():
    path = DATA / "starbucks_offers" / "portfolio.json"
    rows = survey(path).rows
    offers = [
        [
            row.cells["offer_type"],
            row.cells["difficulty"],
            row.cells["reward"],
            row.cells["duration"],
            len(row.cells["channels"]),
        ]
        for row in rows
    ]

    assert [[str(part) for part in offer] for offer in offers] == [
        [str(part) for part in offer] for offer in facts("starbucks")["offers"]
    ]


def test_the_journey_of_households_sums_up():
    path = DATA / "completejourney" / "transactions_sample.csv.gz"
    text = guess_mapping(path).replace("format: csv,", "format: csv, scientific: true,")
    # One amount is the residue of floating arithmetic, 4.440892e-16, and one quantity is 1e+05.
    text = text.replace("as: decimal, scale: 2", "as: decimal, scale: 2, round: half_up")
    totals = control_totals(path, load_mapping(text))
    known = facts("completejourney")

    assert (totals.events, totals.error_rows) == (known["tx_rows"], 0)
    assert str(totals.sums["amount"]) == known["tx_total_usd"]
    assert totals.distinct["subject"] == known["tx_households"]


def test_judges_scores_with_an_unquoted_comma_lose_those_rows_alone():
    path = DATA / "halfpipe_judging" / "milano-cortina-2026-individual-judge-scores.csv"
    totals = control_totals(path, load_mapping(guess_mapping(path)))

    assert totals.events + totals.error_rows == totals.rows == len(path.read_text().splitlines()) - 1
    assert set(totals.repairs) <= {"too_many_columns", "too_few_columns"}


def test_every_real_file_can_be_guessed_and_read():
    for path in sorted(DATA.glob("*/*")):
        if path.name != "README.md" and path.stat().st_size < 600_000:
            mapping = load_mapping(guess_mapping(path))
            totals = control_totals(path, mapping)
            assert totals.rows == totals.events + totals.members + totals.error_rows, path
            assert totals.error_rows * 100 <= totals.rows or totals.rows < 100, (path, totals.repairs)
