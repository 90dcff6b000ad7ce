"""Offers made to one member that run now, whether they took them, and the rules that ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from plaudit.foundation import clock
from plaudit.insights.ways import Way, ways_to_earn
from plaudit.people.models import Member
from plaudit.targeting.definitions import read_offer
from plaudit.targeting.models import Drawn, Offer
from plaudit.targeting.queries.offers import running


@dataclass(frozen=True, slots=True)
class Made:
    """One offer to one member; with `accept` it holds once it was taken. `ways` are the rules it opens."""

    id: int
    programme: str
    key: str
    name: str
    accept: bool
    accepted_at: datetime | None
    ends_at: datetime | None
    ways: tuple[Way, ...]

    @property
    def holds(self) -> bool:
        """Whether what it gives is the member's now."""
        return not self.accept or self.accepted_at is not None


def offers_made(organisation_id: int, member: Member) -> list[Made]:
    """The running offers made to a member, never those of whose control group they are. Ask inside `in_organisation`."""
    live = Offer.objects.filter(organisation_id=organisation_id, is_live=True, is_over=False)
    now = clock.now()
    open_now = [offer for offer in live.order_by("id") if running(offer, now)]
    # By offer, for their index begins with it: a member alone would be looked for among everybody.
    drawn = Drawn.objects.filter(
        organisation_id=organisation_id,
        offer_id__in=[offer.id for offer in open_now],
        member_id=member.id,
        is_control=False,
    )
    accepted = dict(drawn.values_list("offer_id", "accepted_at")) if open_now else {}
    mine = [offer for offer in open_now if offer.id in accepted]
    if not mine:
        return []
    ways = ways_to_earn(organisation_id, member)
    found = []
    for offer in mine:
        one = read_offer(offer.definition)
        found.append(
            Made(
                id=offer.id,
                programme=offer.programme,
                key=offer.key,
                name=one.name,
                accept=one.accept,
                accepted_at=accepted[offer.id],
                ends_at=offer.ends_at,
                ways=tuple(way for way in ways if one.standing_name in way.asks),
            )
        )
    return found
