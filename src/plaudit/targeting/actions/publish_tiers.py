"""Puts a programme's ladders in force: those it names, as it names them, and no others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import UUID

from plaudit.activity.following import begin_to_follow
from plaudit.foundation import clock
from plaudit.foundation.exact import encode
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.saying import unsay_all
from plaudit.targeting.definitions import Ladder as Definition
from plaudit.targeting.definitions import Measure as MeasureDefinition
from plaudit.targeting.definitions import standing_name, store_ladder, store_measure
from plaudit.targeting.models import Ladder, Measure, Tier
from plaudit.targeting.queries.looking import follower_of, refuse_taken, said_by

NOBODY_YET = UUID(int=0)


def publish_tiers(
    organisation_id: int, programme: str, *, time_zone: str, ladders: Sequence[Definition]
) -> None:
    """Let members climb exactly these ladders of a programme.

    Everybody is looked at anew where a ladder is new or another. One that is named no longer says nothing of
    anybody any more; what was counted for it stays. Raises `StandingTaken`.
    """
    with in_organisation(organisation_id):
        refuse_taken(organisation_id, programme, ladders)
        mine = Ladder.objects.filter(organisation_id=organisation_id, programme=programme)
        known = {ladder.key: ladder for ladder in mine.select_for_update().order_by("id")}
        for definition in ladders:
            ladder = known.get(definition.key) or Ladder(
                organisation_id=organisation_id,
                programme=programme,
                key=definition.key,
                merges_seen_at=clock.now(),
            )
            _set(ladder, definition, time_zone)
        named = {definition.key for definition in ladders}
        for ladder in known.values():
            if ladder.key not in named and ladder.is_live:
                _take_down(ladder)


def _set(ladder: Ladder, definition: Definition, time_zone: str) -> None:
    stored = store_ladder(definition)
    if ladder.is_live and (ladder.definition, ladder.time_zone) == (stored, time_zone) and ladder.id:
        return
    ladder.definition, ladder.time_zone, ladder.is_live = stored, time_zone, True
    ladder.measure_id = declare_measure(ladder.organisation_id, definition.measure, time_zone).id
    ladder.look_after = NOBODY_YET
    ladder.save()


def _take_down(ladder: Ladder) -> None:
    ladder.is_live, ladder.look_after = False, None
    ladder.save()
    Tier.objects.filter(organisation_id=ladder.organisation_id, ladder_id=ladder.id).delete()
    names = [standing_name(ladder.key)]
    unsay_all(ladder.organisation_id, said_by=said_by(ladder), names=names)


def declare_measure(organisation_id: int, definition: MeasureDefinition, time_zone: str) -> Measure:
    """The measure that counts this in these days; a new one begins at the beginning of the book."""
    stored = store_measure(definition)
    digest = hashlib.sha256(encode([stored, time_zone]).encode()).hexdigest()
    measure, _ = Measure.objects.get_or_create(
        organisation_id=organisation_id,
        digest=digest,
        defaults={"definition": stored, "time_zone": time_zone},
    )
    begin_to_follow(organisation_id, follower_of(measure), from_beginning=True)
    return measure
