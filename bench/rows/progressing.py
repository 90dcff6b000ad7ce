"""Following: ingestion with challenges and tiers followed, against without; a place among a million competitors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import count
from statistics import median
from uuid import UUID

from django.db import connection

from bench import world
from bench.measuring import rate, side_by_side
from bench.rows import Row, Scale
from plaudit.earning.actions.take_in import take_in
from plaudit.earning.definitions import Every
from plaudit.engagement.actions.follow_on import follow_on
from plaudit.engagement.actions.publish_engagement import publish_engagement
from plaudit.engagement.definitions import Definition, Kind, Part, Step, counted
from plaudit.engagement.models import Part as PartRow
from plaudit.engagement.queries.ranking import around
from plaudit.foundation.tenancy import as_owner, in_organisation
from plaudit.targeting.actions.keeping_up import keep_up, look
from plaudit.targeting.actions.publish_tiers import publish_tiers
from plaudit.targeting.definitions import Ladder, Level, Measure

BATCH = 1_000
KEPT = 0.5
"""What is left of ingestion where three challenges, or they and a ladder of tiers, follow every event."""
PLACE_MS = 10
ASKED = 200

_FIVE = Part(Kind.CHALLENGE, "five", "Five", "purchase", every=Every.MONTH, steps=(Step(counted(5)),))
_SPEND = Part(
    Kind.CHALLENGE,
    "spend",
    "Spend",
    "purchase",
    sum="amount",
    every=Every.QUARTER,
    steps=(Step(counted(500)),),
)
_WEB = Part(Kind.CHALLENGE, "web", "Web", "purchase", when="channel = 'web'", steps=(Step(counted(20)),))
# Most members climb within the run: an event earns some fifty points in the middle.
_STATUS = Ladder(
    "status",
    "Status",
    Measure(earned="points"),
    (Level("blue", "Blue", 0), Level("silver", "Silver", 500), Level("gold", "Gold", 2_000)),
)
_TOP = Part(Kind.COMPETITION, "top", "Top", "purchase", sum="amount", steps=(Step(1),))

# Everybody has an amount of their own, spread by a multiplication that meets none twice.
_FILL = """
    insert into engagement_progress (organisation_id, part_id, period, member_id, amount, last_at, ranked)
    select %(organisation)s, %(part)s, '', ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
           1 + (n::bigint * 7919) %% (%(members)s * 10), now() - n * interval '1 second', true
      from generate_series(1, %(members)s) n
"""
_TALLY = """
    insert into engagement_tally (organisation_id, part_id, period, level, drawer, members)
    select %(organisation)s, %(part)s, '', level, amount >> (10 * level), count(*)
      from engagement_progress, generate_series(0, 5) level
     where organisation_id = %(organisation)s and part_id = %(part)s and (amount >> (10 * level)) & 1023 > 0
     group by level, amount >> (10 * level)
"""


def measure(scale: Scale) -> Iterator[Row]:
    """Three rows: the ratio of ingestion with and without following, twice, and how long a place takes."""
    members = min(scale.members, 100_000)
    works = {}
    for name, parts, ladders in (
        ("climbed", (_FIVE, _SPEND, _WEB), (_STATUS,)),
        ("followed", (_FIVE, _SPEND, _WEB), ()),
        ("alone", (), ()),
    ):
        organisation_id = world.make(20)
        world.enrol(organisation_id, members)
        publish_engagement(organisation_id, Definition("bench", "UTC", parts))
        publish_tiers(organisation_id, "bench", time_zone="UTC", ladders=ladders)
        works[name] = _ingesting(organisation_id, scale.events, members)
        look(organisation_id)
        works[name](0)  # warms up, and is not counted
    found = side_by_side(scale.runs, works)
    for name, what in (("followed", "3 challenges"), ("climbed", "3 challenges and a ladder of tiers")):
        yield Row(
            f"batch ingestion, {BATCH:,} a transaction, with {what} followed to the end",
            "the same without",
            found[name] / found["alone"],
            KEPT,
            f"{found[name]:,.0f} : {found['alone']:,.0f} events/s, one after the other on one connection",
            bound="each event is read, matched and written once more for each: its part, the sum, and news",
        )
    yield _place(scale.members)


def _ingesting(organisation_id: int, events: int, members: int) -> Callable[[int], float]:
    seeds = count(1)

    def ingest(_: int) -> float:
        arriving = world.events(events, members, seed=next(seeds))

        def work() -> None:
            for start in range(0, len(arriving), BATCH):
                take_in(organisation_id, arriving[start : start + BATCH])
            follow_on(organisation_id)
            keep_up(organisation_id)

        return rate(len(arriving), work)

    return ingest


def _place(members: int) -> Row:
    """One member's place and three neighbours on each side, each member another."""
    organisation_id = world.make(1)
    publish_engagement(organisation_id, Definition("bench", "UTC", (_TOP,)))
    with in_organisation(organisation_id), connection.cursor() as cursor:
        part = PartRow.objects.get(organisation_id=organisation_id).id
        values = {"organisation": organisation_id, "part": part, "members": members}
        cursor.execute(_FILL, values)
        cursor.execute(_TALLY, values)
    with as_owner() as cursor:
        cursor.execute("analyze engagement_progress, engagement_tally")
    taken = []
    for asked in range(ASKED):
        one = UUID(f"00000000-0000-7000-8000-{1 + asked * members // ASKED:012x}")
        with in_organisation(organisation_id):
            began = time.perf_counter()
            found = around(organisation_id, part, "", one, neighbours=3, shares=False)
            taken.append((time.perf_counter() - began) * 1000)
        assert any(ranked.member_id == one for ranked in found)
    return Row(
        f"a member's place and neighbours among {members:,} competitors, milliseconds",
        "1 ms",
        median(taken),
        PLACE_MS,
        f"{median(taken):.2f} ms, the slowest of {ASKED} {max(taken):.2f} ms",
        at_most=True,
    )
