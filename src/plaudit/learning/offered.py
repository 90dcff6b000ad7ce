"""What is offered to learn now, and what ever was: found by programme and key."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from plaudit.foundation import clock
from plaudit.learning.conversations import Scenario
from plaudit.learning.definitions import Learning, Offering, read_learning
from plaudit.learning.models import Published
from plaudit.learning.refusals import NoScenario, NothingToLearn


def newest_published(organisation_id: int, programme: str) -> Published | None:
    """The version published last, also where nothing is offered any more."""
    found = Published.objects.filter(organisation_id=organisation_id, programme=programme)
    return found.order_by("-number").first()


def learning_of(organisation_id: int, programme: str) -> Learning | None:
    """What a programme offers to learn, or offered last; None where it never did."""
    newest = newest_published(organisation_id, programme)
    return read_learning(newest.definition) if newest is not None else None


def all_learning(organisation_id: int) -> list[Learning]:
    """What every programme offers now, by its key."""
    newest: dict[str, Published] = {}
    for row in Published.objects.filter(organisation_id=organisation_id).order_by("number"):
        newest[row.programme] = row
    return [read_learning(newest[key].definition) for key in sorted(newest) if newest[key].offered]


def offering_of(organisation_id: int, programme: str, key: str) -> tuple[Learning, Offering]:
    """An offering, with all that its programme offers. Raises `NothingToLearn`."""
    learning = learning_of(organisation_id, programme)
    offering = learning.offering(key) if learning is not None else None
    if learning is None or offering is None:
        raise NothingToLearn(programme=programme, offering=key)
    return learning, offering


def scenario_of(organisation_id: int, programme: str, key: str) -> tuple[Learning, Scenario]:
    """A scenario that is practised now. Raises `NoScenario`."""
    newest = newest_published(organisation_id, programme)
    learning = read_learning(newest.definition) if newest is not None and newest.offered else None
    scenario = learning.scenario(key) if learning is not None else None
    if learning is None or scenario is None:
        raise NoScenario(programme=programme, scenario=key)
    return learning, scenario


def day_of(learning: Learning, moment: datetime) -> date:
    """The day it is there at a moment."""
    return moment.astimezone(ZoneInfo(learning.time_zone)).date()


def moment_of(learning: Learning, day: date) -> datetime:
    """When something of this day is taken to have happened: now for today's, or else noon there."""
    now = clock.now()
    if day_of(learning, now) == day:
        return now
    return datetime.combine(day, time(12), ZoneInfo(learning.time_zone))
