"""Table of the texts that programmes give in further languages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.db import models

from plaudit.foundation.exact import ExactDecoder, ExactEncoder, encode
from plaudit.foundation.told import Tongues


class ProgrammeTranslations(models.Model):
    """What one programme's newest version says in further languages: by language, texts as written and as said."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    texts = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)

    class Meta:
        db_table = "people_translations"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme"), name="a_programme_has_one_row_of_translations"
            ),
        )


def translations_of(organisation_id: int) -> dict[str, Tongues]:
    """What each programme says in further languages. Ask inside `in_organisation`."""
    rows = ProgrammeTranslations.objects.filter(organisation_id=organisation_id).order_by("programme")
    return dict(rows.values_list("programme", "texts"))


def digest_of(translations: Mapping[str, Tongues]) -> str:
    """The SHA-256 of all of them, whatever their order; of none, where there were some once, too."""
    ordered = {
        programme: {language: dict(sorted(said.items())) for language, said in sorted(texts.items())}
        for programme, texts in sorted(translations.items())
    }
    return hashlib.sha256(encode(ordered).encode()).hexdigest()
