"""`make budgets`: pages in a real browser on a slow phone, and the server behind them, held against their budgets.

One organisation with a million members and ten transfers each is made, its pages are opened in headless Chromium
with 150 ms to the server and back, 1.6 Mbit/s and a processor four times slower, and asked for without a browser
as well. A company of 2,000 beside it has what is done by taps walked, for the slowest of them. Prints a table; the
exit code is 1 where a budget is broken. `--members 2000` is for a look.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg.conninfo import make_conninfo
from rich.console import Console
from rich.table import Table

from bench.asking_pages import p95_of, signed_in
from bench.opening_pages import Opened, Opener
from plaudit.foundation import postgres
from plaudit.foundation.postgres import databases
from plaudit.surfaces.cli import own_server, serving

DATABASE = "plaudit_bench_budgets"


@dataclass(frozen=True, slots=True)
class Budget:
    """What pages of one kind may cost: kilobytes (of 1,000), counts, seconds and milliseconds."""

    cold_kb: float
    repeat_kb: float
    requests: float
    script_kb: float
    html_kb: float
    lcp_s: float
    blocking_ms: float
    shift: float
    interaction_ms: float
    nodes: float
    server_ms: float
    others: float = 0


PORTAL = Budget(45, 12, 7, 22, 20, 1.8, 50, 0.02, 100, 600, 150)
LIST = Budget(70, 30, 9, 30, 45, 2.0, 100, 0.02, 150, 1_500, 250)
DASHBOARD = Budget(90, 40, 10, 35, 45, 2.2, 150, 0.02, 200, 1_500, 500)

NAMES = {
    "cold_kb": "kB cold",
    "repeat_kb": "kB again",
    "requests": "requests",
    "script_kb": "kB script",
    "html_kb": "kB HTML",
    "lcp_s": "LCP s",
    "blocking_ms": "blocking ms",
    "shift": "shift",
    "interaction_ms": "interaction ms",
    "nodes": "nodes",
    "server_ms": "server p95 ms",
    "others": "elsewhere",
}

# Who opens which page, and the budget it has.
PAGES = (
    ("nobody", "/public/{slug}/points-basics/", PORTAL),
    ("nobody", "/public/{slug}/points-basics/rules", PORTAL),
    ("member", "/", PORTAL),
    ("member", "/activity", PORTAL),
    ("member", "/rewards", PORTAL),
    ("manager", "/console/members", LIST),
    ("manager", "/console/ledger", LIST),
    ("manager", "/console/challenges", LIST),
    ("manager", "/console/segments", LIST),
    ("manager", "/console/memberships", LIST),
    ("manager", "/console/redemptions", LIST),
    ("manager", "/console/", DASHBOARD),
)

# What somebody who leads a team does on the phone (ux J2): from which page, by which taps, and what says that it is done.
WALKS = (
    ("recognise a moment: 1 tap", "/team/", ("[aria-labelledby=moments] form button",), "#given"),
    (
        "recognise somebody not noticed: 3 taps",
        "/team/",
        ("[aria-labelledby=waiting] .tasks a", ".chips label:has([name=behaviour])", "#send"),
        "#given",
    ),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One page with everything that was measured of it."""

    path: str
    budget: Budget
    figures: dict[str, float]

    @property
    def broken(self) -> list[str]:
        """The names of what is over its budget."""
        return [name for name, figure in self.figures.items() if figure > getattr(self.budget, name)]


def main() -> int:
    """Make, open, ask, print; the exit code says whether a budget was broken."""
    given = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plaudit.settings")
    says = Console(stderr=True)
    own_server.hold()
    try:
        with _served(given.members, says) as (address, told):
            measured = [
                *(_measure(address, told, given.runs, given.asked, says) if given.only != "taps" else ()),
                *(_walk(address, told, given.runs, says) if given.only != "pages" else ()),
            ]
    finally:
        own_server.let_go()
    Console(width=200).print(_table(measured))
    broken = [
        f"{one.path}: {', '.join(NAMES[name] for name in one.broken)}" for one in measured if one.broken
    ]
    for sentence in broken:
        says.print(f"[red]over budget[/] {sentence}")
    says.print(
        f"{len(broken)} of {len(measured)} rows are over budget." if broken else "All budgets are kept."
    )
    return 1 if broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.budgets", description=__doc__)
    parser.add_argument("--members", type=int, default=1_000_000, help="ten transfers each")
    parser.add_argument(
        "--runs", type=int, default=3, help="how often each page is opened; the median counts"
    )
    parser.add_argument(
        "--asked", type=int, default=40, help="how often each page is asked for without a browser"
    )
    parser.add_argument("--only", choices=("pages", "taps"), help="pages alone, or what is done by taps")
    return parser.parse_args()


