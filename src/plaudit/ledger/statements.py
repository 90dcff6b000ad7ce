"""A member's statement line by line, the lots behind the balance, and one transfer with all it hangs on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation.refusals import NotFound
from plaudit.ledger.lots import longer_by_activity
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.references import read_transfer, show_transfer
from plaudit.ledger.rules import NEVER

LINES_MAX = 200


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One transfer as its member reads it. Amounts are in the unit's smallest part.

    `before` and `after` are the spendable balance; they are alike where the line moved what is pending
    or held. Rule and event are numbers and ids: whoever knows their names resolves them.
    """

    wallet_id: int
    line: int
    kind: Kind
    source: Place
    target: Place
    amount: int
    after: int
    occurred_at: datetime
    recorded_at: datetime
    expires_at: datetime | None
    spendable_at: datetime | None
    rule_id: int | None
    event_id: UUID | None
    reverses_line: int | None
    actor: str | None
    approver: str | None
    reason: str | None

    @property
    def reference(self) -> str:
        """How people see this transfer."""
        return show_transfer(self.wallet_id, self.line)

    @property
    def change(self) -> int:
        """What the line did to the spendable balance."""
        if self.source is Place.AVAILABLE:
            return -self.amount
        return self.amount if self.target is Place.AVAILABLE else 0

    @property
    def before(self) -> int:
        """The spendable balance before it."""
        return self.after - self.change


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Lines newest first. `older` is the cursor of the next page, None on the last."""

    lines: list[StatementLine]
    older: int | None


_COLUMNS = """t.wallet_id, t.line, t.kind, t.source, t.target, t.amount, t.available_after, t.occurred_at,
           t.recorded_at, t.expires_at, t.spendable_at, t.rule_id, t.event_id, t.reverses_line, t.actor,
           t.approver, t.reason"""

_STATEMENT = f"""
    select {_COLUMNS}
      from ledger_unit u
      join ledger_wallet w on w.organisation_id = u.organisation_id and w.unit_id = u.id and w.member_id = %s
      join ledger_transfer t on t.organisation_id = w.organisation_id and t.wallet_id = w.id
     where u.organisation_id = %s and u.key = %s and t.line < %s
       and (%s::smallint[] is null or t.kind = any(%s::smallint[]))
       and t.occurred_at >= coalesce(%s, '-infinity'::timestamptz) and t.occurred_at < coalesce(%s, 'infinity'::timestamptz)
     order by t.line desc
     limit %s
"""


def statement(
    organisation_id: int,
    member_id: UUID,
    unit: str,
    *,
    before_line: int | None = None,
    limit: int = 20,
    kinds: Collection[Kind] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> StatementPage:
    """A page of a member's transfers in one unit, newest first: those before `before_line`, or the latest.

    Only of these `kinds` where any are named, and only what occurred in [since, until).
    """
    most = max(1, min(limit, LINES_MAX))
    wanted = [int(kind) for kind in kinds] or None
    newest = before_line or 2**31 - 1
    lines = _lines(
        _STATEMENT, [member_id, organisation_id, unit, newest, wanted, wanted, since, until, most + 1]
    )
    return StatementPage(lines[:most], lines[most - 1].line if len(lines) > most else None)


_TAKEN_BACK = """
    select t.reverses_line, sum(t.amount)::bigint from ledger_transfer t
     where t.organisation_id = %s and t.wallet_id = %s and t.reverses_line = any(%s) and t.kind = 7
     group by t.reverses_line
"""


def taken_back(organisation_id: int, wallet_id: int, lines: Collection[int]) -> dict[int, int]:
    """How much of each of these lines of one wallet was reversed since; lines that stand whole are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN_BACK, [organisation_id, wallet_id, list(lines)])
        return dict(cursor.fetchall())


def _lines(statement_: str, values: Sequence[Any]) -> list[StatementLine]:
    with connection.cursor() as cursor:
        cursor.execute(statement_, values)
        return [_line(row) for row in cursor.fetchall()]


def _line(row: Sequence[Any]) -> StatementLine:
    return StatementLine(row[0], row[1], Kind(row[2]), Place(row[3]), Place(row[4]), *row[5:17])


@dataclass(frozen=True, slots=True)
class OpenLot:
    """Points that became spendable together and are not all spent: what is left of them, and until when."""

    line: StatementLine
    remaining: int
    expires_at: datetime | None


