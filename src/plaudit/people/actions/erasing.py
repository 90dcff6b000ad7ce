"""Makes a member nobody: every word about the person goes, the books stay, and a tombstone says so."""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation import audit, clock, ids
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.members import locked_member
from plaudit.people.chosen import Choice
from plaudit.people.forgetting import delete_rows
from plaudit.people.models import (
    Erasure,
    Identity,
    Member,
    MemberState,
    Merge,
    Role,
    Session,
    SignInLink,
    Standing,
    TeamStay,
    User,
)
from plaudit.people.providers import ProviderLink
from plaudit.people.provisioned import ProvisionedPerson
from plaudit.people.queries import organisations_of
from plaudit.people.resolving import lock_enrolment


def erase_identities(organisation_id: int, *, member_id: UUID, reason: str, actor: str) -> list[UUID]:
    """Erase a member, and whoever was merged into them: details, external ids, sign-in, what merges moved.

    What remains under the member's id is what happened and what it was worth, and in which teams; an
    event under an old external id enrols somebody new. Erasing again changes nothing, so a restored
    backup is brought up to date by erasing every tombstone again. Raises `MemberNotActive` for one that
    was merged into another (erase the survivor), and `NotFound`. Returns everyone erased just now.
    """
    with in_organisation(organisation_id):
        lock_enrolment(organisation_id)
        if _is_erased(organisation_id, member_id):
            return []
        locked_member(organisation_id, member_id)
        erased = [member_id, *absorbed_by(organisation_id, member_id)]
        for one in sorted(erased):
            _erase(organisation_id, one, reason=reason, actor=actor)
        Merge.objects.filter(organisation_id=organisation_id, absorbed_id__in=erased).update(moved={})
        delete_rows(organisation_id, erased)
    return erased


def absorbed_by(organisation_id: int, member_id: UUID) -> list[UUID]:
    """Everyone who lives on as this member, through every merge that stands."""
    found: list[UUID] = []
    waiting = [member_id]
    while waiting:
        waiting = list(
            Merge.objects.filter(
                organisation_id=organisation_id, survivor_id__in=waiting, unmerged_at__isnull=True
            )
            .order_by("absorbed_id")
            .values_list("absorbed_id", flat=True)
        )
        found += waiting
    return found


def _is_erased(organisation_id: int, member_id: UUID) -> bool:
    member = Member.objects.filter(organisation_id=organisation_id, id=member_id).first()
    if member is None:
        raise NotFound(kind="member", ref=ids.show("mem", member_id))
    return member.state == MemberState.ERASED


def _erase(organisation_id: int, member_id: UUID, *, reason: str, actor: str) -> None:
    member = Member.objects.select_for_update().get(organisation_id=organisation_id, id=member_id)
    user_id = member.user_id
    member.name, member.email, member.attributes = "", "", {}
    member.user, member.state = None, MemberState.ERASED
    member.save(update_fields=["name", "email", "attributes", "user", "state"])
    Identity.objects.filter(organisation_id=organisation_id, member=member).delete()
    Standing.objects.filter(organisation_id=organisation_id, member=member).delete()
    Choice.objects.filter(organisation_id=organisation_id, member=member).delete()
    now = clock.now()
    open_stays = TeamStay.objects.filter(
        organisation_id=organisation_id, member=member, ended_at__isnull=True
    )
    open_stays.filter(began_at__lt=now).update(ended_at=now)
    open_stays.delete()
    if user_id is not None:
        _erase_sign_in(organisation_id, user_id)
    Erasure.objects.get_or_create(
        organisation_id=organisation_id,
        member_id=member_id,
        defaults={"erased_at": now, "erased_by": actor, "reason": reason},
    )
    audit.note(actor=actor, act="member.erased", subject=ids.show("mem", member_id), reason=reason)


def _erase_sign_in(organisation_id: int, user_id: int) -> None:
    """Take the person's way in here; the person too, if they have none left anywhere."""
    Session.objects.filter(signed_in_to_id=organisation_id, user_id=user_id).delete()
    SignInLink.objects.filter(organisation_id=organisation_id, user_id=user_id).delete()
    Role.objects.filter(organisation_id=organisation_id, user_id=user_id).delete()
    ProviderLink.objects.filter(organisation_id=organisation_id, user_id=user_id).delete()
    ProvisionedPerson.objects.filter(organisation_id=organisation_id, user_id=user_id).delete()
    if not organisations_of(user_id):
        User.objects.filter(id=user_id).delete()
