"""The `plaudit` command: every noun and verb, mounted. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
from importlib import import_module

import typer

from plaudit.surfaces.cli.output import manner

app = typer.Typer(
    name="plaudit",
    help="Runs customer-service reward programmes, on a ledger anyone can audit.\n\n"
    "Start with:  plaudit demo",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
)


@app.callback()
def everywhere(
    json: bool = typer.Option(False, "--json", help="Answer with JSON on standard output."),
    quiet: bool = typer.Option(False, "--quiet", "-q", help="Say nothing but the answer."),
    no_input: bool = typer.Option(False, "--no-input", help="Never ask; refuse instead."),
    org: str = typer.Option("", "--org", envvar="PLAUDIT_ORG", help="The organisation, by its short name."),
) -> None:
    """Options that stand before every command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plaudit.settings")
    manner.json = manner.json or json
    manner.quiet = manner.quiet or quiet
    manner.ask = manner.ask and not no_input
    if org:
        os.environ["PLAUDIT_ORG"] = org


# Each module adds its own commands to `app`; they set Django up themselves, when they run.
for module in ("running", "members", "programmes", "activities", "points", "simulating"):
    import_module(f"plaudit.surfaces.cli.{module}").mount(app)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
