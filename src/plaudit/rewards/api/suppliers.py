"""Suppliers over HTTP: who rewards are ordered from, and their statements held against our orders."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Asked, Moment, Page, whole
from plaudit.rewards.actions.suppliers import set_supplier
from plaudit.rewards.orders import reconciled, suppliers

router = Router(tags=["Suppliers"])

SupplierKey = Annotated[str, Field(pattern="^[a-z][a-z0-9_-]{0,49}$", description="The supplier's key.")]


class NewSupplier(Asked):
    """Where a supplier takes orders; without an address a person orders. `token` is sealed and never shown."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    url: Annotated[str, Field(max_length=2000)] = ""
    token: Annotated[str, Field(max_length=2000)] = ""


class ShownSupplier(Answer):
    """A supplier. `open` orders wait for it, `stuck` ones for a person."""

    key: str
    name: str
    url: str
    has_token: bool
    open: int
    stuck: int


class NewStatement(Asked):
    """A supplier's statement: a CSV with the columns `order` and `amount`, for the orders delivered in [from, until)."""

    csv: Annotated[str, Field(max_length=2_000_000)]
    since: Moment
    until: Moment


class ShownFinding(Answer):
    """What a line of the statement, or an order of ours that is missing from it, came to. Amounts in minor units."""

    finding: Literal["matched", "wrong_amount", "twice", "unknown", "missing"]
    order: str
    line: int | None
    ours_minor: int | None
    theirs_minor: int | None


@router.get(
    "/suppliers", response=Page[ShownSupplier], operation_id="list_suppliers", summary="List suppliers"
)
@allows(scopes=["rewards:read"], to="read suppliers")
def list_suppliers(request: HttpRequest) -> Page[ShownSupplier]:
    """Every supplier, with what waits for it."""
    return whole(
        ShownSupplier(
            key=one.key, name=one.name, url=one.url, has_token=one.has_token, open=one.open, stuck=one.stuck
        )
        for one in suppliers(actor_of(request).organisation_id)
    )


@router.put(
    "/suppliers/{key}", response=ShownSupplier, operation_id="set_supplier", summary="Name a supplier"
)
@allows(scopes=["rewards:write"], to="name suppliers")
def put_supplier(request: HttpRequest, key: SupplierKey, new: NewSupplier) -> ShownSupplier:
    """Name a supplier, or change it. A token stays with the address it was given for."""
    actor = actor_of(request)
    set_supplier(actor.organisation_id, key=key, name=new.name, url=new.url, token=new.token, actor=actor.ref)
    (one,) = [one for one in suppliers(actor.organisation_id) if one.key == key]
    return ShownSupplier(
        key=one.key, name=one.name, url=one.url, has_token=one.has_token, open=one.open, stuck=one.stuck
    )


@router.post(
    "/suppliers/{key}/statements",
    response=Page[ShownFinding],
    operation_id="reconcile_statement",
    summary="Hold a supplier's statement against our orders",
)
@allows(scopes=["rewards:write"], to="reconcile statements")
def post_statement(request: HttpRequest, key: SupplierKey, new: NewStatement) -> Page[ShownFinding]:
    """Every line: matched, wrong in amount, charged twice or unknown; then what is missing. Nothing is changed."""
    found = reconciled(actor_of(request).organisation_id, key, new.csv, since=new.since, until=new.until)
    return whole(
        ShownFinding(
            finding=one.finding.value,
            order=one.order,
            line=one.line,
            ours_minor=one.ours_minor,
            theirs_minor=one.theirs_minor,
        )
        for one in found
    )
