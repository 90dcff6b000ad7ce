"""All people data as a stream: NDJSON that imports back as it was, or CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation import audit, ids
from plaudit.foundation.exact import decode, encode
from plaudit.foundation.tenancy import in_organisation

COLUMNS = ("id", "kind", "name", "email", "state", "joined_at", "external_ids", "teams", "attributes")
PAGE = 1_000

_PAGE = """
    select m.id, m.kind, m.name, m.email, m.state, m.joined_at, m.attributes,
           coalesce((select jsonb_agg(jsonb_build_object('source', i.source, 'id', i.external_id)
                                      order by i.source, i.external_id)
                       from people_identity i
                      where i.organisation_id = m.organisation_id and i.member_id = m.id), '[]'),
           coalesce((select jsonb_agg(jsonb_build_object('team', t.key, 'leads', s.leads,
                                                         'from', s.began_at, 'until', s.ended_at)
                                      order by s.began_at, t.key)
                       from people_team_stay s join people_team t on t.id = s.team_id
                      where s.organisation_id = m.organisation_id and s.member_id = m.id), '[]')
      from people_member m
     where m.organisation_id = %(organisation)s and m.id > %(after)s
       and (%(members)s::uuid[] is null or m.id = any(%(members)s))
     order by m.id limit %(page)s
"""


def export_members(
    organisation_id: int, *, actor: str, only: Collection[UUID] | None = None
) -> Iterator[dict[str, Any]]:
    """Every member, or these, in the order of enrolment: details, external ids, teams and their history.

    That the data left is noted first. It is read a thousand members at a time, each in a transaction of
    its own, so that a long download holds nothing open. Use it outside any transaction.
    """
    with in_organisation(organisation_id):
        details = None if only is None else {"members": [ids.show("mem", one) for one in only]}
        audit.note(actor=actor, act="members.exported", details=details)
    after = UUID(int=0)
    while True:
        with in_organisation(organisation_id), connection.cursor() as cursor:
            cursor.execute(
                _PAGE,
                {
                    "organisation": organisation_id,
                    "after": after,
                    "members": None if only is None else list(only),
                    "page": PAGE,
                },
            )
            page = cursor.fetchall()
        for member_id, kind, name, email, state, joined_at, attributes, external_ids, teams in page:
            after = member_id
            yield {
                "id": ids.show("mem", member_id),
                "kind": kind,
                "name": name,
                "email": email,
                "state": state,
                "joined_at": joined_at.isoformat(),
                "external_ids": decode(external_ids),
                "teams": [_stay(stay) for stay in decode(teams)],
                "attributes": decode(attributes),
            }
        if len(page) < PAGE:
            return


def as_ndjson(members: Iterator[dict[str, Any]]) -> Iterator[str]:
    """One JSON object a line."""
    for member in members:
        yield encode(member) + "\n"


def as_csv(members: Iterator[dict[str, Any]]) -> Iterator[str]:
    """One line a member under a heading; external ids as `source:id|…`, the teams of today as `key|…`.

    A cell that a spreadsheet would run as a formula is preceded by an apostrophe, which shows it as text.
    """
    yield _line(COLUMNS)
    for member in members:
        flat = {
            **member,
            "external_ids": "|".join(f"{one['source']}:{one['id']}" for one in member["external_ids"]),
            "teams": "|".join(stay["team"] for stay in member["teams"] if stay["until"] is None),
            "attributes": encode(member["attributes"]),
        }
        yield _line(_as_text(str(flat[column])) for column in COLUMNS)


def _line(cells: Any) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue()


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell


def _stay(stay: dict[str, Any]) -> dict[str, Any]:
    moments = {
        name: datetime.fromisoformat(stay[name]).isoformat() if stay[name] else None
        for name in ("from", "until")
    }
    return {"team": stay["team"], "leads": stay["leads"], **moments}