_LOTS = f"""
    select {_COLUMNS}, t.amount - coalesce(b.burned, 0)
      from ledger_unit u
      join ledger_wallet w on w.organisation_id = u.organisation_id and w.unit_id = u.id and w.member_id = %s
      join ledger_transfer t on t.organisation_id = w.organisation_id and t.wallet_id = w.id
                            and t.line >= w.open_from and t.target = 1
      left join lateral (select sum(b.amount)::bigint as burned from ledger_burn b
                          where b.organisation_id = t.organisation_id and b.wallet_id = t.wallet_id
                            and b.lot_line = t.line) b on true
     where u.organisation_id = %s and u.key = %s and t.amount > coalesce(b.burned, 0)
     order by t.expires_at nulls last, t.line
"""


def lots_of(organisation_id: int, member_id: UUID, unit: str) -> list[OpenLot]:
    """The lots behind a member's balance, in the order in which they will be spent.

    Read with their expiry it is the forecast: what each moment takes if nothing is spent before it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOTS, [member_id, organisation_id, unit])
        rows = cursor.fetchall()
    longer = longer_by_activity(organisation_id, {row[0] for row in rows})
    lots = [OpenLot(_line(row), row[17], longer(row[0], row[9])) for row in rows]
    return sorted(lots, key=_burn_order)


def _burn_order(lot: OpenLot) -> tuple[datetime, int]:
    """The nearest expiry first, then the oldest; what never expires last."""
    return lot.expires_at or NEVER, lot.line.line


def expiring(organisation_id: int, member_id: UUID, unit: str, *, until: datetime) -> list[OpenLot]:
    """The lots that expire up to `until` unless they are spent first, the nearest first."""
    return [
        lot
        for lot in lots_of(organisation_id, member_id, unit)
        if lot.expires_at is not None and lot.expires_at <= until
    ]


@dataclass(frozen=True, slots=True)
class LotUse:
    """So much of a lot went to a debit; below zero where it came back. `other` is the line at the other end."""

    other: StatementLine
    amount: int


@dataclass(frozen=True, slots=True)
class Chain:
    """One transfer and what it hangs on.

    `undoes` is the line it reverses or settles, `undone_by` those that reverse or settle it; `burned` the
    lots it consumed (or gave back to), `spent_by` the debits that consumed the lot it opened.
    """

    member_id: UUID
    unit: str
    precision: int
    line: StatementLine
    undoes: StatementLine | None
    undone_by: list[StatementLine]
    burned: list[LotUse]
    spent_by: list[LotUse]


_ONE = f"""
    select {_COLUMNS}, w.member_id, u.key, u.precision
      from ledger_transfer t
      join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
      join ledger_unit u on u.id = w.unit_id
     where t.organisation_id = %s and t.wallet_id = %s and t.line = %s
"""

_NEIGHBOURS = f"""
    select {_COLUMNS} from ledger_transfer t
     where t.organisation_id = %s and t.wallet_id = %s and (t.line = %s or t.reverses_line = %s)
     order by t.line
"""

_USES = f"""
    select {_COLUMNS}, b.amount
      from ledger_burn b
      join ledger_transfer t on t.organisation_id = b.organisation_id and t.wallet_id = b.wallet_id and t.line = b.{{other}}
     where b.organisation_id = %s and b.wallet_id = %s and b.{{own}} = %s and b.lot_line <> b.line
     order by t.line
"""


def transfer_chain(organisation_id: int, reference: str) -> Chain:
    """One transfer by its reference, with its chain. Raises `NotFound`."""
    wallet_id, line = read_transfer(reference)
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [organisation_id, wallet_id, line])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(kind="transfer", ref=reference)
    one = _line(row)
    near = _lines(_NEIGHBOURS, [organisation_id, wallet_id, one.reverses_line or 0, line])
    return Chain(
        member_id=row[17],
        unit=row[18],
        precision=row[19],
        line=one,
        undoes=next((other for other in near if other.line == one.reverses_line), None),
        undone_by=[other for other in near if other.reverses_line == line],
        burned=_uses(organisation_id, wallet_id, line, own="line", other="lot_line"),
        spent_by=_uses(organisation_id, wallet_id, line, own="lot_line", other="line"),
    )


def _uses(organisation_id: int, wallet_id: int, line: int, *, own: str, other: str) -> list[LotUse]:
    with connection.cursor() as cursor:
        cursor.execute(_USES.format(own=own, other=other), [organisation_id, wallet_id, line])
        return [LotUse(_line(row), row[17]) for row in cursor.fetchall()]
