"""Commands about rewards and what was bought with points."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from plaudit.foundation.ids import read
from plaudit.foundation.ids import show as as_reference
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.balances import balances
from plaudit.ledger.units import units_by_key
from plaudit.rewards import queries
from plaudit.rewards.actions.add_codes import add_codes
from plaudit.rewards.actions.ordering import look_again
from plaudit.rewards.actions.proceed import approve as agree
from plaudit.rewards.actions.proceed import pay
from plaudit.rewards.actions.redeem import redeem as buy
from plaudit.rewards.actions.refund import refund
from plaudit.rewards.actions.settle import cancel as give_back
from plaudit.rewards.actions.settle import fulfil as sent
from plaudit.rewards.catalogue import check_catalogue
from plaudit.surfaces.cli.acting import ACTOR, member_named, names_of, organisation_id
from plaudit.surfaces.cli.output import say, show, show_rows, text_of

reward = typer.Typer(no_args_is_help=True, help="What points buy.")
redemption = typer.Typer(no_args_is_help=True, help="What was bought.")

Key = Annotated[str, typer.Argument(help="The reward's key.")]
Bought = Annotated[str, typer.Argument(help="A redemption, such as rdm_01…")]


@reward.command("list")
def list_rewards(
    member: Annotated[str, typer.Option("--for", help="As this member sees it: what is missing.")] = "",
) -> None:
    """List what is on offer now."""
    here = organisation_id()
    with in_organisation(here):
        rows = [_offer(one) for one in _offers(here, member)]
    names = ["key", "name", "kind", "price", "unit", "left", *(["missing"] if member else [])]
    show_rows(rows, names, empty="Nothing is on offer; rewards stand in the programme file.")


def _offers(here: int, member: str) -> list[queries.Offer]:
    if not member:
        return queries.offers(here)
    found = member_named(here, member)
    units = units_by_key(here)
    held = {units[one.unit].id: one.available for one in balances(here, found.id)}
    return queries.offers(here, kind=found.kind, available=held)


def _offer(one: queries.Offer) -> dict[str, Any]:
    names = ("key", "name", "kind", "price", "left", "missing", "programme", "can_be_cancelled")
    return {**{name: getattr(one, name) for name in names}, "unit": one.unit.key}


@reward.command("codes")
def load_codes(
    key: Key,
    file: Annotated[Path, typer.Argument(help="A file of codes, one a line; - is standard input.")],
    worth: Annotated[
        int, typer.Option(help="Of a ladder: the step's value in minor units, or its percent.")
    ] = 0,
) -> None:
    """Fill a reward's pool of codes from a file; a code that is there already is not added again.

    Example:  plaudit reward codes voucher-5 codes.txt
    """
    here = organisation_id()
    codes = [line.strip() for line in text_of(file).splitlines() if line.strip()]
    added = add_codes(here, reward_id=_reward(here, key), codes=codes, worth=worth, actor=ACTOR)
    body = {"reward": key, "added": added, "there_already": len(codes) - added}
    show(body, sentence=f"{added:,} codes added, {len(codes) - added:,} there already.")


@reward.command("check")
def check(
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far to look back.")] = 90,
    within: Annotated[int, typer.Option(min=1, max=36500, help="How many days are still reachable.")] = 365,
) -> None:
    """Check the catalogue: what a point buys, how long each reward takes, and what nobody reaches.

    Days are those of the member in the middle, and of the one of whom a fifth earned no more.
    """
    here = organisation_id()
    with in_organisation(here):
        found = check_catalogue(here, days=days, within_days=within)
    rows = [
        {
            "key": one.key,
            "price": one.price,
            "unit": one.unit,
            "cents_a_point": str(one.cents) if one.cents is not None else None,
            "median_days": one.median_days,
            "slow_days": one.slow_days,
            "redeemed": one.interest["all"].redemptions if one.interest else 0,
            "wished": one.interest["all"].wishes if one.interest else 0,
            "reachable": one.reachable,
        }
        for one in found.rewards
    ]
    names = ["key", "price", "unit", "cents_a_point", "median_days", "slow_days", "redeemed", "wished"]
    show_rows(rows, [*names, "reachable"], empty="Nothing is on offer; rewards stand in the programme file.")
    say(f"Variety: {found.variety} (1 − Simpson's index over kinds).")
    if found.unreachable:
        say(f"Out of reach within {within} days: {', '.join(found.unreachable)}.")


def _reward(here: int, key: str) -> int:
    with in_organisation(here):
        found = [one.id for one in queries.offers(here) if one.key == key]
    if not found:
        raise NotFound(kind="reward on offer", ref=key)
    return found[0]


@redemption.command("list")
def list_redemptions(
    state: Annotated[str, typer.Option(help="ordered, fulfilled or cancelled.")] = "",
    member: Annotated[str, typer.Option("--of", help="Of this member.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 50,
) -> None:
    """List what was bought, newest first."""
    here = organisation_id()
    of = member_named(here, member).id if member else None
    with in_organisation(here):
        found = queries.redemptions(here, state=state, member_id=of, limit=limit)
        called = names_of(here, {one.member_id for one in found})
    rows = [
        {
            "redemption": as_reference("rdm", one.id),
            "member": called[one.member_id],
            "reward": one.reward,
            "points": one.points,
            "state": one.state,
            "ordered": f"{one.ordered_at:%Y-%m-%d %H:%M}",
        }
        for one in found
    ]
    names = ["redemption", "member", "reward", "points", "state", "ordered"]
    show_rows(rows, names, empty="Nothing was bought yet.")


@redemption.command("redeem")
def redeem(
    member: Annotated[str, typer.Argument(help="mem_…, source:id, or an e-mail address.")],
    reward: Key,
    key: Annotated[str, typer.Option(help="Your own key: the same key buys once.")] = "",
    price: Annotated[int, typer.Option(help="Of a ladder: the step, by its price.")] = 0,
    address: Annotated[str, typer.Option(help="Where it is sent to.")] = "",
) -> None:
    """Buy a reward for a member.

    Example:  plaudit redemption redeem till:C0001 mug
    """
    here = organisation_id()
    found = member_named(here, member)
    made = buy(
        here,
        member_id=found.id,
        reward_id=_reward(here, reward),
        key=key or f"cli-{uuid.uuid4()}",
        actor=ACTOR,
        price=price or None,
        address=address,
    )
    reference = as_reference("rdm", made.id)
    body = {"redemption": reference, "reward": reward, "state": made.state}
    show(body, sentence=f"{found.name or member} has {reward} ({made.state}, {reference}).")
    if made.state == "ordered":
        say(f"When it is sent:  plaudit redemption fulfil {reference}")


@redemption.command("cancel")
def cancel(bought: Bought, because: Annotated[str, typer.Option(help="Why, for the record.")] = "") -> None:
    """Give the points back, into the lots they came from."""
    done = give_back(organisation_id(), _id(bought), reason=because, actor=ACTOR)
    show({"redemption": bought, "state": done.state}, sentence=f"{bought} is {done.state}.")


@redemption.command("fulfil")
def fulfil(bought: Bought) -> None:
    """Say that it was sent: the points are spent."""
    done = sent(organisation_id(), _id(bought), actor=ACTOR)
    show({"redemption": bought, "state": done.state}, sentence=f"{bought} is {done.state}.")


@redemption.command("approve")
def approve(bought: Bought) -> None:
    """Agree to it, as a second person."""
    done = agree(organisation_id(), _id(bought), actor=ACTOR)
    show({"redemption": bought, "state": done.state}, sentence=f"{bought} was agreed to ({done.state}).")


@redemption.command("pay")
def paid(bought: Bought, reference: Annotated[str, typer.Option(help="The payment.")]) -> None:
    """Note that the money beside the points was paid."""
    done = pay(organisation_id(), _id(bought), reference=reference, actor=ACTOR)
    show({"redemption": bought, "state": done.state}, sentence=f"{bought} is paid ({done.state}).")


@redemption.command("refund")
def refunded(
    bought: Bought,
    because: Annotated[str, typer.Option(help="Why, for the record.")],
    points: Annotated[int, typer.Option(min=0, help="How many points; all that are left by default.")] = 0,
    key: Annotated[str, typer.Option(help="Your own key: the same key refunds once.")] = "",
) -> None:
    """Give back points of what was fulfilled, into the lots they came from."""
    made = refund(
        organisation_id(),
        _id(bought),
        reason=because,
        points=points or None,
        key=key or f"cli-{uuid.uuid4()}",
        actor=ACTOR,
    )
    body = {"redemption": bought, "points": made.points, "transfer": made.transfer}
    show(body, sentence=f"{made.points:,} of {bought} were given back ({made.transfer}).")


@redemption.command("ask-again")
def ask_again(bought: Bought) -> None:
    """Ask its supplier again about an order that is stuck."""
    count = look_again(organisation_id(), [_id(bought)], actor=ACTOR)
    show({"orders": count}, sentence=f"{count} orders are asked after again.")


def _id(text: str) -> UUID:
    return read("rdm", text, kind="redemption")
