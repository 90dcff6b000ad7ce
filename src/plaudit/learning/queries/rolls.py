"""Answers about lists of who completed something: which there are, their rows by group, how far one is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count

from plaudit.foundation.refusals import NotFound
from plaudit.learning.roll_models import Roll, RollRow
from plaudit.learning.rules.meaning import Group
from plaudit.people.models import Member


def roll(organisation_id: int, roll_id: UUID, *, ref: str) -> Roll:
    """One list. Raises `NotFound`."""
    found = Roll.objects.filter(organisation_id=organisation_id, id=roll_id).first()
    if found is None:
        raise NotFound(kind="list", ref=ref)
    return found


def rolls(organisation_id: int, *, before: UUID | None = None, limit: int = 50) -> list[Roll]:
    """Lists, the newest first."""
    found = Roll.objects.filter(organisation_id=organisation_id)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id")[:limit])


def rows_of(roll: Roll, *, group: str = "", after: int = 0, limit: int = 50) -> list[RollRow]:
    """The rows of a list in order, of one group or of all."""
    found = roll.rows.filter(number__gt=after)
    if group:
        found = found.filter(group=group)
    return list(found.order_by("number")[:limit])


def groups_of(roll: Roll) -> Counter[str]:
    """How many rows there are of each group; 0 of those that nobody is in."""
    counted = {one.value: 0 for one in Group}
    counted |= dict(roll.rows.order_by().values_list("group").annotate(Count("id")))
    return Counter(counted)


def outcomes_of(roll: Roll) -> Counter[str]:
    """What became of the accepted rows: "counted", "counted already", and "" for those still to come."""
    accepted = roll.rows.filter(accepted=True).order_by()
    return Counter(dict(accepted.values_list("outcome").annotate(Count("id"))))


def names_of(organisation_id: int, members: Iterable[UUID]) -> dict[UUID, Member]:
    """Who these members are, for showing beside what a list says."""
    return Member.objects.filter(organisation_id=organisation_id).in_bulk(list(members))
