"""Companies in which three people recognise one another remarkably often, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from plaudit.earning.tests.factories import NOON
from plaudit.foundation.ids import new_ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.models import Member
from plaudit.people.tests.factories import make_member, make_team
from plaudit.recognition.models import Received, Recognition
from plaudit.recognition.queries.reviews import LOOK_EVERY
from plaudit.recognition.tests.factories import Noticing, make_noticing

LOOK_AT = NOON + LOOK_EVERY
"""When recognitions are looked through, where the first was given at `NOON`."""
RING = ("Una", "Vic", "Wyn")
TIMES = 12


def given_at(
    noticing: Noticing,
    pairs: Sequence[tuple[Member, Member]],
    *,
    at: datetime = NOON,
    team_id: int | None = None,
) -> None:
    """Let each first have recognised each second in words, as if it were some time ago."""
    here = noticing.organisation
    ids = new_ids(len(pairs))
    with in_organisation(here):
        Recognition.objects.bulk_create(
            Recognition(
                id=one,
                organisation_id=here,
                programme="main",
                giver_id=giver.id,
                behaviour="calm",
                given_at=at,
            )
            for one, (giver, _) in zip(ids, pairs, strict=True)
        )
        Received.objects.bulk_create(
            Received(
                organisation_id=here, recognition_id=one, member_id=recipient.id, giver_id=giver.id,
                team_id=team_id, source="peer", behaviour="calm", visible=1, given_at=at,
            )
            for one, (giver, recipient) in zip(ids, pairs, strict=True)
        )  # fmt: skip


def make_ringed() -> Noticing:
    """A team of twelve who recognise one another once each, and three of them twelve times more in a ring."""
    noticing = make_noticing()
    here, since = noticing.organisation, NOON - timedelta(days=90)
    people = [make_member(here, name=name, kind="staff", joined_at=since) for name in (*RING, *"BCDEFGHIJ")]
    noticing.members |= {one.name: one for one in people}
    team = make_team(here, key="ringed", members=people, since=since)
    noticing.teams["ringed"] = team
    pairs = [(one, other) for one in people for other in people if one is not other]
    una, vic, wyn = people[:3]
    pairs += [(una, vic), (vic, wyn), (wyn, una)] * TIMES
    given_at(noticing, pairs, team_id=team.id)
    return noticing


def ids_of(noticing: Noticing) -> list[UUID]:
    """Those in the ring."""
    return [noticing.id(name) for name in RING]
