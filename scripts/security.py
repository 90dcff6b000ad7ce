"""Counts how each item of the OWASP ASVS is met, as `docs/security.md` says, and finds what the page leaves out.

An item is proven by tests that exist, seen in a review, not applicable, or not met; every line says which,
and why. The items are those of levels 1 and 2 of version 5.0.0, and 24 of level 3.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "security.md"

CLASSES = ("test", "review", "n/a", "not met")

# The items of each level by their section; 345 in all, of which level 3 has 92.
LEVEL_1 = """
1.2.1-5 1.3.1-2 1.5.1 2.1.1 2.2.1-2 2.3.1 3.2.1-2 3.3.1 3.4.1-2 3.5.1-3 4.1.1 4.4.1 5.2.1-2 5.3.1-2 6.1.1
6.2.1-8 6.3.1-2 6.4.1-2 7.2.1-4 7.4.1-2 8.1.1 8.2.1-2 8.3.1 9.1.1-3 9.2.1 10.4.1-5 11.3.1-2 11.4.1 12.1.1
12.2.1-2 13.4.1 14.2.1 14.3.1 15.1.1 15.2.1 15.3.1
"""
LEVEL_2 = """
1.1.1-2 1.2.6-9 1.3.3-11 1.4.1-3 1.5.2 2.1.2-3 2.2.3 2.3.2-4 2.4.1 3.3.2-4 3.4.3-6 3.5.4-5 3.7.1-2 4.1.2-3
4.2.1 4.3.1-2 4.4.2-4 5.1.1 5.2.3 5.4.1-3 6.1.2-3 6.2.9-12 6.3.3-4 6.4.3-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3
7.3.1-2 7.4.3-5 7.5.1-2 7.6.1-2 8.1.2 8.2.3 8.4.1 9.2.2-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.6-11 10.5.1-5
10.6.1-2 10.7.1-3 11.1.1-2 11.2.1-3 11.3.3 11.4.2-4 11.5.1 11.6.1 12.1.2-3 12.3.1-4 13.1.1 13.2.1-5 13.3.1-2
13.4.2-5 14.1.1-2 14.2.2-4 14.3.2-3 15.1.2-3 15.2.2-3 15.3.2-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3
17.1.1 17.2.1-4 17.3.1-2
"""
OF_LEVEL_3 = """
1.2.10 1.3.12 2.3.5 2.4.2 3.4.7-8 3.5.8 4.1.4-5 5.2.6 6.3.5 6.3.7-8 6.5.6 7.5.3 8.3.2-3 13.1.3 13.3.4 14.2.6-7
15.4.2-3 16.5.4
"""

_ROW = re.compile(
    r"^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| (test|review|n/a|not met|[^|]*) \| (.*) \|$", re.MULTILINE
)
_TEST = re.compile(r"`(test_\w+)`")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the page."""

    id: str
    level: int
    asks: str
    how: str
    says: str


def levels() -> dict[str, int]:
    """Every item the page must have, with its level."""
    return {
        item: level
        for level, written in ((1, LEVEL_1), (2, LEVEL_2), (3, OF_LEVEL_3))
        for item in _each(written)
    }


def _each(written: str) -> Iterable[str]:
    for part in written.split():
        first, _, last = part.partition("-")
        section, _, number = first.rpartition(".")
        yield from (f"{section}.{one}" for one in range(int(number), int(last or number) + 1))


def items(page: str) -> list[Item]:
    """The lines of the page."""
    return [
        Item(id, int(level), asks.strip(), how.strip(), says.strip())
        for id, level, asks, how, says in _ROW.findall(page)
    ]


def names_of_tests() -> set[str]:
    """The name of every test of the project."""
    files = [path for folder in ("src", "tests") for path in (ROOT / folder).rglob("test_*.py")]
    return {
        name
        for path in files
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }


def faults(found: list[Item], tests: set[str]) -> list[str]:
    """What is wrong with the lines, each as a sentence."""
    wanted, counted = levels(), Counter(one.id for one in found)
    said = [f"{id} is missing." for id in wanted if id not in counted]
    said += [f"{id} stands {times} times." for id, times in counted.items() if times > 1]
    for one in found:
        if wanted.get(one.id) != one.level:
            said.append(f"{one.id} is not an item of level {one.level} that is asked for.")
        if one.how not in CLASSES or not one.says:
            said.append(f"{one.id} is neither tested, reviewed, without application, nor owned up to.")
        named = _TEST.findall(one.says)
        if one.how == "test" and not named:
            said.append(f"{one.id} names no test.")
        said += [f"{one.id} names {test}, which is not there." for test in named if test not in tests]
    return said


def counts(found: list[Item]) -> str:
    """How many items of each level are met how, as a table."""
    lines = [f"{'ASVS 5.0.0':12}" + "".join(f"{how:>9}" for how in CLASSES) + f"{'all':>9}"]
    for level in (1, 2, 3, 0):
        here = [one for one in found if level in (0, one.level)]
        by = Counter(one.how for one in here)
        name = f"level {level}" if level else "all"
        lines.append(f"{name:12}" + "".join(f"{by[how]:9}" for how in CLASSES) + f"{len(here):9}")
    return "\n".join(lines)


def main() -> None:
    """Print the counts; end badly where a line is missing, doubled, or says nothing true."""
    found = items(PAGE.read_text(encoding="utf-8"))
    print(counts(found))
    wrong = faults(found, names_of_tests())
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
