"""What a seal covers and how its digest is made: anyone with psql and sha256sum can make it again.

The digest of a period is SHA-256 over: the digest of the seal before it (32 zero bytes for the first);
then `_TRANSFERS` and then `_BURNS` of the period, each as PostgreSQL's binary COPY writes it. That format
is documented, the same on every machine, and marks the length of every field and its absence, so no two
different contents are ever the same bytes. Each statement names its fields and its order.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection
from psycopg import sql

from plaudit.ledger.models import Seal
from plaudit.ledger.places import Kind
from plaudit.people.models import Organisation

FIRST = bytes(32)

# A period is half-open: from sealed_from up to, not including, sealed_until, by the time recorded.
_PERIOD = """t.organisation_id = {organisation} and t.recorded_at < {until}
       and ({since}::timestamptz is null or t.recorded_at >= {since}::timestamptz)"""

_TRANSFERS = f"""
    copy (select t.organisation_id, t.wallet_id, t.line, w.member_id, w.unit_id, t.source, t.target, t.amount,
                 t.available_after, t.kind, t.occurred_at, t.recorded_at, t.expires_at, t.spendable_at, t.event_id,
                 t.rule_id, t.reverses_line, t.key, t.actor, t.approver, t.reason
            from ledger_transfer t
            join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
           where {_PERIOD}
           order by t.wallet_id, t.line)
      to stdout (format binary)
"""

# A burn belongs to the later of its two lines: the debit that took, or the lot that paid for it afterwards.
_BURNS = f"""
    copy (select b.organisation_id, b.wallet_id, b.lot_line, b.line, b.amount
            from ledger_transfer t
            join ledger_burn b on b.organisation_id = t.organisation_id and b.wallet_id = t.wallet_id
                              and b.line = t.line and b.lot_line <= t.line
           where {_PERIOD}
           union all
          select b.organisation_id, b.wallet_id, b.lot_line, b.line, b.amount
            from ledger_transfer t
            join ledger_burn b on b.organisation_id = t.organisation_id and b.wallet_id = t.wallet_id
                              and b.lot_line = t.line and b.line < t.line
           where {_PERIOD}
           order by 2, 3, 4)
      to stdout (format binary)
"""

_SUMS = f"""
    select u.key, t.kind, count(*), sum(t.amount)::bigint
      from ledger_transfer t
      join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
      join ledger_unit u on u.id = w.unit_id
     where {_PERIOD}
     group by u.key, t.kind order by u.key, t.kind
"""


@dataclass(frozen=True, slots=True)
class Period:
    """What was recorded from `since` (None: the beginning) up to, not including, `until`."""

    since: datetime | None
    until: datetime


def digest_of(organisation_id: int, period: Period, previous: bytes) -> bytes:
    """The digest of a period, chained to the one before. Reads every row of the period once, holds none."""
    digest = hashlib.sha256(previous)
    for statement in (_TRANSFERS, _BURNS):
        with connection.cursor() as cursor, cursor.copy(_with(statement, organisation_id, period)) as rows:
            for block in rows:
                digest.update(block)
    return digest.digest()


def sums_of(organisation_id: int, period: Period) -> tuple[int, dict[str, dict[str, int]]]:
    """How many transfers a period holds, and their amounts by unit and kind: {unit: {kind: amount}}."""
    sums: dict[str, dict[str, int]] = {}
    transfers = 0
    with connection.cursor() as cursor:
        cursor.execute(_with(_SUMS, organisation_id, period))
        for unit, kind, count, amount in cursor.fetchall():
            transfers += count
            sums.setdefault(unit, {})[Kind(kind).name.lower()] = amount
    return transfers, sums


def _with(statement: str, organisation_id: int, period: Period) -> sql.Composed:
    """The statement with its values in it, for COPY takes no parameters."""
    return sql.SQL(statement).format(
        organisation=sql.Literal(organisation_id),
        since=sql.Literal(period.since),
        until=sql.Literal(period.until),
    )


_ANCHOR = "plaudit-seal"


def anchor_of(organisation_code: str, seal: Seal) -> str:
    """One line that pins a seal, to be kept outside the database: on paper, in mail, with somebody else."""
    until = seal.sealed_until.astimezone(UTC).isoformat()
    digest = bytes(seal.digest).hex()
    return f"{_ANCHOR} org_{organisation_code} {seal.number} {until} {seal.transfers} {digest}"


@dataclass(frozen=True, slots=True)
class KnownSeal:
    """A seal that somebody asks about by its digest: its number, what it covers, and its anchor."""

    number: int
    sealed_until: datetime
    sealed_at: datetime
    anchor: str


def seal_of(organisation_id: int, digest: bytes) -> KnownSeal | None:
    """The seal with this digest; None where there is none."""
    found = Seal.objects.filter(organisation_id=organisation_id, digest=digest).first()
    if found is None:
        return None
    code = Organisation.objects.values_list("code", flat=True).get(id=organisation_id)
    return KnownSeal(found.number, found.sealed_until, found.sealed_at, anchor_of(code, found))


_FIRST_UNSEALED = """
    select min(recorded_at) from ledger_transfer
     where organisation_id = %(organisation)s
       and recorded_at >= coalesce((select max(sealed_until) from ledger_seal
                                     where organisation_id = %(organisation)s), '-infinity')
"""


def unsealed_since(organisation_id: int) -> datetime | None:
    """When the oldest transfer that no seal covers was recorded; None where all are sealed."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_UNSEALED, {"organisation": organisation_id})
        found: datetime | None = cursor.fetchone()[0]
        return found


def anchors(organisation_id: int) -> list[str]:
    """The anchor of every seal, oldest first."""
    code = Organisation.objects.values_list("code", flat=True).get(id=organisation_id)
    seals = Seal.objects.filter(organisation_id=organisation_id).order_by("number")
    return [anchor_of(code, seal) for seal in seals]


def missing_anchors(organisation_id: int, kept: list[str]) -> list[str]:
    """The anchors kept outside that the database no longer bears out: rewritten, or cut off its end.

    Blank lines and lines that start with # are passed over, and so are those of another organisation that
    is there: they are held against its own seals. A line that names none is borne out by nobody.
    """
    known = set(anchors(organisation_id))
    others = Organisation.objects.exclude(id=organisation_id).values_list("code", flat=True)
    elsewhere = tuple(f"{_ANCHOR} org_{code} " for code in others)
    lines = [line.strip() for line in kept]
    return [
        line
        for line in lines
        if line and not line.startswith("#") and line not in known and not line.startswith(elsewhere)
    ]
