"""What is asked about offers: who is to be drawn, whether one runs, and how both groups fared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound
from plaudit.targeting.definitions import Offer as Definition
from plaudit.targeting.definitions import read_offer
from plaudit.targeting.models import Drawn, Offer
from plaudit.targeting.rules.comparing import Difference, Share, difference, share

MEMBERS_AT_A_TIME = 2_000


class OfferState(StrEnum):
    """Where an offer is in its time."""

    TO_COME = "to_come"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class KeptOffer:
    """An offer as it stands."""

    programme: str
    definition: Definition
    state: OfferState


@dataclass(frozen=True, slots=True)
class MadeOffer:
    """An offer that was made to a member: when, and when they took it, None where they did not."""

    offer: KeptOffer
    made_at: datetime
    accepted_at: datetime | None

    @property
    def holds(self) -> bool:
        """Whether it holds for them now."""
        taken = self.accepted_at is not None or not self.offer.definition.accept
        return taken and self.offer.state is OfferState.RUNNING


def offers_say(offer: Offer) -> str:
    """Who says that an offer holds for members."""
    return f"offers/{offer.programme}"


def running(offer: Offer, now: datetime) -> bool:
    """Whether it is in force at this moment."""
    begun = offer.starts_at is None or offer.starts_at <= now
    return offer.is_live and not offer.is_over and begun and (offer.ends_at is None or now < offer.ends_at)


def offers(organisation_id: int) -> list[KeptOffer]:
    """Every offer that was made in the newest version of its programme, by programme and key."""
    live = Offer.objects.filter(organisation_id=organisation_id, is_live=True)
    now = clock.now()
    return [_kept(one, now) for one in live.order_by("programme", "key")]


def offer(organisation_id: int, programme: str, key: str) -> KeptOffer:
    """One of them. Raises `NotFound`."""
    return _kept(offer_row(organisation_id, programme, key), clock.now())


def offer_row(organisation_id: int, programme: str, key: str) -> Offer:
    """Its row, also of one that its programme names no longer. Raises `NotFound`."""
    found = Offer.objects.filter(organisation_id=organisation_id, programme=programme, key=key).first()
    if found is None:
        raise NotFound(kind="offer", ref=f"{programme}/{key}")
    return found


def offers_to(organisation_id: int, member_id: UUID) -> list[MadeOffer]:
    """The offers that were made to a member, newest first. Of those they were kept back from, nothing is said."""
    live = {one.id: one for one in Offer.objects.filter(organisation_id=organisation_id, is_live=True)}
    drawn = Drawn.objects.filter(organisation_id=organisation_id, offer_id__in=live, member_id=member_id)
    now = clock.now()
    found = [
        MadeOffer(_kept(live[one.offer_id], now), one.drawn_at, one.accepted_at)
        for one in drawn.filter(is_control=False)
    ]
    return sorted(found, key=lambda one: (one.made_at, one.offer.definition.key), reverse=True)


def _kept(row: Offer, now: datetime) -> KeptOffer:
    state = OfferState.RUNNING if running(row, now) else OfferState.OVER
    if state is OfferState.OVER and not row.is_over and row.starts_at is not None and now < row.starts_at:
        state = OfferState.TO_COME
    return KeptOffer(row.programme, read_offer(row.definition), state)


def drawn_for(organisation_id: int, offer_id: int, member_id: UUID) -> Drawn | None:
    """How a member was drawn for an offer, None where it never met them."""
    mine = Drawn.objects.filter(organisation_id=organisation_id, offer_id=offer_id, member_id=member_id)
    return mine.first()


_NOT_DRAWN = """
    select b.member_id from targeting_belonging b
     where b.organisation_id = %s and b.segment_id = %s
       and not exists (select 1 from targeting_drawn d
                        where d.organisation_id = b.organisation_id and d.offer_id = %s
                          and d.member_id = b.member_id)
     order by b.member_id limit %s
"""


def not_drawn(offer: Offer) -> Sequence[UUID]:
    """The next members of its segment whom it has not met."""
    if offer.segment_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NOT_DRAWN, [offer.organisation_id, offer.segment_id, offer.id, MEMBERS_AT_A_TIME])
        return [member_id for (member_id,) in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class OfferReport:
    """How those fared to whom an offer was made, beside its control group; `did` counts who reached the goal.

    `difference` is None where a group is empty.
    """

    exposed: Share
    control: Share
    accepted: int
    difference: Difference | None


_REPORT = """
    select d.is_control, count(*), count(d.accepted_at),
           count(*) filter (where exists (
               select 1 from targeting_daily t
                where t.organisation_id = d.organisation_id and t.measure_id = %(measure)s
                  and t.member_id = d.member_id and t.times > 0
                  and t.day >= (d.drawn_at at time zone m.time_zone)::date
                  and (o.ends_at is null or t.day <=
                       ((o.ends_at - interval '1 microsecond') at time zone m.time_zone)::date)))
      from targeting_drawn d
      join targeting_offer o on o.organisation_id = d.organisation_id and o.id = d.offer_id
      left join targeting_measure m on m.organisation_id = d.organisation_id and m.id = %(measure)s
     where d.organisation_id = %(organisation)s and d.offer_id = %(offer)s
     group by d.is_control
"""


def report_of(organisation_id: int, programme: str, key: str) -> OfferReport:
    """Counts and rates of both groups, from the day each member was drawn on. Raises `NotFound`."""
    offer = offer_row(organisation_id, programme, key)
    with connection.cursor() as cursor:
        values = {"organisation": organisation_id, "offer": offer.id, "measure": offer.measure_id}
        cursor.execute(_REPORT, values)
        groups = {control: rest for control, *rest in cursor.fetchall()}
    made, accepted, reached = groups.get(False, (0, 0, 0))
    kept_back, _, anyway = groups.get(True, (0, 0, 0))
    exposed, control = share(reached, made), share(anyway, kept_back)
    return OfferReport(exposed, control, accepted, difference(exposed, control))
