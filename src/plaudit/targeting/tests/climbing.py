"""An organisation whose members climb a ladder, and short ways to see where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from plaudit.earning.definitions import Rule
from plaudit.earning.tests.factories import Story, make_story
from plaudit.foundation import clock
from plaudit.foundation.models import News
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.resolving import attributes_of, find_members
from plaudit.targeting.actions.keeping_up import keep_up, look
from plaudit.targeting.actions.publish_tiers import publish_tiers
from plaudit.targeting.definitions import Ladder
from plaudit.targeting.models import Counted, Daily, Tier

PROGRAMME = "main"


def climbing(*ladders: Ladder, time_zone: str = "UTC", rules: Sequence[Rule] = (), **parts: Any) -> Story:
    """A story in which these ladders are climbed from the beginning, and settled."""
    story = make_story(*rules, **parts)
    with on(date(2020, 1, 1)):
        publish(story, *ladders, time_zone=time_zone)
        settle(story)
    return story


def publish(story: Story, *ladders: Ladder, programme: str = PROGRAMME, time_zone: str = "UTC") -> None:
    """Let members climb these ladders."""
    publish_tiers(story.organisation.id, programme, time_zone=time_zone, ladders=ladders)


@contextmanager
def on(day: date) -> Iterator[None]:
    """Noon of a day."""
    with clock.frozen_at(datetime.combine(day, time(12), UTC)):
        yield


def settle(story: Story) -> None:
    """Let everything that is due of tiers be done."""
    keep_up(story.organisation.id)
    look(story.organisation.id)


def member(story: Story, name: str) -> UUID:
    """The member whom the till calls so."""
    with in_organisation(story.organisation.id):
        return find_members(story.organisation.id, [("till", name)])[("till", name)]


def standing(story: Story, name: str, ladder: str = "tier") -> Any:
    """What rules read as `member.tier`, None where nothing is said."""
    member_id = member(story, name)
    with in_organisation(story.organisation.id):
        return attributes_of(story.organisation.id, [member_id])[member_id].get(ladder)


def told(story: Story, topic: str) -> list[dict[str, Any]]:
    """The news of one kind, oldest first."""
    with in_organisation(story.organisation.id):
        rows = News.objects.filter(organisation_id=story.organisation.id, topic=topic).order_by("id")
        return [dict(row.payload) for row in rows]


def kept(story: Story) -> tuple[list[Any], ...]:
    """Everything that is kept of tiers, for comparison: the event's parts, the days that count, the places."""
    at = story.organisation.id
    with in_organisation(at):
        counted = Counted.objects.filter(organisation_id=at).order_by("measure_id", "event_id", "member_id")
        daily = Daily.objects.filter(organisation_id=at).exclude(times=0, amount=0)
        tiers = Tier.objects.filter(organisation_id=at).order_by("ladder_id", "member_id")
        return (
            list(counted.values_list("event_id", "member_id", "day", "times", "amount")),
            list(daily.order_by("member_id", "day").values_list("member_id", "day", "times", "amount")),
            list(tiers.values_list("member_id", "level", "since", "keep_until", "amount", "falls_on")),
        )
