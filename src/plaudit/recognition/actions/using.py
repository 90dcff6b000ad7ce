"""Uses limits of a giver up, all of them or none, and gives back what was undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation import arrays
from plaudit.recognition.rules.giving import Use

_USE = """
    insert into recognition_giving_use as u (organisation_id, programme, giver_id, what, period, used, at_most)
    select %(organisation)s, %(programme)s, %(giver)s, what, period, amount, at_most
      from unnest(%(what)s::text[], %(period)s::text[], %(amount)s::bigint[], %(at_most)s::bigint[])
        as w (what, period, amount, at_most)
     where amount <= at_most
     order by what
        on conflict (organisation_id, programme, giver_id, what, period)
        do update set used = u.used + excluded.used, at_most = excluded.at_most
     where u.used + excluded.used <= excluded.at_most
    returning what
"""

_GIVE_BACK = """
    update recognition_giving_use u set used = greatest(0, u.used - w.amount)
      from unnest(%(what)s::text[], %(period)s::text[], %(amount)s::bigint[]) as w (what, period, amount)
     where u.organisation_id = %(organisation)s and u.programme = %(programme)s and u.giver_id = %(giver)s
       and u.what = w.what and u.period = w.period
"""


def use_up(organisation_id: int, programme: str, giver_id: UUID, uses: Sequence[Use]) -> set[str]:
    """Use these up; which of them there was not enough of. The caller undoes everything where there are any."""
    with connection.cursor() as cursor:
        cursor.execute(
            _USE,
            {
                **_named(organisation_id, programme, giver_id, uses),
                "at_most": arrays.numbers([use.at_most for use in uses]),
            },
        )
        return {use.what for use in uses} - {what for (what,) in cursor.fetchall()}


def give_back(organisation_id: int, programme: str, giver_id: UUID, uses: Sequence[Use]) -> None:
    """Let these be there again."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, _named(organisation_id, programme, giver_id, uses))


def _named(organisation_id: int, programme: str, giver_id: UUID, uses: Sequence[Use]) -> dict[str, Any]:
    return {
        "organisation": organisation_id,
        "programme": programme,
        "giver": giver_id,
        "what": arrays.texts([use.what for use in uses]),
        "period": arrays.texts([use.period for use in uses]),
        "amount": arrays.numbers([use.amount for use in uses]),
    }
