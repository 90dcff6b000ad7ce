"""Commands about what customers wrote: taking a file in, and searching it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from plaudit.foundation.ids import read
from plaudit.foundation.ids import show as as_reference
from plaudit.foundation.tenancy import in_organisation
from plaudit.listening.actions.remarks import take_in_remarks
from plaudit.listening.files import remarks_in
from plaudit.listening.queries import remarks as kept
from plaudit.surfaces.cli.acting import ACTOR, organisation_id
from plaudit.surfaces.cli.output import show, show_rows

remark = typer.Typer(no_args_is_help=True, help="What customers wrote.")


@remark.command("load")
def load(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file, plain or gzip.")],
    title: Annotated[str, typer.Option(help="What it is called.")],
    words: Annotated[str, typer.Option(help="The column with the words.")],
    category: Annotated[str, typer.Option(help="The column with what it is about.")] = "",
    language: Annotated[str, typer.Option(help="english, german, or simple.")] = "english",
) -> None:
    """Take in a file of remarks. The same file is taken in once under one title."""
    made = take_in_remarks(
        organisation_id(),
        title=title,
        language=language,
        remarks=remarks_in(file.read_bytes(), words=words, category=category),
        actor=ACTOR,
    )
    show({"collection": as_reference("rmc", made.id), "title": made.title, "remarks": made.remarks})


@remark.command("list")
def list_collections() -> None:
    """List what was taken in."""
    here = organisation_id()
    with in_organisation(here):
        rows = [
            {
                "collection": as_reference("rmc", one.id),
                "title": one.title,
                "language": one.language,
                "remarks": one.remarks,
            }
            for one in kept.collections(here)
        ]
    names = ["collection", "title", "language", "remarks"]
    show_rows(rows, names, empty="There are no remarks; take a file in with `plaudit remark load`.")


@remark.command("search")
def search(
    collection: Annotated[str, typer.Argument(help="rmc_…")],
    words: Annotated[str, typer.Argument(help='Words, "a phrase", or, and - before what must not be there.')],
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 20,
) -> None:
    """Search remarks, the most fitting first."""
    here = organisation_id()
    with in_organisation(here):
        one = kept.collection(here, read("rmc", collection, kind="collection"))
        rows = [
            {"number": found.number, "category": found.category, "words": found.words}
            for found in kept.remarks(one, search=words, limit=limit)
        ]
    show_rows(rows, ["number", "category", "words"], empty="Nobody wrote that.")
