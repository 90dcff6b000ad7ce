"""Which transactions have all ended, so that what they wrote can be read in an order nobody adds to."""

from __future__ import annotations

from django.db import connection

# The next transaction's number when this statement began, less the distance to the oldest still open in
# this database. A snapshot's own xmin would also wait for every other database on the server. What is not
# open any more when the list is read has ended for the statement that follows. Numbers of open
# transactions have 32 bits and go round; one ahead of the snapshot began after it. News adds the offset of
# a restored database to its transactions, and so does this.
_SETTLED_BEFORE = """
    select next - coalesce(max(behind) filter (where behind between 1 and 2147483647), 0) + plaudit_xid_offset()
      from (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next) snapshot
      left join lateral (
            select (next - backend_xid::text::bigint) & 4294967295 as behind from pg_stat_activity
             where datname = current_database() and backend_xid is not null) open on true
     group by next
"""


def settled_before() -> int:
    """The number below which every transaction has ended, for the statements that follow.

    News carries its transaction's number: what is below is all there is, and nothing will slip in among it.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_clear_snapshot()")
        cursor.execute(_SETTLED_BEFORE)
        return int(cursor.fetchone()[0])
