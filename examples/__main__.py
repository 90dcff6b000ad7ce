"""`make real DATA=folder`: imports every set, compares every figure with its facts, and says which differ."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from plaudit.foundation import clock, postgres
from plaudit.surfaces.cli import own_server

out = Console(highlight=False, soft_wrap=True)


def main(folder: Path, only: tuple[str, ...] = ()) -> int:
    """Run every set, or only those named; the number of figures that differ."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plaudit.settings")
    own_server.hold()
    postgres.ready()
    import django  # noqa: PLC0415  # needs Django set up

    django.setup()
    from plaudit.foundation.schema import migrate  # noqa: PLC0415  # needs Django set up

    migrate()
    from django.core.management import call_command  # noqa: PLC0415  # needs Django set up

    call_command(
        "collectstatic", interactive=False, verbosity=0
    )  # as the server does before it serves a page
    from examples.sets import SETS  # noqa: PLC0415  # needs Django set up

    facts = json.loads((folder / "dev_facts.json").read_text())
    wrong = sum(_check_set(one, folder, facts) for one in SETS if not only or one.name in only)
    out.print(f"\n[bold]{'Every figure is as it must be.' if not wrong else f'{wrong} figures differ.'}[/]")
    return wrong


def _check_set(one: Any, folder: Path, facts: dict[str, Any]) -> int:
    from examples.running import fresh_organisation, got, run, run_killed_midway  # noqa: PLC0415  # needs Django set up

    out.print(f"\n[bold]{one.name}[/]")
    wrong = straight = killed = 0
    if one.imports:
        straight, killed = fresh_organisation(one.name), fresh_organisation(one.name)
    for single in one.imports:
        began = time.monotonic()
        batch = run(straight, folder, one.name, single)
        seconds = time.monotonic() - began
        if single.refused:
            wrong += _check_refusal(single, batch)
            continue
        out.print(f"  {single.file}: {batch.rows_done:,} rows in {seconds:.1f} s")
        expected = single.expected(facts)
        wrong += _compare("imported", expected, got(straight, single, batch), show=True)
        again = run(straight, folder, one.name, single)
        wrong += _compare("imported again", expected, got(straight, single, again))
        wrong += _compare("nothing new the second time", {"recorded": 0}, {"recorded": again.recorded})
        resumed, killed_at = run_killed_midway(killed, folder, one.name, single)
        wrong += _compare(
            f"killed at row {killed_at:,} and taken up again", expected, got(killed, single, resumed)
        )
    wrong += sum(_check_replay(one, replayed, folder, facts) for replayed in one.replays)
    return wrong + sum(_check_life(one, lived, folder, facts) for lived in one.lives)


def _check_life(one: Any, lived: Any, folder: Path, facts: dict[str, Any]) -> int:
    """Live it through in an organisation of its own, and compare what is in the books then."""
    from examples.running import fresh_organisation, got  # noqa: PLC0415  # needs Django set up

    began = time.monotonic()
    with clock.frozen_at(datetime.combine(lived.begins, datetime.min.time(), UTC)):
        organisation_id = fresh_organisation(one.name, lived.programme(folder / one.name))
    came = lived.live(organisation_id, folder / one.name)
    out.print(f"  {lived.what}: {time.monotonic() - began:.1f} s")
    expected = lived.expected({**facts, **lived.told(folder / one.name)})
    return _compare(lived.what, expected, got(organisation_id, lived, came), show=True)


def _check_replay(one: Any, replayed: Any, folder: Path, facts: dict[str, Any]) -> int:
    """Day by day the figures are those of the whole set; in every other order, everybody's balance is the same."""
    from examples.days import differing, in_every_order, replay, unpacked_days  # noqa: PLC0415  # needs Django set up
    from examples.running import got  # noqa: PLC0415  # needs Django set up

    single = next(single for single in one.imports if single.file == replayed.archive)
    wrong, first = 0, None
    with unpacked_days(folder / one.name / replayed.archive) as days:
        for what, order in in_every_order(days).items():
            organisation_id, found, batch = replay(one.name, replayed, order)
            if first is None:
                first = found
                wrong += _compare(what, single.expected(facts), got(organisation_id, single, batch))
            same = {"recorded": first.recorded, "balances that differ": 0, "members": len(first.balances)}
            wrong += _compare(
                f"{what}, {found.files} files",
                same,
                {
                    "recorded": found.recorded,
                    "balances that differ": differing(first.balances, found.balances),
                    "members": len(found.balances),
                },
            )
    return wrong


def _check_refusal(single: Any, batch: Any) -> int:
    said = " ".join(error["detail"] for error in (batch.refusal or {}).get("errors", []))
    missing = [word for word in single.refused if word not in said]
    out.print(f"  {single.file}: {batch.state}, nothing posted")
    for error in (batch.refusal or {}).get("errors", []):
        out.print(f"    {error['detail']}")
    if missing or batch.state != "refused":
        out.print(f"    [red]✗ expected a refusal that names {', '.join(single.refused)}[/]")
    return len(missing) + int(batch.state != "refused")


def _compare(what: str, expected: dict[str, Any], found: dict[str, Any], *, show: bool = False) -> int:
    """Print expected against got; the number of figures that differ."""
    wrong = 0
    for name, value in expected.items():
        same = found.get(name) == value
        wrong += not same
        if show or not same:
            mark = "[green]✓[/]" if same else "[red]✗[/]"
            shown = _short(value)
            out.print(
                f"    {mark} {name}: expected {shown}, got {shown if same else _short(found.get(name), 600)}"
            )
    if not show:
        mark = "[green]✓[/]" if not wrong else "[red]✗[/]"
        out.print(f"    {mark} {what}: {len(expected) - wrong} of {len(expected)} figures the same")
    return wrong


def _short(value: Any, length: int = 90) -> str:
    text = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return text if len(text) <= length else text[: length - 1] + "…"


if __name__ == "__main__":
    if len(sys.argv) < 2 or not (Path(sys.argv[1]) / "dev_facts.json").exists():
        raise SystemExit("Name the folder that holds the sets and dev_facts.json: make real DATA=folder")
    try:
        wrong = main(Path(sys.argv[1]).resolve(), tuple(sys.argv[2:]))
    finally:
        own_server.let_go()
    raise SystemExit(1 if wrong else 0)
