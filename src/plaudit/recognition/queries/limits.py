"""What a giver has left of their allowance."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from plaudit.foundation import clock
from plaudit.recognition.definitions import Standard
from plaudit.recognition.models import GivingUse
from plaudit.recognition.queries.people import leads_a_team
from plaudit.recognition.rules.giving import POINTS, allowance_of, allowance_period


@dataclass(frozen=True, slots=True)
class Left:
    """An allowance in one period, in the smallest part of its unit: what there is, and what of it was given."""

    programme: str
    unit: str
    period: str
    allowance: int
    used: int

    @property
    def left(self) -> int:
        """What can still be given in this period."""
        return max(0, self.allowance - self.used)


def left_of(organisation_id: int, standard: Standard, giver_id: UUID) -> Left:
    """What somebody can still give in the period that is running."""
    period = allowance_period(standard, clock.now().astimezone(ZoneInfo(standard.time_zone)))
    row = GivingUse.objects.filter(
        organisation_id=organisation_id,
        programme=standard.programme,
        giver_id=giver_id,
        what=POINTS,
        period=period,
    ).first()
    most = allowance_of(standard, leads=leads_a_team(organisation_id, giver_id))
    return Left(standard.programme, standard.unit, period, most, row.used if row else 0)
