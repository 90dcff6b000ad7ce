"""Whom a programme turns to: ladders published and climbed, by activity and by time."""

from __future__ import annotations

from datetime import timedelta

from plaudit.earning.tests.factories import NOON, Story, make_event
from plaudit.people.tests.factories import ACTOR
from plaudit.targeting.actions import (
    keeping_up,
    measuring,
    offering,
    placing,
    publish_segments,
    publish_tiers,
    sorting_in,
)
from plaudit.targeting.definitions import Offer, Within
from plaudit.targeting.tests.climbing import climbing, member, on, settle
from plaudit.targeting.tests.ladders import make_ladder
from plaudit.targeting.tests.segments import make_segment
from tests.faults.trial import Flow, Prepared

_COUNTING = (keeping_up.keep_up, measuring.count_page, placing.place_members)
_ROLLING = make_ladder(10, within=Within.MONTHS, months=1)


def _climbed() -> Story:
    story = climbing(make_ladder(10, 20))
    story.buy("ada", "10", id="a")
    story.buy("ada", "10", id="b")
    return story


def _publishing() -> Prepared:
    at = climbing(make_ladder(10)).organisation.id
    ladders = [make_ladder(20)]
    return at, lambda: publish_tiers.publish_tiers(at, "main", time_zone="UTC", ladders=ladders)


def _counting() -> Prepared:
    at = _climbed().organisation.id
    return at, lambda: keeping_up.keep_up(at)


def _counting_a_correction() -> Prepared:
    story = _climbed()
    settle(story)
    story.send(make_event("purchase.cancelled", None, {}, corrects="b"))
    at = story.organisation.id
    return at, lambda: keeping_up.keep_up(at)


def _looking() -> Prepared:
    """A level that has gone by now: it was reached by what counts no longer."""
    story = climbing(_ROLLING)
    day = NOON.date() - timedelta(days=40)
    story.buy("ada", "10", at=NOON - timedelta(days=40))
    at = story.organisation.id
    with on(day):
        settle(story)
    return at, lambda: keeping_up.look(at)


def _segmented() -> Story:
    story = climbing()
    publish_segments.publish_segments(
        story.organisation.id, "main", time_zone="UTC", segments=[make_segment("visits >= 2")]
    )
    settle(story)
    return story


def _publishing_segments() -> Prepared:
    at = _segmented().organisation.id
    segments = [make_segment("visits >= 3")]
    return at, lambda: publish_segments.publish_segments(at, "main", time_zone="UTC", segments=segments)


def _sorting() -> Prepared:
    story = _segmented()
    for number in range(2):
        story.buy("ada", "10", id=f"a{number}")
    at = story.organisation.id
    return at, lambda: keeping_up.keep_up(at)


def _snapshot() -> Prepared:
    at = _segmented().organisation.id
    return at, lambda: publish_segments.take_snapshot(at, "main", "regulars", name="spring", actor=ACTOR)


def _offering() -> Prepared:
    story = _segmented()
    at, offer = story.organisation.id, Offer("spring", "Spring", segment="regulars")
    return at, lambda: offering.publish_offers(at, "main", time_zone="UTC", offers=[offer])


def _drawing() -> Prepared:
    at = _offered(Offer("spring", "Spring", segment="regulars")).organisation.id
    return at, lambda: offering.draw(at)


def _accepting() -> Prepared:
    story = _offered(Offer("spring", "Spring", segment="regulars", accept=True))
    at, ada = story.organisation.id, member(story, "ada")
    offering.draw(at)
    return at, lambda: offering.accept_offer(at, "main", "spring", member_id=ada)


def _making() -> Prepared:
    story = _offered(Offer("spring", "Spring"))
    at, ada = story.organisation.id, member(story, "ada")
    return at, lambda: offering.make_offer(at, "main", "spring", member_id=ada, actor=ACTOR)


def _making_to_many() -> Prepared:
    story = _offered(Offer("spring", "Spring"))
    at, listed = story.organisation.id, [member(story, "ada")]
    return at, lambda: offering.make_offers(at, "main", "spring", members=listed, actor=ACTOR)


def _offered(offer: Offer) -> Story:
    """One regular, and this offer."""
    story = _segmented()
    for number in range(2):
        story.buy("ada", "10", id=f"a{number}")
    settle(story)
    offering.publish_offers(story.organisation.id, "main", time_zone="UTC", offers=[offer])
    return story


FLOWS = [
    Flow(
        "publish offers",
        _offering,
        (offering.publish_offers,),
        ignoring=frozenset({"key_of_draw"}),  # made at random
    ),
    Flow("draw for an offer", _drawing, (offering.draw,)),
    Flow("accept an offer", _accepting, (offering.accept_offer,)),
    Flow("make an offer to a person", _making, (offering.make_offer,)),
    Flow("make an offer to a list", _making_to_many, (offering.make_offers,)),
    Flow("publish segments", _publishing_segments, (publish_segments.publish_segments,)),
    Flow("sort into segments", _sorting, (sorting_in.sort_members,)),
    Flow("keep who is in a segment", _snapshot, (publish_segments.take_snapshot,)),
    Flow("publish ladders", _publishing, (publish_tiers.publish_tiers, publish_tiers.declare_measure)),
    Flow("count for ladders", _counting, _COUNTING),
    Flow("count a correction", _counting_a_correction, _COUNTING),
    Flow("levels run out", _looking, (keeping_up.look,)),
]
