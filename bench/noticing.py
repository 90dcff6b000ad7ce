"""`python -m bench.noticing`: pages of recognition in a company of 100,000 with two years behind it, against their budgets.

Makes the company and a small one beside it, asks for every page as people who lead a team, and prints how long the
server took, at the median and the 95th percentile, and how many statements it sent: as many in both, or the size shows.
The exit code is 1 where a budget is broken or the counts differ. `--people 2000` is for a look.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.conninfo import make_conninfo
from rich.console import Console
from rich.table import Table

from bench.budgets import LIST, PORTAL, Budget
from plaudit.foundation import postgres
from plaudit.foundation.postgres import databases
from plaudit.surfaces.cli import own_server

if TYPE_CHECKING:
    from django.test import Client

    from bench.noticed import Noticed

DATABASE = "plaudit_bench_noticing"
SMALL = 60

PAGES = (
    ("leader", "/recognition", PORTAL),
    ("leader", "/recognition?{older}", PORTAL),
    ("leader", "/recognition?show=received", PORTAL),
    ("leader", "/recognition?show=given", PORTAL),
    ("leader", "/recognition/new", PORTAL),
    ("leader", "/recognition/new?search=cleo", PORTAL),
    ("leader", "/team/", PORTAL),
    ("leader", "/team/balance", PORTAL),
    ("manager", "/console/recognition", LIST),
)
_OLDER = re.compile(r'href="\?(show=seen&amp;before=[^"]+)"')


@dataclass(frozen=True, slots=True)
class Asked:
    """One page: how long it took, in milliseconds, and the statements it sent in a large company and in a small one."""

    path: str
    budget: Budget
    median: float
    p95: float
    statements: int
    in_small: int

    @property
    def is_broken(self) -> bool:
        """Whether it takes too long, or longer lists send more statements."""
        return self.p95 > self.budget.server_ms or self.statements > self.in_small


def main() -> int:
    """Make, ask, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.noticing", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=40, help="how often each page is asked for")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plaudit.settings")
    os.environ["PLAUDIT_DATABASE_NAME"] = DATABASE
    says = Console(stderr=True)
    own_server.hold()
    try:
        _drop()
        pages = list(_ask_all(given.people, given.asked, says))
    finally:
        _close()
        _drop()
        own_server.let_go()
    Console(width=120).print(_table(pages, given.people))
    broken = [one.path for one in pages if one.is_broken]
    says.print(f"over budget: {', '.join(broken)}" if broken else "All budgets are kept.")
    return 1 if broken else 0


def _ask_all(people: int, asked: int, says: Console) -> Iterator[Asked]:
    postgres.ready()
    import django  # noqa: PLC0415  # after the database is named

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from bench.noticed import make_noticed, tidy  # noqa: PLC0415  # needs Django set up
    from plaudit.foundation.access.limits import Limit  # noqa: PLC0415
    from plaudit.foundation.schema import migrate  # noqa: PLC0415

    names = ("key", "person", "address", "sign-in")
    settings.RATE_LIMITS = {name: Limit(name, 10**9, 1, 10**9) for name in names}
    settings.ALLOWED_HOSTS = ["localhost"]
    migrate()
    call_command("collectstatic", interactive=False, verbosity=0)
    began = time.perf_counter()
    small, large = make_noticed("small", SMALL), make_noticed("large", people)
    tidy()
    says.print(
        f"{people:,} people, {large.recognitions:,} recognitions, in {time.perf_counter() - began:,.0f} s"
    )
    for who, path, budget in PAGES:
        yield _ask(small, large, who, path, budget, asked)


def _ask(small: Noticed, large: Noticed, who: str, path: str, budget: Budget, asked: int) -> Asked:
    at = path.format(older=_older(large)) if "{" in path else path
    at_small = path.format(older=_older(small)) if "{" in path else path
    visitors, few = (large.leaders, small.leaders) if who == "leader" else ([large.manager], [small.manager])
    took = sorted(_times(visitors, at, asked))
    return Asked(
        path=path,
        budget=budget,
        median=took[len(took) // 2],
        p95=took[max(0, -(-len(took) * 95 // 100) - 1)],
        statements=max(statements(one, at) for one in visitors),
        in_small=max(statements(one, at_small) for one in few),
    )


def _older(company: Noticed) -> str:
    """The query of the page after the first."""
    found = _OLDER.search(company.leaders[0].get("/recognition").content.decode())
    return found[1].replace("&amp;", "&") if found is not None else "show=seen"


def _times(visitors: Sequence[Client], path: str, asked: int) -> Iterator[float]:
    for visitor in visitors:
        assert visitor.get(path).status_code == 200, path
    for number in range(asked):
        began = time.perf_counter()
        visitors[number % len(visitors)].get(path)
        yield 1_000 * (time.perf_counter() - began)


def statements(visitor: Client, path: str) -> int:
    """How many statements a page sends once everything that is kept in memory is there."""
    from django.db import connection  # noqa: PLC0415  # needs Django set up
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    visitor.get(path)
    with CaptureQueriesContext(connection) as found:
        assert visitor.get(path).status_code == 200, path
    return len(found)


def _table(pages: Sequence[Asked], people: int) -> Table:
    table = Table(title=f"Pages of recognition, {people:,} people: server time and statements")
    for name in ("page", "median ms", "p95 ms", "allowed ms", "statements", f"with {SMALL} people"):
        table.add_column(name, justify="left" if name == "page" else "right")
    for one in pages:
        figures = (f"{one.median:.0f}", f"{one.p95:.0f}", f"{one.budget.server_ms:g}")
        colour = "red" if one.is_broken else "default"
        table.add_row(f"[{colour}]{one.path}[/]", *figures, str(one.statements), str(one.in_small))
    return table


def _close() -> None:
    from django.db import connections  # noqa: PLC0415  # needs Django set up

    for connection in connections.all(initialized_only=True):
        connection.close()
        getattr(connection, "close_pool", lambda: None)()


def _drop() -> None:
    databases.drop(make_conninfo(postgres.dsns().owner, dbname="postgres"), DATABASE)


if __name__ == "__main__":
    sys.exit(main())
