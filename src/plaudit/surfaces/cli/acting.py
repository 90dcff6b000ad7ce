"""Whom a command acts on: the organisation that was named, and the members. Imported once Django is set up."""

from __future__ import annotations

import os
from collections.abc import Collection
from uuid import UUID

from django.db import ProgrammingError
from django.db.models import Q

from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.balances import balances
from plaudit.ledger.units import units_by_key
from plaudit.people.models import Member, Organisation
from plaudit.people.queries import external_reference, member
from plaudit.surfaces.cli.output import manner
from plaudit.surfaces.cli.setting_up import set_up

ACTOR = "cli"
"""How the audit trail names whoever types a command on the server itself."""


class OrganisationNotNamed(Refusal):
    code = "organisation_not_named"
    exit_code = 2
    sentence = "There are several organisations: {known}."
    way_forward = "Name one with --org, or set PLAUDIT_ORG."

    def __init__(self, *, known: str) -> None:
        super().__init__(known=known)


class NoOrganisation(Refusal):
    code = "no_organisation"
    exit_code = 3
    sentence = "There is no organisation here yet."
    way_forward = "Make one:  plaudit init SLUG --manager YOU@YOUR.EXAMPLE   (or look around:  plaudit demo)"


class NotMigrated(Refusal):
    code = "not_migrated"
    exit_code = 7
    sentence = "The database has no tables yet."
    way_forward = "Make them:  plaudit migrate   (demo, init and serve do it by themselves)"


class UnitNotNamed(Refusal):
    code = "unit_not_named"
    exit_code = 2
    sentence = "There are several units: {known}."
    way_forward = "Name one with --unit."

    def __init__(self, *, known: str) -> None:
        super().__init__(known=known or "none yet; apply a programme")


def organisation_id() -> int:
    """The organisation named by --org or PLAUDIT_ORG, or the only one that is live."""
    return organisation().id


def organisation() -> Organisation:
    """The same, whole. Raises `NotFound`, `NoOrganisation`, `OrganisationNotNamed`, `NotMigrated`."""
    set_up()
    slug = manner.organisation or os.environ.get("PLAUDIT_ORG", "")
    try:
        if slug:
            found = Organisation.objects.filter(slug=slug).first()
            if found is None:
                raise NotFound(kind="organisation", ref=slug)
            return found
        live = list(Organisation.objects.filter(kind="live").order_by("id")[:20])
    except ProgrammingError:
        raise NotMigrated from None
    if not live:
        raise NoOrganisation
    if len(live) > 1:
        raise OrganisationNotNamed(known=", ".join(one.slug for one in live))
    return live[0]


def member_named(organisation_id: int, text: str) -> Member:
    """A member by mem_…, by an external id as source:id, or by e-mail address. Raises `NotFound`."""
    with in_organisation(organisation_id):
        if text.startswith(("mem_", "ext:")):
            return member(organisation_id, text)
        source, colon, external = text.partition(":")
        if colon:
            return member(organisation_id, external_reference(source, external))
        found = Member.objects.filter(
            Q(email__iexact=text) | Q(user__email__iexact=text), organisation_id=organisation_id
        ).first()
        if found is None:
            raise NotFound(kind="member", ref=text)
        return found


def unit_of(organisation_id: int, member_id: UUID) -> str:
    """The unit meant where none was named: the only one the member holds, or the only one there is."""
    with in_organisation(organisation_id):
        held = [one.unit for one in balances(organisation_id, member_id)]
        units = held if len(held) == 1 else list(units_by_key(organisation_id))
    if len(units) != 1:
        raise UnitNotNamed(known=", ".join(units))
    return units[0]


def names_of(organisation_id: int, members: Collection[UUID]) -> dict[UUID, str]:
    """What to call these members: their name, or their id where they have none."""
    with in_organisation(organisation_id):
        found = Member.objects.filter(organisation_id=organisation_id, id__in=members)
        named = dict(found.values_list("id", "name"))
    return {one: named.get(one) or show("mem", one) for one in members}
