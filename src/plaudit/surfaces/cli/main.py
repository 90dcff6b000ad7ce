"""The `plaudit` command: one table of all nouns and verbs. What a command needs is imported when it is called."""

from __future__ import annotations

from typing import Annotated

import typer

from plaudit.surfaces.cli.loading import Commands
from plaudit.surfaces.cli.output import manner

app = typer.Typer(
    name="plaudit",
    cls=Commands,
    help="Runs customer-service reward programmes, on a ledger anyone can audit.\n\nStart with:  plaudit demo",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
)


@app.callback()
def everywhere(
    *,
    json: Annotated[bool, typer.Option("--json", help="Answer with JSON on standard output.")] = False,
    fields: Annotated[str, typer.Option("--fields", help="Only these fields of the answer, by comma.")] = "",
    plain: Annotated[bool, typer.Option("--plain", help="Lists as lines of cells parted by tabs.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but the answer.")] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask; refuse instead.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Answer yes to what would be asked.")] = False,
    org: Annotated[
        str, typer.Option("--org", envvar="PLAUDIT_ORG", help="The organisation's short name.")
    ] = "",
) -> None:
    """Options that may stand anywhere on the line."""
    manner.json = json
    manner.fields = [name.strip() for name in fields.split(",") if name.strip()]
    manner.plain = plain
    manner.quiet = quiet
    manner.ask = not no_input
    manner.yes = yes
    manner.organisation = org


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
