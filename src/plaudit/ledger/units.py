"""What is counted: an organisation's units and their policies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from plaudit.ledger.expiry import expires_at
from plaudit.ledger.models import Unit


@dataclass(frozen=True, slots=True)
class UnitPolicy:
    """A unit as the posting path needs it."""

    id: int
    key: str
    names: dict[str, str]
    precision: int
    currency: str
    value_minor_per_million: int
    expiry: dict[str, Any]
    may_owe: bool

    def expiry_of(self, earned_at: datetime, time_zone: ZoneInfo) -> datetime | None:
        """When points earned at that moment expire; none where they never do."""
        return expires_at(self.expiry, earned_at, time_zone) if self.expiry else None


def units_by_key(organisation_id: int) -> dict[str, UnitPolicy]:
    """Every unit of the organisation."""
    return {
        unit.key: UnitPolicy(
            unit.id,
            unit.key,
            unit.names,
            unit.precision,
            unit.currency,
            unit.value_minor_per_million,
            unit.expiry,
            unit.may_owe,
        )
        for unit in Unit.objects.filter(organisation_id=organisation_id)
    }


