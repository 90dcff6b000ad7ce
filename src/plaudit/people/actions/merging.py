"""Finds that two members are one person, and can find otherwise again: the part of it that is about who.

Points are not touched here: `membership` carries out a merge whole, and has the ledger move them.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from plaudit.foundation import audit, clock, ids
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.members import locked_member
from plaudit.people.chosen import Choice
from plaudit.people.forgetting import carry_rows, end_rows, note_merge
from plaudit.people.merging import survivor_of
from plaudit.people.models import Identity, Member, MemberState, Merge, TeamStay
from plaudit.people.refusals import AlreadyMerged, MergedWithItself, NotMerged, SurvivorMovedOn
from plaudit.people.resolving import lock_enrolment


def merge_identities(
    organisation_id: int, *, survivor_id: UUID, absorbed_id: UUID, reason: str, actor: str
) -> Merge:
    """Let every name by which one member is known mean the other from now on.

    The absorbed member keeps its rows and history under its own id and takes no more part: its external
    ids, its teams of today and its sign-in go to the survivor, who keeps their own details. What hangs on a sign-in,
    such as devices and choices, goes along with it, and devices end where the survivor keeps their own. Raises `MergedWithItself`, `AlreadyMerged`, `MemberErased`, `NotFound`.
    """
    if survivor_id == absorbed_id:
        raise MergedWithItself
    with in_organisation(organisation_id):
        lock_enrolment(organisation_id)
        for member_id in (survivor_id, absorbed_id):
            _refuse_merged(member_id)
        locked = {
            member_id: locked_member(organisation_id, member_id)
            for member_id in sorted((survivor_id, absorbed_id))
        }
        survivor, absorbed, now = locked[survivor_id], locked[absorbed_id], clock.now()
        sign_in = _move_user(absorbed, survivor)
        ended = _go_along(absorbed, survivor, sign_in)
        moved = {
            "state": absorbed.state,
            "identities": _move_identities(absorbed, survivor),
            "stays": _move_stays(absorbed, survivor, now),
            "user": sign_in,
        }
        absorbed.state = MemberState.MERGED
        absorbed.save(update_fields=["state"])
        merge = Merge.objects.create(
            organisation_id=organisation_id,
            survivor=survivor,
            absorbed=absorbed,
            moved=moved,
            merged_at=now,
            merged_by=actor,
            reason=reason,
        )
        note_merge(organisation_id, absorbed_id)
        details: dict[str, str | int] = {
            "survivor": ids.show("mem", survivor_id),
            "merge": merge_ref(merge.id),
        }
        if ended:
            details["ended_with_the_sign_in"] = ended
        subject = ids.show("mem", absorbed_id)
        audit.note(actor=actor, act="member.merged", subject=subject, reason=reason, details=details)
    return merge


def separate_identities(organisation_id: int, *, merge_id: UUID, reason: str, actor: str) -> Merge:
    """Undo a merge: what moved goes back, as far as it is still the survivor's; what came since stays.

    Raises `NotMerged`, `SurvivorMovedOn`, `MemberErased`, `NotFound`.
    """
    with in_organisation(organisation_id):
        lock_enrolment(organisation_id)
        merge = Merge.objects.select_for_update().filter(organisation_id=organisation_id, id=merge_id).first()
        if merge is None:
            raise NotFound(kind="merge", ref=merge_ref(merge_id))
        if merge.unmerged_at is not None:
            raise NotMerged(undone_at=merge.unmerged_at)
        if survivor_of(merge.survivor_id) != merge.survivor_id:
            raise SurvivorMovedOn(survivor=ids.show("mem", merge.survivor_id))
        survivor = locked_member(organisation_id, merge.survivor_id)
        absorbed = Member.objects.select_for_update().get(
            organisation_id=organisation_id, id=merge.absorbed_id
        )
        _move_back(merge, absorbed, survivor)
        merge.unmerged_at, merge.unmerged_by = clock.now(), actor
        merge.save(update_fields=["unmerged_at", "unmerged_by"])
        note_merge(organisation_id, absorbed.id)
        details = {"survivor": ids.show("mem", survivor.id), "merge": merge_ref(merge.id)}
        subject = ids.show("mem", absorbed.id)
        audit.note(actor=actor, act="member.unmerged", subject=subject, reason=reason, details=details)
    return merge


def merge_ref(merge_id: UUID) -> str:
    """How people and the audit trail name a merge."""
    return ids.show("mrg", merge_id)


def _refuse_merged(member_id: UUID) -> None:
    survivor_id = survivor_of(member_id)
    if survivor_id != member_id:
        raise AlreadyMerged(member=ids.show("mem", member_id), survivor=ids.show("mem", survivor_id))


def _move_identities(absorbed: Member, survivor: Member) -> list[list[str]]:
    known_as = Identity.objects.filter(organisation_id=absorbed.organisation_id, member=absorbed)
    names = [[source, external_id] for source, external_id in known_as.values_list("source", "external_id")]
    known_as.update(member=survivor)
    return names


def _move_stays(absorbed: Member, survivor: Member, now: datetime) -> dict[str, list[int]]:
    """End the absorbed member's stays of today; the survivor goes on in those teams where not in them yet."""
    organisation_id = absorbed.organisation_id
    stays = TeamStay.objects.filter(organisation_id=organisation_id, ended_at__isnull=True)
    in_already = set(stays.filter(member=survivor).values_list("team_id", flat=True))
    ended, began = [], []
    for stay in stays.filter(member=absorbed, began_at__lt=now).order_by("id"):
        stay.ended_at = now
        stay.save(update_fields=["ended_at"])
        ended.append(stay.id)
        if stay.team_id not in in_already:
            goes_on = TeamStay.objects.create(
                organisation_id=organisation_id,
                team_id=stay.team_id,
                member=survivor,
                leads=stay.leads,
                began_at=now,
            )
            began.append(goes_on.id)
    return {"ended": ended, "began": began}


