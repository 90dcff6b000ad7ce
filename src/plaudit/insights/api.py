"""Reasons over HTTP: why a line of a statement is there, or a member stands as they do, in the layers of the panel."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, MemberRef
from plaudit.foundation.ids import show
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.because import because, because_of_standing
from plaudit.insights.reasons import Because, Sum
from plaudit.people.queries import member as member_named

router = Router(tags=["Ledger"])

TransferRef = Annotated[str, Field(max_length=100, description="A transfer, `led_…`.")]


class ShownInput(Answer):
    """One thing that was looked at, where it came from, and of when it is."""

    label: str
    value: str
    source: str
    at: datetime | None
    reference: str | None


class ShownAuthority(Answer):
    """What decided: a rule, a policy or a person, in words."""

    name: str
    words: str
    version: int | None
    since: datetime | None
    approved_by: str | None
    programme: str | None
    rule: str | None


class ShownSum(Answer):
    """One line of the arithmetic: an `amount` that is added up, or a `value` that shows a step on the way."""

    label: str
    note: str
    amount: int | None
    value: str | None


class ShownLink(Answer):
    """Something to read on about."""

    label: str
    reference: str


class TransferBecause(Answer):
    """Why a transfer was made: sentence, inputs, what decided, arithmetic, what would change it, whom to ask.

    `aloud` is the whole to be read out on the telephone. The sums' amounts come to the total's.
    """

    reference: str
    member: str | None
    unit: str | None
    happened_at: datetime
    sentence: str
    inputs: list[ShownInput]
    decided_by: ShownAuthority
    sums: list[ShownSum]
    total: ShownSum
    would_change: list[str]
    question: str
    aloud: str
    links: list[ShownLink]


class StandingBecause(TransferBecause):
    """Why a member stands on a level, is in a segment or has an offer, and why not, in the same layers.

    `decided_by` names the version of the programme that says so. Amounts are in the smallest part of `unit`;
    where other activity counts than points, they stand in words.
    """


KeyRef = Annotated[str, Field(max_length=100, description="A key of the programme file.")]


@router.get(
    "/transfers/{transfer}/explanation",
    response=TransferBecause,
    operation_id="explain_transfer",
    summary="Explain one transfer",
)
@allows(scopes=["ledger:read"], to="read reasons")
def get_reason(request: HttpRequest, transfer: TransferRef) -> TransferBecause:
    """Why the points moved, as its member may read it, with every figure added up."""
    return TransferBecause(**_shown(because(actor_of(request).organisation_id, transfer)))


@router.get(
    "/members/{member}/tiers/{programme}/{ladder}/explanation",
    response=StandingBecause,
    operation_id="explain_tier",
    summary="Explain where a member stands",
)
@allows(scopes=["members:read"], to="read reasons")
def get_tier_reason(
    request: HttpRequest, member: MemberRef, programme: KeyRef, ladder: KeyRef
) -> StandingBecause:
    """Why a member stands on their level: the activity and days that count, the threshold, what keeps and raises it."""
    return _standing(request, member, f"tier:{programme}/{ladder}")


@router.get(
    "/members/{member}/segments/{programme}/{key}/explanation",
    response=StandingBecause,
    operation_id="explain_segment",
    summary="Explain whether a member is in a segment",
)
@allows(scopes=["members:read"], to="read reasons")
def get_segment_reason(
    request: HttpRequest, member: MemberRef, programme: KeyRef, key: KeyRef
) -> StandingBecause:
    """Why a member is in a segment, or why not: what it asks of them, and what counted."""
    return _standing(request, member, f"segment:{programme}/{key}")


@router.get(
    "/members/{member}/offers/{programme}/{key}/explanation",
    response=StandingBecause,
    operation_id="explain_offer",
    summary="Explain whether an offer holds for a member",
)
@allows(scopes=["members:read"], to="read reasons")
def get_offer_reason(
    request: HttpRequest, member: MemberRef, programme: KeyRef, key: KeyRef
) -> StandingBecause:
    """Why an offer holds for a member, or why not: how they were drawn, whether it was taken, what it gives."""
    return _standing(request, member, f"offer:{programme}/{key}")


def _standing(request: HttpRequest, member: str, reference: str) -> StandingBecause:
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        found = member_named(organisation_id, member)
        return StandingBecause(**_shown(because_of_standing(organisation_id, found.id, reference)))


def _shown(reason: Because) -> dict[str, Any]:
    decided = reason.authority
    return {
        "reference": reason.reference,
        "member": show("mem", reason.member_id) if reason.member_id is not None else None,
        "unit": reason.unit.key if reason.unit is not None else None,
        "happened_at": reason.happened_at,
        "sentence": reason.sentence,
        "inputs": [
            ShownInput(
                label=one.label,
                value=one.value,
                source=one.source,
                at=one.at,
                reference=one.reference or None,
            )
            for one in reason.inputs
        ],
        "decided_by": ShownAuthority(
            name=decided.name,
            words=decided.words,
            version=decided.version,
            since=decided.since,
            approved_by=decided.approved_by or None,
            programme=decided.programme or None,
            rule=decided.key or None,
        ),
        "sums": [_sum(one) for one in reason.sums],
        "total": _sum(reason.total),
        "would_change": list(reason.would_change),
        "question": reason.question,
        "aloud": reason.aloud,
        "links": [ShownLink(label=one.label, reference=one.reference) for one in reason.links],
    }


def _sum(one: Sum) -> ShownSum:
    return ShownSum(label=one.label, note=one.note, amount=one.amount, value=one.value or None)
