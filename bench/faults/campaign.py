"""One campaign: a world of its own, clients at work, kills on every side; then the books against the logs."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.faults.books import Books, read_books
from bench.faults.filling import Disk
from bench.faults.history import Operation, read_logs
from bench.faults.nemesis import Nemesis, Suffered
from bench.faults.processes import Api, Database, Target, Worker
from bench.faults.receiver import Receiver
from bench.faults.settling import Left, settle
from bench.faults.world import CODE
from plaudit.foundation import postgres
from plaudit.surfaces.cli.serving import free_port

KEYS_A_CLIENT = 8
APIS, WORKERS = 3, 2
DATABASE = "plaudit"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: how often to kill what, with how many clients, for how long at most, from which seed.

    `disk` is how often the disk is filled. There is load for `seconds` and
    `operations` at least. `patient` leaves work to
    the worker that is waited for at the end for minutes: webhooks with their leases, holds that run out.
    """

    seed: int
    database: int = 0
    api: int = 0
    worker: int = 0
    disk: int = 0
    clients: int = 4
    minutes: float = 45
    seconds: float = 1.0
    operations: int = 0
    patient: bool = True


@dataclass(slots=True)
class Outcome:
    """All that a campaign leaves behind: what clients wrote, what is in the books, what was suffered."""

    plan: Plan
    world: dict[str, Any]
    operations: list[Operation]
    books: Books
    suffered: list[Suffered]
    messages: dict[str, list[dict[str, Any]]]
    left: Left | None
    checks: list[dict[str, Any]]
    seconds: float
    leaks: list[str]


@dataclass(frozen=True, slots=True)
class Targets:
    """Everything that is killed."""

    database: Database
    apis: list[Api]
    workers: list[Worker]


Tell = Callable[[str], None]


def run(plan: Plan, home: Path, tell: Tell) -> Outcome:
    """Run one campaign in this folder, which it may fill and nobody else uses."""
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    receiver = Receiver(random.Random(f"{plan.seed}/receiver"))  # noqa: S311  # load, not secrets
    environment = _environment(home)
    disk, over = Disk(home), threading.Event()
    try:
        world = _make_world(plan, environment, receiver.url if plan.patient else "")
        tell(f"The world is made, in {time.monotonic() - began:.0f} s: {folder}")
        database = Database(home)
        with _started(plan, folder, environment) as (apis, workers):
            targets = Targets(database, apis, workers)
            suffered = _under_fire(plan, world, folder, targets, disk, tell, over)
            left = settle(database, receiver, tell) if plan.patient else None
            checks = _verify(environment)
        books = read_books(postgres.start(home).app_dsn(DATABASE), world["organisation"])
        operations = read_logs(sorted(folder.glob("client-*.jsonl")))
        leaks, seconds = _leaks(folder, receiver), time.monotonic() - began
        return Outcome(
            plan, world, operations, books, suffered, dict(receiver.messages), left, checks, seconds, leaks
        )
    finally:
        over.set()
        disk.free()
        receiver.close()
        postgres.remove(home)
        shutil.rmtree(folder, ignore_errors=True)


def _leaks(folder: Path, receiver: Receiver) -> list[str]:
    """Where a code, which is money, stands in clear: in what the programs logged, or in a webhook."""
    texts = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in folder.glob("*.log")}
    texts |= {f"webhook {name}": json.dumps(bodies) for name, bodies in receiver.messages.items()}
    return [name for name, text in texts.items() if CODE in text]


