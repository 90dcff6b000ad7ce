"""Approved partners over HTTP: who they are, and what their activities earned and they owe."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Moment, Page, whole
from plaudit.membership.api.shapes import Key
from plaudit.membership.partner_statements import statement_of
from plaudit.membership.selling import scheme_kept_or_refused

router = Router(tags=["Partners"])

Starts = Annotated[Moment, Field(description="The first moment, as RFC 3339.")]
Ends = Annotated[Moment, Field(description="The moment at which it ends, itself no longer included.")]


class ShownPartner(Answer):
    """An approved partner, and the share of its points' worth that it owes, in percent."""

    key: str
    name: str
    share: int
    starts_on: date | None
    ends_on: date | None


class ShownCaused(Answer):
    """What one activity earned in one unit, in its smallest part, and what is owed for it in minor units."""

    activity: str
    unit: str
    events: int
    granted: int
    taken_back: int
    owed: int
    currency: str
    words: str


class ShownStatement(Answer):
    """A partner's statement for a period, as the ledger has it now. `owed` is by currency, in minor units."""

    partner: str
    name: str
    starts_at: datetime
    ends_at: datetime
    lines: list[ShownCaused]
    owed: dict[str, int]


@router.get(
    "/membership-programmes/{programme}/partners",
    response=Page[ShownPartner],
    operation_id="list_partners",
    summary="List approved partners",
)
@allows(scopes=["memberships:read"], to="read partners")
def list_partners(request: HttpRequest, programme: Key) -> Page[ShownPartner]:
    """As the programme's file approves them."""
    scheme = scheme_kept_or_refused(actor_of(request).organisation_id, programme)
    return whole(
        ShownPartner(
            key=one.key, name=one.name, share=one.share, starts_on=one.starts_on, ends_on=one.ends_on
        )
        for one in scheme.partners
    )


@router.get(
    "/membership-programmes/{programme}/partners/{partner}/statement",
    response=ShownStatement,
    operation_id="get_partner_statement",
    summary="Read a partner's statement",
)
@allows(scopes=["memberships:read"], to="read partners")
def get_statement(
    request: HttpRequest, programme: Key, partner: Key, starts_at: Starts, ends_at: Ends
) -> ShownStatement:
    """From `starts_at` up to, not including, `ends_at`; what was taken back since is left out."""
    found = statement_of(
        actor_of(request).organisation_id,
        programme=programme,
        partner=partner,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    lines = [
        ShownCaused(
            activity=one.activity,
            unit=one.unit,
            events=one.events,
            granted=one.granted,
            taken_back=one.taken_back,
            owed=one.owed,
            currency=one.currency,
            words=one.words,
        )
        for one in found.lines
    ]
    return ShownStatement(
        partner=partner,
        name=found.partner.name,
        starts_at=starts_at,
        ends_at=ends_at,
        lines=lines,
        owed=found.owed,
    )
