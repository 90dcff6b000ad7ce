"""Gives a member a credential of what they hold, and revokes one."""

from __future__ import annotations

import secrets
from uuid import UUID, uuid4

from plaudit.credentials.actions.signing import signing_key
from plaudit.credentials.addresses import credential_at, issuer_at, key_at, method_at, status_list_at
from plaudit.credentials.holdings import Holding, holdings
from plaudit.credentials.models import Credential, Kind, Place
from plaudit.credentials.queries import credential, credential_ref
from plaudit.credentials.refusals import NothingToShow, TakenBack
from plaudit.credentials.rules.documents import Achievement, Issuer, identity, moment
from plaudit.credentials.rules.documents import credential as credential_says
from plaudit.credentials.rules.proofs import with_proof
from plaudit.credentials.rules.status import PLACES
from plaudit.credentials.rules.tokens import token
from plaudit.foundation import audit, clock
from plaudit.foundation.access.tokens import new_link
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import act
from plaudit.people.actions.members import locked_member
from plaudit.people.merging import everybody_who_is
from plaudit.people.models import Member, Organisation

_A_LIST = PLACES // 2
"""How many places of a list are given away: half of them, so that a free one is found by chance."""
_KINDS = {Kind.CERTIFICATE: "Certificate", Kind.BADGE: "Badge"}


def give_credential(
    organisation_id: int,
    *,
    member_id: UUID,
    kind: Kind,
    about: str,
    actor: str,
    shows_name: bool = False,
) -> Credential:
    """The credential of something the member holds: given now, or the one they have of it already.

    `about` names a certificate by its id, a badge by `programme/badge` or as `Holding.about` does. Raises
    `NothingToShow`, `TakenBack` for one that was revoked, and as `locked_member` does.
    """

    def step() -> Credential:
        member = locked_member(organisation_id, member_id)
        people = everybody_who_is(organisation_id, member_id)
        held = next(
            (one for one in holdings(organisation_id, people) if one.kind == kind and _is_about(one, about)),
            None,
        )
        if held is None:
            raise NothingToShow
        known = Credential.objects.filter(
            organisation_id=organisation_id,
            member_id__in=people,
            kind=kind,
            about=held.about,
            since=held.since,
        ).first()
        if known is None:
            return _given(member, held, shows_name=shows_name, actor=actor)
        if known.revoked_at is not None:
            raise TakenBack(day=f"{known.revoked_at:%Y-%m-%d}", reason=known.reason)
        return known

    return act(organisation_id, step)


def _is_about(one: Holding, about: str) -> bool:
    return about in (one.about, one.path.partition("/")[2])


def _given(member: Member, held: Holding, *, shows_name: bool, actor: str) -> Credential:
    organisation = Organisation.objects.get(id=member.organisation_id)
    key, private = signing_key(organisation.id)
    place, secret, code, now = (
        _drawn(organisation.id),
        new_link(organisation.code).text,
        organisation.code,
        clock.now(),
    )
    document = credential_says(
        address=credential_at(secret),
        issuer=Issuer(issuer_at(code), organisation.name, issuer_at(code)),
        subject=f"urn:uuid:{uuid4()}",
        holder=identity(member.email, secrets.token_hex(16)) if member.email else None,
        achievement=Achievement(
            f"{issuer_at(code)}#{held.path}", _KINDS[held.kind], held.name, held.description, held.criteria
        ),
        valid_from=min(held.since, now),
        valid_until=held.until,
        status_list=status_list_at(code, place.list),
        place=place.number,
    )
    method = method_at(code, bytes(key.public))
    row = Credential.objects.create(
        organisation_id=organisation.id,
        member_id=held.member_id,
        kind=held.kind,
        about=held.about,
        since=held.since,
        name=held.name,
        secret=secret,
        key=key,
        place=place,
        document=with_proof(document, key=private, method=method, created=moment(now)),
        token=token(document, key=private, kid=key_at(code, key.id)),
        shows_name=shows_name,
        issued_at=now,
        valid_until=held.until,
    )
    told = {"member": show("mem", row.member_id), "credential": credential_ref(row.id), "kind": row.kind}
    tell(organisation.id, "credential.issued", told, happened_at=now)
    audit.note(actor=actor, act="credential.issued", subject=credential_ref(row.id))
    return row


def _drawn(organisation_id: int) -> Place:
    """A free place, by chance: its number says nothing about when it was given."""
    given = Place.objects.filter(organisation_id=organisation_id)
    number = 1 + given.count() // _A_LIST
    while True:
        drawn = secrets.randbelow(PLACES)
        if not given.filter(list=number, number=drawn).exists():
            return Place.objects.create(organisation_id=organisation_id, list=number, number=drawn)


def revoke_credential(organisation_id: int, *, credential_id: UUID, reason: str, actor: str) -> Credential:
    """Take a credential back for good: its page and the list of revoked ones say so from now on. Raises `NotFound`."""

    def step() -> Credential:
        Credential.objects.select_for_update().filter(
            organisation_id=organisation_id, id=credential_id
        ).first()
        row = credential(organisation_id, credential_id)
        if row.revoked_at is None:
            row.revoked_at, row.reason = clock.now(), reason
            row.save(update_fields=["revoked_at", "reason"])
            subject = credential_ref(row.id)
            told = {"member": show("mem", row.member_id), "credential": subject}
            tell(organisation_id, "credential.revoked", told, happened_at=row.revoked_at)
            audit.note(actor=actor, act="credential.revoked", subject=subject, reason=reason)
        return row

    return act(organisation_id, step)
