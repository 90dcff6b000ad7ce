"""The proof over HTTP: every check of the books run anew, and the seals that pin what was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from threading import Lock
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Asked, Moment, Page, whole
from plaudit.foundation.refusals import Refusal
from plaudit.ledger.actions.seal import seal
from plaudit.ledger.models import Seal
from plaudit.ledger.sealing import anchor_of
from plaudit.ledger.verification.verify import Result, verify
from plaudit.people.queries import organisation

router = Router(tags=["Proof"])

# A check of everything reads everything: one at a time in a process is plenty.
_verifying = Lock()


class VerificationRunning(Refusal):
    code = "verification_running"
    status = 503
    exit_code = 7
    sentence = "The books are being verified at this moment."
    way_forward = "Ask again in {retry_after} s."

    def __init__(self, *, retry_after: int = 10) -> None:
        super().__init__(retry_after=retry_after)


class Verifying(Asked):
    """What to verify: everything, or what was recorded since a moment; against seals kept outside, if any."""

    since: Moment | None = None
    anchors: Annotated[
        list[Annotated[str, Field(max_length=500)]], Field(max_length=1_000, default_factory=list)
    ]


class ShownCheck(Answer):
    """One check: the sentence that must be true, whether it is, and the first rows that break it."""

    id: str
    sentence: str
    holds: bool
    rows: list[dict[str, Any]]
    more: bool
    milliseconds: int


class Verification(Answer):
    """What a run of every check found. `transfers` is how many rows of the book it looked at."""

    holds: bool
    began_at: datetime
    since: datetime | None
    transfers: int
    milliseconds: int
    checks: list[ShownCheck]


class Sealing(Asked):
    """Up to when to seal; up to now, if nothing is said."""

    until: Moment | None = None


class ShownSeal(Answer):
    """A period closed for ever. `anchor` is the line to keep outside: with it any later change shows."""

    number: int
    sealed_from: datetime | None
    sealed_until: datetime
    transfers: int
    sums: dict[str, dict[str, int]]
    digest: str
    anchor: str
    sealed_at: datetime
    sealed_by: str


@router.post(
    "/ledger/verification",
    response=Verification,
    operation_id="verify_ledger",
    summary="Verify the books",
)
@allows(scopes=["ledger:read"], to="verify the books", keyless=True)
def post_verification(request: HttpRequest, verifying: Verifying) -> Verification:
    """Run every check in one snapshot. It changes nothing, so it needs no Idempotency-Key."""
    if not _verifying.acquire(blocking=False):
        raise VerificationRunning
    try:
        report = verify(actor_of(request).organisation_id, since=verifying.since, anchors=verifying.anchors)
    finally:
        _verifying.release()
    return Verification(
        holds=report.holds,
        began_at=report.began_at,
        since=report.since,
        transfers=report.transfers,
        milliseconds=round(report.seconds * 1000),
        checks=[_shown_check(result) for result in report.results],
    )


@router.get("/ledger/seals", response=Page[ShownSeal], operation_id="list_seals", summary="List seals")
@allows(scopes=["ledger:read"], to="read seals")
def list_seals(request: HttpRequest) -> Page[ShownSeal]:
    """Every sealed period, oldest first, with the line to keep outside."""
    organisation_id = actor_of(request).organisation_id
    code = organisation(organisation_id).code
    found = Seal.objects.filter(organisation_id=organisation_id).order_by("number")
    return whole(_shown_seal(code, one) for one in found)


@router.post("/ledger/seals", response={201: ShownSeal}, operation_id="seal_ledger", summary="Seal a period")
@allows(scopes=["ledger:write"], to="seal the books")
def post_seal(request: HttpRequest, sealing: Sealing) -> Status[ShownSeal]:
    """Close what was recorded up to a moment: nothing is ever recorded into it again."""
    actor = actor_of(request)
    sealed = seal(actor.organisation_id, until=sealing.until, actor=actor.ref)
    return Status(201, _shown_seal(organisation(actor.organisation_id).code, sealed))


def _shown_check(result: Result) -> ShownCheck:
    # What is found in the database as a whole is its operator's to see, not one organisation's.
    rows = result.rows if result.organisation_id is not None else []
    return ShownCheck(
        id=result.check.id,
        sentence=result.check.sentence,
        holds=result.holds,
        rows=[_plain(row) for row in rows],
        more=result.more or len(rows) < len(result.rows),
        milliseconds=round(result.seconds * 1000),
    )


def _plain(row: Mapping[str, object]) -> dict[str, Any]:
    """A row as JSON has values; its organisation is the caller's own."""
    plain = (str, int, bool, type(None), datetime)
    return {
        name: value if isinstance(value, plain) else str(value)
        for name, value in row.items()
        if name != "organisation_id"
    }


def _shown_seal(code: str, one: Seal) -> ShownSeal:
    return ShownSeal(
        number=one.number,
        sealed_from=one.sealed_from,
        sealed_until=one.sealed_until,
        transfers=one.transfers,
        sums=one.sums,
        digest=bytes(one.digest).hex(),
        anchor=anchor_of(code, one),
        sealed_at=one.sealed_at,
        sealed_by=one.sealed_by,
    )
