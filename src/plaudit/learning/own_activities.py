"""The activities that learning reports of members itself: that something was completed or passed, and that it was not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TEXT = {"kind": "text"}
_COUNT = {"kind": "integer"}


@dataclass(frozen=True, slots=True)
class OwnType:
    """A kind of own activity; `corrects` names the one it takes back."""

    name: str
    title: str
    fields: Mapping[str, Mapping[str, Any]]
    corrects: str = ""


COMPLETED = OwnType(
    "learning.completed",
    "Learning completed",
    {
        "programme": _TEXT,
        "offering": _TEXT,
        "kind": _TEXT,
        "minutes": _COUNT,
        "credits": _COUNT,
        "partner": {"kind": "text", "nullable": True},
    },
)
WITHDRAWN = OwnType("learning.withdrawn", "Learning not completed after all", {}, corrects=COMPLETED.name)
PRACTISED = OwnType(
    "learning.practised",
    "Scenario passed",
    {"programme": _TEXT, "scenario": _TEXT, "occasion": _TEXT, "score": _COUNT},
)
"""`occasion` is first, or refresher where a rule had changed since; `score` is in percent."""

OWN_TYPES = (COMPLETED, WITHDRAWN, PRACTISED)
