"""The what-if command: a draft replayed over what really happened."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from plaudit.foundation import ids
from plaudit.foundation.currencies import minor_digits
from plaudit.foundation.exact import encode
from plaudit.planning.actions.simulate import simulate as replay
from plaudit.planning.refusals import ProgrammeFileRefused
from plaudit.planning.simulation.simulate import Part, Result, UnitResult
from plaudit.surfaces.cli.acting import ACTOR, names_of, organisation_id
from plaudit.surfaces.cli.output import manner, say, show, show_rows, talk, text_of


def simulate(
    file: Annotated[Path, typer.Argument(help="A draft programme file.")],
    save: Annotated[Path | None, typer.Option(help="Keep the whole result as JSON in this file.")] = None,
) -> None:
    """Replay the past under a draft.

    Every stored activity is decided again under the draft and held beside what live granted: points, cost,
    by month, rule and group, who gains and who loses. Nothing is posted; the result is kept and can be looked
    up again.

    Example:  plaudit simulate autumn.yaml --save autumn.json
    """
    here = organisation_id()
    try:
        with talk().status("reading history") as status:
            kept, result = replay(
                here,
                text_of(file),
                actor=ACTOR,
                progress=lambda stage, rows: status.update(f"{stage}: {rows:,} events"),
            )
    except ProgrammeFileRefused as refused:
        if any("/examples/" in str(one.get("pointer", "")) for one in refused.errors):
            say(
                "A rule's examples are its tests: change what they expect to what the draft means, or take them out."
            )
        raise
    names = _names(here, result)
    body = {"id": ids.show("sim", kept.id), **dataclasses.asdict(result)}
    if save is not None:
        save.write_text(encode(body), encoding="utf-8")
        say(f"The whole result is in {save}.")
    if manner.json:
        show(body)
        return
    say(f"{result.events:,} events of {result.programme} replayed and kept as {body['id']}.")
    for unit in result.units:
        _tell(unit, names)


def _names(here: int, result: Result) -> dict[str, str]:
    """What to call the members that gain or lose most."""
    shown = {part.name for unit in result.units for part in (*unit.winners, *unit.losers)}
    ids: dict[UUID, str] = {}
    for text in shown:
        try:
            ids[UUID(hex=text)] = text
        except ValueError:
            continue  # a group's name
    return {ids[one]: name for one, name in names_of(here, ids).items()}


def _tell(unit: UnitResult, names: dict[str, str]) -> None:
    def money(minor: int) -> str:
        digits = minor_digits(unit.currency) if unit.currency else 0
        return f"{minor / 10**digits:,.{digits}f} {unit.currency}" if unit.currency else "no value is set"

    say(
        f"\n[bold]{unit.unit}[/]: {unit.draft:,} under the draft, {unit.live:,} live ({unit.draft - unit.live:+,})"
    )
    say(f"cost: {money(unit.cost_minor)}, live {money(unit.live_cost_minor)}")
    say(f"{unit.members:,} members: {unit.winning:,} gain, {unit.losing:,} lose")
    for title, parts in (("month", unit.by_month), ("rule", unit.by_rule), ("group", unit.by_group)):
        _parts(title, parts, names)
    for title, parts in (("gains most", unit.winners), ("loses most", unit.losers)):
        _parts(title, parts[:5], names)


def _parts(title: str, parts: tuple[Part, ...], names: dict[str, str]) -> None:
    rows: list[dict[str, Any]] = [
        {
            title: names.get(one.name, one.name),
            "draft": one.draft,
            "live": one.live,
            "difference": one.difference,
        }
        for one in parts
    ]
    if rows:
        show_rows(rows, [title, "draft", "live", "difference"], empty="")
