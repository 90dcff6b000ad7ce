"""What a check is, and the list of them, to which the floors above add their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

Row = Mapping[str, Any]


class Reach(Enum):
    """How much a check looks at, and how often it must.

    WALLETS: rows of single wallets; looking at wallets that changed is enough for what is new.
    ORGANISATION: little enough to be looked at whole every time. WHOLE: sums over everything an
    organisation has; left out of a run that looks only at what is new. DATABASE: once, not once for each
    organisation.
    """

    WALLETS = "wallets"
    ORGANISATION = "organisation"
    WHOLE = "whole"
    DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Scope:
    """What one run looks at: an organisation, and of it everything or what was recorded since a moment.

    `wallets` are the wallets that changed since then, None for all. `now` is the organisation's clock.
    `anchors` are lines kept outside the database (see `sealing.anchor_of`).
    """

    organisation_id: int
    now: datetime
    since: datetime | None = None
    wallets: Sequence[int] | None = None
    anchors: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must always be true.

    `sql` returns a row for everything that breaks it, and nothing otherwise; it may use %(organisation)s,
    %(now)s, %(since)s (null: everything) and %(wallets)s (null: all). What no SQL can say has a `probe`
    instead, which returns such rows. Columns named wallet_id and line are shown as a reference.
    """

    id: str
    sentence: str
    sql: str = ""
    reach: Reach = Reach.WALLETS
    probe: Callable[[Scope], Sequence[Row]] | None = None


_registered: dict[str, Check] = {}


def register(*checks: Check) -> None:
    """Add checks to the list. Each floor adds its own once, when it is loaded."""
    for check in checks:
        assert bool(check.sql) != bool(check.probe), f"{check.id} says how it is checked, once"
        assert check.id not in _registered or _registered[check.id] is check, (
            f"two checks are named {check.id}"
        )
        _registered[check.id] = check


def registered_checks() -> list[Check]:
    """Every check there is, by id."""
    return [_registered[name] for name in sorted(_registered)]


def of(table: str, column: str = "wallet_id") -> str:
    """The condition that keeps a query to the rows of a run: this organisation's, and of it these wallets'."""
    return (
        f"{table}.organisation_id = %(organisation)s and"
        f" (%(wallets)s::bigint[] is null or {table}.{column} = any(%(wallets)s::bigint[]))"
    )
