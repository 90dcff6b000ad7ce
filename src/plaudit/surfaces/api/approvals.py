"""Requests for approval over HTTP: points that one asks for and a second decides."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from plaudit.cases.actions.asking import approve, decline
from plaudit.cases.models import ApprovalRequest, RequestState
from plaudit.cases.queries import request as request_named
from plaudit.cases.queries import requests
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Answer, Because, Limit, Page, page
from plaudit.foundation.ids import read, show
from plaudit.foundation.tenancy import in_organisation

router = Router(tags=["Cases"])

ApprovalRef = Annotated[str, Field(max_length=40, description="A request for approval: `apr_…`.")]


class ShownApproval(Answer):
    """Points to give, or to take where `amount` is below zero, in the unit's smallest part; and who decided.

    `waiting` until somebody else approves or declines it, until its case is withdrawn, or until `expires_at`.
    Nothing is set aside for it: what is asked for is posted when it is approved, as `transfer`. `words` are those of
    whoever declined it.
    """

    id: str
    state: RequestState
    member: str
    unit: str
    amount: int
    reason: str
    case: str | None
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    decided_by: str
    decided_at: datetime | None
    words: str
    transfer: str | None
    links: dict[str, str]


@router.get(
    "/approvals",
    response=Page[ShownApproval],
    operation_id="list_approvals",
    summary="List requests for approval",
)
@allows(scopes=["approvals:read"], to="read requests for approval")
def list_approvals(
    request: HttpRequest,
    state: Annotated[
        RequestState | None, Field(description="In this state only; waiting is what can be decided now.")
    ] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownApproval]:
    """What waits for a second person, and what was decided; the newest first."""
    at = actor_of(request).organisation_id
    with in_organisation(at):
        before = read_cursor(after, one_id)
        found = requests(at, state=state.value if state else "", before=before, limit=limit + 1)
    return page(found, limit, _shown, lambda one: write_cursor(one.id))


@router.get(
    "/approvals/{approval_id}",
    response=ShownApproval,
    operation_id="get_approval",
    summary="Read a request for approval",
)
@allows(scopes=["approvals:read"], to="read requests for approval")
def get_approval(request: HttpRequest, approval_id: ApprovalRef) -> ShownApproval:
    """One of them."""
    return _found(request, approval_id)


@router.post(
    "/approvals/{approval_id}/approve",
    response=ShownApproval,
    operation_id="approve_request",
    summary="Approve a request",
)
@allows(scopes=["approvals:write"], to="approve requests")
def post_approval(request: HttpRequest, approval_id: ApprovalRef) -> ShownApproval:
    """As its second person: the points are posted, and a case that waits for them is settled.

    Neither the program that asked approves it, nor one whose key was made by whoever asked or made the asking key.
    """
    actor = actor_of(request)
    approve(actor.organisation_id, _id(approval_id), actor=actor.ref)
    return _found(request, approval_id)


@router.post(
    "/approvals/{approval_id}/decline",
    response=ShownApproval,
    operation_id="decline_request",
    summary="Decline a request",
)
@allows(scopes=["approvals:write"], to="decline requests")
def post_declining(request: HttpRequest, approval_id: ApprovalRef, because: Because) -> ShownApproval:
    """Say no, with the reason that whoever asked reads. Their own they may decline too."""
    actor = actor_of(request)
    decline(actor.organisation_id, _id(approval_id), reason=because.reason, actor=actor.ref)
    return _found(request, approval_id)


def _id(reference: str) -> UUID:
    return read("apr", reference, kind="request")


def _found(request: HttpRequest, reference: str) -> ShownApproval:
    at = actor_of(request).organisation_id
    with in_organisation(at):
        return _shown(request_named(at, reference))


def _shown(one: ApprovalRequest) -> ShownApproval:
    reference = show("apr", one.id)
    return ShownApproval(
        id=reference,
        state=RequestState(one.state),
        member=show("mem", one.member_id),
        unit=one.unit,
        amount=one.amount,
        reason=one.reason,
        case=show("cse", one.case_id) if one.case_id is not None else None,
        asked_by=one.asked_by,
        asked_at=one.asked_at,
        expires_at=one.expires_at,
        decided_by=one.decided_by,
        decided_at=one.decided_at,
        words=one.words,
        transfer=one.transfer or None,
        links={"self": f"/api/v1/approvals/{reference}"},
    )
