"""Holds over HTTP: points set aside for something in progress elsewhere, then spent or given back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.answering import idempotency_key
from plaudit.foundation.api.shapes import Amount, Answer, Asked, MemberRef, Moment
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.ledger.actions.capture import capture
from plaudit.ledger.actions.hold import hold
from plaudit.ledger.actions.release import release
from plaudit.ledger.api.shapes import HoldRef, UnitKey
from plaudit.ledger.holds import HeldPoints, held_points
from plaudit.people.queries import member_id_of

router = Router(tags=["Holds"])

Words = Annotated[str, Field(max_length=500, description="What for, in words that the member may read.")]


class NewHold(Asked):
    """Points to set aside. Past `expires_at` they come free by themselves; without it, never."""

    member: MemberRef
    unit: UnitKey
    amount: Amount
    expires_at: Moment | None = None
    reason: Words | None = None


class Capturing(Asked):
    """How much to spend of a hold: all of it if nothing is said, and what is not spent comes free."""

    amount: Amount | None = None
    reason: Words | None = None


class Releasing(Asked):
    """Why a hold is given back."""

    reason: Words | None = None


class ShownHold(Answer):
    """Points set aside, and what became of them."""

    id: str
    transfer: str
    member: str
    unit: str
    amount: int
    state: Literal["open", "captured", "released", "expired"]
    held_at: datetime
    expires_at: datetime | None
    reason: str | None
    captured: str | None
    released: str | None
    links: dict[str, str]


@router.post("/holds", response={201: ShownHold}, operation_id="hold_points", summary="Hold points")
@allows(scopes=["ledger:write"], to="hold points")
def post_hold(request: HttpRequest, new: NewHold) -> Status[ShownHold]:
    """Set points aside, so that nothing else can spend them, until they are captured or released."""
    actor = actor_of(request)
    receipt = hold(
        actor.organisation_id,
        member_id=member_id_of(actor.organisation_id, new.member),
        unit=new.unit,
        amount=new.amount,
        expires_at=new.expires_at,
        reason=new.reason,
        key=f"api:{idempotency_key(request)}",
        actor=actor.ref,
    )
    return Status(201, _shown(held_points(actor.organisation_id, receipt.reference)))


@router.get("/holds/{hold_id}", response=ShownHold, operation_id="get_hold", summary="Read a hold")
@allows(scopes=["ledger:read"], to="read transfers")
def get_hold(request: HttpRequest, hold_id: HoldRef) -> ShownHold:
    """One hold, open or settled."""
    return _shown(held_points(actor_of(request).organisation_id, _transfer_of(hold_id)))


@router.post(
    "/holds/{hold_id}/capture",
    response=ShownHold,
    operation_id="capture_hold",
    summary="Spend held points",
)
@allows(scopes=["ledger:write"], to="spend held points")
def post_capture(request: HttpRequest, hold_id: HoldRef, capturing: Capturing) -> ShownHold:
    """Spend a hold, whole or in part; the rest comes free in the same act. A hold ends once."""
    actor, reference = actor_of(request), _transfer_of(hold_id)
    capture(
        actor.organisation_id,
        reference,
        amount=capturing.amount,
        reason=capturing.reason,
        key=f"api:{idempotency_key(request)}",
        actor=actor.ref,
    )
    return _shown(held_points(actor.organisation_id, reference))


@router.post(
    "/holds/{hold_id}/release",
    response=ShownHold,
    operation_id="release_hold",
    summary="Give held points back",
)
@allows(scopes=["ledger:write"], to="release held points")
def post_release(request: HttpRequest, hold_id: HoldRef, releasing: Releasing) -> ShownHold:
    """Give all points of a hold back, into the lots they came from. A hold ends once."""
    actor, reference = actor_of(request), _transfer_of(hold_id)
    release(
        actor.organisation_id,
        reference,
        reason=releasing.reason,
        key=f"api:{idempotency_key(request)}",
        actor=actor.ref,
    )
    return _shown(held_points(actor.organisation_id, reference))


def _transfer_of(reference: str) -> str:
    """A hold is named by the transfer that made it, under its own prefix."""
    prefix, _, rest = reference.partition("_")
    if prefix != "hld":
        raise NotFound(kind="hold", ref=reference)
    return f"led_{rest}"


def _shown(held: HeldPoints) -> ShownHold:
    reference = f"hld_{held.transfer.removeprefix('led_')}"
    at = f"/api/v1/holds/{reference}"
    return ShownHold(
        id=reference,
        transfer=held.transfer,
        member=show("mem", held.member_id),
        unit=held.unit,
        amount=held.amount,
        state=held.state,  # type: ignore[arg-type]  # one of the choices
        held_at=held.held_at,
        expires_at=held.expires_at,
        reason=held.reason,
        captured=held.captured,
        released=held.released,
        links={"capture": f"{at}/capture", "release": f"{at}/release"} if held.state == "open" else {},
    )
