"""Holds the written pages to the product: commands, links, pictures and events that they show must be real."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from plaudit.activity.events import EventError, decode_cloudevents
from plaudit.surfaces.cli.main import app

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted([*(ROOT / "docs" / "tutorials").glob("*.md"), *(ROOT / "docs" / "how-to").glob("*.md")])
ALGORITHMS = sorted((ROOT / "docs" / "algorithms").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "docs" / "index.md", ROOT / "docs" / "tour.md", *LESSONS, *ALGORITHMS]
PICTURES = ROOT / "docs" / "pictures"

_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
_STOPS = {"|", "<", ">", ">>", "&&", "||", ";"}


def blocks(page: Path, language: str) -> list[str]:
    """The page's fenced blocks in one language."""
    return [body for found, body in _FENCED.findall(page.read_text(encoding="utf-8")) if found == language]


def commands(page: Path) -> list[list[str]]:
    """The arguments of every `plaudit` command that the page shows at a prompt, alone or behind a pipe."""
    found = []
    for block in blocks(page, "console"):
        prompts = re.findall(r"^\$ (.*(?:\\\n.*)*)", block, re.MULTILINE)
        for prompt in prompts:
            if "plaudit" not in prompt:
                continue
            words = [*_words(prompt), ";"]
            while "plaudit" in words:
                words = words[words.index("plaudit") + 1 :]
                end = next(place for place, word in enumerate(words) if word in _STOPS)
                found.append(words[:end])
    return found


def _words(prompt: str) -> list[str]:
    shell = shlex.shlex(prompt.replace("\\\n", " "), posix=True, punctuation_chars="|<>&;")
    shell.whitespace_split = True
    return list(shell)


def faults(arguments: list[str]) -> str:
    """What is wrong with a command line: an unknown noun, verb or option; nothing is run."""
    read = CliRunner().invoke(app, [*arguments, "--help"])
    return "" if read.exit_code == 0 else read.output


@pytest.mark.parametrize("page", LESSONS, ids=lambda page: page.stem)
def test_every_command_shown_exists_with_its_options(page: Path) -> None:
    for arguments in commands(page):
        assert not faults(arguments), arguments


def test_a_command_that_does_not_exist_is_found_out() -> None:
    assert "verfy" in faults(["ledger", "verfy"])
    assert "--nope" in faults(["activity", "send", "--nope"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_linked_file_exists(page: Path) -> None:
    for groups in _LINK.findall(page.read_text(encoding="utf-8")):
        target = next(filter(None, groups)).partition("#")[0]
        if target and "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_picture_is_shown_somewhere_and_is_small() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for picture in PICTURES.rglob("*.png"):
        place = picture.relative_to(PICTURES.parent)
        assert str(place) in text, f"{place} is shown nowhere"
        assert picture.stat().st_size < 150_000, f"{place} is too large"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_event_shown_is_a_cloudevent(page: Path) -> None:
    for body in blocks(page, "json"):
        if "specversion" not in json.loads(body):
            continue
        for event in decode_cloudevents(body.encode(), "application/cloudevents+json"):
            assert not isinstance(event, EventError), event


def test_the_index_leads_to_every_page() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    for page in [*LESSONS, *ALGORITHMS]:
        assert f"({page.parent.name}/{page.name})" in index
