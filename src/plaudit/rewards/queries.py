"""Answers about rewards: what is on offer to whom, and what became of what was redeemed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.ledger.units import UnitPolicy, units_by_id
from plaudit.rewards.definitions import RewardKind
from plaudit.rewards.models import Redemption, RedemptionState, Reward
from plaudit.rewards.rules import is_offered
from plaudit.rewards.sealing import unseal


@dataclass(frozen=True, slots=True)
class Offer:
    """A reward as a member sees it. `left` is how many there are, None for no end to them.

    `missing` is how many points the member lacks, 0 where it can be had now.
    """

    id: int
    key: str
    programme: str
    name: str
    description: str
    kind: str
    unit: UnitPolicy
    price: int
    value_minor: int | None
    currency: str
    left: int | None
    missing: int
    can_be_cancelled: bool


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A redemption as its member sees it. The code is shown only where it is asked for (see `code_of`)."""

    id: UUID
    reference: str
    reward: str
    reward_id: int
    kind: str
    unit: UnitPolicy
    points: int
    state: str
    ordered_at: datetime
    fulfilled_at: datetime | None
    cancelled_at: datetime | None
    hold: str
    captured: str
    released: str
    has_code: bool
    can_be_cancelled: bool
    member_id: UUID


def offers(
    organisation_id: int, *, kind: str | None = None, available: dict[int, int] | None = None
) -> list[Offer]:
    """What is on offer now to members of that kind, affordable first, then by price.

    `available` is the member's spendable balance by unit id; without it nothing is marked as missing.
    """
    now = clock.now()
    units = units_by_id(organisation_id)
    rows = Reward.objects.filter(organisation_id=organisation_id, offered=True).annotate(
        unclaimed=Count("codes", filter=Q(codes__redemption__isnull=True))
    )
    found = [
        _offer(row, row.unclaimed, units[row.unit_id], available)
        for row in rows
        if is_offered(offered=True, starts_at=row.starts_at, ends_at=row.ends_at, now=now)
        and (kind is None or not row.audience or kind in row.audience)
    ]
    return sorted(found, key=lambda offer: (offer.missing > 0, offer.price, offer.name))


def offer(organisation_id: int, reward_id: int, *, available: dict[int, int] | None = None) -> Offer:
    """One reward, on offer or not. Raises `NotFound`."""
    row = (
        Reward.objects.filter(organisation_id=organisation_id, id=reward_id)
        .annotate(unclaimed=Count("codes", filter=Q(codes__redemption__isnull=True)))
        .first()
    )
    if row is None:
        raise NotFound(kind="reward", ref=reward_id)
    return _offer(row, row.unclaimed, units_by_id(organisation_id)[row.unit_id], available)


def _offer(row: Reward, unclaimed: int, unit: UnitPolicy, available: dict[int, int] | None) -> Offer:
    left = None if row.stock is None else row.stock - row.taken
    if row.kind == RewardKind.CODE:
        left = unclaimed if left is None else min(left, unclaimed)
    missing = 0 if available is None else max(0, row.price - available.get(row.unit_id, 0))
    return Offer(
        id=row.id,
        key=row.key,
        programme=row.programme,
        name=row.name,
        description=row.description,
        kind=row.kind,
        unit=unit,
        price=row.price,
        value_minor=row.value_minor,
        currency=row.currency,
        left=left,
        missing=missing,
        can_be_cancelled=row.cancel_until_fulfilled and row.kind != RewardKind.CODE,
    )


def redemptions_of(organisation_id: int, member_id: UUID, *, limit: int = 50) -> list[Redeemed]:
    """A member's redemptions, newest first."""
    rows = Redemption.objects.filter(organisation_id=organisation_id, member_id=member_id)
    return _redeemed(organisation_id, rows.select_related("reward", "code").order_by("-id")[:limit])


def redemptions(
    organisation_id: int,
    *,
    state: str = "",
    member_id: UUID | None = None,
    limit: int = 50,
    before: UUID | None = None,
) -> list[Redeemed]:
    """Every redemption, newest first: of one state, of one member, older than `before`, where these are named."""
    rows = Redemption.objects.filter(organisation_id=organisation_id)
    if state:
        rows = rows.filter(state=state)
    if member_id is not None:
        rows = rows.filter(member_id=member_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return _redeemed(organisation_id, rows.select_related("reward", "code").order_by("-id")[:limit])


def redemption(organisation_id: int, redemption_id: UUID, *, member_id: UUID | None = None) -> Redeemed:
    """One redemption, only the member's own where one is named. Raises `NotFound`."""
    rows = Redemption.objects.filter(organisation_id=organisation_id, id=redemption_id)
    if member_id is not None:
        rows = rows.filter(member_id=member_id)
    found = _redeemed(organisation_id, rows.select_related("reward", "code"))
    if not found:
        raise NotFound(kind="redemption", ref=show("rdm", redemption_id))
    return found[0]


def redemption_of_transfer(organisation_id: int, *references: str) -> Redeemed | None:
    """The redemption that held, spent or released points by one of these transfers."""
    rows = Redemption.objects.filter(organisation_id=organisation_id).filter(
        Q(hold__in=references) | Q(captured__in=references) | Q(released__in=references)
    )
    found = _redeemed(organisation_id, rows.select_related("reward", "code")[:1])
    return found[0] if found else None


def _redeemed(organisation_id: int, rows: Iterable[Redemption]) -> list[Redeemed]:
    units = units_by_id(organisation_id)
    return [
        Redeemed(
            id=row.id,
            reference=show("rdm", row.id),
            reward=row.reward.name,
            reward_id=row.reward_id,
            kind=row.reward.kind,
            unit=units[row.reward.unit_id],
            points=row.points,
            state=row.state,
            ordered_at=row.ordered_at,
            fulfilled_at=row.fulfilled_at,
            cancelled_at=row.cancelled_at,
            hold=row.hold,
            captured=row.captured,
            released=row.released,
            has_code=hasattr(row, "code"),
            can_be_cancelled=row.state == RedemptionState.ORDERED and row.reward.cancel_until_fulfilled,
            member_id=row.member_id,
        )
        for row in rows
    ]


def code_of(organisation_id: int, redemption_id: UUID, *, member_id: UUID) -> str:
    """The code a member paid for. Raises `NotFound`, also for another member's."""
    row = (
        Redemption.objects.filter(organisation_id=organisation_id, id=redemption_id, member_id=member_id)
        .select_related("code")
        .first()
    )
    if row is None or not hasattr(row, "code"):
        raise NotFound(kind="code", ref=show("rdm", redemption_id))
    return unseal(organisation_id, bytes(row.code.sealed))
