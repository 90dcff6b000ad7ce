"""The catalogue over HTTP: what is on offer to whom, its pools of codes, and how good it is."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Asked, MemberRef, Page, whole
from plaudit.foundation.refusals import NotFound
from plaudit.ledger.balances import balances
from plaudit.ledger.units import units_by_key
from plaudit.people.queries import member as member_named
from plaudit.rewards.actions.add_codes import add_codes
from plaudit.rewards.catalogue import Checked, check_catalogue
from plaudit.rewards.queries import Offer, offer, offers

router = Router(tags=["Rewards"])

Kind = Literal[
    "code",
    "gift_card",
    "discount",
    "physical",
    "travel",
    "meal",
    "event",
    "early_access",
    "note",
    "donation",
    "other",
]
RewardRef = Annotated[str, Field(max_length=100, description="A reward, `rwd_…`.")]


class ShownStep(Answer):
    """One step of a ladder: what it costs, and what it is worth in money or in percent off."""

    price: int
    value_minor: int | None
    percent: int | None
    needs_approval: bool


class ShownReward(Answer):
    """A reward. `price` is in the unit's smallest part; `left` is null where there is no end to them.

    `money_minor` is paid beside the points. Of a ladder a member chooses a step; `price` is the lowest.
    `eligible` is a condition members must meet, `needs_address` says that they must say where to.
    `missing` is how much the member who was named lacks, 0 where they can have it now.
    """

    id: str
    key: str
    programme: str
    name: str
    description: str
    kind: Kind
    unit: str
    price: int
    value_minor: int | None
    currency: str
    left: int | None
    missing: int
    percent: int | None
    money_minor: int
    ladder: list[ShownStep]
    needs_address: bool
    eligible: str
    charity: str
    image: str
    terms: str
    tax: str


class NewCodes(Asked):
    """Codes for a reward's pool; one that is there already is not added again."""

    codes: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=1, max_length=5_000)
    ]
    worth: Annotated[
        int,
        Field(ge=0, le=10**15, description="Of a ladder: the step's value in minor units, or its percent."),
    ] = 0


class AddedCodes(Answer):
    """How many of the codes were new."""

    added: int


class ShownInterest(Answer):
    """How often a segment redeemed a reward in the time looked at, and how many of it wished for it."""

    segment: str
    redemptions: int
    wishes: int


class CheckedReward(Answer):
    """One reward, or one step of a ladder, weighed.

    A point buys exactly `cents_numerator` / `cents_denominator` minor units of money, null where no value
    is said. `median_days` and `slow_days` say how long the price takes at the pace of the member in the
    middle, and of the one of whom a fifth earned no more; null for never.
    """

    key: str
    name: str
    kind: Kind
    unit: str
    price: int
    cents_numerator: int | None
    cents_denominator: int | None
    median_days: int | None
    slow_days: int | None
    reachable: bool
    left: int | None
    interest: list[ShownInterest]


class CheckedCatalogue(Answer):
    """The catalogue weighed by what happened in the last `days` days.

    Pace is what each member who earned anything earned in that time, less what was taken back, by nearest
    rank. `variety` is 1 − Simpson's index over the kinds of rewards, as a fraction: how likely two of them
    are of different kinds. `unreachable` names the rewards that take longer than `within_days` at the median.
    """

    days: int
    within_days: int
    variety_numerator: int
    variety_denominator: int
    unreachable: list[str]
    earners: dict[str, int]
    rewards: list[CheckedReward]


@router.get("/rewards", response=Page[ShownReward], operation_id="list_rewards", summary="List rewards")
@allows(scopes=["rewards:read"], to="read rewards")
def list_rewards(request: HttpRequest, member: MemberRef | None = None) -> Page[ShownReward]:
    """What is on offer now: to everybody, or to one member with what they lack, affordable first."""
    organisation_id = actor_of(request).organisation_id
    if member is None:
        return whole(_shown_reward(one) for one in offers(organisation_id))
    found = member_named(organisation_id, member)
    available = _available(organisation_id, found.id)
    return whole(_shown_reward(one) for one in offers(organisation_id, kind=found.kind, available=available))


