"""The activities that surveys report of members themselves: that one was completed, and how somebody was rated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TEXT = {"kind": "text"}


@dataclass(frozen=True, slots=True)
class OwnType:
    """A kind of own activity; `corrects` names the one it takes back."""

    name: str
    title: str
    fields: Mapping[str, Mapping[str, Any]]
    corrects: str = ""


COMPLETED = OwnType("survey.answered", "Survey completed", {"programme": _TEXT, "survey": _TEXT})
"""Of whoever answered, and never with an answer: what is said earns nothing."""

RATED = OwnType(
    "survey.rated",
    "Rated in a survey",
    {
        "programme": _TEXT,
        "survey": _TEXT,
        "score": {"kind": "integer"},
        "contact": {"kind": "text", "nullable": True},
        "words": {"kind": "text", "nullable": True},
    },
)
"""Of whom a survey is about: the answer to its first scale, and the first words that were written."""

RATING_WITHDRAWN = OwnType("survey.rating-withdrawn", "Rating taken back", {}, corrects=RATED.name)

OWN_TYPES = (COMPLETED, RATED, RATING_WITHDRAWN)
