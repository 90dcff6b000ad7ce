"""Answers about rewards: what is on offer to whom, and what became of what was redeemed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, Sum

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.told import told, told_through
from plaudit.ledger.units import UnitPolicy, units_by_id
from plaudit.rewards.definitions import Fulfilment, Step
from plaudit.rewards.models import (
    Arrangement,
    Order,
    OrderState,
    Redemption,
    RedemptionState,
    Refund,
    Reward,
    Stage,
)
from plaudit.rewards.rules import is_offered
from plaudit.rewards.sealing import unseal

# Whoever shows a code to somebody has it noted as this act.
CODE_SHOWN = "redemption.code_shown"


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
    fulfilment: str = ""
    percent: int | None = None
    money_minor: int = 0
    ladder: tuple[Step, ...] = ()
    needs_address: bool = False
    eligible: str = ""
    image: str = ""
    terms: str = ""
    tax: str = ""
    charity: str = ""


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A redemption as its member sees it. The code is shown only where it is asked for (see `code_of`).

    `money_back` is the payment by which money was returned, `owes_money` says that it is to be.
    `stage` says where it is on its way. `refunded` is what of its points came back after it was fulfilled.
    """

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
    stage: str
    value_minor: int | None
    percent: int | None
    currency: str
    money_minor: int
    paid: bool
    money_back: str
    owes_money: bool
    carrier: str
    tracking: str
    refunded: int
    tries: int
    problem: str
    is_stuck: bool

    @property
    def acts_next(self) -> str:
        """Who acts next: `approver`, `member`, `supplier`, `programme`, or nobody."""
        return "programme" if self.is_stuck or self.owes_money else _ACTS_NEXT.get(Stage(self.stage), "")


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
    if row.fulfilment == Fulfilment.POOL:
        left = unclaimed if left is None else min(left, unclaimed)
    missing = 0 if available is None else max(0, row.price - available.get(row.unit_id, 0))
    return told_through(
        Offer(
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
            can_be_cancelled=row.cancel_until_fulfilled
            and (not row.plain or row.fulfilment not in (Fulfilment.POOL, Fulfilment.AT_ONCE)),
            fulfilment=row.fulfilment,
            percent=row.percent,
            money_minor=row.money_minor,
            ladder=tuple(Step(*step) for step in row.ladder),
            needs_address=row.needs_address,
            eligible=row.eligible,
            image=row.image,
            terms=row.terms,
            tax=row.tax,
            charity=row.charity,
        )
    )


_ACTS_NEXT = {
    Stage.APPROVAL: "approver",
    Stage.PAYMENT: "member",
    Stage.ORDER: "supplier",
    Stage.SEND: "programme",
    Stage.RETURNED: "programme",
}
_WITH = ("reward", "code", "arrangement", "order")


def redemptions_of(organisation_id: int, member_id: UUID, *, limit: int = 50) -> list[Redeemed]:
    """A member's redemptions, newest first."""
    rows = Redemption.objects.filter(organisation_id=organisation_id, member_id=member_id)
    return _redeemed(organisation_id, rows.select_related(*_WITH).order_by("-id")[:limit])


