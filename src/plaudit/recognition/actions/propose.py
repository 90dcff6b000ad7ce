"""Follows the book and proposes moments: each event once, with its evidence, while it is still fresh."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial

from plaudit.activity.following import EVENTS_AT_A_TIME, FollowedEvent, follow
from plaudit.activity.types import types_by_id
from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell_each
from plaudit.people.resolving import attributes_of
from plaudit.recognition.models import Moment, MomentState
from plaudit.recognition.published import watchers

FOLLOWER = "recognition"
FRESH_DAYS = 14
"""An event that is older when it is told of is proposed to nobody: thanks that late miss their point."""


def propose_moments(organisation_id: int, *, at_most: int = EVENTS_AT_A_TIME) -> int:
    """Follow the book to its end, page by page, each in a transaction of its own; how many events there were.

    Several at once share the work. Must not be called inside a transaction.
    """
    done = 0
    while given := follow(organisation_id, FOLLOWER, partial(propose_page, organisation_id), at_most=at_most):
        done += given
    return done


def propose_page(organisation_id: int, events: Sequence[FollowedEvent]) -> None:
    """Propose what is worth noticing among these, and take back what was undone since."""
    undone = [event.id for event in events if event.undone >= 1]
    if undone:
        Moment.objects.filter(
            organisation_id=organisation_id, event_id__in=undone, state=MomentState.OPEN
        ).update(state=MomentState.GONE)
    found = list(_found(organisation_id, events))
    if not found:
        return
    before = set(
        Moment.objects.filter(
            organisation_id=organisation_id, event_id__in={one.event_id for one in found}
        ).values_list("event_id", "programme", "watch")
    )
    new = [one for one in found if (one.event_id, one.programme, one.watch) not in before]
    Moment.objects.bulk_create(new)
    told = [
        {
            "moment": show("mom", one.id),
            "member": show("mem", one.member_id),
            "programme": one.programme,
            "name": one.name,
            "activity": show("act", one.event_id),
        }
        for one in new
    ]
    tell_each(organisation_id, "moment.proposed", told, happened_at=clock.now())


def _found(organisation_id: int, events: Sequence[FollowedEvent]) -> Iterator[Moment]:
    now = clock.now()
    watching = watchers(organisation_id)
    types = types_by_id(organisation_id)
    fresh = [
        (event, event.member_id, one)
        for event in events
        if event.is_new
        and event.member_id is not None
        and event.undone < 1
        and event.occurred_at > now - timedelta(days=FRESH_DAYS)
        for one in watching
        if one.watches(event.type)
    ]
    known = attributes_of(organisation_id, {member_id for _, member_id, _ in fresh}) if fresh else {}
    for event, member_id, one in fresh:
        compiled = one.for_type(organisation_id, types[event.type_id])
        for watch in one.seen(compiled, event.data, known.get(member_id, {}), event.occurred_at):
            yield Moment(
                organisation_id=organisation_id,
                programme=one.standard.programme,
                watch=watch.key,
                name=watch.name,
                behaviour=watch.behaviour,
                member_id=member_id,
                event_id=event.id,
                happened_at=event.occurred_at,
                proposed_at=now,
                evidence={name: event.data[name] for name in watch.shows if name in event.data},
            )
