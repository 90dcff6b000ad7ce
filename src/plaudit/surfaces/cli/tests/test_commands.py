"""Every command: listed, documented, found by name, and started without what it does not need."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from plaudit.surfaces.cli.docs import ROOT, cli_page, references
from plaudit.surfaces.cli.loading import COMMANDS, load, parted
from plaudit.surfaces.cli.tests.calling import call


def verbs() -> list[tuple[str, Any]]:
    """Every command that does something, by the words it is called with."""
    found: list[tuple[str, Any]] = []
    for name in COMMANDS:
        command = load(name)
        below = getattr(command, "commands", None)
        found += (
            [(name, command)] if below is None else [(f"{name} {verb}", one) for verb, one in below.items()]
        )
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_of_a_command_what_it_says_of_itself(name: str):
    assert load(name).help.split("\n\n")[0] == COMMANDS[name].help


@pytest.mark.parametrize("words,command", verbs(), ids=[words for words, _ in verbs()])
def test_a_command_says_what_it_does_and_what_each_word_after_it_means(words: str, command: Any):
    assert command.help, f"plaudit {words} says nothing of itself"
    silent = [one.name for one in command.params if one.name != "help" and not one.help]
    assert not silent, f"plaudit {words} does not say what these mean: {silent}"


def test_the_reference_names_every_command():
    page = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    missing = [words for words, _ in verbs() if f" `plaudit {words}`\n" not in page]
    assert not missing, f"run `plaudit docs write`: {missing}"


def test_every_example_is_of_a_command_that_there_is():
    page = cli_page()
    known = [words for words, _ in verbs()]
    examples = [line.strip() for line in page.splitlines() if line.startswith("    plaudit ")]
    for example in examples:
        words = example.replace("--org harbour-sandbox ", "").removeprefix("plaudit ")
        assert any(words.startswith(one) for one in known) or words.startswith("NOUN"), example


def test_every_reference_is_made_without_a_database():
    for one in references():
        path = ROOT / one.path
        assert one.make(path.read_text(encoding="utf-8") if path.exists() else "")


def test_options_of_the_root_stand_anywhere_but_after_two_dashes():
    arguments = ["member", "show", "x:1", "--json", "--org", "harbour", "--", "--json"]
    assert parted(arguments) == (["--json", "--org", "harbour"], ["member", "show", "x:1", "--", "--json"])


def test_a_slip_of_the_pen_is_answered_with_what_was_meant():
    said = call("membr", "show")
    assert said.code == 2
    assert "member" in said.talk


def test_help_waits_for_neither_django_nor_a_database():
    script = (
        "import sys; from plaudit.surfaces.cli.main import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "print([one for one in ('django', 'psycopg', 'pydantic', 'duckdb') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_version_is_json_where_it_is_asked_for():
    assert set(call("version", "--json").data) == {"plaudit", "python"}
    assert set(call("--json", "--fields", "plaudit", "version").data) == {"plaudit"}
