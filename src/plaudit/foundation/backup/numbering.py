"""Keeps the numbers of news rising over a restoring: a server counts its transactions from its own beginning.

News is read in the order of its transactions. A database restored on another server would number what is
new below what readers have behind them, and they would never see it. So a restored database adds an offset,
and leaps: between the backup and the loss news was told that the backup does not have, and readers may
stand behind that.
"""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper

# More transactions than any server makes between two backups: ten thousand a second for three years. A
# bigint has room for eight million of these.
LEAP = 1 << 40


def next_number(cursor: CursorWrapper) -> int:
    """The lowest number that news of a transaction yet to begin could have."""
    cursor.execute("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint + plaudit_xid_offset()")
    return int(cursor.fetchone()[0])


def leap_over(cursor: CursorWrapper, number: int) -> None:
    """Number all news from now on far above `number`, which the backup says came next. Needs the owner."""
    cursor.execute("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
    offset = number + LEAP - int(cursor.fetchone()[0])
    cursor.execute(
        "create or replace function plaudit_xid_offset() returns bigint language sql stable as "
        f"$$ select {offset:d}::bigint $$"
    )
