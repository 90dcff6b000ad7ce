"""Mapping files: read strictly, refused with every fault at once, and described by the published schema."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import jsonschema
import pytest
import yaml

from plaudit.activity.files import load_mapping
from plaudit.activity.files.refusals import MappingRefused
from plaudit.activity.files.schema import mapping_schema
from plaudit.activity.files.tests.factories import SALES
from plaudit.activity.files.yaml_text import read_yaml

EVERYTHING = """
mapping: 1
record: event
source: shop
file:
  format: csv
  compression: auto
  encoding: utf-8
  delimiter: ";"
  quote: '"'
  header: true
  columns: [a, b]
  skip_lines: 1
  sheet: Sales
  decimal_comma: true
  thousands: "."
  scientific: false
type: {column: kind, values: {S: sale, R: refund}, otherwise: keep}
key: {columns: [invoice]}
subject: {column: customer, source: crm, empty: keep, missing: ["0"]}
occurred_at:
  column: date
  format: "%d.%m.%Y"
  time: {column: time, format: "%H:%M"}
  time_zone: Europe/Berlin
  ambiguous: later
  nonexistent: refuse
  earliest: 2020-01-01
  latest: 2030-01-01T00:00:00Z
corrects: original
fields:
  line_total: {expression: "quantity * price", as: decimal, scale: 2, round: half_up}
  channel: {constant: web}
  gift: {column: gift, as: yes_no, default: false}
  paid: {column: paid, as: minor_units, scale: 2, required: true}
  due: {column: due, as: date_time, format: "%Y-%m-%d %H:%M", time_zone: UTC}
  city: City
skip_when: {test: "customer = 'test'"}
only_when: {delivered: "status in ('shipped', 'delivered')"}
count_when: {free: "number(price) = 0"}
group:
  by: [invoice]
  within: set
  sum: {amount: line_total}
  first: [channel]
  min: {least: paid}
  max: {most: paid}
  count: lines
  time: earliest
control:
  rows: 10
  events: 5
  sum: {amount: "12.50"}
  count_distinct: {subject: 3}
  counts: {test: 1}
  as_found: {sum: {"quantity * price": 12.5}, count_distinct: {customer: 4}}
  compare_with: {file: copy.csv, columns: {price: unit_price}, show: 5}
"""

MEMBERS = """
mapping: 1
record: member
source: coffee
subject: {column: id}
member: {kind: staff, name: {column: name}}
fields:
  age: {column: age, as: integer, missing: [118]}
"""


def plain(text: str) -> Any:
    """The text as other programs see it: JSON values."""

    def simple(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: simple(item) for key, item in value.items()}
        if isinstance(value, list):
            return [simple(item) for item in value]
        return float(value) if isinstance(value, Decimal) else value

    return simple(read_yaml(text)[0])


def faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(MappingRefused) as refused:
        load_mapping(text)
    return [(error["pointer"], error["code"]) for error in refused.value.errors]


@pytest.mark.parametrize("text", [EVERYTHING, MEMBERS, SALES])
def test_a_right_mapping_is_read_and_fits_the_schema(text: str):
    assert load_mapping(text).source
    jsonschema.Draft202012Validator(mapping_schema()).validate(plain(text))


def test_the_schema_is_itself_a_schema():
    jsonschema.Draft202012Validator.check_schema(mapping_schema())


def test_everything_is_read_as_it_is_written():
    mapping = load_mapping(EVERYTHING)

    assert mapping.file.delimiter == ";"
    assert mapping.control.sums == (("amount", Decimal("12.50")),)
    assert mapping.control.found_sums[0][1] == Decimal("12.5")
    assert mapping.occurred_at is not None
    assert mapping.occurred_at.earliest is not None
    assert mapping.occurred_at.earliest.isoformat() == "2020-01-01T00:00:00+00:00"
    assert mapping.group is not None
    assert mapping.group.firsts == (("channel", "channel"),)
    assert "unit_price" not in mapping.columns()
    assert set(mapping.columns()) >= {
        "invoice",
        "kind",
        "customer",
        "date",
        "time",
        "quantity",
        "price",
        "status",
    }


def test_every_fault_is_named_with_its_place_and_line():
    text = """mapping: 1
source: shop
type: sale
sorce: x
key: {row_number: true}
occurred_at: {column: date, format: "%Y-%q"}
fields:
  amount: {column: a, as: decimal, scal: 2}
  total: {expression: "a *", as: decimal}
