"""Redemptions a second, spread and all on one reward, against pgbench on the same server; and none too many."""

from __future__ import annotations

import random
import re
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from uuid import UUID

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from bench.books import make_books
from bench.measuring import rate, side_by_side
from bench.rows import Row, Scale
from plaudit.foundation import postgres
from plaudit.foundation.postgres.engine import shipped
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.models import Wallet
from plaudit.ledger.verification.verify import verify
from plaudit.rewards.actions.publish_catalogue import publish_catalogue
from plaudit.rewards.actions.redeem import redeem
from plaudit.rewards.definitions import RewardDefinition
from plaudit.rewards.models import Redemption, Reward

CALLERS = 8
"""Callers at once: threads of one process, as a web process has them; and pgbench's connections."""

REWARDS = 100

PGBENCH_SCALE = 20
"""Branches in pgbench's tables: more than callers, so that they seldom wait for each other."""

DATABASE = "plaudit_bench_tpcb"


def measure(scale: Scale) -> Iterator[Row]:
    """Three rows: spread over members and rewards, all on one reward, and what was given past stock or balance.

    A redemption is one call of the action, from its arguments to its commit: reward, member, wallet and
    stock read and locked, points held out of their lots, stock counted, redemption and news written.
    """
    shop = _open_shop(scale.small_members)
    one_each = scale.redemptions // CALLERS
    with _pgbench_tables() as database:
        _redeem_at_once(shop, shop.rewards, one_each)  # warms up, and is not counted
        found = side_by_side(
            scale.runs,
            {
                "pgbench": lambda _: _pgbench(database, one_each),
                "spread": lambda _: _redeem_at_once(shop, shop.rewards, one_each),
                "hot": lambda _: _redeem_at_once(shop, shop.rewards[:1], one_each),
            },
        )
    yield Row(
        f"redemptions, {CALLERS} at once, spread over {scale.small_members:,} members and {REWARDS} rewards",
        f"pgbench TPC-B-like, {CALLERS} connections, scale {PGBENCH_SCALE}, same server",
        found["spread"] / found["pgbench"],
        0.5,
        f"{found['spread']:,.0f} : {found['pgbench']:,.0f} a second",
        bound="Batches are as small as there are callers, so the server's planning of each statement, anew for"
        " every batch, outweighs its work; and one batch is in flight at a time, with a round trip a statement.",
    )
    yield Row(
        f"redemptions, {CALLERS} at once, all on one reward",
        "spread over rewards",
        found["hot"] / found["spread"],
        0.2,
        f"{found['hot']:,.0f} : {found['spread']:,.0f} a second",
    )
    yield _overspent(shop, one_each)


@dataclass(frozen=True, slots=True)
class _Shop:
    organisation_id: int
    members: Sequence[UUID]
    rewards: Sequence[int]


def _open_shop(members: int) -> _Shop:
    """Members with a history and 250 points or more, rewards at one point with stock for everybody, and a scarce one."""
    here = make_books(members).organisation_id
    offered = [
        RewardDefinition(f"reward-{n}", f"Reward {n}", "points", 1, stock=10**9) for n in range(REWARDS)
    ]
    publish_catalogue(here, "main", offered)
    with in_organisation(here):
        wallets = Wallet.objects.filter(organisation_id=here).values_list("member_id", flat=True)
        rewards = Reward.objects.filter(organisation_id=here).order_by("id").values_list("id", flat=True)
        return _Shop(here, list(wallets), list(rewards))


def _redeem_at_once(shop: _Shop, rewards: Sequence[int], one_each: int) -> float:
    """Redemptions a second, every one of them made; callers choose members and rewards at random."""

    def call(dice: random.Random) -> None:
        for _ in range(one_each):
            _redeem(shop, dice.choice(shop.members), dice.choice(rewards))

    return rate(one_each * CALLERS, lambda: _at_once(call))


_keys = count(1)


def _redeem(shop: _Shop, member_id: UUID, reward_id: int) -> Redemption:
    key = f"bench-{next(_keys)}"
    return redeem(shop.organisation_id, member_id=member_id, reward_id=reward_id, key=key, actor="key_bench")


def _at_once(call: Callable[[random.Random], None]) -> None:
    """Run `call` in as many threads as there are callers; what one of them raises is raised."""
    failed: list[BaseException] = []

    def run(caller: int) -> None:
        try:
            call(random.Random(caller))  # noqa: S311  # load, not secrets
        except BaseException as error:  # noqa: BLE001  # raised below, in the thread that measures
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(caller,)) for caller in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def _overspent(shop: _Shop, one_each: int) -> Row:
    """All callers want more than there is: half as many as they ask for, of members who can pay for two."""
    here, asked = shop.organisation_id, one_each * CALLERS
    stock = asked // 2
    publish_catalogue(here, "scarce", [RewardDefinition("scarce", "Scarce", "points", 100, stock=stock)])
    with in_organisation(here):
        scarce = Reward.objects.get(organisation_id=here, key="scarce").id
    poor = shop.members[: asked // 3]
    answers: list[Redemption | Refusal] = []

    def call(dice: random.Random) -> None:
        for _ in range(one_each):
            try:
                answers.append(_redeem(shop, dice.choice(poor), scarce))
            except Refusal as refusal:
                answers.append(refusal)

    _at_once(call)
    made = sum(isinstance(answer, Redemption) for answer in answers)
    with in_organisation(here):
        taken = Reward.objects.get(organisation_id=here, id=scarce).taken
        written = Redemption.objects.filter(organisation_id=here, reward_id=scarce).count()
        overdrawn = Wallet.objects.filter(organisation_id=here, available__lt=0).count()
    broken = sum(len(result.rows) for result in verify(here).broken())
    wrong = max(0, written - stock) + abs(written - made) + abs(taken - written) + overdrawn + broken
    assert 0 < made < asked, "some are given and some refused, or nothing was tried"
    return Row(
        f"{asked:,} asked for {stock:,} at once",
        "given past stock or balance, or lost, by the books",
        wrong,
        0,
        f"{made:,} given, {asked - made:,} refused, {wrong} wrong; {broken} faults found by verification",
        at_most=True,
    )


@contextmanager
def _pgbench_tables() -> Iterator[str]:
    """Pgbench's own tables in a database of their own; its connection string."""
    owner = postgres.dsns().owner
    server, database = make_conninfo(owner, dbname="postgres"), make_conninfo(owner, dbname=DATABASE)
    with psycopg.connect(server, autocommit=True) as administrating:
        administrating.execute(f"drop database if exists {DATABASE} with (force)")
        administrating.execute(f"create database {DATABASE}")
        try:
            _run_pgbench("-i", "-q", "-s", str(PGBENCH_SCALE), database)
            yield database
        finally:
            administrating.execute(f"drop database if exists {DATABASE} with (force)")


def _pgbench(database: str, one_each: int) -> float:
    """Transactions a second of pgbench's built-in script, as many as there are redemptions in a run."""
    told = _run_pgbench("-n", "-c", str(CALLERS), "-j", "2", "-t", str(one_each), database)
    found = re.search(r"^tps = ([\d.]+)", told, re.MULTILINE)
    assert found, told
    return float(found[1])


def _run_pgbench(*arguments: str) -> str:
    return subprocess.run(
        [shipped().bin / "pgbench", *arguments], check=True, capture_output=True, text=True
    ).stdout
