"""Makes offers: published, drawn from a segment with a control group, accepted, and ended."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import Q

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.people.saying import Said, say, unsay_all
from plaudit.targeting.actions.publish_tiers import declare_measure
from plaudit.targeting.definitions import Offer as Definition
from plaudit.targeting.definitions import read_offer, standing_name, store_offer
from plaudit.targeting.models import Drawn, Offer, Segment
from plaudit.targeting.queries.looking import refuse_taken
from plaudit.targeting.queries.offers import MEMBERS_AT_A_TIME, not_drawn, offers_say, running
from plaudit.targeting.refusals import OfferNotMade, OfferOver
from plaudit.targeting.rules.drawing import in_control

_KEY_BYTES = 32


def publish_offers(
    organisation_id: int, programme: str, *, time_zone: str, offers: Sequence[Definition]
) -> None:
    """Make exactly these offers of a programme, whose segments stand already. Raises `StandingTaken`.

    Whoever was drawn stays as they were drawn. One that is named no longer holds for nobody.
    """
    with in_organisation(organisation_id):
        refuse_taken(organisation_id, programme, offers)
        mine = Offer.objects.filter(organisation_id=organisation_id, programme=programme)
        known = {offer.key: offer for offer in mine.select_for_update().order_by("id")}
        for definition in offers:
            offer = known.get(definition.key) or Offer(
                organisation_id=organisation_id,
                programme=programme,
                key=definition.key,
                key_of_draw=secrets.token_bytes(_KEY_BYTES),
            )
            _set(offer, definition, time_zone)
        named = {definition.key for definition in offers}
        for offer in known.values():
            if offer.key not in named and offer.is_live:
                offer.is_live = False
                _end(offer)


def _set(offer: Offer, definition: Definition, time_zone: str) -> None:
    stored = store_offer(definition)
    if offer.id and offer.is_live and offer.definition == stored:
        return
    at = offer.organisation_id
    segment = Segment.objects.filter(
        organisation_id=at, programme=offer.programme, key=definition.segment, is_live=True
    ).first()
    assert segment is not None or not definition.segment, "the file was checked"
    offer.definition, offer.is_live, offer.is_over = stored, True, False
    offer.segment_id = segment.id if segment is not None else None
    goal = definition.goal
    offer.measure_id = declare_measure(at, goal, time_zone).id if goal is not None else None
    offer.starts_at, offer.ends_at = definition.starts_at, definition.ends_at
    offer.save()
    if running(offer, clock.now()):
        made = Drawn.objects.filter(organisation_id=at, offer_id=offer.id, is_control=False)
        if definition.accept:
            made = made.filter(accepted_at__isnull=False)
        _say(offer, list(made.values_list("member_id", flat=True)), clock.now())


def draw(organisation_id: int) -> int:
    """Draw everybody whom a running offer has not met yet, and end the offers that are over; how many were drawn."""
    with in_organisation(organisation_id):
        live = Offer.objects.filter(organisation_id=organisation_id, is_live=True, is_over=False)
        ids = list(live.order_by("id").values_list("id", flat=True))
    drawn = 0
    for offer_id in ids:
        step = partial(_draw_more, organisation_id, offer_id)
        while made := act(organisation_id, step):
            drawn += made
    return drawn


def _draw_more(organisation_id: int, offer_id: int) -> int:
    offer = Offer.objects.select_for_update().get(organisation_id=organisation_id, id=offer_id)
    now = clock.now()
    if offer.is_live and not offer.is_over and offer.ends_at is not None and offer.ends_at <= now:
        _end(offer)
    if not running(offer, now):
        return 0
    members = not_drawn(offer)[:MEMBERS_AT_A_TIME]
    _draw(offer, members, now)
    return len(members)


def _draw(offer: Offer, members: Collection[UUID], now: datetime) -> None:
    definition = read_offer(offer.definition)
    key, percent = bytes(offer.key_of_draw), definition.control_percent
    drawn = {member_id: in_control(key, member_id, percent) for member_id in members}
    Drawn.objects.bulk_create(
        Drawn(
            organisation_id=offer.organisation_id,
            offer_id=offer.id,
            member_id=member_id,
            is_control=control,
            drawn_at=now,
        )
        for member_id, control in drawn.items()
    )
    made = [member_id for member_id, control in drawn.items() if not control]
    if not definition.accept:
        _say(offer, made, now)
    _tell(offer, "offer.made", made, now)


def make_offer(organisation_id: int, programme: str, key: str, *, member_id: UUID, actor: str) -> Drawn:
    """Make an offer to one person, whether or not in its segment; one who was drawn stays as they were drawn.

    Raises `NotFound` for an offer that is not there and `OfferOver` for one that does not run.
    """

    def step() -> Drawn:
        offer = _running_offer(organisation_id, programme, key)
        if _make(offer, [member_id], clock.now()):
            audit.note(actor=actor, act="offer.made", subject=show("mem", member_id), details={"offer": key})
        return Drawn.objects.get(organisation_id=organisation_id, offer_id=offer.id, member_id=member_id)

    return act(organisation_id, step)


def make_offers(
    organisation_id: int, programme: str, key: str, *, members: Collection[UUID], actor: str
) -> int:
    """Make an offer to everybody on a list, as `make_offer` does to one; how many had not been drawn before."""

    def step() -> int:
        offer = _running_offer(organisation_id, programme, key)
        made = _make(offer, members, clock.now())
        if made:
            facts = {"members": len(made)}
            audit.note(actor=actor, act="offer.made", subject=f"{programme}/{key}", details=facts)
        return len(made)

    return act(organisation_id, step)


def _make(offer: Offer, members: Collection[UUID], now: datetime) -> list[UUID]:
    """Those of these members whom the offer had not met: it is theirs from now on. Its row is locked."""
    at = offer.organisation_id
    met = Drawn.objects.filter(organisation_id=at, offer_id=offer.id, member_id__in=list(members))
    made = sorted(set(members) - set(met.values_list("member_id", flat=True)))
    Drawn.objects.bulk_create(
        Drawn(organisation_id=at, offer_id=offer.id, member_id=member_id, is_control=False, drawn_at=now)
        for member_id in made
    )
    if not read_offer(offer.definition).accept:
        _say(offer, made, now)
    _tell(offer, "offer.made", made, now)
    return made


def accept_offer(organisation_id: int, programme: str, key: str, *, member_id: UUID) -> Drawn:
    """Take an offer: from now on it holds. Taking it again changes nothing.

    Raises `NotFound`, `OfferOver`, and `OfferNotMade` for who was not drawn or is in the control group.
    """

    def step() -> Drawn:
        offer = _running_offer(organisation_id, programme, key)
        mine = Drawn.objects.select_for_update().filter(organisation_id=organisation_id, offer_id=offer.id)
        drawn = mine.filter(member_id=member_id, is_control=False).first()
        if drawn is None:
            raise OfferNotMade(offer=read_offer(offer.definition).name)
        if drawn.accepted_at is None:
            now = clock.now()
            drawn.accepted_at = now
            drawn.save(update_fields=["accepted_at"])
            _say(offer, [member_id], now)
            _tell(offer, "offer.accepted", [member_id], now)
        return drawn

    return act(organisation_id, step)


def _running_offer(organisation_id: int, programme: str, key: str) -> Offer:
    named = Q(organisation_id=organisation_id, programme=programme, key=key, is_live=True)
    offer = Offer.objects.select_for_update().filter(named).first()
    if offer is None:
        raise NotFound(kind="offer", ref=key)
    if not running(offer, clock.now()):
        raise OfferOver(offer=read_offer(offer.definition).name)
    return offer


def _end(offer: Offer) -> None:
    offer.is_over = True
    offer.save(update_fields=["is_over", "is_live"])
    unsay_all(offer.organisation_id, said_by=offers_say(offer), names=[standing_name(offer.key)])


def _say(offer: Offer, members: Collection[UUID], now: datetime) -> None:
    name = standing_name(offer.key)
    said = [Said(member_id, name, value=True) for member_id in sorted(members)]
    say(offer.organisation_id, said, said_by=offers_say(offer), now=now)


_TOLD_AT_A_TIME = 500


def _tell(offer: Offer, topic: str, members: Sequence[UUID], now: datetime) -> None:
    for start in range(0, len(members), _TOLD_AT_A_TIME):
        part = [show("mem", member_id) for member_id in members[start : start + _TOLD_AT_A_TIME]]
        facts = {"programme": offer.programme, "offer": offer.key, "members": part}
        tell(offer.organisation_id, topic, facts, happened_at=now)
