"""Whether what the server answers is on its disk by then: Plaudit does not run on one that only says so."""

from __future__ import annotations

from django.db import connection

from plaudit.foundation.postgres.refusals import NotDurable

# As this very connection would commit: a role's or a database's own setting counts, and a later one does not.
_OFF = """
    select name from pg_settings
     where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name
"""


def switched_off() -> list[str]:
    """The settings without which a committed posting can be lost, where they are off."""
    with connection.cursor() as cursor:
        cursor.execute(_OFF)
        return [name for (name,) in cursor.fetchall()]


def refuse_if_not_durable() -> None:
    """Raises `NotDurable` where the server could lose what it has confirmed."""
    if off := switched_off():
        raise NotDurable(off=" and ".join(off))
