"""What listening is asked for, as values; points are whole units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DEEDS_TITLE_MAX = 200
REWARDS_MAX = 6
WORDS_MAX = 500
CODES_MAX = 20
SAMPLE_MAX = 1_000
REMARK_MAX = 10_000
LANGUAGES = ("english", "german", "simple")
"""PostgreSQL's text search configurations that can be chosen; `simple` reads words as they stand."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done well, and the key of the rule that pays for it today, "" for none."""

    name: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Reward:
    """What a deed may deserve: its name, and its points in whole units; words of thanks have none."""

    name: str
    points: int


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """One code of a code book: its key, its name, and when it is chosen."""

    key: str
    name: str
    means: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What one customer wrote, and what it was about."""

    words: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What one person says: by a deed's place the place of its reward, by a block's place the best and the worst."""

    ratings: dict[int, int]
    choices: dict[int, tuple[int, int]]


def by_key(codes: Sequence[dict[str, str]]) -> dict[str, str]:
    """The names of codes by their keys."""
    return {one["key"]: one["name"] for one in codes}
