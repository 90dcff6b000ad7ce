"""After the last kill: waits until all that was begun has come to its end, and says what has not."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from bench.faults.processes import Database
from bench.faults.receiver import Receiver
from plaudit.foundation import postgres

SETTLE_SECONDS_MAX = 240.0
"""Longer than a delivery's lease (two minutes) and a lost job's rest (half a minute) together."""


@dataclass(frozen=True, slots=True)
class Left:
    """What was still open when patience ended, all 0 where everything came to its end.

    `set_aside` are jobs that were killed with their worker so often that they are not tried again: what
    they were to do is done by a later one, or shows in the other figures.
    """

    seconds: float
    jobs: int = 0
    deliveries: int = 0
    holds: int = 0
    untold: int = 0
    set_aside: int = 0

    def finished(self) -> bool:
        """Whether nothing is open any more."""
        return not (self.jobs or self.deliveries or self.holds or self.untold)


_OPEN = """
    select (select count(*) from procrastinate_jobs
             where status = 'doing' or (status = 'todo' and coalesce(scheduled_at, now()) <= now())),
           (select count(*) from outreach_delivery where state = 'waiting'),
           (select count(*) from ledger_hold where state = 'open' and expires_at < now()),
           (select count(*) from foundation_news n where n.topic like 'redemption.%%'
               and exists (select from outreach_endpoint)
               and n.topic || ' ' || (n.payload ->> 'redemption') <> all(%s)),
           (select count(*) from procrastinate_jobs where status = 'failed')
"""


def settle(database: Database, receiver: Receiver, tell: Callable[[str], None]) -> Left:
    """Wait for every job, webhook and hold that has run out; what is left when patience ends."""
    began, told = time.monotonic(), 0.0
    while True:
        left = _look(database, receiver, time.monotonic() - began)
        if left.finished() or left.seconds > SETTLE_SECONDS_MAX:
            return left
        if left.seconds - told > 10:
            told = left.seconds
            tell(f"settling: {left.jobs} jobs, {left.deliveries} webhooks, {left.holds} holds open")
        time.sleep(0.25)


def _look(database: Database, receiver: Receiver, seconds: float) -> Left:
    known = [
        f"{body.get('type')} {body.get('data', {}).get('redemption')}"
        for bodies in list(receiver.messages.values())
        for body in bodies[:1]
    ]
    dsn = postgres.start(database.home).app_dsn("plaudit")
    with psycopg.connect(dsn) as connection:
        connection.execute("select set_config('plaudit.organisation', '1', true)")
        row = connection.execute(_OPEN.encode(), [known]).fetchone()
    assert row is not None
    return Left(seconds, *row)