"""
    with pytest.raises(MappingRefused) as refused:
        load_mapping(text)

    found = {(error["pointer"], error["code"], error["line"]) for error in refused.value.errors}
    assert found >= {
        ("/sorce", "unknown_key", 4),
        ("/key", "identity_missing", 5),
        ("/occurred_at/format", "format_unknown", 6),
        ("/fields/amount/scal", "unknown_key", 8),
        ("/fields/total/expression", "expression_invalid", 9),
    }
    assert "did you mean source?" in str(refused.value.errors)
    assert "did you mean scale?" in str(refused.value.errors)


BAD: list[tuple[str, str, str]] = [
    ("mapping: 1", "mapping: 2", "/mapping"),
    ("source: shop", "source: ''", "/source"),
    ("type: purchase", "type: [a]", "/type"),
    ("type: purchase", "x: 1", "/type"),
    ("key: {row_number: true, dataset: sales}", "key: {row_number: true}", "/key"),
    ("key: {row_number: true, dataset: sales}", "key: {columns: [a], expression: b}", "/key"),
    ("key: {row_number: true, dataset: sales}", "x: {}", "/key"),
    ("empty: keep", "empty: maybe", "/subject/empty"),
    ("column: customer,", "", "/subject"),
    ("as: decimal", "as: money", "/fields/amount/as"),
    ("scale: 2", "scale: two", "/fields/amount/scale"),
    ("required: true", "required: yes", "/fields/amount/required"),
    ('time: "12:00"', 'time: "noon"', "/occurred_at/time"),
]


@pytest.mark.parametrize("right, wrong, place", BAD)
def test_what_the_schema_refuses_is_refused_at_its_place(right: str, wrong: str, place: str):
    assert right in SALES
    text = SALES.replace(right, wrong)

    assert any(pointer == place for pointer, _ in faults(text))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(mapping_schema()).validate(plain(text))


@pytest.mark.parametrize(
    "right, wrong, code",
    [
        ("UTC", "Europe/Londn", "time_zone_unknown"),
        ('time: "12:00", ', "", "missing"),
        ("time_zone: UTC", "ambiguous: later", "missing"),
        ("as: decimal, scale: 2", "as: minor_units", "missing"),
        ("as: decimal, scale: 2", "as: integer, scale: 2", "not_with_kind"),
        ("scale: 2", "round: half_up", "missing"),
        ("as: decimal, scale: 2, required: true", "default: 1, required: true", "not_with_required"),
        ("as: decimal, scale: 2", "otherwise: keep", "not_alone"),
        ("type: purchase", "type: purchase\nskip_when: {x: customer}", "not_a_condition"),
        ("type: purchase", "type: purchase\ncontrol: {sum: {total: 1}}", "field_unknown"),
        ("type: purchase", "type: purchase\ncontrol: {sum: {amount: much}}", "not_a_number"),
        ("type: purchase", "type: purchase\ncontrol: {compare_with: {file: ../x.csv}}", "not_a_name"),
        ("type: purchase", "type: purchase\ngroup: {by: [customer]}", "not_with_group"),
        ("type: purchase", "type: purchase\nmember: {kind: staff}", "not_for_events"),
        ("mapping: 1", "mapping: 1\nrecord: member", "not_for_members"),
    ],
)
def test_what_only_a_reader_can_know_is_refused_too(right: str, wrong: str, code: str):
    assert right in SALES
    assert code in {found for _, found in faults(SALES.replace(right, wrong))}


def test_a_group_can_only_be_made_of_fields_and_its_key():
    text = SALES.replace("{row_number: true, dataset: sales}", "{columns: [invoice]}")

    assert ("/group/sum/total", "field_unknown") in faults(
        text + "group: {by: [invoice], sum: {total: nothing}}"
    )
    assert ("/key/columns", "not_the_group") in faults(text + "group: {by: [other]}")
    numbers = text + "  note: note\ngroup: {by: [invoice], sum: {total: note}}"
    assert ("/group/sum/total", "not_a_number") in faults(numbers)
    assert ("/group", "field_twice") in faults(text + "group: {by: [invoice], sum: [amount], count: amount}")


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "empty"),
        ("mapping: 1\nmapping: 1", "stands twice"),
        ("a: &x 1\nb: *x", "aliases"),
        ("a: [", "not YAML"),
        ("a: !!python/object:os.system x", "mapping"),
        ("[1]", "keys and values"),
        ("a: " + "[" * 30 + "]" * 30, "deeper"),
        ("a: " + "x" * 300_000, "larger"),
    ],
)
def test_yaml_that_is_unsafe_or_unclear_is_refused(text: str, said: str):
    with pytest.raises(MappingRefused) as refused:
        load_mapping(text)
    assert said in refused.value.errors[0]["detail"]


def test_yaml_means_what_people_mean():
    value, lines = read_yaml("a: no\nb: 12:30\nc: 1.10\nd: 2025-01-01\ne: 007\nf: true\ng: '1'\nno: ~\n")

    assert value == {
        "a": "no",
        "b": "12:30",
        "c": Decimal("1.10"),
        "d": "2025-01-01",
        "e": "007",
        "f": True,
        "g": "1",
        "no": None,
    }
    assert str(value["c"]) == "1.10"
    assert lines["/c"] == 3


def test_text_that_looks_like_a_template_is_only_text():
    with pytest.raises(MappingRefused, match=r"/\{0\}: \{0\} is not known here"):
        load_mapping(SALES + "'{0}': 1\n")


def test_every_key_of_the_schema_is_shown_by_the_full_example():
    schema = mapping_schema()
    value = yaml.safe_load(EVERYTHING)
    for name in ("file", "group", "control"):
        assert set(value[name]) == set(schema["properties"][name]["properties"])
    assert set(value) | {"member"} == set(schema["properties"])
