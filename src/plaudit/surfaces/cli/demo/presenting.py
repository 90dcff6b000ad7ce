"""Prepares the demo with a progress bar, and introduces it: the address, who to sign in as, what to try."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from plaudit.surfaces.cli.output import say, talk
from plaudit.surfaces.cli.setting_up import set_up_to_date


@dataclass(frozen=True)
class Prepared:
    """The demo company, ready to be shown."""

    organisation_id: int
    api_key: str
    seconds: float
    was_there: bool


def prepare(folder: Path, *, scale: int) -> Prepared:
    """Start the database, bring it up to date, and make the company if it is not there yet."""
    began = time.monotonic()
    say("Starting the database …")
    set_up_to_date()
    from plaudit.surfaces.cli.demo import seeding  # noqa: PLC0415  # needs Django set up

    remembered = folder / "demo.json"
    found = seeding.find_company()
    if found is not None and remembered.exists():
        key = json.loads(remembered.read_text())["api_key"]
        return Prepared(found, key, time.monotonic() - began, was_there=True)
    if found is not None:
        say("The company was made only in part; making it under a clean name would hide that.")
        raise SystemExit(
            "Run `make clean-demo`, or remove the folder var/ of this checkout, and start again."
        )
    columns = (
        TextColumn("  {task.description:<22}"),
        BarColumn(),
        TextColumn("{task.fields[rows]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=talk, transient=False) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(name: str, batch: object) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=None, rows="")
            done, total, rows = (getattr(batch, one) for one in ("bytes_done", "bytes_total", "rows_done"))
            bars.update(tasks[name], completed=done, total=total or None, rows=f"{rows:,} rows")

        seeded = seeding.seed(folder, stage=lambda text: say(f"{text} …"), progress=progress, scale=scale)
    remembered.write_text(json.dumps({"api_key": seeded.api_key}))
    remembered.chmod(0o600)
    return Prepared(seeded.organisation_id, seeded.api_key, time.monotonic() - began, was_there=False)


def introduce(prepared: Prepared, address: str) -> None:
    """Say where it is, who to sign in as, and what to try first."""
    from plaudit.people.actions.signing_in import make_link  # noqa: PLC0415  # needs Django set up
    from plaudit.people.models import User  # noqa: PLC0415  # needs Django set up
    from plaudit.surfaces.cli.demo.people import COMPANY, DOMAIN  # noqa: PLC0415
    from plaudit.surfaces.cli.demo.seeding import ACTOR, ROLES  # noqa: PLC0415

    how = "found as you left it" if prepared.was_there else "made from twelve months of files"
    say(f"\n[bold]{COMPANY}[/] is at [bold]{address}[/]   ({how}, ready after {prepared.seconds:.0f} s)\n")
    say("Sign in as (each link works once, for a day):")
    for name, title, _ in ROLES.values():
        user = User.objects.get(email=f"{name}@{DOMAIN}")
        secret = make_link(prepared.organisation_id, user_id=user.id, actor=ACTOR, good_for=timedelta(days=1))
        say(f"  {title:<32} {address}/sign-in/{secret}")
    say("\nThen try, in another terminal: Mina buys something, and her page shows it with its because.")
    say(f"  curl -s {address}/api/v1/events -H 'Authorization: Bearer {prepared.api_key}' \\")
    say("    -H 'Content-Type: application/cloudevents+json' \\")
    body = {
        "specversion": "1.0",
        "source": "till",
        "id": f"try-{int(time.time())}",
        "type": "purchase",
        "subject": "C0001",
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "data": {"amount": 50.00, "channel": "web"},
    }
    say(f"    -d '{json.dumps(body)}'")
    say("\nCtrl-C stops everything; the next start finds it all again.\n")