def redemptions(
    organisation_id: int,
    *,
    state: str = "",
    stage: str = "",
    member_id: UUID | None = None,
    limit: int = 50,
    before: UUID | None = None,
) -> list[Redeemed]:
    """Every redemption, newest first: of one state, at one stage, of one member, older than `before`, where these are named."""
    rows = Redemption.objects.filter(organisation_id=organisation_id)
    if state:
        rows = rows.filter(state=state)
    if stage:
        plain = [state for state, at in _PLAIN_STAGES.items() if at == stage]
        rows = rows.filter(Q(arrangement__stage=stage) | Q(arrangement__isnull=True, state__in=plain))
    if member_id is not None:
        rows = rows.filter(member_id=member_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return _redeemed(organisation_id, rows.select_related(*_WITH).order_by("-id")[:limit])


def redemption(organisation_id: int, redemption_id: UUID, *, member_id: UUID | None = None) -> Redeemed:
    """One redemption, only the member's own where one is named. Raises `NotFound`."""
    rows = Redemption.objects.filter(organisation_id=organisation_id, id=redemption_id)
    if member_id is not None:
        rows = rows.filter(member_id=member_id)
    found = _redeemed(organisation_id, rows.select_related(*_WITH))
    if not found:
        raise NotFound(kind="redemption", ref=show("rdm", redemption_id))
    return found[0]


def redemption_of_transfer(organisation_id: int, *references: str) -> Redeemed | None:
    """The redemption that held, spent or released points by one of these transfers."""
    rows = Redemption.objects.filter(organisation_id=organisation_id).filter(
        Q(hold__in=references) | Q(captured__in=references) | Q(released__in=references)
    )
    found = _redeemed(organisation_id, rows.select_related(*_WITH)[:1])
    return found[0] if found else None


def _redeemed(organisation_id: int, rows: Iterable[Redemption]) -> list[Redeemed]:
    units = units_by_id(organisation_id)
    found = list(rows)
    refunds = Refund.objects.filter(organisation_id=organisation_id, redemption__in=[row.id for row in found])
    refunded = dict(refunds.values_list("redemption_id").annotate(Sum("points"))) if found else {}
    return [_shown(row, units[row.reward.unit_id], refunded.get(row.id, 0)) for row in found]


def _shown(row: Redemption, unit: UnitPolicy, refunded: int) -> Redeemed:
    arrangement: Arrangement | None = getattr(row, "arrangement", None)
    order: Order | None = getattr(row, "order", None)
    ordered, reward = row.state == RedemptionState.ORDERED, row.reward
    return Redeemed(
        id=row.id,
        reference=show("rdm", row.id),
        reward=told(reward.name),
        reward_id=row.reward_id,
        kind=reward.kind,
        unit=unit,
        points=row.points,
        state=row.state,
        ordered_at=row.ordered_at,
        fulfilled_at=row.fulfilled_at,
        cancelled_at=row.cancelled_at,
        hold=row.hold,
        captured=row.captured,
        released=row.released,
        has_code=row.state == RedemptionState.FULFILLED and hasattr(row, "code"),
        can_be_cancelled=ordered and reward.cancel_until_fulfilled and (order is None or not order.tries),
        member_id=row.member_id,
        stage=arrangement.stage if arrangement else _PLAIN_STAGES[RedemptionState(row.state)],
        value_minor=arrangement.value_minor if arrangement else reward.value_minor,
        percent=arrangement.percent if arrangement else None,
        currency=arrangement.currency if arrangement else reward.currency,
        money_minor=arrangement.money_minor if arrangement else 0,
        paid=arrangement is not None and arrangement.paid_at is not None,
        money_back=arrangement.money_back if arrangement else "",
        owes_money=arrangement is not None and arrangement.owes_money,
        carrier=arrangement.carrier if arrangement else "",
        tracking=arrangement.tracking if arrangement else "",
        refunded=refunded,
        tries=order.tries if order else 0,
        problem=order.problem if order else "",
        is_stuck=order is not None and order.state == OrderState.STUCK,
    )


_PLAIN_STAGES = {
    RedemptionState.ORDERED: Stage.SEND,
    RedemptionState.FULFILLED: Stage.DONE,
    RedemptionState.CANCELLED: Stage.OVER,
}


def first_lapses(organisation_id: int, after: datetime, until: datetime) -> list[datetime]:
    """The moments in (after, until] at which redemptions lapse, earliest first."""
    due = Arrangement.objects.filter(
        organisation_id=organisation_id,
        lapses_at__gt=after,
        lapses_at__lte=until,
        stage__in=(Stage.APPROVAL, Stage.PAYMENT, Stage.SEND),
    )
    moments = due.order_by("lapses_at").values_list("lapses_at", flat=True).distinct()[:1000]
    return [moment for moment in moments if moment is not None]


def code_of(organisation_id: int, redemption_id: UUID, *, member_id: UUID) -> str:
    """The code a member paid for. Raises `NotFound`, also for another member's."""
    row = (
        Redemption.objects.filter(
            organisation_id=organisation_id,
            id=redemption_id,
            member_id=member_id,
            state=RedemptionState.FULFILLED,
        )
        .select_related("code")
        .first()
    )
    if row is None or not hasattr(row, "code"):
        raise NotFound(kind="code", ref=show("rdm", redemption_id))
    return unseal(organisation_id, bytes(row.code.sealed))
