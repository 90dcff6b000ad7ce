"""Statements as they are kept: whom they speak of is taken out of them, and put back when they are asked for."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Lower

from plaudit.foundation.exact import encode
from plaudit.foundation.ids import new_id
from plaudit.foundation.ids import read as read_id
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.sealing import key_for
from plaudit.learning.document_models import AttachedFile, Document
from plaudit.learning.rules.statements import agents_in, identifier_of
from plaudit.learning.statement_models import SpokenOf
from plaudit.people.models import Identity, Member, MemberState

Json = dict[str, Any]

_HERE = "spoken_of"
_FORGOTTEN = "forgotten"


def mark_of(who: Mapping[str, Any]) -> str:
    """A keyed digest of an agent's or group's identifier; "" for a group of its members alone."""
    identifier = identifier_of(dict(who))
    return (
        hmac.digest(key_for("learning statements"), identifier.encode(), "sha256").hex() if identifier else ""
    )


def ordered(value: Any) -> str:
    """The value as text, the same however its properties are ordered."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{encode(name)}:{ordered(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(ordered, value)) + "]"
    return encode(value)


def _digest(value: Any) -> str:
    return hashlib.sha256(ordered(value).encode()).hexdigest()


def with_each(statement: Json, change: Callable[[Json], Json]) -> Json:
    """A copy of a statement with everybody changed whom it speaks of, members of groups among them."""
    said = dict(statement)
    for name in ("actor", "authority"):
        if name in said:
            said[name] = change(said[name])
    if "context" in said:
        context = dict(said["context"])
        for name in ("instructor", "team"):
            if name in context:
                context[name] = change(context[name])
        said["context"] = context
    kind = said["object"].get("objectType")
    if kind in ("Agent", "Group"):
        said["object"] = change(said["object"])
    elif kind == "SubStatement":
        said["object"] = with_each(said["object"], change)
    return said


def keep_spoken_of(organisation_id: int, statements: Iterable[Json]) -> list[SpokenOf]:
    """Keep everybody whom these statements speak of, each as they are named."""
    return keep_agents(organisation_id, [one for statement in statements for one in agents_in(statement)])


def keep_agents(organisation_id: int, who: Iterable[Json]) -> list[SpokenOf]:
    """Keep these agents and groups, each as they are named and once, with the members that they are."""
    said = {_digest(one): one for one in who}
    members = members_meant(organisation_id, said.values())
    SpokenOf.objects.bulk_create(
        [
            SpokenOf(
                id=new_id(),
                organisation_id=organisation_id,
                digest=digest,
                mark=mark_of(one),
                said=one,
                member_id=members.get(identifier_of(one)),
            )
            for digest, one in sorted(said.items())
        ],
        ignore_conflicts=True,
    )
    kept = list(SpokenOf.objects.filter(organisation_id=organisation_id, digest__in=list(said)))
    joined = [one for one in kept if one.member_id is None and identifier_of(one.said) in members]
    for one in joined:  # whoever was spoken of before they were a member
        one.member_id = members[identifier_of(one.said)]
        for table in (Document, AttachedFile):
            theirs: QuerySet[Any] = QuerySet(table).filter(organisation_id=organisation_id, agent=one.mark)
            theirs.filter(member_id__isnull=True).update(member_id=one.member_id)
    SpokenOf.objects.bulk_update(joined, ["member_id"])
    return kept


def members_meant(organisation_id: int, who: Collection[Json]) -> dict[str, UUID]:
    """The active member behind each identifier: by e-mail address, or by a number that one member alone has.

    An account may name a member by any external id, or by the reference of the member itself.
    """
    by_email = {
        one["mbox"].removeprefix("mailto:").lower(): identifier_of(one) for one in who if "mbox" in one
    }
    by_number = {one["account"]["name"]: identifier_of(one) for one in who if "account" in one}
    active = Member.objects.filter(organisation_id=organisation_id, state=MemberState.ACTIVE)
    found: dict[str, set[UUID]] = {}
    if by_email:
        known_by = active.annotate(lowered=Lower("email")).filter(lowered__in=list(by_email))
        for member_id, email in known_by.values_list("id", "lowered"):
            found.setdefault(by_email[email], set()).add(member_id)
    if by_number:
        known = Identity.objects.filter(
            organisation_id=organisation_id, external_id__in=list(by_number), member__state=MemberState.ACTIVE
        )
        for number, member_id in known.values_list("external_id", "member_id"):
            found.setdefault(by_number[number], set()).add(member_id)
        refs = {id: by_number[number] for number in by_number if (id := _member_ref(number)) is not None}
        for member_id in active.filter(id__in=list(refs)).values_list("id", flat=True):
            found.setdefault(refs[member_id], set()).add(member_id)
    return {identifier: next(iter(members)) for identifier, members in found.items() if len(members) == 1}


def _member_ref(text: str) -> UUID | None:
    try:
        return read_id("mem", text, kind="member") if text.startswith("mem_") else None
    except NotFound:
        return None


def without_names(statement: Json, ids: Mapping[str, UUID]) -> Json:
    """The statement with ids in place of everybody."""
    return with_each(statement, lambda one: {_HERE: str(ids[_digest(one)])})


def with_names(organisation_id: int, bodies: list[Json]) -> list[Json]:
    """Statements as they were said, but for those who are members no more."""
    wanted: set[UUID] = set()

    def note(one: Json) -> Json:
        wanted.add(UUID(one[_HERE]))
        return one

    for body in bodies:
        with_each(body, note)
    known = SpokenOf.objects.filter(organisation_id=organisation_id, id__in=wanted)
    said = {str(id): one for id, one in known.values_list("id", "said")}
    nobody = {"objectType": "Agent", "account": {"homePage": settings.BASE_URL, "name": _FORGOTTEN}}
    return [with_each(body, lambda one: said.get(one[_HERE], nobody)) for body in bodies]
