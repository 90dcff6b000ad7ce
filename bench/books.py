"""Big books made at once, row by row what posting would have written, for checks of size; they verify.

`python -m bench.books 10000` makes them in the database that PLAUDIT_DATABASE_NAME names, which is made first,
and prints what a program needs to ask for them over HTTP.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict, dataclass

from django.db import connection, connections

from plaudit.foundation import postgres

LONG, SHORT, EVERY = 30, 5, 5
"""Lines of every fifth wallet, and of the others: ten on average."""

LINES = (LONG + SHORT * (EVERY - 1)) // EVERY

KEYS = 60
"""API keys to ask with in turns: each may ask a hundred times at once."""
ASKED = 4_000
"""So many members are asked for, chosen at random among those with the most lines."""

_MEMBERS = """
    insert into people_member (id, organisation_id, kind, name, email, attributes, state, joined_at)
    select gen_random_uuid(), %(organisation)s, 'customer', '', '', '{}', 'active', now() - interval '400 days'
      from generate_series(1, %(members)s)
"""

# Of five lines four earn 100 and the fifth spends 150, oldest points first. After 30 lines the first nine lots
# are spent and line 12 opened the oldest that is left; after 5 it is line 2. Points last six years.
_WALLETS = """
    insert into ledger_wallet (organisation_id, member_id, unit_id, available, pending, held, lines, open_from,
                               may_owe, due_at)
    select organisation_id, id, %(unit)s, case when long then 1500 else 250 end, 0, 0, case when long then %(long)s
           else %(short)s end, case when long then 12 else 2 end, false,
           now() + interval '5 years' + case when long then 12 else 2 end * interval '10 days'
      from (select m.organisation_id, m.id, row_number() over (order by m.id) %% %(every)s = 0 as long
              from people_member m where m.organisation_id = %(organisation)s) m
"""

# One statement a line, so that rows lie in the order of time, as they would have been posted; ids of events
# rise with time too.
_TRANSFERS = """
    insert into ledger_transfer (organisation_id, wallet_id, line, event_id, amount, available_after, occurred_at,
        recorded_at, expires_at, source, target, kind)
    select w.organisation_id, w.id, l.line, (lpad(to_hex(l.line), 12, '0') || '70008' || lpad(to_hex(w.id), 15, '0'))::uuid,
           case when l.earned then 100 else 150 end, 100 * (l.line - l.line / 5) - 150 * (l.line / 5),
           %(from)s::timestamptz + l.line * interval '10 days',
           %(from)s::timestamptz + l.line * interval '10 days' + (w.id %% 86400) * interval '1 second',
           case when l.earned then %(until)s::timestamptz + l.line * interval '10 days' end,
           case when l.earned then 11 else 1 end, case when l.earned then 1 else 11 end, case when l.earned then 1 else 2 end
      from (select %(line)s::int as line, %(line)s %% 5 <> 0 as earned) l
     cross join ledger_wallet w
     where w.organisation_id = %(organisation)s and w.lines >= l.line
     order by w.id
"""

# The k-th spending takes points 150 (k - 1) to 150 k of all that were earned: of two lots, 100 and 50 or 50 and 100.
_BURNS = """
    insert into ledger_burn (organisation_id, wallet_id, lot_line, line, amount)
    select w.organisation_id, w.id, 5 * ((lot - 1) / 4) + (lot - 1) %% 4 + 1, 5 * k,
           least(100 * lot, 150 * k) - greatest(100 * (lot - 1), 150 * (k - 1))
      from ledger_wallet w
     cross join lateral generate_series(1, w.lines / 5) as k
     cross join lateral generate_series(150 * (k - 1) / 100 + 1, (150 * k + 99) / 100) as lot
     where w.organisation_id = %(organisation)s
     order by w.id, k, lot
"""


@dataclass(frozen=True, slots=True)
class Books:
    """Big books: whose they are, and how long they took to make."""

    organisation_id: int
    transfers: int
    seconds: float


def make_books(members: int) -> Books:
    """An organisation with so many members and ten transfers a member on average, a fifth of them with thirty."""
    from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415  # needs Django set up
    from plaudit.ledger.actions.declare_unit import declare_unit  # noqa: PLC0415
    from plaudit.ledger.actions.seal import seal  # noqa: PLC0415
    from plaudit.people.actions.organisations import create_organisation  # noqa: PLC0415

    began = time.perf_counter()
    organisation_id = create_organisation(f"books-{time.time_ns()}", name="Books", actor="bench").id
    unit = declare_unit(organisation_id, key="points", names={"one": "point", "other": "points"})
    values = {"organisation": organisation_id, "unit": unit.id, "members": members}
    values |= {"long": LONG, "short": SHORT, "every": EVERY}
    transfers = 0
    with in_organisation(organisation_id), connection.cursor() as cursor:
        cursor.execute("select now() - interval '400 days', now() + interval '5 years'")
        values |= dict(zip(("from", "until"), cursor.fetchone(), strict=True))
        cursor.execute(_MEMBERS, values)
        cursor.execute(_WALLETS, values)
        for line in range(1, LONG + 1):
            cursor.execute(_TRANSFERS, {**values, "line": line})
            transfers += cursor.rowcount
        cursor.execute(_BURNS, values)
    with connections["owner"].cursor() as cursor:
        cursor.execute("vacuum (analyze) ledger_wallet, ledger_transfer, ledger_burn, people_member")
    seal(organisation_id, actor="bench")  # as every night
    return Books(organisation_id, transfers, time.perf_counter() - began)


_ASKED = """
    select member_id from ledger_wallet where organisation_id = %s and lines = %s order by md5(id::text) limit %s
"""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a program needs to ask for these books over HTTP: keys to use in turns, and members' references."""

    books: Books
    keys: list[str]
    members: list[str]


def asking(books: Books) -> Asking:
    """Keys made for this, and members chosen at random among those with the most lines."""
    from plaudit.foundation.ids import show  # noqa: PLC0415  # needs Django set up
    from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415
    from plaudit.people.actions.keys import create_key  # noqa: PLC0415

    here = books.organisation_id
    keys = [
        create_key(here, name=f"reader {n}", scopes=["ledger:read"], actor="bench").secret
        for n in range(KEYS)
    ]
    with in_organisation(here), connection.cursor() as cursor:
        cursor.execute(_ASKED, [here, LONG, ASKED])
        return Asking(books, keys, [show("mem", row[0]) for row in cursor.fetchall()])


def main() -> None:
    """Make the database and the books in it, and print how to ask for them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plaudit.settings")
    postgres.ready()
    import django  # noqa: PLC0415  # after the database is named

    django.setup()
    from plaudit.foundation.schema import migrate  # noqa: PLC0415  # needs Django set up

    migrate()
    sys.stdout.write(json.dumps(asdict(asking(make_books(int(sys.argv[1]))))) + "\n")


if __name__ == "__main__":
    main()
