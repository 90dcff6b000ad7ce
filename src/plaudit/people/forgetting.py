"""Tables of higher floors that hear, in the same transaction, that a member was erased, merged or separated."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar
from uuid import UUID

from django.db import models

Table = TypeVar("Table", bound=type[models.Model])

_tables: list[type[models.Model]] = []
_notes: list[type[models.Model]] = []
_carried: list[type[models.Model]] = []


def gone_with_the_member(table: Table) -> Table:
    """Let the rows of a table with `organisation_id` and `member_id` be deleted when their member is erased."""
    _tables.append(table)
    return table


def delete_rows(organisation_id: int, erased: Collection[UUID]) -> None:
    """Delete what these tables say of the members who are being erased."""
    for table in _tables:
        rows: models.QuerySet[models.Model] = models.QuerySet(table).filter(
            organisation_id=organisation_id, member_id__in=erased
        )
        rows.delete()


def noted_when_merged(table: Table) -> Table:
    """Let a row of a table with `organisation_id` and `member_id`, its key, say that this member was absorbed or separated."""
    _notes.append(table)
    return table


def note_merge(organisation_id: int, absorbed_id: UUID) -> None:
    """Note that a member lives on as another, or as themselves again."""
    for table in _notes:
        note: models.QuerySet[models.Model] = models.QuerySet(table)
        note.bulk_create(
            [table(organisation_id=organisation_id, member_id=absorbed_id)], ignore_conflicts=True
        )


def goes_with_the_sign_in(table: Table) -> Table:
    """Let the rows of a table with `organisation_id` and `member_id` go where the member's sign-in goes in a merge."""
    _carried.append(table)
    return table


def carry_rows(organisation_id: int, source: UUID, target: UUID) -> None:
    """Let what hung on a sign-in go along with it; what is left of an earlier one there ends."""
    end_rows(organisation_id, target)
    for table in _carried:
        rows: models.QuerySet[models.Model] = models.QuerySet(table)
        rows.filter(organisation_id=organisation_id, member_id=source).update(member_id=target)


def end_rows(organisation_id: int, member_id: UUID) -> int:
    """End what hung on a sign-in that this member has no more; how many rows."""
    ended = 0
    for table in _carried:
        rows: models.QuerySet[models.Model] = models.QuerySet(table)
        ended += rows.filter(organisation_id=organisation_id, member_id=member_id).delete()[0]
    return ended
