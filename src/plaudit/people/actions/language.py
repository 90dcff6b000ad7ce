"""A person chooses the language they are spoken to in."""

from __future__ import annotations

from plaudit.foundation import audit
from plaudit.foundation.languages import languages
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.models import User
from plaudit.people.refusals import LanguageUnknown
from plaudit.people.standing import user_ref


def choose_language(organisation_id: int, *, user_id: int, language: str, actor: str) -> None:
    """Speak to a person in this language from now on, in every organisation of theirs and in mails.

    `language` is the code of one there is, or empty: as their organisation and their browser have it. Raises
    `LanguageUnknown`.
    """
    if language and language not in languages():
        raise LanguageUnknown(language=language)
    with in_organisation(organisation_id):
        if User.objects.filter(id=user_id).exclude(language=language).update(language=language):
            audit.note(
                actor=actor, act="language.chosen", subject=user_ref(user_id), details={"language": language}
            )