def _move_user(absorbed: Member, survivor: Member) -> dict[str, int | None]:
    """The survivor's own sign-in stays; without one, the absorbed member's becomes theirs."""
    moved = {"absorbed": absorbed.user_id, "survivor": survivor.user_id}
    if absorbed.user_id is not None:
        user_id, absorbed.user_id = absorbed.user_id, None
        absorbed.save(update_fields=["user"])
        if survivor.user_id is None:
            survivor.user_id = user_id
            survivor.save(update_fields=["user"])
    return moved


def _go_along(absorbed: Member, survivor: Member, moved: dict[str, int | None]) -> int:
    """Let what hangs on the absorbed member's sign-in go where that goes, or end; how much ended."""
    if moved["absorbed"] is not None and moved["survivor"] is None:
        _carry(absorbed, survivor)
        return 0
    return end_rows(absorbed.organisation_id, absorbed.id)


def _carry(source: Member, target: Member) -> None:
    """Let devices go along with a sign-in, and what its person chose; what was chosen for the target stays."""
    carry_rows(source.organisation_id, source.id, target.id)
    chosen = Choice.objects.filter(organisation_id=source.organisation_id)
    stays = list(chosen.filter(member=target).values_list("name", flat=True))
    chosen.filter(member=source).exclude(name__in=stays).update(member=target)


def _move_back(merge: Merge, absorbed: Member, survivor: Member) -> None:
    organisation_id, moved, now = merge.organisation_id, merge.moved, clock.now()
    for source, external_id in moved["identities"]:
        Identity.objects.filter(
            organisation_id=organisation_id, source=source, external_id=external_id, member=survivor
        ).update(member=absorbed)
    stays = TeamStay.objects.filter(organisation_id=organisation_id)
    stays.filter(id__in=moved["stays"]["began"], ended_at__isnull=True, began_at__lt=now).update(ended_at=now)
    stays.filter(id__in=moved["stays"]["began"], ended_at__isnull=True).delete()
    stays.filter(id__in=moved["stays"]["ended"], ended_at=merge.merged_at).update(ended_at=None)
    user_id = moved["user"]["absorbed"]
    if user_id is not None and moved["user"]["survivor"] is None and survivor.user_id == user_id:
        survivor.user_id = None
        survivor.save(update_fields=["user"])
        _carry(survivor, absorbed)
    is_free = not Member.objects.filter(organisation_id=organisation_id, user_id=user_id).exists()
    absorbed.user_id = user_id if is_free else None
    absorbed.state = moved["state"]
    absorbed.save(update_fields=["user", "state"])
