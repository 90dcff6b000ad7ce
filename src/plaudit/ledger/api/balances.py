"""What members have over HTTP: balances now and as of any moment, statements, lots and when they lapse."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.cursors import one_number, read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Limit, MemberRef, Moment, Page, whole
from plaudit.foundation.ids import show
from plaudit.ledger.api.shapes import (
    MemberBalances,
    ShownLot,
    ShownTransfer,
    ShownUnit,
    UnitKey,
    shown_balance,
    shown_line,
    shown_lot,
    shown_unit,
)
from plaudit.ledger.balances import Clock, balances, balances_as_of
from plaudit.ledger.statements import expiring, lots_of, statement
from plaudit.ledger.units import unit_named, units_by_key
from plaudit.people.queries import member as member_named

router = Router(tags=["Balances"])

_CLOCKS = {"occurred": Clock.OCCURRED, "recorded": Clock.RECORDED}


@router.get("/units", response=Page[ShownUnit], operation_id="list_units", summary="List units")
@allows(scopes=["ledger:read"], to="read balances")
def list_units(request: HttpRequest) -> Page[ShownUnit]:
    """What this organisation counts, such as points."""
    return whole(shown_unit(unit) for unit in units_by_key(actor_of(request).organisation_id).values())


@router.get(
    "/members/{member}/balances",
    response=MemberBalances,
    operation_id="get_balances",
    summary="Read a member's balances",
)
@allows(scopes=["ledger:read"], to="read balances")
def get_balances(
    request: HttpRequest,
    member: MemberRef,
    at: Annotated[Moment | None, Field(description="Then, that moment included; now if left out.")] = None,
    clock: Annotated[
        Literal["occurred", "recorded"],
        Field(
            description=(
                "With `at`: `recorded` is what the book said then; `occurred` counts what is known today of then."
            )
        ),
    ] = "recorded",
) -> MemberBalances:
    """What a member has of every unit they ever held, exact to this moment, or as of another."""
    organisation_id = actor_of(request).organisation_id
    member_id = member_named(organisation_id, member).id
    if at is None:
        found = balances(organisation_id, member_id)
    else:
        found = balances_as_of(organisation_id, member_id, at, by=_CLOCKS[clock])
    return MemberBalances(
        member=show("mem", member_id),
        at=at,
        clock=clock if at is not None else None,
        balances=[shown_balance(balance) for balance in found],
    )


@router.get(
    "/members/{member}/statement",
    response=Page[ShownTransfer],
    operation_id="get_statement",
    summary="Read a member's statement",
)
@allows(scopes=["ledger:read"], to="read statements")
def get_statement(
    request: HttpRequest, member: MemberRef, unit: UnitKey, after: After = None, limit: Limit = 50
) -> Page[ShownTransfer]:
    """A member's transfers in one unit, newest first."""
    organisation_id = actor_of(request).organisation_id
    member_id = member_named(organisation_id, member).id
    found = statement(
        organisation_id,
        member_id,
        unit_named(organisation_id, unit).key,
        before_line=read_cursor(after, one_number),
        limit=limit,
    )
    return Page[ShownTransfer](
        items=[shown_line(line) for line in found.lines],
        has_more=found.older is not None,
        next=write_cursor(found.older) if found.older is not None else None,
    )


@router.get(
    "/members/{member}/lots",
    response=Page[ShownLot],
    operation_id="list_lots",
    summary="Read a member's lots and when they lapse",
)
@allows(scopes=["ledger:read"], to="read balances")
def list_lots(
    request: HttpRequest,
    member: MemberRef,
    unit: UnitKey,
    expiring_until: Annotated[
        Moment | None, Field(description="Only what lapses up to then unless it is spent first.")
    ] = None,
) -> Page[ShownLot]:
    """The points behind a balance, in the order in which they will be spent: the nearest expiry first."""
    organisation_id = actor_of(request).organisation_id
    member_id = member_named(organisation_id, member).id
    key = unit_named(organisation_id, unit).key
    if expiring_until is None:
        found = lots_of(organisation_id, member_id, key)
    else:
        found = expiring(organisation_id, member_id, key, until=expiring_until)
    return whole(shown_lot(lot) for lot in found)
