"""What axe cannot tell by itself, decided by people, one by one: why it is right as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Decided:
    """A rule of axe, where it is undecided (a pattern for axe's selectors), and why it holds there."""

    rule: str
    where: str
    because: str


DECIDED: tuple[Decided, ...] = (
    Decided(
        "color-contrast",
        r"^(tbody > )?tr:nth-child\(\d+\) > \.num$",
        "The last column of a wide table begins past the edge of what scrolls; its colours are those of every cell.",
    ),
)


def is_decided(rule: str, where: str) -> bool:
    """Whether somebody looked at this and found it right."""
    return any(one.rule == rule and re.search(one.where, where) for one in DECIDED)
