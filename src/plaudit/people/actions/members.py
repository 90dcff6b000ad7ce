"""Enrols members, changes what is known of them, and suspends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from plaudit.foundation import audit, clock, ids
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.models import Identity, Member, MemberKind, MemberState
from plaudit.people.refusals import ExternalIdTaken, MemberErased, MemberNotActive
from plaudit.people.resolving import find_members, lock_enrolment
from plaudit.people.rules import (
    ExternalId,
    Faults,
    changed_attributes,
    check_attributes,
    check_email,
    check_external_ids,
    check_text,
)


def enrol_member(
    organisation_id: int,
    *,
    kind: str,
    actor: str,
    name: str = "",
    email: str = "",
    external_ids: Sequence[ExternalId] = (),
    attributes: Mapping[str, object] | None = None,
    joined_at: datetime | None = None,
) -> Member:
    """Enrol one member, known by these external ids.

    Raises `ExternalIdTaken` where one of them already means somebody, and `Problem`.
    """
    attributes = attributes or {}
    faults = Faults()
    _check_details(faults, name, email, attributes)
    check_external_ids(faults, "/external_ids", external_ids)
    if kind not in MemberKind.values:
        faults.add("/kind", "unknown", f"A member is one of: {', '.join(MemberKind.values)}.")
    faults.refuse("The member cannot be enrolled like this.")
    with in_organisation(organisation_id):
        lock_enrolment(organisation_id)
        _refuse_taken(organisation_id, external_ids)
        member = Member.objects.create(
            organisation_id=organisation_id,
            kind=kind,
            name=name.strip(),
            email=email.strip().lower(),
            attributes=changed_attributes({}, attributes),
            joined_at=joined_at or clock.now(),
        )
        _add_identities(member, external_ids)
        _note(member, "member.enrolled", actor, {"external_ids": len(external_ids)})
    return member


def update_member(
    organisation_id: int,
    *,
    member_id: UUID,
    actor: str,
    name: str | None = None,
    email: str | None = None,
    kind: str | None = None,
    attributes: Mapping[str, object] | None = None,
) -> Member:
    """Change what is named; the rest stays. An attribute set to None is removed.

    The audit trail keeps which fields changed, never their content. Raises `MemberErased`, `Problem`.
    """
    faults = Faults()
    _check_details(faults, name or "", email or "", attributes or {})
    if kind is not None and kind not in MemberKind.values:
        faults.add("/kind", "unknown", f"A member is one of: {', '.join(MemberKind.values)}.")
    faults.refuse("The member cannot be changed like this.")
    with in_organisation(organisation_id):
        member = locked_member(organisation_id, member_id)
        before = (member.name, member.email, member.kind, member.attributes)
        member.name = member.name if name is None else name.strip()
        member.email = member.email if email is None else email.strip().lower()
        member.kind = member.kind if kind is None else kind
        member.attributes = changed_attributes(member.attributes, attributes or {})
        after = (member.name, member.email, member.kind, member.attributes)
        fields = ("name", "email", "kind", "attributes")
        changed = [field for field, old, new in zip(fields, before, after, strict=True) if old != new]
        if changed:
            member.save(update_fields=changed)
            _note(member, "member.updated", actor, {"fields": changed})
    return member


def add_external_id(
    organisation_id: int, *, member_id: UUID, source: str, external_id: str, actor: str
) -> Member:
    """Let `source` know this member as `external_id`; adding it again changes nothing.

    Raises `ExternalIdTaken` where it means another member.
    """
    faults = Faults()
    check_external_ids(faults, "/external_ids", [(source, external_id)])
    faults.refuse("That is not an external id.")
    with in_organisation(organisation_id):
        lock_enrolment(organisation_id)
        member = locked_member(organisation_id, member_id)
        wanted = (source, external_id)
        if find_members(organisation_id, [wanted]).get(wanted) != member_id:
            _refuse_taken(organisation_id, [wanted])
            _add_identities(member, [wanted])
            _note(member, "member.external_id_added", actor, {"source": source})
    return member


def remove_external_id(
    organisation_id: int, *, member_id: UUID, source: str, external_id: str, actor: str
) -> Member:
    """From now on `source` knows nobody as `external_id`. Raises `NotFound` where it was not this member."""
    with in_organisation(organisation_id):
        member = locked_member(organisation_id, member_id)
        removed, _ = Identity.objects.filter(
            organisation_id=organisation_id, member=member, source=source, external_id=external_id
        ).delete()
        if not removed:
            raise NotFound(kind="external id", ref=f"{source}:{external_id}")
        _note(member, "member.external_id_removed", actor, {"source": source})
    return member


def suspend_member(organisation_id: int, *, member_id: UUID, reason: str, actor: str) -> Member:
    """Keep a member out: no sign-in, no redemption; what was earned stays. Raises `MemberNotActive`."""
    return _change_state(
        organisation_id, member_id, MemberState.ACTIVE, MemberState.SUSPENDED, reason=reason, actor=actor
    )


def resume_member(organisation_id: int, *, member_id: UUID, reason: str, actor: str) -> Member:
    """Let a suspended member back in. Raises `MemberNotActive` for one in any other state."""
    return _change_state(
        organisation_id, member_id, MemberState.SUSPENDED, MemberState.ACTIVE, reason=reason, actor=actor
    )


def locked_member(organisation_id: int, member_id: UUID) -> Member:
    """The member, its row locked until the transaction ends.

    Raises `NotFound`, `MemberErased`, and `MemberNotActive` for one that was merged into another.
    """
    member = Member.objects.select_for_update().filter(organisation_id=organisation_id, id=member_id).first()
    if member is None:
        raise NotFound(kind="member", ref=ids.show("mem", member_id))
    if member.state == MemberState.ERASED:
        raise MemberErased
    if member.state == MemberState.MERGED:
        raise MemberNotActive(state="merged into another")
    return member


def _change_state(
    organisation_id: int, member_id: UUID, before: MemberState, after: MemberState, *, reason: str, actor: str
) -> Member:
    with in_organisation(organisation_id):
        member = locked_member(organisation_id, member_id)
        if member.state == after:
            return member
        if member.state != before:
            raise MemberNotActive(state=member.state)
        member.state = after
        member.save(update_fields=["state"])
        act = "member.suspended" if after == MemberState.SUSPENDED else "member.resumed"
        audit.note(actor=actor, act=act, subject=ids.show("mem", member.id), reason=reason)
    return member


def _check_details(faults: Faults, name: str, email: str, attributes: Mapping[str, object]) -> None:
    check_text(faults, "/name", name)
    check_email(faults, "/email", email.strip())
    check_attributes(faults, "/attributes", attributes)


def _refuse_taken(organisation_id: int, external_ids: Sequence[ExternalId]) -> None:
    for (source, external_id), member_id in sorted(find_members(organisation_id, external_ids).items()):
        raise ExternalIdTaken(source=source, external_id=external_id, member=ids.show("mem", member_id))


def _add_identities(member: Member, external_ids: Sequence[ExternalId]) -> None:
    Identity.objects.bulk_create(
        Identity(
            organisation_id=member.organisation_id, source=source, external_id=external_id, member=member
        )
        for source, external_id in dict.fromkeys(external_ids)
    )


def _note(member: Member, act: str, actor: str, details: Mapping[str, object]) -> None:
    audit.note(actor=actor, act=act, subject=ids.show("mem", member.id), details=details)
