"""What members say they learned: claimed with a proof, and decided by somebody else."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.learning.completing import Learned, complete_all, today_there
from plaudit.learning.definitions import Offering
from plaudit.learning.models import Claim, ClaimState
from plaudit.learning.offered import offering_of
from plaudit.learning.refusals import (
    AlreadyDecided,
    CountedAlready,
    DayToCome,
    KeyUsed,
    NotClaimed,
    OwnClaim,
    ProofNotReadable,
    ProofTooLarge,
)
from plaudit.ledger.posting import open_books
from plaudit.people.actions.members import locked_member

PROOF_BYTES_MAX = 2 * 1024**2
_BEGINS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def claim_ref(claim_id: UUID) -> str:
    """How people and programs name a claim."""
    return show("lcl", claim_id)


def media_of(proof: bytes) -> str:
    """What a proof is, by how it begins. Raises `ProofTooLarge`, and `ProofNotReadable` for anything but a PDF, PNG or JPEG."""
    if len(proof) > PROOF_BYTES_MAX:
        raise ProofTooLarge
    for begins, media in _BEGINS.items():
        if proof.startswith(begins):
            return media
    raise ProofNotReadable


def claim(
    organisation_id: int,
    *,
    member_id: UUID,
    programme: str,
    offering: str,
    done_on: date,
    minutes: int | None,
    words: str,
    proof: bytes,
    key: str,
    actor: str,
) -> Claim:
    """Write down what a member says they learned; it counts once somebody approves it. A key claims once.

    Raises `NothingToLearn`, `NotClaimed`, `ProofTooLarge`, `ProofNotReadable`, `DayToCome` for a day to come, `KeyUsed`, and
    as `locked_member` does.
    """
    media = media_of(proof) if proof else ""

    def step() -> Claim:
        locked_member(organisation_id, member_id)
        what = _claimable(organisation_id, programme, offering, done_on)
        known = Claim.objects.filter(organisation_id=organisation_id, key=key).first()
        if known is not None:
            if (known.member_id, known.offering, known.done_on) != (member_id, offering, done_on):
                raise KeyUsed(key=key)
            return known
        made = Claim.objects.create(
            organisation_id=organisation_id,
            programme=programme,
            offering=offering,
            member_id=member_id,
            done_on=done_on,
            minutes=what.minutes if minutes is None else minutes,
            words=words.strip(),
            proof=proof or None,
            media=media,
            digest=hashlib.sha256(proof).hexdigest() if proof else "",
            key=key,
            claimed_at=clock.now(),
        )
        audit.note(actor=actor, act="learning.claimed", subject=claim_ref(made.id))
        return made

    return act(organisation_id, step)


def _claimable(organisation_id: int, programme: str, key: str, done_on: date) -> Offering:
    learning, what = offering_of(organisation_id, programme, key)
    if not what.claim or what.steps:
        raise NotClaimed(name=what.name)
    if done_on > today_there(learning):
        raise DayToCome
    return what


def decide_claim(
    organisation_id: int,
    *,
    claim_id: UUID,
    approve: bool,
    answer: str,
    actor: str,
    decider_id: UUID | None = None,
) -> Claim:
    """Approve a claim, which counts it, or decline it with the reason; the member is told. Decided so again it stays so.

    `decider_id` is who decides, where they are a member: never the claimant. Raises `OwnClaim`, `AlreadyDecided`,
    `CountedAlready`, `NotFound`.
    """
    wanted = ClaimState.APPROVED if approve else ClaimState.DECLINED

    def step() -> Claim:
        open_books(organisation_id)
        found = Claim.objects.select_for_update().filter(organisation_id=organisation_id, id=claim_id).first()
        if found is None:
            raise NotFound(kind="claim", ref=claim_ref(claim_id))
        if found.member_id == decider_id:
            raise OwnClaim
        if found.state == wanted:
            return found
        if found.state != ClaimState.WAITING:
            raise AlreadyDecided(state=found.state)
        if approve:
            _count(organisation_id, found)
        found.state, found.decided_at, found.decided_by, found.answer = wanted, clock.now(), actor, answer
        found.save(update_fields=["state", "decided_at", "decided_by", "answer"])
        subject = claim_ref(found.id)
        audit.note(actor=actor, act=f"learning.claim_{wanted}", subject=subject, reason=answer)
        told = {
            "member": show("mem", found.member_id),
            "claim": subject,
            "programme": found.programme,
            "offering": found.offering,
            "state": wanted.value,
        }
        tell(organisation_id, "learning.claim_decided", told, happened_at=clock.now())
        return found

    return act(organisation_id, step)


def _count(organisation_id: int, found: Claim) -> None:
    learning, what = offering_of(organisation_id, found.programme, found.offering)
    learned = Learned(found.member_id, found.done_on, found.minutes, f"claim/{found.id}")
    if not complete_all(organisation_id, learning, what, [learned]):
        raise CountedAlready(name=what.name, counts=what.counts.value)
