"""Makes organisations: live ones, and sandboxes with a live one's settings."""

from __future__ import annotations

from django.db import connection

from plaudit.foundation import audit, clock
from plaudit.foundation.languages import languages
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation, without_organisation
from plaudit.foundation.zones import zone_names
from plaudit.people.models import Organisation, OrganisationKind
from plaudit.people.refusals import LanguageUnknown, SlugTaken, TimeZoneUnknown
from plaudit.people.rules import Faults, check_slug, check_text


def create_organisation(
    slug: str,
    *,
    name: str,
    actor: str,
    time_zone: str | None = None,
    language: str = "",
    sandbox_of: int | None = None,
) -> Organisation:
    """Make a live organisation, or with `sandbox_of` a sandbox that has that organisation's settings.

    `language` is the code of one there is, such as de; empty, browsers decide. Raises `SlugTaken`,
    `TimeZoneUnknown`, `LanguageUnknown`, `Problem`, and `NotFound` for an unknown original.
    """
    faults = Faults()
    check_slug(faults, "/slug", slug)
    check_text(faults, "/name", name, empty=False)
    faults.refuse("The organisation cannot be made like this.")
    with without_organisation():
        original = _original(sandbox_of)
        time_zone = time_zone or (original.time_zone if original else "UTC")
        if time_zone not in zone_names():
            raise TimeZoneUnknown(time_zone=time_zone)
        language = language or (original.language if original else "")
        if language and language not in languages():
            raise LanguageUnknown(language=language)
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext('organisation'))")
        if Organisation.objects.filter(slug=slug).exists():
            raise SlugTaken(slug=slug)
        organisation = Organisation.objects.create(
            slug=slug,
            name=name.strip(),
            kind=OrganisationKind.SANDBOX if original else OrganisationKind.LIVE,
            time_zone=time_zone,
            language=language,
            copied_from=original,
            created_at=clock.wall(),
        )
        with in_organisation(organisation.id):
            audit.note(
                actor=actor,
                act="organisation.created",
                subject=f"org_{organisation.code}",
                details={"kind": organisation.kind, "copied_from": original.code if original else None},
            )
    return organisation


def _original(organisation_id: int | None) -> Organisation | None:
    if organisation_id is None:
        return None
    original = Organisation.objects.filter(id=organisation_id, kind=OrganisationKind.LIVE).first()
    if original is None:
        raise NotFound(kind="live organisation", ref=organisation_id)
    return original
