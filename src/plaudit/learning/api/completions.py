"""Completions, certificates and claims over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.answering import idempotency_key
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Asked, Because, Limit, MemberRef, Page, page
from plaudit.foundation.refusals import Problem
from plaudit.learning.actions.claiming import claim, decide_claim
from plaudit.learning.actions.completions import report_completion, withdraw_completion
from plaudit.learning.api.shapes import (
    CompletionRef,
    Key,
    Minutes,
    OnlyKey,
    ShownCertificate,
    ShownClaim,
    ShownCompletion,
    shown_certificate,
    shown_claim,
    shown_completion,
)
from plaudit.learning.queries import learned
from plaudit.people.queries import member_id_of

router = Router(tags=["Learning"])

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="A day, such as 2026-03-01.")]


class NewCompletion(Asked):
    """Who completed what, and when: today, for the offering's minutes, where nothing else is said."""

    member: MemberRef
    programme: Key
    offering: Key
    day: Day | None = None
    minutes: Minutes | None = None


class NewClaim(Asked):
    """What a member says they learned."""

    member: MemberRef
    programme: Key
    offering: Key
    day: Day
    minutes: Minutes | None = None
    words: Annotated[str, Field(max_length=1_000)] = ""


class Decision(Asked):
    """Approved or declined, and what the member is told."""

    approve: bool
    answer: Annotated[str, Field(max_length=1_000)] = ""


ClaimRef = Annotated[str, Field(max_length=100, description="A claim, `lcl_…`.")]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Problem(f"There is no day {text} in the calendar.") from None


@router.post(
    "/learning/completions",
    response={201: ShownCompletion},
    operation_id="report_completion",
    summary="Report that a member completed something",
)
@allows(scopes=["learning:write"], to="report completions")
def post_completion(request: HttpRequest, new: NewCompletion) -> Status[ShownCompletion]:
    """It earns what the programme says, and counts once in its period."""
    actor = actor_of(request)
    made = report_completion(
        actor.organisation_id,
        member_id=member_id_of(actor.organisation_id, new.member),
        programme=new.programme,
        offering=new.offering,
        day=_day(new.day),
        minutes=new.minutes,
        key=f"api:{idempotency_key(request)}",
        actor=actor.ref,
    )
    return Status(201, shown_completion(made))


@router.get(
    "/learning/completions",
    response=Page[ShownCompletion],
    operation_id="list_completions",
    summary="List completions",
)
@allows(scopes=["learning:read"], to="read completions")
def list_completions(
    request: HttpRequest,
    member: MemberRef | None = None,
    programme: OnlyKey = "",
    offering: OnlyKey = "",
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownCompletion]:
    """Completions in the order in which they were recorded, also those that were taken back."""
    organisation_id = actor_of(request).organisation_id
    whose = [member_id_of(organisation_id, member)] if member is not None else None
    found = learned.completions(
        organisation_id,
        members=whose,
        programme=programme,
        offering=offering,
        after=read_cursor(after, one_id),
        limit=limit + 1,
    )
    return page(found, limit, shown_completion, lambda one: write_cursor(one.id))


@router.get(
    "/learning/completions/{completion}",
    response=ShownCompletion,
    operation_id="get_completion",
    summary="Read a completion",
)
@allows(scopes=["learning:read"], to="read completions")
def get_completion(request: HttpRequest, completion: CompletionRef) -> ShownCompletion:
    """One completion, and whether it still stands."""
    id = learned.completion_id_of(completion)
    return shown_completion(learned.completion(actor_of(request).organisation_id, id))


@router.post(
    "/learning/completions/{completion}/withdraw",
    response=ShownCompletion,
    operation_id="withdraw_completion",
    summary="Take a completion back",
)
@allows(scopes=["learning:write"], to="take completions back")
def post_withdrawal(request: HttpRequest, completion: CompletionRef, because: Because) -> ShownCompletion:
    """What it earned goes, and its certificate, and what it was a step of."""
    actor = actor_of(request)
    withdrawn = withdraw_completion(
        actor.organisation_id,
        completion_id=learned.completion_id_of(completion),
        reason=because.reason,
        actor=actor.ref,
    )
    return shown_completion(withdrawn)


@router.get(
    "/learning/certificates",
    response=Page[ShownCertificate],
    operation_id="list_certificates",
    summary="List certificates",
)
@allows(scopes=["learning:read"], to="read certificates")
def list_certificates(
    request: HttpRequest, member: MemberRef | None = None, after: After = None, limit: Limit = 50
) -> Page[ShownCertificate]:
    """Certificates in the order in which they were issued, also revoked and ended ones."""
    organisation_id = actor_of(request).organisation_id
    whose = [member_id_of(organisation_id, member)] if member is not None else None
    found = learned.certificates(
        organisation_id, members=whose, after=read_cursor(after, one_id), limit=limit + 1
    )
    return page(found, limit, shown_certificate, lambda one: write_cursor(one.id))


@router.post(
    "/learning/claims",
    response={201: ShownClaim},
    operation_id="claim_learning",
    summary="Claim what a member learned",
)
@allows(scopes=["learning:write"], to="claim what members learned")
def post_claim(request: HttpRequest, new: NewClaim) -> Status[ShownClaim]:
    """It counts once somebody approves it."""
    actor = actor_of(request)
    day = _day(new.day)
    assert day is not None, "the day is asked for"
    made = claim(
        actor.organisation_id,
        member_id=member_id_of(actor.organisation_id, new.member),
        programme=new.programme,
        offering=new.offering,
        done_on=day,
        minutes=new.minutes,
        words=new.words,
        proof=b"",
        key=f"api:{idempotency_key(request)}",
        actor=actor.ref,
    )
    return Status(201, shown_claim(made))


@router.get(
    "/learning/claims",
    response=Page[ShownClaim],
    operation_id="list_learning_claims",
    summary="List what members claimed",
)
@allows(scopes=["learning:read"], to="read claims")
def list_claims(
    request: HttpRequest,
    state: Annotated[
        Literal["waiting", "approved", "declined"] | None, Field(description="In this state only.")
    ] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownClaim]:
    """Claims in the order in which they were made."""
    found = learned.claims(
        actor_of(request).organisation_id,
        state=state or "",
        after=read_cursor(after, one_id),
        limit=limit + 1,
    )
    return page(found, limit, shown_claim, lambda one: write_cursor(one.id))


@router.post(
    "/learning/claims/{claim_id}/decide",
    response=ShownClaim,
    operation_id="decide_learning_claim",
    summary="Approve or decline a claim",
)
@allows(scopes=["learning:write"], to="decide claims")
def post_decision(request: HttpRequest, claim_id: ClaimRef, decision: Decision) -> ShownClaim:
    """Approving counts it, which earns."""
    actor = actor_of(request)
    decided = decide_claim(
        actor.organisation_id,
        claim_id=learned.claim_id_of(claim_id),
        approve=decision.approve,
        answer=decision.answer,
        actor=actor.ref,
        decider_id=actor.member_id,
    )
    return shown_claim(decided)
