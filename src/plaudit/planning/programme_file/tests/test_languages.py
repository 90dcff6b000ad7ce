"""What is said about a programme file is said in the language of whoever reads it, every sentence of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from django.utils import translation

from plaudit.foundation.access.wording import translated
from plaudit.planning.programme_file.differences import changes_between
from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.programme_file.tests import test_refusals as known
from plaudit.planning.programme_file.tests.factories import (
    left_in_english,
    make_file,
    make_programme,
    problems_of,
    shipped_files,
)

WORD = re.compile("[A-Za-z]{2,}")
NOTING = {"note", "PhraseRefused", "refuse", "FieldRefused"}
SAID = {"said", "advice", "sentence", "why"}
FOLDERS = ("plaudit.planning.programme_file", "plaudit.earning.expressions")
# What writes SQL and Python, and says nothing to anybody; and what hands on what it was given.
WRITING = {"duckdb.py", "python.py", "schema.py", "zones.py", "refusals.py"}


def modules() -> list[Path]:
    """Every module that reads and judges programme files and their expressions."""
    found = [Path(str(file)) for folder in FOLDERS for file in resources.files(folder).iterdir()]
    return sorted(file for file in found if file.suffix == ".py" and file.name not in WRITING)


def prose(tree: ast.AST) -> Iterator[int]:
    """The lines on which words and facts are put together as they are, so that they cannot be translated."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            texts = [str(one.value) for one in node.values if isinstance(one, ast.Constant)]
            is_prose = any(WORD.search(text) for text in texts)
        elif isinstance(node, ast.Yield | ast.Return) and isinstance(node.value, ast.Constant):
            is_prose = " " in str(node.value.value)
        else:
            continue
        if is_prose:
            yield node.lineno


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


def test_every_sentence_of_a_difference_is_marked_for_translation():
    told = [
        file
        for file in modules()
        if re.match(r"difference|.*_changes|wording|phrase_words|public", file.name)
    ]

    assert len(told) > 15
    assert {
        f"{file.name}:{line}" for file in told for line in prose(ast.parse(file.read_text(encoding="utf-8")))
    } == set()


@pytest.mark.parametrize(
    "source", ['yield f"Rule {key} is gone."', 'return "It is gone."', 'x = [f"of {n} days"]']
)
def test_a_difference_that_is_not_marked_is_found(source):
    assert list(prose(ast.parse(f"def changes():\n    {source}"))) == [2]


def test_every_difference_between_the_files_that_are_shipped_is_said_in_german():
    files = [parse_programme(source).programme for source in shipped_files().values()]
    pairs = [(files[number - 1], file) for number, file in enumerate(files)]
    changes = [
        change
        for was, now in pairs
        for new in (True, False)
        for change in changes_between(was, now, is_new=new)
    ]

    with translation.override("de"):
        stays = set[str]().union(*(left_in_english(change.sentence) for change in changes))

    assert len(changes) > 300
    assert stays == set()


def test_a_difference_is_told_with_its_figures_and_phrases_in_german():
    older = make_programme()
    newer = make_programme(
        units="{points: {one: point, other: points, worth: 0.02 USD, expires: after 24 months}}",
        limits="[at most 25000 points a month per member]",
    )

    with translation.override("de"):
        said = [translated(change.sentence) for change in changes_between(older, newer)]

    assert said == [
        "1 point ist jetzt 0,02 USD wert, vorher: 0,01 USD; das gilt auch für alles, was Mitglieder schon haben.",
        "Points, die ab jetzt gesammelt werden, verfallen so: nach 24 Monaten, nicht: nie; schon gesammelte behalten ihr Datum.",
        "Neue Grenze für das ganze Programm: höchstens 25.000 points jeden Monat je Mitglied; sie zählt ab jetzt.",
    ]
