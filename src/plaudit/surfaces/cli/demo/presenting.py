"""Prepares the demo with its stages ticked, and introduces it: the address, who to sign in as, what to try."""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from plaudit.surfaces.cli.demo.people import COMPANY, DOMAIN
from plaudit.surfaces.cli.output import manner, say, talk
from plaudit.surfaces.cli.setting_up import set_up_to_date

if TYPE_CHECKING:
    from plaudit.activity.models import ImportBatch

# What names tables can be imported only once Django is set up, and the database is said to be starting before:
# hence `import_module` further down.


@dataclass(frozen=True)
class Prepared:
    """The demo company, ready to be shown."""

    organisation_id: int
    api_key: str
    seconds: float
    was_there: bool


class Stages:
    """What is being made, one line a stage: ticked with its time when it is done, with a bar for files."""

    def __init__(self) -> None:
        columns = (
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description:<44}"),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[rows]:>13}"),
            TimeElapsedColumn(),
        )
        console = talk()
        self._shown = console.is_terminal and not manner.quiet
        self._bars = Progress(*columns, console=console, disable=not self._shown)

    @contextmanager
    def drawn(self) -> Iterator[Stages]:
        """Draw the stages while they go on."""
        with self._bars:
            yield self

    @contextmanager
    def stage(self, title: str) -> Iterator[Stage]:
        """One stage, from here to the end of the block."""
        began = time.monotonic()
        task = self._bars.add_task(title, total=None, rows="")
        stage = Stage(self._bars, task)
        yield stage
        self._bars.update(task, total=1, completed=1)
        if not self._shown:
            rows = f", {stage.rows}" if stage.rows else ""
            say(f"  ✓ {title}{rows} ({time.monotonic() - began:.1f} s)")


@dataclass
class Stage:
    """A stage that is going on."""

    bars: Progress
    task: TaskID
    rows: str = ""

    def report(self, batch: ImportBatch) -> None:
        """Say how far an import is."""
        self.rows = f"{batch.rows_done:,} rows"
        self.bars.update(
            self.task, completed=batch.bytes_done, total=batch.bytes_total or None, rows=self.rows
        )


def prepare(folder: Path, *, scale: int, days: int) -> Prepared:
    """Start the database, bring it up to date, and make the company, or what is missing of it."""
    began = time.monotonic()
    stages = Stages()
    with stages.drawn():
        with stages.stage("The database"):
            set_up_to_date()
        seeding = import_module("plaudit.surfaces.cli.demo.seeding")
        remembered = folder / "demo.json"
        found = seeding.find_company()
        key = _key_of(remembered, found.code) if found is not None else None
        if found is not None and key is not None:
            return Prepared(found.id, key, time.monotonic() - began, was_there=True)
        if found is not None:
            say("The last start was stopped before the company was whole; going on from there.")
        seeded = seeding.seed(folder, stages=stages, scale=scale, days=days)
    _remember(remembered, seeded.code, seeded.api_key)
    return Prepared(seeded.organisation_id, seeded.api_key, time.monotonic() - began, was_there=False)


def _key_of(path: Path, code: str) -> str | None:
    """The key that was written down when this very company was whole; None where it never was."""
    told = json.loads(path.read_text()) if path.exists() else {}
    return told.get("api_key") if told.get("organisation") == code else None


def _remember(path: Path, code: str, api_key: str) -> None:
    """Write down that the company is whole, and its key, where only its owner reads it."""
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({"organisation": code, "api_key": api_key}, file)
    part.replace(path)


def introduce(prepared: Prepared, address: str) -> None:
    """Say where it is, who to sign in as, and what to try first."""
    make_link = import_module("plaudit.people.actions.signing_in").make_link
    users = import_module("plaudit.people.models").User.objects
    seeding = import_module("plaudit.surfaces.cli.demo.seeding")
    how = "found as you left it" if prepared.was_there else "made from twelve months of files"
    say(f"\n[bold]{COMPANY}[/] is at [bold]{address}[/]   ({how}, ready after {prepared.seconds:.0f} s)\n")
    say("Sign in as (each link works once, for a day):")
    for name, title, _ in seeding.ROLES.values():
        user = users.get(email=f"{name}@{DOMAIN}")
        secret = make_link(
            prepared.organisation_id, user_id=user.id, actor=seeding.ACTOR, good_for=timedelta(days=1)
        )
        say(f"  {title:<30} {address}/sign-in/{secret}")
    command = shlex.quote(_command())
    say("\nThen, in another terminal, thank somebody; their page shows it with its because:")
    say(f'  {command} award asha@{DOMAIN} 50 --unit stars --because "Calmed an upset customer"')
    say("Or let Mina buy something, over the API:")
    say(_request(prepared.api_key, address))
    say(f"Prove the books:  {command} ledger verify")
    say("\nCtrl-C stops everything; the next start finds it all again.\n")


def _command() -> str:
    """How to call this program from where the person stands."""
    called = Path(sys.argv[0])
    if called.name != "plaudit":
        return f"{sys.executable} -m plaudit.surfaces.cli.main"
    try:
        return str(called.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(called)


def _request(api_key: str, address: str) -> str:
    body = {
        "specversion": "1.0",
        "source": "till",
        "id": f"try-{int(time.time())}",
        "type": "purchase",
        "subject": "C0001",
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "data": {"amount": 50.00, "channel": "web"},
    }
    return (
        f"  curl -s {address}/api/v1/events -H 'Authorization: Bearer {api_key}' \\\n"
        "    -H 'Content-Type: application/cloudevents+json' \\\n"
        f"    -d '{json.dumps(body)}'"
    )
