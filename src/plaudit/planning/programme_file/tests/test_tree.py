"""YAML is read as people mean it, and faults of the text itself are named with their line."""

from __future__ import annotations

from typing import Any

import pytest

from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.programme_file.tests.factories import make_file, make_programme, said_about
from plaudit.planning.programme_file.tree import (
    DEPTH_MAX,
    Entries,
    Items,
    Text,
    Tree,
    tree_of_data,
    tree_of_yaml,
)


def plain(tree: Tree | None) -> Any:
    """The tree as lists, dicts and texts."""
    if isinstance(tree, Entries):
        return {key: plain(inside) for key, inside in tree.entries.items()}
    if isinstance(tree, Items):
        return [plain(inside) for inside in tree.items]
    assert isinstance(tree, Text)
    return tree.text


def test_nothing_is_taken_for_what_it_was_not_written_as():
    tree, problems = tree_of_yaml("on: no\ntime: 12:30\nday: 2026-06-01\nnumber: 0x10\nlist: [yes, ~, 1_000]")

    assert problems.found == []
    assert plain(tree) == {
        "on": "no",
        "time": "12:30",
        "day": "2026-06-01",
        "number": "0x10",
        "list": ["yes", "~", "1_000"],
    }


def test_every_path_knows_its_line():
    _, problems = tree_of_yaml("a:\n  b: 1\n  c:\n    - x\n    - {y: 2}\n")

    assert problems.lines == {
        ("a",): 1,
        ("a", "b"): 2,
        ("a", "c"): 3,
        ("a", "c", 0): 4,
        ("a", "c", 1): 5,
        ("a", "c", 1, "y"): 5,
    }


def test_the_tree_of_data_is_the_tree_of_the_file_that_spells_it():
    tree, _ = tree_of_yaml("a: 1\nb: [x, true]\nc: {d: null}\n")

    assert plain(tree_of_data({"a": 1, "b": ["x", True], "c": {"d": None}})) == plain(tree) | {"c": {"d": ""}}


@pytest.mark.parametrize(
    "text, said",
    [
        ("a:\n  b:\n    - c: 1\n      c: 2\n", "line 4, a › b › 1 › c: `c` is written twice."),
        ("a: 1\na: 2\n", "line 2, a: `a` is written twice. The first is in line 1; keep one."),
        ("a: &x 1\n", "line 1, a: There is an anchor (&x). Remove it, and write out what is repeated."),
        ("a: &x [1]\nb: *x\n", "line 2, b: There is an alias (*x). Write out what it stands for."),
        (
            "a: !!python/object:os.system ls\n",
            "line 1, a: There is a tag (tag:yaml.org,2002:python/object:os.system).",
        ),
        ("a: 1\n---\nb: 2\n", "line 2: A second document starts here (---). Keep one programme to a file."),
        ("a: when: b\n", "line 1: There is a colon too many on this line."),
        ("a:\n\tb: 1\n", "line 2, a: There is a tab here. Indent with spaces; YAML takes no tabs."),
        ("a: {b: 1\nc: 2\n", "A map in braces is not closed, or a comma is missing."),
        ("a: [b, c\n", "A list in brackets is not closed, or a comma is missing."),
        ("a: 'b\n", "A quote is opened and never closed."),
        ("a: 1\n   b: 2\n", "line 2"),
        ("a: 1\nb\n", "line 2"),
        ("a: @b\n", "A text cannot start with this character. Put the text in quotes."),
        ("? [a, b]\n: c\n", "A list or map stands where a key is expected."),
        ("a: x\x07y\n", "There is a character YAML does not allow (U+0007)."),
        ("a: x\u2028y\n", "There is an invisible line end (U+2028)."),
        ("a: " + "x" * 10_001, "This text is longer than 10,000 characters."),
        ("a: " + "x" * 300_000, "The file is longer than 256 kB."),
        ("[" * 100_000, f"This is nested more than {DEPTH_MAX} deep."),
        (
            "a:\n" + "".join(f"{'  ' * depth}a:\n" for depth in range(1, 30)),
            f"nested more than {DEPTH_MAX} deep",
        ),
    ],
)
def test_a_fault_of_the_text_is_named_with_its_line(text, said):
    _, problems = tree_of_yaml(text)

    assert any(said in str(problem) for problem in problems.found), [
        str(problem) for problem in problems.found
    ]


def test_an_empty_file_lacks_everything():
    said = said_about("")

    assert [line.split(" is missing")[0] for line in said] == [
        "`plaudit`",
        "`programme`",
        "`name`",
        "`time_zone`",
        "`units`",
    ]


def test_a_list_is_no_programme():
    assert said_about("- a\n- b\n") == ["This must be a map. Write plaudit: … and so on below it."]


def test_another_format_is_not_guessed_at():
    assert said_about("plaudit: 2\nanything: goes\n") == [
        "line 1, plaudit: Format 2 is not known. This Plaudit reads plaudit: 1."
    ]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing():
    bent = "\ufeff" + make_file().replace("\n", "\r\n")

    assert parse_programme(bent).programme == make_programme()
