"""What segments ask of members: their facts, their attributes, their teams."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import connection

from plaudit.foundation import arrays
from plaudit.targeting.definitions import Segment as Definition
from plaudit.targeting.models import Segment
from plaudit.targeting.queries.counted import days_of
from plaudit.targeting.rules.facts import Counted, cuts_of, is_rank, plain_value, rank

Facts = dict[str, int | None]


def facts_of(
    organisation_id: int, segment: Segment, definition: Definition, members: Collection[UUID], today: date
) -> dict[UUID, Facts]:
    """Each member's facts, by name; ranks by the fifths of the last look."""
    found: dict[UUID, Facts] = {member_id: {} for member_id in members}
    loaded: dict[int, dict[UUID, dict[date, Counted]]] = {}
    for fact, measure_id in zip(definition.facts, segment.measure_ids, strict=True):
        if measure_id not in loaded:
            loaded[measure_id] = _days(organisation_id, measure_id, members)
        for member_id in members:
            value = plain_value(fact, loaded[measure_id].get(member_id, {}), today)
            if is_rank(fact):
                value = rank(fact, value, segment.cuts.get(fact.name, []))
            found[member_id][fact.name] = value
    return found


def _days(
    organisation_id: int, measure_id: int, members: Collection[UUID]
) -> dict[UUID, dict[date, Counted]]:
    return {
        member_id: {day: (counted.times, counted.amount) for day, counted in days.items()}
        for member_id, days in days_of(organisation_id, measure_id, members).items()
    }


_EVERYBODY = """
    select d.member_id, d.day, d.times, d.amount from targeting_daily d
     where d.organisation_id = %s and d.measure_id = %s and d.times > 0 order by d.member_id
"""


def cuts_for(
    organisation_id: int, segment: Segment, definition: Definition, today: date
) -> dict[str, list[int]]:
    """The figures between the fifths of everybody who has one, for each fact that ranks."""
    cuts: dict[str, list[int]] = {}
    for fact, measure_id in zip(definition.facts, segment.measure_ids, strict=True):
        if not is_rank(fact):
            continue
        days: dict[UUID, dict[date, Counted]] = {}
        with connection.cursor() as cursor:
            cursor.execute(_EVERYBODY, [organisation_id, measure_id])
            for member_id, day, times, amount in cursor.fetchall():
                days.setdefault(member_id, {})[day] = (times, amount)
        values = [plain_value(fact, mine, today) for mine in days.values()]
        cuts[fact.name] = cuts_of([value for value in values if value is not None])
    return cuts


_IN_TEAMS = """
    select distinct s.member_id from people_team_stay s join people_team t on t.id = s.team_id
     where s.organisation_id = %s and s.member_id = any(%s::uuid[]) and t.key = any(%s) and s.ended_at is null
"""


def in_teams(organisation_id: int, teams: Collection[str], members: Collection[UUID]) -> set[UUID]:
    """Those of these members who are in one of the teams now."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_TEAMS, [organisation_id, arrays.uuids(list(members)), list(teams)])
        return {member_id for (member_id,) in cursor.fetchall()}
