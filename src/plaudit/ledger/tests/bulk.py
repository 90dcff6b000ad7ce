"""A big book made at once, row by row what the posting path would have written, for checks of size and speed."""

from __future__ import annotations

from django.db import connection

from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.tests.factories import make_unit
from plaudit.people.tests.factories import make_organisation

# Ten lines a wallet: eight times 100 points earned, a month apart, and 150 spent twice.
LINES = 10

_MEMBERS = """
    insert into people_member (id, organisation_id, kind, name, email, attributes, state, joined_at)
    select gen_random_uuid(), %(organisation)s, 'customer', '', '', '{}', 'active', %(from)s
      from generate_series(1, %(wallets)s)
"""

_WALLETS = """
    insert into ledger_wallet (organisation_id, member_id, unit_id, available, pending, held, lines, open_from,
                               may_owe, due_at)
    select m.organisation_id, m.id, %(unit)s, 500, 0, 0, 10, 4, false, %(from)s::timestamptz + interval '1000 days'
      from people_member m where m.organisation_id = %(organisation)s
"""

# In the order of time, as it would have been posted.
_TRANSFERS = """
    insert into ledger_transfer (organisation_id, wallet_id, line, event_id, amount, available_after, occurred_at,
        recorded_at, expires_at, rule_id, source, target, kind)
    select w.organisation_id, w.id, l.line, gen_random_uuid(), case when l.line <= 8 then 100 else 150 end,
           case when l.line <= 8 then l.line * 100 else 800 - (l.line - 8) * 150 end,
           %(from)s::timestamptz + l.line * interval '30 days',
           %(from)s::timestamptz + l.line * interval '30 days' + (w.id %% 86400) * interval '1 second',
           case when l.line <= 8 then %(from)s::timestamptz + interval '1000 days' + l.line * interval '30 days' end,
           l.line %% 3 + 1, case when l.line <= 8 then 11 else 1 end, case when l.line <= 8 then 1 else 11 end,
           case when l.line <= 8 then 1 else 2 end
      from generate_series(1, 10) as l (line) cross join ledger_wallet w
     where w.organisation_id = %(organisation)s
     order by l.line, w.id
"""

_BURNS = """
    insert into ledger_burn (organisation_id, wallet_id, lot_line, line, amount)
    select w.organisation_id, w.id, b.lot_line, b.line, b.amount
      from (values (1, 9, 100), (2, 9, 50), (2, 10, 50), (3, 10, 100)) as b (lot_line, line, amount)
     cross join ledger_wallet w where w.organisation_id = %(organisation)s
     order by b.line, w.id
"""


def make_big_books(transfers: int) -> int:
    """An organisation with that many transfers, ten a member; its id."""
    organisation_id = make_organisation().id
    unit = make_unit(organisation_id)
    values: dict[str, int | str] = {
        "organisation": organisation_id,
        "unit": unit.id,
        "wallets": transfers // LINES,
        "from": "2026-01-01T00:00:00Z",
    }
    with in_organisation(organisation_id), connection.cursor() as cursor:
        for statement in (_MEMBERS, _WALLETS, _TRANSFERS, _BURNS):
            cursor.execute(statement, values)
    return organisation_id
