"""The activities that this package reports of members itself: their names and what they carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TEXT = {"kind": "text"}
_NUMBER = {"kind": "decimal", "scale": 2}


@dataclass(frozen=True, slots=True)
class OwnType:
    """A kind of own activity; `corrects` names the one it takes back."""

    name: str
    title: str
    fields: Mapping[str, Mapping[str, Any]]
    corrects: str = ""


CHALLENGE_COMPLETED = OwnType(
    "challenge.completed",
    "Challenge completed",
    {"programme": _TEXT, "challenge": _TEXT, "period": _TEXT, "target": _NUMBER},
)
CHALLENGE_WITHDRAWN = OwnType(
    "challenge.withdrawn",
    "Challenge no longer completed",
    CHALLENGE_COMPLETED.fields,
    corrects=CHALLENGE_COMPLETED.name,
)

STREAK_REACHED = OwnType(
    "streak.reached",
    "Streak reached",
    {
        "programme": _TEXT,
        "streak": _TEXT,
        "since": _TEXT,
        "length": {"kind": "integer"},
        "goal": {"kind": "integer"},
    },
)
STREAK_WITHDRAWN = OwnType(
    "streak.withdrawn", "Streak no longer reached", STREAK_REACHED.fields, corrects=STREAK_REACHED.name
)
STREAK_EXTENDED = OwnType(
    "streak.extended",
    "Streak goes on",
    {"programme": _TEXT, "streak": _TEXT, "activity": _TEXT, "extra": {"kind": "decimal", "scale": 4}},
)
STREAK_SHORTENED = OwnType(
    "streak.shortened", "Streak did not go on", STREAK_EXTENDED.fields, corrects=STREAK_EXTENDED.name
)
COMPETITION_WON = OwnType(
    "competition.won",
    "Place in a competition",
    {"programme": _TEXT, "competition": _TEXT, "period": _TEXT, "place": {"kind": "integer"}},
)

OWN_TYPES = (
    CHALLENGE_COMPLETED,
    CHALLENGE_WITHDRAWN,
    STREAK_REACHED,
    STREAK_WITHDRAWN,
    STREAK_EXTENDED,
    STREAK_SHORTENED,
    COMPETITION_WON,
)
