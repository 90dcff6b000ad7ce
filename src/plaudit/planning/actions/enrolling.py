"""Somebody enrols by themselves, once whoever reads the mail of the address they gave has said yes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import act
from plaudit.ledger.posting import open_books
from plaudit.membership.actions.join import join
from plaudit.membership.models import Invoice
from plaudit.people.actions.members import enrol_member
from plaudit.people.models import Member, MemberState
from plaudit.people.resolving import lock_enrolment
from plaudit.planning.enrolment import Wish, open_to_join
from plaudit.planning.models import ProgrammeVersion
from plaudit.planning.programme_file.programme import Programme

ACTOR = "public"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The member; whether the address was known already; and the invoice of a membership that is to be paid."""

    member: Member
    was_known: bool
    invoice: Invoice | None = None


def enrol_openly(wish: Wish) -> Enrolled:
    """Make the member that was wished for, known by their address; an address that is a member's makes none.

    Where memberships are sold, the first invoice is raised, and what joining earns follows once it is paid.
    Raises `NotPublic`, `JoiningClosed` and as `enrol_member` and `join` do.
    """
    organisation_id = wish.organisation_id

    def step() -> Enrolled:
        version, programme = open_to_join(organisation_id, wish.programme)
        open_books(organisation_id)
        # Look for the address only after locking, so that two that come together cannot both miss it.
        lock_enrolment(organisation_id)
        known = Member.objects.filter(
            organisation_id=organisation_id, email=wish.email, state=MemberState.ACTIVE
        ).first()
        if known is not None:
            return Enrolled(known, was_known=True)
        kind = programme.audience[0] if programme.audience else "customer"
        member = enrol_member(organisation_id, kind=kind, name=wish.name, email=wish.email, actor=ACTOR)
        _note(member, version, wish)
        return Enrolled(member, was_known=False, invoice=_joined(organisation_id, member.id, programme, wish))

    return act(organisation_id, step)


def _note(member: Member, version: ProgrammeVersion, wish: Wish) -> None:
    """Who agreed to which words, and that somebody came by themselves."""
    reference = show("mem", member.id)
    facts = {"programme": wish.programme, "version": version.number}
    audit.note(
        actor=ACTOR, act="member.consented", subject=reference, details={**facts, "consent": wish.agreed}
    )
    tell(member.organisation_id, "member.enrolled", {"member": reference, **facts}, happened_at=clock.now())


def _joined(organisation_id: int, member_id: UUID, programme: Programme, wish: Wish) -> Invoice | None:
    if programme.membership is None or not programme.membership.terms:
        return None
    return join(
        organisation_id,
        member_id=member_id,
        programme=wish.programme,
        term=wish.term,
        role=wish.role,
        level=wish.level,
        reason="Chosen on enrolling" if wish.level else "",
        key=f"enrolled:{show('mem', member_id)}",
        actor=ACTOR,
    ).invoice
