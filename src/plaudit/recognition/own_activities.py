"""The activities that this package reports of members itself: their names and what they carry."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from plaudit.engagement.own_activities import OwnType
from plaudit.foundation.ids import show
from plaudit.recognition.definitions import Source
from plaudit.recognition.models import Recognition

POINTS_DECIMALS = 4

RECEIVED = OwnType(
    "recognition.received",
    "Recognised",
    {
        "programme": {"kind": "text"},
        "recognition": {"kind": "text"},
        "behaviour": {"kind": "text"},
        "given_by": {"kind": "text", "choices": [one.value for one in Source]},
        "points": {"kind": "decimal", "scale": POINTS_DECIMALS},
    },
)
WITHDRAWN = OwnType(
    "recognition.withdrawn", "Recognition taken back", RECEIVED.fields, corrects=RECEIVED.name
)

OWN_TYPES = (RECEIVED, WITHDRAWN)


def activity_id(made: Recognition, member_id: UUID) -> str:
    """By what the own activity of one recipient is known for ever."""
    return f"recognition:{made.id}:{member_id}"


def facts_of(made: Recognition, source: str, precision: int) -> dict[str, object]:
    """What the own activity says: never the words, which can be erased."""
    return {
        "programme": made.programme,
        "recognition": show("rcg", made.id),
        "behaviour": made.behaviour,
        "given_by": source,
        "points": Decimal(made.points).scaleb(-precision),
    }