@router.get(
    "/rewards/check", response=CheckedCatalogue, operation_id="check_rewards", summary="Check the catalogue"
)
@allows(scopes=["rewards:read"], to="check the rewards")
def get_check(
    request: HttpRequest,
    days: Annotated[int, Query(ge=1, le=3650, description="How far to look back.")] = 90,
    within_days: Annotated[int, Query(ge=1, le=36500, description="How long is still reachable.")] = 365,
) -> CheckedCatalogue:
    """Whether each reward is wanted, worth its points and within reach, and whether there is a choice."""
    found = check_catalogue(actor_of(request).organisation_id, days=days, within_days=within_days)
    return CheckedCatalogue(
        days=days,
        within_days=within_days,
        variety_numerator=found.variety.numerator,
        variety_denominator=found.variety.denominator,
        unreachable=found.unreachable,
        earners=found.earners,
        rewards=[_shown_checked(one) for one in found.rewards],
    )


@router.get("/rewards/{reward}", response=ShownReward, operation_id="get_reward", summary="Read a reward")
@allows(scopes=["rewards:read"], to="read rewards")
def get_reward(request: HttpRequest, reward: RewardRef) -> ShownReward:
    """One reward, on offer or not."""
    return _shown_reward(offer(actor_of(request).organisation_id, read_reward_id(reward)))


@router.post(
    "/rewards/{reward}/codes",
    response={201: AddedCodes},
    operation_id="add_reward_codes",
    summary="Add codes to a reward's pool",
)
@allows(scopes=["rewards:write"], to="add codes")
def post_codes(request: HttpRequest, reward: RewardRef, new: NewCodes) -> Status[AddedCodes]:
    """Codes are kept sealed; each is given to one redemption."""
    actor = actor_of(request)
    added = add_codes(
        actor.organisation_id,
        reward_id=read_reward_id(reward),
        codes=new.codes,
        worth=new.worth,
        actor=actor.ref,
    )
    return Status(201, AddedCodes(added=added))


def _available(organisation_id: int, member_id: UUID) -> dict[int, int]:
    units = units_by_key(organisation_id)
    return {units[one.unit].id: one.available for one in balances(organisation_id, member_id)}


def read_reward_id(reference: str) -> int:
    """The id behind `rwd_…`. Raises `NotFound`."""
    prefix, _, number = reference.partition("_")
    if prefix != "rwd" or not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise NotFound(kind="reward", ref=reference)
    return int(number)


def _shown_reward(one: Offer) -> ShownReward:
    return ShownReward(
        id=f"rwd_{one.id}",
        key=one.key,
        programme=one.programme,
        name=one.name,
        description=one.description,
        kind=one.kind,  # type: ignore[arg-type]  # one of the kinds
        unit=one.unit.key,
        price=one.price,
        value_minor=one.value_minor,
        currency=one.currency,
        left=one.left,
        missing=one.missing,
        percent=one.percent,
        money_minor=one.money_minor,
        ladder=[
            ShownStep(
                price=step.price,
                value_minor=step.value_minor,
                percent=step.percent,
                needs_approval=step.approval,
            )
            for step in one.ladder
        ],
        needs_address=one.needs_address,
        eligible=one.eligible,
        charity=one.charity,
        image=one.image,
        terms=one.terms,
        tax=one.tax,
    )


def _shown_checked(one: Checked) -> CheckedReward:
    return CheckedReward(
        key=one.key,
        name=one.name,
        kind=one.kind,  # type: ignore[arg-type]  # one of the kinds
        unit=one.unit,
        price=one.price,
        cents_numerator=one.cents.numerator if one.cents is not None else None,
        cents_denominator=one.cents.denominator if one.cents is not None else None,
        median_days=one.median_days,
        slow_days=one.slow_days,
        reachable=one.reachable,
        left=one.left,
        interest=[
            ShownInterest(segment=segment, redemptions=found.redemptions, wishes=found.wishes)
            for segment, found in one.interest.items()
        ],
    )
