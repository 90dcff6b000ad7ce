"""Commands about learning: what there is, who completed it, lists of who came, and what was practised.

What is offered and the scenarios stand in programme files: `plaudit programme` checks, applies and exports them.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from plaudit.earning.uploads import keep_upload
from plaudit.foundation import clock, ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.rolls import (
    commit_roll,
    count_roll,
    reverse_roll,
    roll_id_of,
    roll_ref,
    stage_roll,
    take_back_roll,
)
from plaudit.learning.completing import completion_ref
from plaudit.learning.offered import all_learning
from plaudit.learning.queries import learned
from plaudit.learning.queries import rolls as kept
from plaudit.learning.queries.practised import counted, revisions
from plaudit.learning.roll_models import Roll
from plaudit.learning.rules.credits import credits_of
from plaudit.learning.rules.steps import minutes_in
from plaudit.surfaces.cli.acting import ACTOR, member_named, organisation_id
from plaudit.surfaces.cli.output import confirm, say, show, show_rows

learning = typer.Typer(no_args_is_help=True, help="What there is to learn, and who did.")

_PIECE = 1 << 20
_SHOWN = 500

ListRef = Annotated[str, typer.Argument(help="A list, rll_….")]


@learning.command("list")
def list_offerings() -> None:
    """List what there is to learn, with the credits that completing it makes."""
    here = organisation_id()
    with in_organisation(here):
        rows = [
            {
                "what": f"{one.programme}/{each.key}",
                "name": each.name,
                "kind": each.kind.value,
                "credits": credits_of([minutes_in(one, each)]),
            }
            for one in all_learning(here)
            for each in one.offerings
        ]
    empty = "There is nothing to learn; add the section learning to a programme file."
    show_rows(rows, ["what", "name", "kind", "credits"], empty=empty)


@learning.command("attend")
def attend(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV or XLSX file.")],
    what: Annotated[str, typer.Option(help="What was completed, as programme/offering.")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day, such as 2026-03-02.")],
    *,
    count: Annotated[
        bool, typer.Option("--count", help="Count everybody who is sure, after asking.")
    ] = False,
) -> None:
    """Look at a list of who completed something; with --count, count whom it surely means.

    Example:  plaudit learning attend came.csv --what academy/listening --on 2026-03-02
    """
    here = organisation_id()
    programme, _slash, offering = what.partition("/")
    with file.open("rb") as opened:
        path = keep_upload(here, file.name, iter(lambda: opened.read(_PIECE), b""))
    roll = stage_roll(
        here,
        path=path,
        name=file.name,
        programme=programme,
        offering=offering,
        held_on=on.date(),
        actor=ACTOR,
    )
    with in_organisation(here):
        shown = _told(roll)
    show(shown)
    if not count:
        say(
            f"Nothing is counted yet: plaudit learning attend {file} --what {what} --on {on:%Y-%m-%d} --count"
        )
        return
    confirm(f"Count {shown['people']} people?")
    commit_roll(here, roll_id=roll.id, actor=ACTOR)
    counted = count_roll(here, roll_id=roll.id)
    say(
        f"{counted:,} are counted. To take it back:  plaudit learning reverse {roll_ref(roll.id)} --because …"
    )


@learning.command("lists")
def lists() -> None:
    """List the lists that were sent in, newest first."""
    here = organisation_id()
    with in_organisation(here):
        rows = [_told(one) for one in kept.rolls(here)]
    names = ["id", "name", "what", "day", "state", "sure", "likely", "unknown", "duplicate"]
    show_rows(rows, names, empty="No list was sent in.")


@learning.command("reverse")
def reverse(list_id: ListRef, because: Annotated[str, typer.Option(help="Why.")]) -> None:
    """Take back everything that a list counted, with what it earned. Interrupted, the same command goes on."""
    here = organisation_id()
    roll_id = roll_id_of(list_id)
    reverse_roll(here, roll_id=roll_id, reason=because, actor=ACTOR)
    taken = take_back_roll(here, roll_id=roll_id)
    show({"list": list_id, "taken_back": taken}, sentence=f"{taken:,} completions are taken back.")


@learning.command("statement")
def statement(
    member: Annotated[str, typer.Argument(help="mem_…, source:id or an e-mail address.")],
) -> None:
    """List what a member completed, and say what credits that makes this year.

    Example:  plaudit learning statement ada@example.com
    """
    here = organisation_id()
    found = member_named(here, member)
    with in_organisation(here):
        people = learned.one_person(here, found.id)
        year = clock.now().year
        credits = learned.credits_of_members(here, people, year=year)
        rows = [
            {
                "completion": completion_ref(one.id),
                "what": f"{one.programme}/{one.offering}",
                "day": one.completed_on.isoformat(),
                "minutes": one.minutes,
            }
            for one in learned.completions(here, members=people, standing=True, limit=_SHOWN)
        ]
    show_rows(rows, ["completion", "what", "day", "minutes"], empty="Nothing was completed.")
    say(f"{credits.whole} credits in {year}, and {credits.minutes_beside} minutes beside them.")


@learning.command("scenarios")
def scenarios() -> None:
    """List the conversations to practise: how many members passed each as it is now, and how many shall refresh it."""
    here = organisation_id()
    with in_organisation(here):
        revised, many = revisions(here), counted(here)
        rows = [
            {
                "what": f"{one.programme}/{each.key}",
                "name": each.name,
                "revision": revised[one.programme, each.key].revision,
                **dict(
                    zip(("passed", "to_refresh"), many.get((one.programme, each.key), (0, 0)), strict=True)
                ),
            }
            for one in all_learning(here)
            for each in one.scenarios
        ]
    empty = "There is nothing to practise; write scenarios in a programme file."
    show_rows(rows, ["what", "name", "revision", "passed", "to_refresh"], empty=empty)


def _told(one: Roll) -> dict[str, object]:
    """A list with how many of its rows are in each group, and how many people counting it means. Inside `in_organisation`."""
    return {
        "id": ids.show("rll", one.id),
        "name": one.name,
        "what": f"{one.programme}/{one.offering}",
        "day": one.held_on.isoformat(),
        "state": one.state,
        "people": one.preview.get("people", 0),
        **kept.groups_of(one),
    }
