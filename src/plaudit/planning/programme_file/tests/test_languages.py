"""What is said about a programme file is said in the language of whoever reads it, every sentence of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from django.utils import translation

from plaudit.foundation.access.wording import translated
from plaudit.planning.programme_file.tests import test_refusals as known
from plaudit.planning.programme_file.tests.factories import make_file, problems_of

NOTING = {"note", "PhraseRefused", "refuse", "FieldRefused"}
SAID = {"said", "advice", "sentence", "why"}
FOLDERS = ("plaudit.planning.programme_file", "plaudit.earning.expressions")
# What writes SQL and Python, and says nothing to anybody; and what hands on what it was given.
WRITING = {"duckdb.py", "python.py", "schema.py", "zones.py", "refusals.py"}


def modules() -> list[Path]:
    """Every module that reads and judges programme files and their expressions."""
    found = [Path(str(file)) for folder in FOLDERS for file in resources.files(folder).iterdir()]
    return sorted(file for file in found if file.suffix == ".py" and file.name not in WRITING)


def unmarked(tree: ast.AST) -> Iterator[int]:
    """The lines on which a sentence of a problem is put together so that it cannot be translated."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in NOTING:
            said: list[ast.expr] = list(node.args)
        elif isinstance(node, ast.Assign) and any(getattr(one, "id", "") in SAID for one in node.targets):
            said = [node.value]
        else:
            continue
        yield from (one.lineno for each in said for one in _loose(each, direct=isinstance(node, ast.Call)))


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _loose(said: ast.expr, *, direct: bool) -> Iterator[ast.expr]:
    """The texts in it that stand in no call of `worded`; a plain text is found in the call itself alone."""
    if isinstance(said, ast.JoinedStr | ast.BinOp):
        yield said
    elif isinstance(said, ast.IfExp | ast.BoolOp):
        for one in (said.body, said.orelse) if isinstance(said, ast.IfExp) else said.values:
            yield from _loose(one, direct=False)
    elif isinstance(said, ast.Constant) and isinstance(said.value, str) and not direct and " " in said.value:
        yield said


def test_every_sentence_of_a_problem_is_marked_for_translation():
    found = {
        f"{file.name}:{line}"
        for file in modules()
        for line in unmarked(ast.parse(file.read_text(encoding="utf-8")))
    }

    assert found == set()


@pytest.mark.parametrize(
    "source",
    [
        'place.note(f"`{key}` is wrong.", "Leave it out.")',
        'place.note("It is " + key)',
        'place.note("One is wrong." if one else "Several are wrong.")',
        'said = "It is wrong."',
        'raise PhraseRefused("It is wrong.", f"Write {other}.")',
    ],
)
def test_a_sentence_that_is_not_marked_is_found(source):
    assert list(unmarked(ast.parse(source))) != []


def test_every_fault_that_is_known_is_said_in_german():
    files = [sections for sections, _ in known.EVERYTHING]
    problems = [problem for sections in files for problem in problems_of(make_file(**sections))]
    said = {text for problem in problems for text in (problem.sentence, problem.advice) if text}

    with translation.override("de"):
        stays = {text for text in said if translated(text) == str(text)}

    assert len(said) > 200
    assert stays == set()
