"""The reader, the published JSON Schema and the reference page say the same about the format."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from plaudit.planning.programme_file.format import KEPT_FOR_LATER, SECTIONS
from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.programme_file.reference import sections_of, with_tables
from plaudit.planning.programme_file.schema import published_schema, schema, schema_text
from plaudit.planning.programme_file.tests.factories import make_file, shipped_files
from plaudit.planning.programme_file.tests.loading import loaded
from plaudit.planning.programme_file.tests.test_refusals import (
    ACTIVITIES,
    CAMPAIGNS,
    HEAD,
    LIMITS,
    REWARDS,
    RULES,
    UNITS,
)

PAGE = Path(__file__).resolve().parents[5] / "docs" / "reference" / "programme-file.md"
page = PAGE.read_text(encoding="utf-8")
blocks = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
keys = [(section, key) for section in SECTIONS for key in section.keys]
validator = Draft202012Validator(schema())

# Faults that a schema sees too: of a value by itself, not of one part against another.
SEEN_BY_A_SCHEMA = {
    "missing",
    "unknown_key",
    "phrase",
    "choice",
    "number",
    "too_many",
    "empty",
    "later",
    "name",
}


def faults_in(text: str) -> list[str]:
    """What the schema finds wrong."""
    return [error.message for error in validator.iter_errors(loaded(text))]


def test_the_published_schema_is_the_one_the_table_makes():
    Draft202012Validator.check_schema(schema())
    assert published_schema() == schema_text(), "write src/plaudit/programmes/programme.schema.json anew"


@pytest.mark.parametrize("source", shipped_files().values(), ids=shipped_files())
def test_shipped_files_please_the_schema(source):
    assert faults_in(source) == []


@pytest.mark.parametrize(
    "sections, said", [*HEAD, *UNITS, *ACTIVITIES, *RULES, *LIMITS, *CAMPAIGNS, *REWARDS]
)
def test_what_the_schema_refuses_the_reader_refuses_and_the_other_way_round(sections, said):
    source = make_file(**sections)
    found = {problem.code for problem in parse_programme(source).problems}

    assert found
    if faults_in(source):
        return
    # What a schema cannot see is about the whole: another part, the calendar, a list of names.
    assert not found & {"unknown_key", "too_many", "empty", "later", "choice"}, found


@pytest.mark.parametrize("section, key", keys, ids=lambda one: one.name)
def test_the_example_of_every_key_is_right(section, key):
    """As the schema sees it by itself, and as the reader sees it in its place."""
    own = schema() if section.name == "programme" else schema()["$defs"][section.name]
    value = loaded(f"{key.name}: {key.example}")[key.name]
    around = {**own["properties"][key.name], "$defs": schema()["$defs"]}
    assert [error.message for error in Draft202012Validator(around).iter_errors(value)] == []

    problems = parse_programme(_file_with(section.name, key.name, key.example)).problems
    wrong = [
        str(problem) for problem in problems if key.name in problem.path and problem.code in SEEN_BY_A_SCHEMA
    ]
    assert wrong == []


COUNTED = {
    "achievements": "{purchases: {name: r, on: purchase}}",
    "challenges": "{five-a-month: {name: r, on: purchase, target: 5}}",
}


def _file_with(section: str, key: str, example: str) -> str:
    """A file in which this key stands where it belongs, with this example."""
    entry = f"{{{key}: {example}}}"
    rule = (
        f"{{name: r, on: purchase, earn: 1, {key}: {example}}}"
        if key not in ("name", "on", "earn")
        else entry
    )
    places: dict[str, dict[str, str]] = {
        "programme": {key: example},
        "public": {"public": entry},
        "unit": {"units": f"{{points: {entry}}}"},
        "activity": {"activities": f"{{purchase: {entry}}}"},
        "field": {"activities": f"{{purchase: {{title: a, fields: {{amount: {entry}}}}}}}"},
        "rule": {"rules": f"{{r: {rule}}}"},
        "limit": {"limits": f"[{entry}]"},
        "campaign": {"campaigns": f"{{c: {entry}}}"},
        "reward": {"rewards": f"{{r: {entry}}}"},
        "challenge": {"challenges": f"{{r: {_pursuit('challenge', key, example, entry)}}}"},
        "streak": {"streaks": f"{{r: {_pursuit('streak', key, example, entry)}}}"},
        "competition": {"competitions": f"{{r: {_pursuit('competition', key, example, entry)}}}"},
        "achievement": {"achievements": f"{{r: {_pursuit('achievement', key, example, entry)}}}"},
        "badge": {"badges": f"{{r: {entry}}}", **COUNTED},
        "referrals": {"referrals": entry},
        "birthdays": {"birthdays": entry},
        **_noticed(entry),
        "tier": {"tiers": f"{{tier: {entry}}}"},
        "tier_level": {"tiers": f"{{tier: {{name: r, earned: points, levels: {{gold: {entry}}}}}}}"},
        "segment": {"segments": f"{{s: {entry}}}"},
        "segment_fact": {"segments": f"{{s: {{name: r, when: visits > 1, facts: {{visits: {entry}}}}}}}"},
        "offer": {"offers": f"{{o: {entry}}}"},
        "offer_goal": {"offers": f"{{o: {{name: r, goal: {entry}}}}}"},
        "goal": {"challenges": f"{{r: {{name: r, on: purchase, targets: [{entry}]}}}}"},
        "learning": {"learning": entry},
        "offering": {"learning": f"{{offerings: {{basics: {entry}}}}}"},
        **_practised(entry),
        **_asked(entry),
        "membership": {"membership": entry},
        "membership_level": {"membership": f"{{levels: {{member: {entry}}}}}"},
        "membership_term": {"membership": f"{{terms: {{one-year: {entry}}}}}"},
        "membership_price": {"membership": f"{{prices: [{entry}]}}"},
        "membership_entitlement": {"membership": f"{{entitlements: {{conference: {entry}}}}}"},
        "partner": {"partners": f"{{academy: {entry}}}"},
        "rule_example": {"rules": f"{{r: {{name: r, on: purchase, earn: 1, examples: [{entry}]}}}}"},
        "example": {"examples": f"[{entry}]"},
    }
    return make_file(**places[section])


def _noticed(entry: str) -> dict[str, dict[str, str]]:
    """Where a key of recognition stands, of its behaviours, and of what else it has."""
    calm = "name: r, behaviours: {calm: {name: r}}"
    texts = {
        "recognition": entry,
        "behaviour": f"{{name: r, behaviours: {{calm: {entry}}}}}",
        "moment": f"{{{calm}, moments: {{m: {entry}}}}}",
        "recognition_customers": f"{{{calm}, customers: {entry}}}",
        "recognition_nominations": f"{{{calm}, nominations: {entry}}}",
    }
    return {name: {"recognition": text} for name, text in texts.items()}


def _practised(entry: str) -> dict[str, dict[str, str]]:
    """Where a key of a scenario stands, of its turns, and of the ways to answer one."""
    texts = {
        "scenario": f"{{missing: {entry}}}",
        "turn": f"{{missing: {{name: r, turns: {{hello: {entry}}}}}}}",
        "turn_choice": f"{{missing: {{name: r, turns: {{hello: {{says: r, choices: {{look: {entry}}}}}}}}}}}",
    }
    return {name: {"learning": f"{{scenarios: {text}}}"} for name, text in texts.items()}


def _asked(entry: str) -> dict[str, dict[str, str]]:
    """Where a key of a survey stands, of its questions, and of their words in another language."""
    spoken = f"{{score: {{ask: r, in: {{de: {entry}}}}}}}"
    asks = {
        name: f"{{call: {{name: r, kind: csat, questions: {questions}}}}}"
        for name, questions in (("question", f"{{score: {entry}}}"), ("question_words", spoken))
    }
    return {name: {"surveys": text} for name, text in {"survey": f"{{call: {entry}}}", **asks}.items()}


def _pursuit(section: str, key: str, example: str, entry: str) -> str:
    """The key among those that such a one must have."""
    length = "target: 5" if section in ("challenge", "achievement") else "length: 7"
    given = {"name": "name: r", "on": "on: purchase", "length": length}
    if section == "competition":
        given = {
            "name": "name: r",
            "on": "on: purchase",
            "every": "every: month",
            "prizes": "prizes: [{at: 1}]",
        }
    if section == "streak":
        given["in"] = "in: editions" if key in ("edition", "cancelled") else "in: days"
    if key in ("targets", "lengths", "target", "length"):
        given.pop("length", None)
    return (
        "{" + ", ".join([*(text for name, text in given.items() if name != key), f"{key}: {example}"]) + "}"
    )


def test_the_tables_of_the_reference_are_the_table_of_the_format():
    assert with_tables(page) == page, "run python -m plaudit.planning.programme_file.reference"
    assert sorted(sections_of(page)) == sorted(section.name for section in SECTIONS)


def test_the_reference_names_every_word_that_is_kept_for_later():
    room = page.split("## Room for later")[1]
    words = {word for kept in KEPT_FOR_LATER.values() for word in kept}

    assert set(re.findall(r"`([a-z_]+)`", room)) == words


@pytest.mark.parametrize("block", blocks, ids=lambda block: block.split("\n")[0])
def test_every_file_in_the_reference_is_right(block):
    source = block if block.startswith("plaudit:") else make_file(**_sections(block))

    assert [str(problem) for problem in parse_programme(source).problems] == []
    assert faults_in(source) == []


def _sections(block: str) -> dict[str, Any]:
    """A part of a file, by its keys at the top: the rest is filled up with a file that is right."""
    parts = re.split(r"(?m)^(?=[a-z_]+:)", block)
    return {
        part.split(":", 1)[0]: part.split(":", 1)[1].strip("\n ")
        if "\n" not in part.strip()
        else part.split(":", 1)[1]
        for part in parts
        if part.strip()
    }
