"""Writes to somebody in their language: what they chose, else what their organisation speaks, else English."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

from plaudit.foundation.languages import spoken
from plaudit.foundation.told import read_by
from plaudit.people.models import Member, Organisation, User
from plaudit.people.telling import reader_of


@contextmanager
def in_language_of(
    user: User | None, organisation: Organisation | None, *, asked_in: str = ""
) -> Iterator[None]:
    """Words for this person, while this lasts. `asked_in` is the language of the page on which they asked."""
    chosen = user.language if user is not None else ""
    own = organisation.language if organisation is not None else ""
    language = spoken(chosen, asked_in, own)
    with translation.override(language), read_by(reader_of(organisation, language)):
        yield


@contextmanager
def in_language_of_member(member: Member, organisation: Organisation) -> Iterator[None]:
    """Words for this member, while this lasts."""
    user = User.objects.filter(id=member.user_id).first() if member.user_id is not None else None
    with in_language_of(user, organisation):
        yield
