"""The whole book at a glance: every transfer newest first, and what is outstanding."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.ledger.places import Kind, Place
from plaudit.ledger.references import show_transfer

PAGE_MAX = 10_000


@dataclass(frozen=True, slots=True)
class BookLine:
    """One transfer in a list of everybody's: whose, of which unit, from where to where.

    `amount` and `after` are in the unit's smallest part; `after` is the member's spendable balance then.
    """

    wallet_id: int
    line: int
    member_id: UUID
    unit_id: int
    kind: Kind
    source: Place
    target: Place
    amount: int
    after: int
    occurred_at: datetime
    recorded_at: datetime
    rule_id: int | None
    event_id: UUID | None
    actor: str | None
    reason: str | None

    @property
    def reference(self) -> str:
        """How people see this transfer."""
        return show_transfer(self.wallet_id, self.line)

    @property
    def place(self) -> tuple[datetime, int, int]:
        """Where in the list it stands, for the page after it."""
        return self.recorded_at, self.wallet_id, self.line


@dataclass(frozen=True, slots=True)
class BookPage:
    """Transfers, last recorded first; `older` is where the next page begins, None on the last."""

    lines: list[BookLine]
    older: tuple[datetime, int, int] | None


_LINES = """
    select t.wallet_id, t.line, w.member_id, w.unit_id, t.kind, t.source, t.target, t.amount, t.available_after,
           t.occurred_at, t.recorded_at, t.rule_id, t.event_id, t.actor, t.reason
      from ledger_transfer t
      join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
     where t.organisation_id = %(organisation)s
       and t.recorded_at <= coalesce(%(last)s, 'infinity'::timestamptz)
       and (%(last)s::timestamptz is null or (t.recorded_at, t.wallet_id, t.line) < (%(last)s, %(wallet)s, %(line)s))
       and (%(kinds)s::smallint[] is null or t.kind = any(%(kinds)s::smallint[]))
       and (%(member)s::uuid is null or w.member_id = %(member)s::uuid)
       and t.occurred_at >= coalesce(%(since)s, '-infinity'::timestamptz)
       and t.occurred_at < coalesce(%(until)s, 'infinity'::timestamptz)
     order by t.recorded_at desc, t.wallet_id desc, t.line desc
     limit %(limit)s
"""


def transfers(
    organisation_id: int,
    *,
    kinds: Collection[Kind] = (),
    member_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: tuple[datetime, int, int] | None = None,
    limit: int = 50,
) -> BookPage:
    """A page of everybody's transfers: those recorded before `before`, or the latest.

    Only of these `kinds` where any are named, of one member, and of what occurred in [since, until).
    """
    assert 0 < limit <= PAGE_MAX
    last, wallet_id, line = before or (None, 0, 0)
    values: dict[str, Any] = {
        "organisation": organisation_id,
        "last": last,
        "wallet": wallet_id,
        "line": line,
        "kinds": [int(kind) for kind in kinds] or None,
        "member": member_id,
        "since": since,
        "until": until,
        "limit": limit + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LINES, values)
        rows: list[Any] = cursor.fetchall()
    lines = [
        BookLine(*row[:4], Kind(row[4]), Place(row[5]), Place(row[6]), *row[7:])  # type: ignore[call-arg]  # a row's shape is not typed
        for row in rows[:limit]
    ]
    return BookPage(lines, lines[-1].place if len(rows) > limit else None)


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What members have of one unit together, in smallest parts, and how many have any."""

    unit_id: int
    available: int
    pending: int
    held: int
    members: int

    @property
    def points(self) -> int:
        """Everything that may still be asked for."""
        return self.available + self.pending + self.held


def outstanding(organisation_id: int) -> list[Outstanding]:
    """What is outstanding of every unit somebody holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select unit_id, sum(available)::bigint, sum(pending)::bigint, sum(held)::bigint,"
            " count(*) filter (where available > 0 or pending > 0 or held > 0)"
            " from ledger_wallet where organisation_id = %s group by unit_id order by unit_id",
            [organisation_id],
        )
        return [Outstanding(*row) for row in cursor.fetchall()]
