"""Everybody whom a list can mean, as they are kept."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from plaudit.foundation.ids import read
from plaudit.foundation.refusals import NotFound
from plaudit.learning.rules.likeness import plain
from plaudit.learning.rules.meaning import Directory, Said
from plaudit.people.models import Identity, Member, MemberState


def directory_for(organisation_id: int, said: Iterable[Said]) -> Directory:
    """Whoever is active and has a name, an address, or one of the numbers in these rows."""
    wanted = {one.id for one in said if one.id}
    names: dict[UUID, str] = {}
    by_email: dict[str, list[UUID]] = {}
    active = Member.objects.filter(organisation_id=organisation_id, state=MemberState.ACTIVE)
    for member_id, name, email in active.order_by("id").values_list("id", "name", "email"):
        names[member_id] = plain(name)
        if email:
            by_email.setdefault(email.casefold(), []).append(member_id)
    return Directory(names, by_email, _by_id(organisation_id, wanted, names))


def _by_id(organisation_id: int, wanted: set[str], names: dict[UUID, str]) -> dict[str, UUID]:
    """The member behind each number; one that two systems give to two people means neither."""
    found: dict[str, set[UUID]] = {}
    known = Identity.objects.filter(organisation_id=organisation_id, external_id__in=wanted)
    for number, member_id in known.values_list("external_id", "member_id"):
        found.setdefault(number, set()).add(member_id)
    for number in wanted:
        if number.startswith("mem_"):
            try:
                found.setdefault(number, set()).add(read("mem", number, kind="member"))
            except NotFound:
                continue
    return {
        number: member
        for number, members in found.items()
        if len(members) == 1 and (member := next(iter(members))) in names
    }