def _environment(home: Path) -> dict[str, str]:
    """What the product's processes are started with: this home, and nothing else of the developer's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLAUDIT_")}
    return kept | {"PLAUDIT_HOME": str(home), "PLAUDIT_WEBHOOK_NETWORKS": "127.0.0.0/8"}


def _make_world(plan: Plan, environment: dict[str, str], hook: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.faults.world", str(plan.clients * KEYS_A_CLIENT)]
    environment = environment | {"FAULTS_HOOK": hook}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The world could not be made.\n{done.stderr}")
    world: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return world


@contextmanager
def _started(
    plan: Plan, folder: Path, environment: dict[str, str]
) -> Iterator[tuple[list[Api], list[Worker]]]:
    first = random.SystemRandom().randrange(20_000, 30_000)
    ports = [free_port("127.0.0.1", first + 100 * number) for number in range(min(APIS, max(1, plan.api)))]
    apis = [Api(number, port, environment, folder) for number, port in enumerate(ports)]
    count = min(WORKERS, max(plan.worker, plan.patient))
    workers = [Worker(number, environment, folder) for number in range(count)]
    programs: list[Target] = [*apis, *workers]
    try:
        for program in programs:
            program.start()
        for program in programs:
            if program.come_back() is None:
                raise SystemExit(f"{program.name} did not start; its log is in {folder}.")
        yield apis, workers
    finally:
        for program in programs:
            program.kill()


def _under_fire(
    plan: Plan,
    world: dict[str, Any],
    folder: Path,
    targets: Targets,
    disk: Disk,
    tell: Tell,
    over: threading.Event,
) -> list[Suffered]:
    """Let clients work while everything is killed around them; what was suffered."""
    stop = threading.Event()
    harm = _nemeses(plan, targets, disk, stop, over)
    clients = _start_clients(plan, world, folder, targets.apis)
    try:
        for one in harm:
            one.start()
        _watch(plan, harm, folder, tell)
    finally:
        stop.set()
        (folder / "stop").touch()
        for one in harm:
            one.finished.wait()
        for client in clients:
            if client.wait():
                tell("A client ended by itself; what it did is held against the books all the same.")
    return [one.suffered for one in harm]


def _nemeses(
    plan: Plan, targets: Targets, disk: Disk, stop: threading.Event, over: threading.Event
) -> list[Nemesis]:
    """One for each process, which share the kills of their kind as evenly as it goes."""
    # One web server is there while the others come back, or there is no load.
    down = threading.Semaphore(max(1, len(targets.apis) - 1))
    counts: list[tuple[Target, int, tuple[float, float], threading.Semaphore | None]] = [
        (targets.database, plan.database, (0.5, 6.0), None),
        *((one, share, (0.5, 2.0), down) for one, share in _shared(plan.api, targets.apis)),
        *((one, share, (0.5, 6.0), None) for one, share in _shared(plan.worker, targets.workers)),
        (disk.under(targets.database), plan.disk, (2.0, 3.0), None),
    ]
    return [
        Nemesis(
            target,
            count,
            dice=random.Random(f"{plan.seed}/{place}"),  # noqa: S311  # a plan, not a secret
            calm=calm,
            stop=stop,
            over=over,
            turn=turn,
        )
        for place, (target, count, calm, turn) in enumerate(counts)
    ]


def _shared(count: int, among: Sequence[Target]) -> list[tuple[Target, int]]:
    """So many kills, shared as evenly as it goes."""
    return [(one, count // len(among) + (place < count % len(among))) for place, one in enumerate(among)]


def _start_clients(
    plan: Plan, world: dict[str, Any], folder: Path, apis: list[Api]
) -> list[subprocess.Popen[bytes]]:
    config = {
        "seed": plan.seed,
        "run": "c",
        "clients": plan.clients,
        "folder": str(folder),
        "ports": [api.port for api in apis],
        "members": world["members"],
        "rewards": world["rewards"],
        "keys": world["keys"],
        "patient": plan.patient,
    }
    path = folder / "config.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    command = [sys.executable, "-m", "bench.faults.client", str(path)]
    return [subprocess.Popen([*command, str(number)]) for number in range(plan.clients)]


def _watch(plan: Plan, harm: list[Nemesis], folder: Path, tell: Tell) -> None:
    """Wait until every kill is done, saying how far it is; not longer than the plan allows."""
    began = told = time.monotonic()
    wanted = sum(one.suffered.wanted for one in harm)
    while time.monotonic() - began < plan.minutes * 60:
        loaded = time.monotonic() - began > plan.seconds and _answered(plan, folder)
        if loaded and all(one.finished.is_set() for one in harm):
            return
        time.sleep(0.1)
        if time.monotonic() - told < 5:
            continue
        told = time.monotonic()
        done, passed = sum(one.suffered.kills for one in harm), told - began
        left = f"{passed / done * (wanted - done):.0f} s left" if done else "…"
        kills: Counter[str] = Counter()
        for one in harm:
            kills[one.suffered.name] += one.suffered.kills
        counts = ", ".join(f"{name} {count}" for name, count in kills.items() if count)
        size = sum(path.stat().st_size for path in folder.glob("client-*.jsonl"))
        tell(f"{passed:5.0f} s  kills {done}/{wanted} ({counts})  logs {size / 1e6:.1f} MB  {left}")


def _answered(plan: Plan, folder: Path) -> bool:
    """Whether the clients have had as many answers as the plan wants at least."""
    if not plan.operations:
        return True
    return sum(p.read_bytes().count(b'"say":"ok"') for p in folder.glob("client-*.jsonl")) >= plan.operations


def _verify(environment: dict[str, str]) -> list[dict[str, Any]]:
    """Every check of the books, by the command that everyone uses."""
    command = [sys.executable, "-m", "plaudit.surfaces.cli.main", "--json", "ledger", "verify", "--all"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        raise SystemExit(f"The checks did not run.\n{done.stderr}") from None
    return list(found["items"] if isinstance(found, dict) else found)
