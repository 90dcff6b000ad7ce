"""Rounds what a rule earns for several events together: what their parts add up to is earned as it comes about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from plaudit.engagement.actions.progressing import Moved
from plaudit.engagement.actions.reaching import Position
from plaudit.engagement.definitions import Kind, Part
from plaudit.engagement.own_activities import ROUNDING_ADDED, ROUNDING_REMOVED
from plaudit.engagement.published import PublishedSet
from plaudit.engagement.rules.rounding import makes_up
from plaudit.engagement.rules.steps import Stand
from plaudit.foundation import arrays

_SUMS = """
    select m.member_id, m.period, p.part_id, p.amount, p.last_at
      from unnest(%s::uuid[], %s::text[]) as m (member_id, period)
      join engagement_progress p
        on p.organisation_id = (select %s::int) and p.part_id = any(%s) and p.member_id = m.member_id
       and p.period = m.period
"""


def positions_in_rounding(
    organisation_id: int, one: PublishedSet, part: Part, moved: Iterable[Moved]
) -> list[Position]:
    """What these members' events together earn more: each smallest part of the unit stands by itself."""
    keys = sorted({(member.member_id, member.period) for member in moved})
    exact_id, earned_id = one.part_id(part), one.part_ids[(Kind.ROUNDED, part.key)]
    sums: dict[tuple[UUID, str, int], int] = {}
    last: dict[tuple[UUID, str], datetime] = {}
    for member_id, period, part_id, amount, last_at in _sums(organisation_id, keys, [exact_id, earned_id]):
        sums[(member_id, period, part_id)] = amount
        if part_id == exact_id and last_at is not None:
            last[(member_id, period)] = last_at
    positions = []
    for member_id, period in keys:
        exact, earned = (sums.get((member_id, period, part_id), 0) for part_id in (exact_id, earned_id))
        more = makes_up(exact, earned, part.exact - part.precision)
        wanted = {Stand(period, number): last[(member_id, period)] for number in range(1, more + 1)}
        positions.append(_position(one, part, member_id, period, wanted))
    return positions


def _position(
    one: PublishedSet, part: Part, member_id: UUID, period: str, wanted: dict[Stand, datetime]
) -> Position:
    return Position(
        part_id=one.part_id(part),
        member_id=member_id,
        about=f"rounding:{one.programme}:{part.key}",
        completed=ROUNDING_ADDED,
        withdrawn=ROUNDING_REMOVED,
        wanted=wanted,
        facts=lambda stand: {
            "programme": one.programme,
            "rule": part.key,
            "together": stand.period,
            "number": stand.step,
        },
        badge=lambda _: "",
        asked=lambda _: True,
        within=frozenset({period}),
    )


def _sums(
    organisation_id: int, keys: Sequence[tuple[UUID, str]], parts: list[int]
) -> list[tuple[UUID, str, int, int, datetime | None]]:
    with connection.cursor() as cursor:
        members, periods = [member_id for member_id, _ in keys], [period for _, period in keys]
        cursor.execute(_SUMS, [arrays.uuids(members), arrays.texts(periods), organisation_id, parts])
        return list(cursor.fetchall())
