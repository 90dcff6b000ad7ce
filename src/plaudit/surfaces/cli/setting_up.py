"""Readies this process to act: the database started and up to date, Django set up, the organisation found."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import django

from plaudit.foundation import postgres
from plaudit.foundation.refusals import NotFound, Refusal

if TYPE_CHECKING:
    from plaudit.people.models import Member

ACTOR = "cli"
"""How the audit trail names whoever types a command on the server itself."""


class SeveralOrganisations(Refusal):
    code = "organisation_not_named"
    exit_code = 2
    sentence = "There are several organisations: {known}."
    way_forward = "Name one with --org, or set PLAUDIT_ORG."

    def __init__(self, *, known: str) -> None:
        super().__init__(known=known)


def set_up() -> None:
    """Django, with the server it needs running; nothing is migrated."""
    postgres.ready()
    django.setup()


def set_up_to_date() -> None:
    """The same, with every migration run and every guard set."""
    set_up()
    from plaudit.foundation.schema import migrate  # noqa: PLC0415  # needs Django set up

    migrate()


def organisation_id() -> int:
    """The organisation named by --org or PLAUDIT_ORG, or the only one that is live."""
    from plaudit.people.models import Organisation  # noqa: PLC0415  # needs Django set up

    slug = os.environ.get("PLAUDIT_ORG", "")
    if slug:
        found = Organisation.objects.filter(slug=slug).first()
        if found is None:
            raise NotFound(kind="organisation", ref=slug)
        return found.id
    live = list(Organisation.objects.filter(kind="live").order_by("id")[:20])
    if not live:
        raise NotFound(kind="organisation", ref="here yet; make one with `plaudit init`")
    if len(live) > 1:
        raise SeveralOrganisations(known=", ".join(one.slug for one in live))
    return live[0].id


def member_named(organisation: int, text: str) -> Member:
    """A member by mem_…, by an external id as source:id, or by e-mail address. Raises `NotFound`."""
    from plaudit.foundation.ids import read  # noqa: PLC0415  # needs Django set up
    from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415
    from plaudit.people.models import Member  # noqa: PLC0415
    from plaudit.people.resolving import find_members  # noqa: PLC0415

    with in_organisation(organisation):
        mine = Member.objects.filter(organisation_id=organisation)
        if text.startswith("mem_"):
            found = mine.filter(id=read("mem", text, kind="member")).first()
        elif "@" in text:
            found = mine.filter(email__iexact=text).first()
        else:
            source, _, external = text.partition(":")
            member_id = find_members(organisation, [(source, external)]).get((source, external))
            found = mine.filter(id=member_id).first() if member_id is not None else None
        if found is None:
            raise NotFound(kind="member", ref=text)
        return found