@contextmanager
def _served(members: int, says: Console) -> Iterator[tuple[str, dict[str, object]]]:
    """The web application on a database of its own with these books in it; both are gone in the end."""
    _drop()
    os.environ["PLAUDIT_DATABASE_NAME"] = DATABASE
    says.print(f"Making {members:,} members …")
    made = subprocess.run(
        [sys.executable, "-m", "bench.peopled", str(members)], check=True, stdout=subprocess.PIPE, text=True
    )
    port = serving.free_port("127.0.0.1", 8900)
    served = serving.start("127.0.0.1", port, worker=False)
    try:
        assert serving.wait_until_it_answers("127.0.0.1", port, alive=served.is_alive), "it did not start"
        told: dict[str, object] = json.loads(made.stdout.splitlines()[-1])
        says.print(f"… and {told['transfers']:,} transfers, in {told['seconds']:,.0f} s.")
        yield f"http://localhost:{port}", told
    finally:
        served.stop()
        _drop()


def _drop() -> None:
    databases.drop(make_conninfo(postgres.dsns().owner, dbname="postgres"), DATABASE)


def _measure(
    address: str, told: dict[str, object], runs: int, asked: int, says: Console
) -> Iterator[Measured]:
    links = told["links"]
    assert isinstance(links, dict)
    cookies: dict[str, Sequence[str]] = {"nobody": [""]}
    with Opener(address) as opener:
        for who, path, budget in PAGES:
            if who not in cookies:
                cookies[who] = [signed_in(address, link) for link in links[who][1:]]
                opener.sign_in(links[who][0])
            at = path.format(slug=told["slug"])
            opened = opener.open(at, runs=runs)
            server_ms = p95_of(address, at, cookies[who], times=asked)
            figures = {**_figures(opened), "server_ms": server_ms}
            says.print(f"  {at}")
            yield Measured(at, budget, figures)


def _walk(address: str, told: dict[str, object], runs: int, says: Console) -> Iterator[Measured]:
    """What is done by taps over pages: how long the slowest of them takes to be seen."""
    links = told["links"]
    assert isinstance(links, dict)
    with Opener(address) as opener:
        opener.sign_in(links["leader"][0])
        for name, path, taps, until in WALKS:
            slowest = opener.walk(path, taps, until=until, runs=runs)
            says.print(f"  {name}")
            yield Measured(name, PORTAL, {"interaction_ms": slowest})


def _figures(opened: Opened) -> dict[str, float]:
    return {
        "cold_kb": opened.cold_bytes / 1_000,
        "repeat_kb": opened.repeat_bytes / 1_000,
        "requests": opened.requests,
        "script_kb": opened.script_bytes / 1_000,
        "html_kb": opened.html_bytes / 1_000,
        "lcp_s": opened.lcp_ms / 1_000,
        "blocking_ms": opened.blocking_ms,
        "shift": opened.shift,
        "interaction_ms": opened.interaction_ms,
        "nodes": opened.nodes,
        "others": opened.elsewhere,
    }


def _table(measured: Sequence[Measured]) -> Table:
    table = Table(title="Pages against their budgets: measured / allowed")
    table.add_column("page")
    for name in NAMES.values():
        table.add_column(name, justify="right")
    for one in measured:
        cells = []
        for name in NAMES:
            if name not in one.figures:
                cells.append("")
                continue
            figure, allowed = one.figures[name], getattr(one.budget, name)
            words = f"{_short(figure)} / {allowed:g}"
            cells.append(f"[red]{words}[/]" if figure > allowed else words)
        table.add_row(one.path, *cells)
    return table


def _short(figure: float) -> str:
    return f"{figure:.3f}" if 0 < figure < 0.1 else f"{figure:.2f}" if figure < 10 else f"{figure:,.0f}"


if __name__ == "__main__":
    sys.exit(main())
