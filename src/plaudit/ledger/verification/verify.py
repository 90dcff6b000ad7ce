"""Runs the checks: all of them in one snapshot, over everything or only over what is new."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.module_loading import autodiscover_modules

from plaudit.foundation import arrays, clock
from plaudit.foundation.tenancy import in_organisation, in_snapshot
from plaudit.ledger.references import show_transfer
from plaudit.ledger.verification import guards, lots, seals, transfers
from plaudit.ledger.verification.checks import Check, Reach, Row, Scope, register, registered_checks
from plaudit.people.models import Organisation

register(*transfers.CHECKS, *lots.CHECKS, *seals.CHECKS, *guards.CHECKS)


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found in one organisation (None: in the database). No rows: it holds.

    `rows` are the first that break it; `more` says that there are others.
    """

    check: Check
    organisation_id: int | None
    rows: list[Row]
    more: bool
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether nothing breaks it."""
        return not self.rows


@dataclass(frozen=True, slots=True)
class Report:
    """What a run of the checks found. `transfers` counts the rows of the book it looked at."""

    began_at: datetime
    since: datetime | None
    transfers: int
    results: list[Result]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether every check holds."""
        return all(result.holds for result in self.results)

    def broken(self) -> list[Result]:
        """The checks that something breaks."""
        return [result for result in self.results if not result.holds]


def verify(
    organisation_id: int | None = None,
    *,
    since: datetime | None = None,
    anchors: Sequence[str] = (),
    rows_max: int = 10,
) -> Report:
    """Run every check over one organisation, or over all of them, in one snapshot that writes nothing.

    With `since` only wallets are looked at to which something was recorded from that moment on: a run
    that follows another takes time for what is new. What was altered in other wallets is then not seen;
    the seals see it. `anchors` are seals' lines kept outside. Must not be called inside a transaction.
    """
    autodiscover_modules("checks")  # those of the floors above, in each package's own checks.py
    began_at, began = clock.wall(), time.perf_counter()
    results: list[Result] = []
    count = 0
    with in_snapshot():
        with connection.cursor() as cursor:
            # Sorting a million rows in memory, not on disk; compiling each query would take longer than it saves.
            cursor.execute("set local work_mem = '128MB'; set local jit = off")
        for one in [organisation_id] if organisation_id is not None else _organisations():
            with in_organisation(one):
                scope = _scope(one, since, anchors)
                count += _count(scope)
                results += [_run(check, scope, rows_max) for check in _checks(scope)]
        anywhere = Scope(0, began_at)
        results += [
            _run(check, anywhere, rows_max) for check in registered_checks() if check.reach is Reach.DATABASE
        ]
    return Report(began_at, since, count, results, time.perf_counter() - began)


def _organisations() -> list[int]:
    return list(Organisation.objects.order_by("id").values_list("id", flat=True))


def _checks(scope: Scope) -> Iterable[Check]:
    left_out = {Reach.DATABASE} if scope.since is None else {Reach.DATABASE, Reach.WHOLE}
    return [check for check in registered_checks() if check.reach not in left_out]


def _scope(organisation_id: int, since: datetime | None, anchors: Sequence[str]) -> Scope:
    wallets: list[int] | None = None
    if since is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "select distinct wallet_id from ledger_transfer where organisation_id = %s and recorded_at >= %s",
                [organisation_id, since],
            )
            wallets = [row[0] for row in cursor.fetchall()]
    return Scope(organisation_id, clock.now(), since, wallets, anchors)


def _count(scope: Scope) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select count(*) from ledger_transfer
             where organisation_id = %(organisation)s
               and (%(since)s::timestamptz is null or recorded_at >= %(since)s::timestamptz)
            """,
            _values(scope),
        )
        return int(cursor.fetchone()[0])


def _values(scope: Scope) -> dict[str, Any]:
    return {
        "organisation": scope.organisation_id,
        "now": scope.now,
        "since": scope.since,
        "wallets": None if scope.wallets is None else arrays.numbers(scope.wallets),
    }


def _run(check: Check, scope: Scope, rows_max: int) -> Result:
    began = time.perf_counter()
    found = list(check.probe(scope)) if check.probe else _rows(check.sql, scope, rows_max + 1)
    rows = [_named(row) for row in found[:rows_max]]
    place = None if check.reach is Reach.DATABASE else scope.organisation_id
    return Result(check, place, rows, len(found) > rows_max, time.perf_counter() - began)


def _rows(sql: str, scope: Scope, at_most: int) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(scope))
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(at_most)]


def _named(row: Row) -> Row:
    """The row with the reference people know its transfer by, where it is about one."""
    if row.get("wallet_id") and row.get("line"):
        return {"transfer": show_transfer(row["wallet_id"], row["line"]), **row}
    return row
