"""Puts a programme's segments in force, and keeps who is in one at a moment."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from plaudit.foundation import audit, clock
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.people.saying import unsay_all
from plaudit.targeting.actions.publish_tiers import declare_measure
from plaudit.targeting.definitions import Segment as Definition
from plaudit.targeting.definitions import standing_name, store_segment
from plaudit.targeting.models import Belonging, Segment, Snapshot
from plaudit.targeting.queries.looking import refuse_taken, segments_say


def publish_segments(
    organisation_id: int, programme: str, *, time_zone: str, segments: Sequence[Definition]
) -> None:
    """Keep exactly these segments of a programme; everybody is looked at anew where one is new or another.

    One that is named no longer has nobody in it; its snapshots stay. Raises `StandingTaken`.
    """
    with in_organisation(organisation_id):
        refuse_taken(organisation_id, programme, segments)
        mine = Segment.objects.filter(organisation_id=organisation_id, programme=programme)
        known = {segment.key: segment for segment in mine.select_for_update().order_by("id")}
        for definition in segments:
            segment = known.get(definition.key) or Segment(
                organisation_id=organisation_id, programme=programme, key=definition.key
            )
            _set(segment, definition, time_zone)
        named = {definition.key for definition in segments}
        for segment in known.values():
            if segment.key not in named and segment.is_live:
                _take_down(segment)


def _set(segment: Segment, definition: Definition, time_zone: str) -> None:
    stored = store_segment(definition)
    if segment.id and segment.is_live and (segment.definition, segment.time_zone) == (stored, time_zone):
        return
    segment.definition, segment.time_zone, segment.is_live = stored, time_zone, True
    segment.measure_ids = [
        declare_measure(segment.organisation_id, fact.measure, time_zone).id for fact in definition.facts
    ]
    segment.looked_on, segment.look_after, segment.cuts = None, None, {}
    segment.save()


def _take_down(segment: Segment) -> None:
    segment.is_live, segment.look_after = False, None
    segment.save()
    Belonging.objects.filter(organisation_id=segment.organisation_id, segment_id=segment.id).delete()
    unsay_all(segment.organisation_id, said_by=segments_say(segment), names=[standing_name(segment.key)])


_TAKE_SNAPSHOT = """
    insert into targeting_in_snapshot (organisation_id, snapshot_id, member_id)
    select organisation_id, %s, member_id from targeting_belonging
     where organisation_id = %s and segment_id = %s
"""


def take_snapshot(organisation_id: int, programme: str, key: str, *, name: str, actor: str) -> Snapshot:
    """Keep who is in a segment now, under a name of its own; a name once taken is answered as it was.

    Raises `NotFound` for a segment that is not there.
    """

    def step() -> Snapshot:
        segment = (
            Segment.objects.select_for_update()
            .filter(organisation_id=organisation_id, programme=programme, key=key, is_live=True)
            .first()
        )
        if segment is None:
            raise NotFound(kind="segment", ref=key)
        taken = Snapshot.objects.filter(organisation_id=organisation_id, segment=segment, name=name).first()
        if taken is not None:
            return taken
        snapshot = Snapshot.objects.create(
            organisation_id=organisation_id,
            segment=segment,
            name=name,
            taken_at=clock.now(),
            taken_by=actor,
            members=0,
        )
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_SNAPSHOT, [snapshot.id, organisation_id, segment.id])
            snapshot.members = cursor.rowcount
        snapshot.save(update_fields=["members"])
        audit.note(actor=actor, act="segment.snapshot", subject=f"{programme}/{key}", reason=name)
        return snapshot

    return act(organisation_id, step)
