"""The names behind the references that acts carry: people, programs, Plaudit itself."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plaudit.foundation import ids
from plaudit.foundation.refusals import NotFound
from plaudit.people.models import ApiKey, User

_OURSELVES = gettext_noop("Plaudit, by itself")


def names_of(organisation_id: int, references: Iterable[str | None]) -> dict[str, str]:
    """What to call whoever did something, by reference (`usr_…`, `key_…`): those that are named at all.

    Whoever is not known any more is called by the reference itself.
    """
    wanted = {reference for reference in references if reference}
    people = {int(one[4:]): one for one in wanted if one.startswith("usr_") and one[4:].isdigit()}
    found = dict.fromkeys(wanted, "")
    for user in User.objects.filter(id__in=people):
        found[people[user.id]] = user.name or user.email
    programs = {key_id: one for one in wanted if (key_id := _key_id(one)) is not None}
    for key in ApiKey.objects.filter(organisation_id=organisation_id, id__in=programs):
        found[programs[key.id]] = _("the program “{name}”").format(name=key.name)
    return {one: name or _without_a_name(one) for one, name in found.items()}


def _key_id(reference: str) -> UUID | None:
    try:
        return ids.read("key", reference, kind="key") if reference.startswith("key_") else None
    except NotFound:
        return None


def _without_a_name(reference: str) -> str:
    return reference if reference.startswith(("usr_", "key_")) else _(_OURSELVES)
