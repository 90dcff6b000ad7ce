"""The books as the oracle reads them: plain SQL over plain rows, with nothing of the product in between."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_MEMBERS_PLACES = {1: 0, 2: 1, 3: 2}  # available, pending, held

ACCRUAL, ADJUSTMENT, HOLD, CAPTURE, RELEASE, REVERSAL = 1, 3, 4, 5, 6, 7

Balance = tuple[int, int, int]
"""What a member has: available, pending, held."""


@dataclass(frozen=True, slots=True)
class Line:
    """One transfer. `key` is the key it was posted under, `event` the event that made it (`act_…`)."""

    ref: str
    wallet: int
    number: int
    member: str
    source: int
    target: int
    amount: int
    kind: int
    available_after: int
    reverses: int | None
    key: str | None
    event: str | None


@dataclass(frozen=True, slots=True)
class BookedEvent:
    """One event: its reference, its source's name and the source's own id for it."""

    ref: str
    source: str
    key: str


@dataclass(frozen=True, slots=True)
class BookedRedemption:
    """One redemption, and the transfer that held its points."""

    ref: str
    key: str
    member: str
    reward: str
    points: int
    state: str
    hold: str


@dataclass(slots=True)
class Books:
    """Everything that is in the books of one organisation, at one moment."""

    lines: list[Line] = field(default_factory=list)
    events: list[BookedEvent] = field(default_factory=list)
    redemptions: list[BookedRedemption] = field(default_factory=list)
    balances: dict[str, Balance] = field(default_factory=dict)
    expiring_holds: set[str] = field(default_factory=set)
    open_holds: set[str] = field(default_factory=set)
    stock: dict[str, tuple[int | None, int]] = field(default_factory=dict)

    def of_members(self) -> dict[str, list[Line]]:
        """Each member's lines, in their order."""
        found: dict[str, list[Line]] = defaultdict(list)
        for line in sorted(self.lines, key=lambda one: (one.wallet, one.number)):
            found[line.member].append(line)
        return found


def reference(prefix: str, value: UUID) -> str:
    """An identifier as the API writes it: the prefix and 26 letters of Crockford's base 32."""
    return f"{prefix}_{_letters(value.int).rjust(26, '0')}"


def transfer_reference(wallet: int, line: int) -> str:
    """A transfer as the API writes it."""
    return f"led_{_letters(wallet).rjust(6, '0')}-{line}"


def _letters(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 32)
        text = _ALPHABET[digit] + text
    return text


def after(balance: Balance, line: Line) -> Balance:
    """What a member has after one more line."""
    places = list(balance)
    if line.source in _MEMBERS_PLACES:
        places[_MEMBERS_PLACES[line.source]] -= line.amount
    if line.target in _MEMBERS_PLACES:
        places[_MEMBERS_PLACES[line.target]] += line.amount
    return places[0], places[1], places[2]


_LINES = """
    select t.wallet_id, t.line, w.member_id, t.source, t.target, t.amount, t.kind, t.available_after,
           t.reverses_line, t.key, t.event_id
      from ledger_transfer t join ledger_wallet w on w.id = t.wallet_id order by t.wallet_id, t.line
"""
_EVENTS = "select e.id, s.name, e.key from activity_event e join activity_source s on s.id = e.source_id"
_REDEMPTIONS = """
    select r.id, r.key, r.member_id, w.key, r.points, r.state, r.hold
      from rewards_redemption r join rewards_reward w on w.id = r.reward_id
"""


def read_books(dsn: str, organisation: int) -> Books:
    """Read one organisation's books in one snapshot."""
    with psycopg.connect(dsn, autocommit=True) as connection, connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        connection.execute("select set_config('plaudit.organisation', %s, true)", [str(organisation)])

        def rows(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(query.encode()).fetchall()

        books = Books()
        for wallet, line, member, source, target, amount, kind, has, reverses, key, event in rows(_LINES):
            who = reference("mem", member)
            made_by = reference("act", event) if event else None
            ref, moved = transfer_reference(wallet, line), (source, target, amount, kind, has, reverses)
            books.lines.append(Line(ref, wallet, line, who, *moved, key, made_by))
        books.events = [BookedEvent(reference("act", id_), source, key) for id_, source, key in rows(_EVENTS)]
        books.redemptions = [
            BookedRedemption(reference("rdm", id_), key, reference("mem", member), *facts)
            for id_, key, member, *facts in rows(_REDEMPTIONS)
        ]
        for member, *balance in rows("select member_id, available, pending, held from ledger_wallet"):
            books.balances[reference("mem", member)] = (balance[0], balance[1], balance[2])
        for wallet, line, expires, state in rows(
            "select wallet_id, line, expires_at, state from ledger_hold"
        ):
            if expires is not None:
                books.expiring_holds.add(transfer_reference(wallet, line))
            if state == "open":
                books.open_holds.add(transfer_reference(wallet, line))
        books.stock = {
            key: (stock, taken) for key, stock, taken in rows("select key, stock, taken from rewards_reward")
        }
    return books
