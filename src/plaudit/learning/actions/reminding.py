"""Reminds members of what they wanted to learn: sessions of tomorrow, and refreshers that are still open; once each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell_each
from plaudit.foundation.tenancy import act
from plaudit.learning.seats import session_ref

AHEAD = timedelta(days=1)

# Whoever registered later than a day before knows it well enough.
_SESSIONS = """
    update learning_registration r set reminded_at = %(now)s
      from learning_session s
     where r.organisation_id = %(organisation)s and s.organisation_id = r.organisation_id and s.id = r.session_id
       and s.state = 'open' and s.starts_at > %(now)s and s.starts_at <= %(until)s
       and r.state in ('registered', 'waiting') and r.reminded_at is null
       and r.asked_at <= s.starts_at - %(ahead)s
    returning r.member_id, r.state, s.id, s.programme, s.offering, s.starts_at, s.place
"""

_REFRESHERS = """
    update learning_scenario_standing s set due_at = null
      from people_member m
     where s.organisation_id = %(organisation)s and s.due_at <= %(now)s
       and m.organisation_id = s.organisation_id and m.id = s.member_id
    returning s.member_id, s.programme, s.scenario, s.refresher_since, m.state
"""


def remind(organisation_id: int) -> dict[str, int]:
    """Tell the news of every reminder that is due; how many were told of each kind.

    Each is told in the statement that marks it as told, so a run that is repeated tells nothing twice.
    """
    return act(organisation_id, lambda: _remind(organisation_id))


def _remind(organisation_id: int) -> dict[str, int]:
    now = clock.now()
    values = {"organisation": organisation_id, "now": now, "until": now + AHEAD, "ahead": AHEAD}
    sessions = [
        {
            "member": show("mem", member_id),
            "session": session_ref(session_id),
            "programme": programme,
            "offering": offering,
            "starts_at": starts_at.isoformat(),
            "place": place,
            "state": state,
        }
        for member_id, state, session_id, programme, offering, starts_at, place in _rows(_SESSIONS, values)
    ]
    refreshers = [
        {
            "member": show("mem", member_id),
            "programme": programme,
            "scenario": scenario,
            "since": since.date().isoformat(),
        }
        for member_id, programme, scenario, since, state in _rows(_REFRESHERS, values)
        if state == "active"
    ]
    tell_each(organisation_id, "session.tomorrow", sessions, happened_at=now)
    tell_each(organisation_id, "scenario.refresher_open", refreshers, happened_at=now)
    return {"sessions": len(sessions), "refreshers": len(refreshers)}


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return sorted(cursor.fetchall())
