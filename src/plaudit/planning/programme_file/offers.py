"""Offers in the file: as values, and what they become below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from plaudit.earning.expressions.types import FieldType, boolean
from plaudit.planning.programme_file.fields_stored import in_utc
from plaudit.planning.programme_file.phrases import moment_text
from plaudit.targeting import definitions as targeting
from plaudit.targeting.definitions import Measure, standing_name

CONTROL_MAX = 90


@dataclass(frozen=True, slots=True)
class Offer:
    """What is made to a segment, or to single people: `goal` is what its report looks for in both groups."""

    key: str
    name: str
    segment: str = ""
    accept: bool = False
    control: int = 0
    goal: Measure | None = None
    starts: datetime | None = None
    ends: datetime | None = None

    @property
    def standing(self) -> tuple[str, FieldType]:
        """What it says of a member: the name, and true, or missing."""
        return standing_name(self.key), boolean(nullable=True, label=f"whether {self.name} is theirs")


def offer_definition(offer: Offer, zone: ZoneInfo) -> targeting.Offer:
    """The offer as it is published."""
    return targeting.Offer(
        key=offer.key,
        name=offer.name,
        segment=offer.segment,
        accept=offer.accept,
        control_percent=offer.control,
        goal=offer.goal,
        starts_at=in_utc(offer.starts, zone),
        ends_at=in_utc(offer.ends, zone),
    )


def offer_document(offer: Offer) -> dict[str, Any]:
    """The offer as its file spells it."""
    goal = offer.goal
    said = {
        "name": offer.name,
        "segment": offer.segment,
        "control": offer.control or "",
        "accept": offer.accept or "",
        "goal": {key: text for key, text in (("on", goal.on), ("when", goal.when)) if text} if goal else "",
        "from": moment_text(offer.starts) if offer.starts is not None else "",
        **_end(offer.ends),
    }
    return {key: value for key, value in said.items() if value != ""}


def _end(ends: datetime | None) -> dict[str, str]:
    """The last whole day where it ends at midnight, or the moment."""
    if ends is None:
        return {}
    if ends.time() == time():
        return {"through": (ends - timedelta(days=1)).date().isoformat()}
    return {"until": moment_text(ends)}
