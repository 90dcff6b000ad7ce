"""Holds docs/algorithms to its form: promises first, and no table that no test comes to."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.algorithms.worked import PAGES, tables, worked
from tests.source import sources

_HEADINGS = re.compile(r"^## (.+)$", re.MULTILINE)
_TABLES = re.compile(r"^\|[-:| ]+\|$", re.MULTILINE)
_EVERY_PAGE = sorted(PAGES.glob("*.md"))


@cache
def asked_for() -> set[tuple[str, str]]:
    """The page and name of every table that a test reads with `worked`."""
    found = set()
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "worked":
                names = [one.value for one in node.args if isinstance(one, ast.Constant)]
                if len(names) == 2:
                    found.add((str(names[0]), str(names[1])))
    return found


@pytest.mark.parametrize("page", _EVERY_PAGE, ids=lambda page: page.stem)
def test_every_table_is_named_and_executed(page: Path) -> None:
    named = tables(page)

    assert named, "a page without a worked table proves nothing"
    assert len(named) == len(_TABLES.findall(page.read_text(encoding="utf-8")))
    assert {(page.stem, name) for name in named} <= asked_for()


@pytest.mark.parametrize("page", _EVERY_PAGE, ids=lambda page: page.stem)
def test_promises_come_first(page: Path) -> None:
    assert _HEADINGS.findall(page.read_text(encoding="utf-8"))[0] == "Promises"


def test_a_table_nobody_named_is_not_there() -> None:
    with pytest.raises(KeyError):
        worked("limits-and-stacking", "of-nobody")
