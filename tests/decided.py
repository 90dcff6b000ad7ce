"""What axe cannot tell by itself, decided by people, one by one: why it is right as it is.

Whatever else axe is undecided about fails as a violation does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Decided:
    """A rule of axe, its word for why it cannot tell, where (a pattern for its selectors), and why it is right."""

    rule: str
    undecided: str
    where: str
    because: str


_TOKENS = "Every pair of colours that words are written in has its contrast computed in design/tests/test_tokens.py."
# Axe names the words of a chart alone where there is one chart, and by the chart that they stand in where there are two.
_IN_A_CHART = r"^text|text\[|\.mid|\.chart-svg"

DECIDED = (
    Decided(
        "color-contrast",
        "elmPartiallyObscured box",
        r"",
        "A wide table, a line of code and a row of tabs scroll within their box on a narrow screen: what is partly"
        f" out of sight comes into view, in the colours of the rest. {_TOKENS}",
    ),
    Decided(
        "color-contrast",
        "elmPartiallyObscured bar",
        r"",
        "The bar at the foot floats above what scrolls beneath it and comes into view, in the colours of the rest."
        f" That what has focus is never covered is its own test. {_TOKENS}",
    ),
    Decided(
        "color-contrast",
        "elmPartiallyObscuring",
        r"nav-link",
        f"The bar at the foot floats above the page, on a ground of its own that nothing shows through. {_TOKENS}",
    ),
    Decided(
        "color-contrast",
        "imgNode",
        _IN_A_CHART,
        f"Words in a chart are drawn on the page's own ground, with no picture behind them. {_TOKENS}",
    ),
    Decided(
        "color-contrast",
        "shortTextContent",
        rf"\.num|{_IN_A_CHART}|\bspan\b|\b(td|th|tr)\b|\blabel\b",
        f"A figure of one digit, or one sign, in the colours of the longer ones beside it. {_TOKENS}",
    ),
    Decided(
        "color-contrast",
        "bgOverlap",
        r"label",
        f"The box of a choice lies beneath its own label, in the colour of the ground or of what is chosen. {_TOKENS}",
    ),
)


def is_decided(rule: str, undecided: str, where: str) -> bool:
    """Whether somebody looked at this and found it right."""
    return any(
        (one.rule, one.undecided) == (rule, undecided) and re.search(one.where, where) for one in DECIDED
    )
