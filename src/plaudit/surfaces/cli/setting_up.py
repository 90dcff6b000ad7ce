"""Readies this process to act: the database started and up to date, Django set up, the organisation found."""

from __future__ import annotations

import os

import django

from plaudit.foundation import postgres
from plaudit.foundation.refusals import NotFound, Refusal


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
