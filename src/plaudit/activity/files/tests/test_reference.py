"""The reference of mapping files: its examples load, and it names every key, function, count and repair."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from plaudit.activity.files import load_mapping
from plaudit.activity.files.expression_functions import FUNCTIONS
from plaudit.activity.files.expressions import parse_expression
from plaudit.activity.files.moments import _DIRECTIVES
from plaudit.activity.files.repairs import TITLES, title_of
from plaudit.activity.files.schema import mapping_schema

PACKAGE = Path(__file__).parents[1]
PAGE = (PACKAGE.parents[3] / "docs" / "reference" / "mapping-file.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", [text for text in EXAMPLES if text.startswith("mapping: 1")])
def test_every_whole_example_loads(example: str):
    load_mapping(example)


def keys_of(schema: dict[str, Any]) -> set[str]:
    found = set(schema.get("properties", {}))
    for part in [
        *schema.get("properties", {}).values(),
        *schema.get("$defs", {}).values(),
        *schema.get("oneOf", []),
    ]:
        if isinstance(part, dict):
            found |= keys_of(part)
    return found


def test_every_key_is_described():
    assert {
        key for key in keys_of(mapping_schema()) if f"`{key}`" not in PAGE and f"`{key}:" not in PAGE
    } == set()


def test_every_repair_is_described_and_titled():
    assert {repair for repair in TITLES if f"`{repair}`" not in PAGE} == set()
    assert {
        repair: title for repair, title in TITLES.items() if f"| `{repair}` | {title} |" not in PAGE
    } == {}
    assert title_of("member_unknown") == "Member unknown"


def test_every_repair_that_is_raised_has_a_title():
    calls = [
        node
        for path in [*PACKAGE.glob("*.py"), PACKAGE.parent / "strict_json.py"]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in ("CellProblem", "JsonProblem")
    ]
    raised = {str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)}

    assert raised - {"malformed"} <= set(TITLES)


def test_every_directive_of_a_date_is_described():
    assert {directive for directive in _DIRECTIVES if f"`{directive}`" not in PAGE} == set()


def test_every_expression_shown_is_one():
    table = PAGE.split("<!-- expressions -->")[1].split("<!-- end -->")[0]
    shown = re.findall(r"^\| `(.+?)` \|", table, re.MULTILINE)

    assert len(shown) >= len(FUNCTIONS) - 1
    for text in shown:
        parse_expression(text.replace("\\|", "|"))
