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
REFERRAL_QUALIFIED = OwnType("referral.qualified", "Friend came", {"programme": _TEXT, "friend": _TEXT})
REFERRAL_WITHDRAWN = OwnType(
    "referral.withdrawn",
    "Friend's first step was taken back",
    REFERRAL_QUALIFIED.fields,
    corrects=REFERRAL_QUALIFIED.name,
)
FRIEND_WELCOMED = OwnType(
    "referral.welcomed", "Welcomed as a friend", {"programme": _TEXT, "referred_by": _TEXT}
)
FRIEND_UNWELCOMED = OwnType(
    "referral.unwelcomed", "Welcome taken back", FRIEND_WELCOMED.fields, corrects=FRIEND_WELCOMED.name
)
ACHIEVEMENT_REACHED = OwnType(
    "achievement.reached",
    "Achievement",
    {"programme": _TEXT, "achievement": _TEXT, "period": _TEXT, "target": _NUMBER},
)
ACHIEVEMENT_WITHDRAWN = OwnType(
    "achievement.withdrawn",
    "No longer achieved",
    ACHIEVEMENT_REACHED.fields,
    corrects=ACHIEVEMENT_REACHED.name,
)
ROUNDING_ADDED = OwnType(
    "rounding.added",
    "Parts that add up",
    {"programme": _TEXT, "rule": _TEXT, "together": _TEXT, "number": {"kind": "integer"}},
)
ROUNDING_REMOVED = OwnType(
    "rounding.removed", "Parts that no longer add up", ROUNDING_ADDED.fields, corrects=ROUNDING_ADDED.name
)
BADGE_EARNED = OwnType("badge.earned", "Badge earned", {"programme": _TEXT, "badge": _TEXT})
BADGE_WITHDRAWN = OwnType(
    "badge.withdrawn", "Badge taken back", BADGE_EARNED.fields, corrects=BADGE_EARNED.name
)
BIRTHDAY = OwnType("birthday.reached", "Birthday", {"programme": _TEXT, "year": {"kind": "integer"}})

OWN_TYPES = (
    CHALLENGE_COMPLETED,
    CHALLENGE_WITHDRAWN,
    STREAK_REACHED,
    STREAK_WITHDRAWN,
    STREAK_EXTENDED,
    STREAK_SHORTENED,
    COMPETITION_WON,
    REFERRAL_QUALIFIED,
    REFERRAL_WITHDRAWN,
    FRIEND_WELCOMED,
    FRIEND_UNWELCOMED,
    BIRTHDAY,
    ACHIEVEMENT_REACHED,
    ACHIEVEMENT_WITHDRAWN,
    ROUNDING_ADDED,
    ROUNDING_REMOVED,
    BADGE_EARNED,
    BADGE_WITHDRAWN,
)
