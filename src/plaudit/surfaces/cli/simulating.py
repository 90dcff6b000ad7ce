"""The what-if command: a draft replayed over what really happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from plaudit.surfaces.cli.output import manner, say, show, show_rows, talk, translated
from plaudit.surfaces.cli.setting_up import organisation_id, set_up


def mount(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(simulate)


def simulate(
    file: Path = typer.Argument(help="A draft programme file."),
    save: Path = typer.Option(None, help="Keep the whole result as JSON in this file."),
) -> None:
    """Replay the organisation's history under a draft, beside what live granted: points, cost, winners and losers.

    Example:  plaudit simulate autumn.yaml --save autumn.json
    """
    with translated():
        set_up()
        from plaudit.foundation.exact import encode  # noqa: PLC0415  # needs Django set up
        from plaudit.planning.plans import validate  # noqa: PLC0415
        from plaudit.planning.programme_file.definitions import definition_of, stored_fields  # noqa: PLC0415
        from plaudit.planning.simulation.simulate import simulate_stored  # noqa: PLC0415

        programme = validate(file.read_text())
        types = {one.key: stored_fields(one.fields) for one in programme.activities}
        with talk.status("reading history"):
            result = simulate_stored(
                organisation_id(),
                definition_of(programme),
                types,
                progress=lambda stage, rows: say(f"  {stage}: {rows:,} events"),
            )
        body = _as_data(result)
        if save is not None:
            save.write_text(encode(body))
            say(f"The result is in {save}.")
        if manner.json:
            show(body)
            return
        for unit in result.units:
            _tell(unit)


def _as_data(result: Any) -> dict[str, Any]:
    import dataclasses  # noqa: PLC0415  # only here

    return dataclasses.asdict(result)


def _tell(unit: Any) -> None:
    def money(minor: int) -> str:
        return f"{minor / 100:,.2f} {unit.currency}" if unit.currency else "–"

    say(
        f"\n[bold]{unit.unit}[/]: {unit.draft:,} under the draft, {unit.live:,} live ({unit.draft - unit.live:+,})"
    )
    say(f"cost {money(unit.cost_minor)}, live {money(unit.live_cost_minor)}")
    say(f"{unit.members:,} members: {unit.winning:,} gain, {unit.losing:,} lose")
    for title, parts in (("month", unit.by_month), ("rule", unit.by_rule), ("group", unit.by_group)):
        rows = [{title: p.name, "draft": p.draft, "live": p.live, "difference": p.difference} for p in parts]
        show_rows(rows, [title, "draft", "live", "difference"], empty=f"Nothing by {title}.")
    for title, parts in (("gains most", unit.winners), ("loses most", unit.losers)):
        rows = [
            {title: p.name, "draft": p.draft, "live": p.live, "difference": p.difference} for p in parts[:5]
        ]
        if rows:
            show_rows(rows, [title, "draft", "live", "difference"], empty="")
