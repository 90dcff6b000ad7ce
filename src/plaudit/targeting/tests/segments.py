"""Small segments for tests, and who is in them."""

from __future__ import annotations

from typing import Any

from plaudit.earning.tests.factories import Story
from plaudit.foundation.tenancy import in_organisation
from plaudit.targeting.actions.publish_segments import publish_segments
from plaudit.targeting.definitions import Fact, FactKind, Measure, Segment
from plaudit.targeting.models import Belonging

PURCHASES = Measure(on="purchase")
SPENT = Measure(on="purchase", amount="floor(amount)")
FACTS = (
    Fact("visits", FactKind.HOW_MANY, PURCHASES, 90),
    Fact("spent", FactKind.HOW_MUCH, SPENT, 90),
    Fact("last", FactKind.DAYS_SINCE, PURCHASES),
    Fact("best", FactKind.RANK_HOW_MUCH, SPENT),
    Fact("fresh", FactKind.RANK_DAYS_SINCE, PURCHASES),
)


def make_segment(when: str, key: str = "regulars", **parts: Any) -> Segment:
    """A segment that may ask of visits and what was spent in 90 days, the days since the last, and two ranks."""
    fields = {"tier": {"kind": "text"}, "city": {"kind": "text"}}
    return Segment(key, key.title(), when, **{"facts": FACTS, "member_fields": fields, **parts})


def keep_segments(story: Story, *segments: Segment) -> None:
    """Keep these segments of the programme."""
    publish_segments(story.organisation.id, "main", time_zone="UTC", segments=segments)


def how_many_belong(story: Story) -> int:
    """How many members are in any segment."""
    with in_organisation(story.organisation.id):
        return Belonging.objects.filter(organisation_id=story.organisation.id).count()
