"""Every problem the API can answer with, gathered from the refusals themselves."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass

import plaudit
from plaudit.foundation.refusals import Refusal

_FACT = re.compile(r"\{(\w+)[^}]*\}")

# A program never meets these: they are said to people, or to whoever starts the server.
_ELSEWHERE = (
    "plaudit.foundation.backup",
    "plaudit.foundation.postgres",
    "plaudit.surfaces.cli",
    "plaudit.surfaces.console",
    "plaudit.surfaces.portal",
)


@dataclass(frozen=True, slots=True)
class ListedProblem:
    """One stable code, the status it comes with, and what it says."""

    code: str
    status: int
    sentence: str


def problems_listed() -> list[ListedProblem]:
    """All of them, by code."""
    for module in pkgutil.walk_packages(plaudit.__path__, "plaudit."):
        if module.name.endswith(".refusals"):
            importlib.import_module(module.name)
    kinds = [
        kind
        for kind in _kinds_of(Refusal)
        if kind.__module__.startswith("plaudit.")
        and not kind.__module__.startswith(_ELSEWHERE)
        and ".tests" not in kind.__module__
    ]
    found: dict[str, ListedProblem] = {}
    for kind in sorted(kinds, key=lambda kind: (kind.code, kind.__module__, kind.__name__)):
        found.setdefault(kind.code, ListedProblem(kind.code, kind.status, _sentence(kind)))
    return list(found.values())


def _kinds_of(refusal: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in refusal.__subclasses__():
        yield kind
        yield from _kinds_of(kind)


def _sentence(refusal: type[Refusal]) -> str:
    """What it says, its facts named in braces; nothing where each says it in its own words."""
    said = refusal.sentence.replace("{summary}", "")
    return " ".join(_FACT.sub(r"{\1}", said).split())
