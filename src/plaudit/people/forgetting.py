"""Tables of higher floors that say something of a person: their rows go in the transaction that erases the member."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar
from uuid import UUID

from django.db import models

Table = TypeVar("Table", bound=type[models.Model])

_tables: list[type[models.Model]] = []


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
