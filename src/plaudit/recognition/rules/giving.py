"""What giving uses up of which limit. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plaudit.earning.definitions import Every
from plaudit.earning.limits import period_of
from plaudit.recognition.definitions import Standard

POINTS = "points"
DAY = "day"
PAIR = "pair"
NOMINATIONS = "nominations"
PROGRAMME = UUID(int=0)
"""Who gives what comes from no person's allowance: the programme itself."""


@dataclass(frozen=True, slots=True)
class Use:
    """So much of one limit of a giver in one period: of points, of times a day, or of times one person a month."""

    what: str
    period: str
    amount: int
    at_most: int


def allowance_of(standard: Standard, *, leads: bool) -> int:
    """What one giver may give in a period: a supervisor's allowance, or a colleague's."""
    return standard.supervisors if leads else standard.colleagues


def allowance_period(standard: Standard, local: datetime) -> str:
    """The period whose allowance a moment uses; the next one begins anew with all of it."""
    return period_of(standard.every, local.date())


def uses_of(
    standard: Standard, local: datetime, *, leads: bool, points: int, recipients: Collection[UUID]
) -> Sequence[Use]:
    """Everything one act of giving uses up, in an order that is the same for everybody.

    `local` is now in the programme's time zone, `points` what each recipient gets. The allowance pays for
    every recipient; words alone use the day's count and nothing else.
    """
    day, month = period_of(Every.DAY, local.date()), period_of(Every.MONTH, local.date())
    uses = [Use(DAY, day, 1, standard.per_day)]
    if points:
        in_all, most = points * len(recipients), allowance_of(standard, leads=leads)
        uses.append(Use(POINTS, allowance_period(standard, local), in_all, most))
        uses += [Use(f"{PAIR} {one}", month, 1, standard.per_pair) for one in recipients]
    return sorted(uses, key=lambda use: use.what)
