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

OWN_TYPES = (CHALLENGE_COMPLETED, CHALLENGE_WITHDRAWN)
