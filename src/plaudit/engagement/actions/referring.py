"""Gives members their codes, and lets friends join by one."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection

from plaudit.engagement.definitions import Part
from plaudit.engagement.models import Referral, ReferralCode
from plaudit.engagement.queries.referrals import open_referrals, owner_of, referral_of
from plaudit.engagement.refusals import AlreadyReferred, NotNew, ReferralsClosed, SelfReferral, SharedDevice
from plaudit.engagement.rules.marks import DEVICE, Marks, marks_of
from plaudit.foundation import arrays, audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.sealing import key_for
from plaudit.foundation.tenancy import act
from plaudit.people.actions.members import enrol_member, locked_member
from plaudit.people.merging import same_person, survivor_of
from plaudit.people.models import Member, MemberState
from plaudit.people.rules import ExternalId

_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"  # none that is read as another
_LENGTH = 8


@dataclass(frozen=True, slots=True)
class OwnCode:
    """A member's code, and the address it is given away with; "" where the programme names none."""

    programme: str
    code: str
    link: str


def give_code(
    organisation_id: int, *, member_id: UUID, programme: str, actor: str, device: str = ""
) -> OwnCode:
    """The member's code in a programme, made when it is first asked for; asking again gives the same.

    `device` is what tells the member's device from others, where it is known: no friend joins on it. Raises
    `ReferralsClosed`, `NotFound`, `MemberErased` and `MemberNotActive`.
    """

    def step() -> OwnCode:
        _, part = open_referrals(organisation_id, programme)
        member = locked_member(organisation_id, member_id)
        if part.audience and member.kind not in part.audience:
            raise ReferralsClosed(programme=programme)
        found, made = ReferralCode.objects.get_or_create(
            organisation_id=organisation_id,
            programme=programme,
            member_id=member_id,
            defaults={"code": _new_code(), "made_at": clock.now()},
        )
        if device:
            marks = marks_of(_key(organisation_id), email="", attributes={}, device=device)
            _keep_marks(organisation_id, member_id, marks)
        if made:
            audit.note(
                actor=actor,
                act="referral.code_given",
                subject=show("mem", member_id),
                details={"programme": programme},
            )
        return OwnCode(programme, found.code, part.link.replace("{code}", found.code))

    return act(organisation_id, step)


def redeem_code(
    organisation_id: int, *, code: str, member_id: UUID, actor: str, device: str = ""
) -> Referral:
    """Let a member who is new have been referred by whoever has this code; once more changes nothing.

    What they do from now on can qualify. Raises `NotFound`, `ReferralsClosed`, `SelfReferral`, `SharedDevice`,
    `AlreadyReferred`, `NotNew`, `MemberErased` and `MemberNotActive`.
    """
    return act(organisation_id, lambda: _redeem(organisation_id, code, member_id, device, actor))


def enrol_friend(
    organisation_id: int,
    *,
    code: str,
    kind: str,
    actor: str,
    name: str = "",
    email: str = "",
    external_ids: Sequence[ExternalId] = (),
    attributes: Mapping[str, object] | None = None,
    device: str = "",
) -> Referral:
    """Enrol somebody who comes with a code: both happen or neither. Raises as `enrol_member` and `redeem_code`."""

    def step() -> Referral:
        _lock(organisation_id)  # before enrolment's own lock, as everybody takes them
        member = enrol_member(
            organisation_id,
            kind=kind,
            name=name,
            email=email,
            external_ids=external_ids,
            attributes=attributes,
            actor=actor,
        )
        return _redeem(organisation_id, code, member.id, device, actor)

    return act(organisation_id, step)


def _redeem(organisation_id: int, code: str, member_id: UUID, device: str, actor: str) -> Referral:
    _lock(organisation_id)
    owner = owner_of(organisation_id, code)
    _, part = open_referrals(organisation_id, owner.programme)
    friend = locked_member(organisation_id, member_id)
    referrer = Member.objects.get(organisation_id=organisation_id, id=survivor_of(owner.member_id))
    before = referral_of(organisation_id, owner.programme, member_id)
    if before is not None and before.referrer_id == referrer.id:
        return before
    if before is not None:
        raise AlreadyReferred
    if referrer.state != MemberState.ACTIVE or (part.audience and friend.kind not in part.audience):
        raise ReferralsClosed(programme=owner.programme)
    marks = _guarded(organisation_id, friend, referrer, device)
    now = clock.now()
    if friend.joined_at + timedelta(days=part.within_days) <= now:
        raise NotNew(days=part.within_days)
    _keep_marks(organisation_id, member_id, marks)
    return _write(organisation_id, owner, part, friend, referrer, actor)


def _write(
    organisation_id: int, owner: ReferralCode, part: Part, friend: Member, referrer: Member, actor: str
) -> Referral:
    now = clock.now()
    made = Referral.objects.create(
        organisation_id=organisation_id,
        programme=owner.programme,
        referrer_id=referrer.id,
        friend_id=friend.id,
        redeemed_at=now,
        until=now + timedelta(days=part.within_days),
    )
    facts = {"programme": owner.programme, "referrer": show("mem", referrer.id)}
    audit.note(actor=actor, act="referral.redeemed", subject=show("mem", friend.id), details=facts)
    told = {
        "member": show("mem", referrer.id),
        "programme": owner.programme,
        "friend": show("mem", friend.id),
    }
    tell(organisation_id, "referral.redeemed", told, happened_at=now)
    return made


def _guarded(organisation_id: int, friend: Member, referrer: Member, device: str) -> Marks:
    """What tells the friend from others, if nobody else has it. Raises where somebody does."""
    if same_person(friend.id, referrer.id):
        raise SelfReferral
    key = _key(organisation_id)
    own = marks_of(key, email=friend.email, attributes=friend.attributes, device=device)
    theirs = marks_of(key, email=referrer.email, attributes=referrer.attributes, device="")
    if own & theirs:
        raise SelfReferral
    shared = _held_by_others(organisation_id, own, friend.id)
    if any(kind == DEVICE for kind, _ in shared):
        raise SharedDevice
    if shared:
        raise AlreadyReferred
    return own


_OTHERS = """
    select m.kind, m.digest from unnest(%s::text[], %s::text[]) as own (kind, digest)
      join engagement_referral_mark m on m.organisation_id = (select %s::int) and m.kind = own.kind
                                     and m.digest = own.digest and m.member_id <> %s
"""


def _held_by_others(organisation_id: int, own: Marks, member_id: UUID) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, [*_columns(own), organisation_id, member_id])
        return set(cursor.fetchall())


def _keep_marks(organisation_id: int, member_id: UUID, marks: Marks) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into engagement_referral_mark (organisation_id, member_id, kind, digest)"
            " select %s, %s, kind, digest from unnest(%s::text[], %s::text[]) as own (kind, digest)"
            " on conflict do nothing",
            [organisation_id, member_id, *_columns(marks)],
        )


def _columns(marks: Marks) -> list[str]:
    ordered = sorted(marks)
    return [arrays.texts([kind for kind, _ in ordered]), arrays.texts([digest for _, digest in ordered])]


def _lock(organisation_id: int) -> None:
    """One who joins by a code at a time, so that two who share something do not miss each other."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext('referrals'))", [organisation_id])


def _key(organisation_id: int) -> bytes:
    return key_for(f"referral marks of {organisation_id}")


def _new_code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
