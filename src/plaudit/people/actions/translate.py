"""Keeps what a programme says in further languages, for everybody who reads."""

from __future__ import annotations

from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.told import Tongues
from plaudit.people.models import Organisation
from plaudit.people.translations import ProgrammeTranslations, digest_of, translations_of


def keep_translations(organisation_id: int, *, programme: str, texts: Tongues) -> None:
    """From now on a programme says this in further languages, and nothing else; nothing for no texts.

    The caller changes one programme at a time: the digest is of all of them. It stays where the last are gone,
    for what was decided while they were there is told in them.
    """
    with in_organisation(organisation_id):
        was = translations_of(organisation_id)
        now = {key: said for key, said in was.items() if key != programme} | (
            {programme: texts} if texts else {}
        )
        if was == now:
            return
        if texts:
            ProgrammeTranslations.objects.update_or_create(
                organisation_id=organisation_id, programme=programme, defaults={"texts": texts}
            )
        else:
            ProgrammeTranslations.objects.filter(
                organisation_id=organisation_id, programme=programme
            ).delete()
        Organisation.objects.filter(id=organisation_id).update(translations=digest_of(now))
