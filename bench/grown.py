"""A database with so many events in its books, that takes more in when told to.

`python -m bench.grown 1000000 1000000` makes it (members, events) in the database that PLAUDIT_DATABASE_NAME
names, says so, and then answers every line it reads, `seed count`, with how many events a second it took in.
"""

from __future__ import annotations

import os
import sys
import time

from plaudit.foundation import postgres

_FROM = "timestamptz '2026-01-01 00:00Z' + %(line)s * interval '1 day'"

# Event by event and transfer by transfer what taking a purchase in writes, one line of every wallet a statement,
# so that rows and ids lie in the order of time, as they would after so many days.
_EVENTS = f"""
    insert into activity_event (organisation_id, id, source_id, key, type_id, member_id, occurred_at, recorded_at,
                                lineup_id, data)
    select w.organisation_id, (lpad(to_hex(%(line)s), 12, '0') || '70008' || lpad(to_hex(w.id), 15, '0'))::uuid,
           %(source)s, 'h' || %(line)s || '-' || w.id, %(type)s, w.member_id, {_FROM}, {_FROM} + interval '1 minute',
           %(lineup)s, '{{"amount": 1.50, "channel": "shop", "items": 2}}'
      from ledger_wallet w where w.organisation_id = %(organisation)s order by w.id
"""

_TRANSFERS = f"""
    insert into ledger_transfer (organisation_id, wallet_id, line, event_id, amount, available_after, occurred_at,
                                 recorded_at, rule_id, source, target, kind)
    select w.organisation_id, w.id, %(line)s,
           (lpad(to_hex(%(line)s), 12, '0') || '70008' || lpad(to_hex(w.id), 15, '0'))::uuid, 1, %(line)s,
           {_FROM}, {_FROM} + interval '1 minute', %(rule)s, 11, 1, 1
      from ledger_wallet w where w.organisation_id = %(organisation)s order by w.id
"""


def make(members: int, events: int) -> int:
    """An organisation with so many members and so many events, each with its transfer; its id."""
    from django.db import connection, connections  # noqa: PLC0415  # needs Django set up

    from bench import world  # noqa: PLC0415
    from bench.rows.ingestion import RULES  # noqa: PLC0415
    from plaudit.activity.recording import source_ids  # noqa: PLC0415
    from plaudit.activity.types import declared_types  # noqa: PLC0415
    from plaudit.earning.lineups import current_lineup_id, lineup  # noqa: PLC0415
    from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415

    organisation_id = world.make(RULES)
    world.enrol(organisation_id, members)
    with in_organisation(organisation_id), connection.cursor() as cursor:
        newest = current_lineup_id(organisation_id)
        assert newest is not None, "the world's rules are published"
        values = {
            "organisation": organisation_id,
            "source": source_ids(organisation_id, ["till"])["till"],
            "type": declared_types(organisation_id)["purchase"].id,
            "lineup": newest,
            "rule": lineup(organisation_id, newest).rule_ids[("bench", "r0")],
        }
        for line in range(1, events // members + 1):
            cursor.execute(_EVENTS, {**values, "line": line})
            cursor.execute(_TRANSFERS, {**values, "line": line})
        cursor.execute(
            "update ledger_wallet set available = %s, lines = %s where organisation_id = %s",
            [events // members, events // members, organisation_id],
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("vacuum (analyze) ledger_wallet, ledger_transfer, activity_event, people_member")
    return organisation_id


def main() -> None:
    """Make the books, then take in what is asked for, until there is nothing more to read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plaudit.settings")
    postgres.ready()
    import django  # noqa: PLC0415  # after the database is named

    django.setup()
    from bench import world  # noqa: PLC0415  # needs Django set up
    from bench.rows.ingestion import BATCH, ingest  # noqa: PLC0415
    from plaudit.foundation.schema import migrate  # noqa: PLC0415

    migrate()
    members, events = int(sys.argv[1]), int(sys.argv[2])
    began = time.monotonic()
    organisation_id = make(members, events)
    sys.stdout.write(f"made {time.monotonic() - began:.0f}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        seed, count = (int(word) for word in line.split())
        sys.stdout.write(f"{ingest(organisation_id, world.events(count, members, seed=seed), BATCH)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
