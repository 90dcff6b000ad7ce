"""Commands that write the generated references, and check that those in the repository are what would be written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from plaudit.foundation.refusals import NotFound
from plaudit.planning.programme_file.reference import with_tables
from plaudit.planning.programme_file.schema import schema_text
from plaudit.surfaces.api.files import reference_files
from plaudit.surfaces.cli.access_page import access_page
from plaudit.surfaces.cli.loading import COMMANDS, load
from plaudit.surfaces.cli.output import CHECK_FAILED, say, show, show_rows

docs = typer.Typer(no_args_is_help=True, help="Write and check the generated references.")

ROOT = Path(__file__).resolve().parents[4]
"""The checkout; an installation from a package has no docs folder, and nothing to check."""

_HEAD = """\
# The command line

*Made by `plaudit docs write`; `make check` fails where it is not what the commands say.*

    plaudit NOUN VERB [OPTIONS]

Data goes to standard output, talk to standard error. A list is a table on a terminal, a JSON array with `--json`
(`[]` when there is nothing) and lines of cells parted by tabs with `--plain`. `NO_COLOR` and `TERM=dumb` are heard.
A command acts on the only organisation there is, or on the one named by `--org` or `PLAUDIT_ORG`. A member is named
by reference (`mem_…`), by an id another system uses (`till:C0001`) or by e-mail address.

These options may stand anywhere on the line:

{everywhere}

Exit codes:

| Code | Meaning |
|---|---|
| 0 | done |
| 1 | a failure of ours |
| 2 | the command line was not understood, or does not say which organisation |
| 3 | what was named is not there |
| 4 | what was given is not right |
| 5 | it contradicts what is already recorded |
| 6 | not allowed, or not confirmed |
| 7 | the database or another part is not reached |
| 8 | a check found something broken |
| 130 | interrupted |
"""


@dataclass(frozen=True)
class Reference:
    """A generated file of the repository, and how it is made from what stands there now (empty: nothing)."""

    path: str
    make: Callable[[str], str]


def references() -> list[Reference]:
    """Every generated reference."""
    described = [
        Reference(f"docs/reference/{name}", lambda _, text=text: text)  # type: ignore[misc]  # bound at once
        for name, text in reference_files().items()
    ]
    return [
        Reference("docs/reference/cli.md", lambda _: cli_page()),
        Reference("docs/reference/access.md", lambda _: access_page()),
        Reference("docs/reference/programme-file.md", with_tables),
        Reference("src/plaudit/programmes/programme.schema.json", lambda _: schema_text()),
        *described,
    ]


@docs.command("list")
def list_references() -> None:
    """List the generated references."""
    show_rows([{"file": one.path} for one in references()], ["file"], empty="")


@docs.command("show")
def show_reference(file: Annotated[str, typer.Argument(help="How its name ends, such as cli.md.")]) -> None:
    """Print a reference as it would be written now."""
    for one in references():
        if one.path.endswith(file):
            typer.echo(one.make(_standing(one)), nl=False)
            return
    raise NotFound(kind="reference", ref=file)


@docs.command("write")
def write() -> None:
    """Write every generated reference anew."""
    written = [one for one in references() if _differs(one)]
    for one in written:
        path = ROOT / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(one.make(_standing(one)), encoding="utf-8")
    named = ", ".join(one.path for one in written) or "nothing: all are as they must be"
    show({"written": [one.path for one in written]}, sentence=f"Wrote {named}.")


@docs.command("check")
def check() -> None:
    """Check that every generated reference is what would be written now. Exit code 8 where one is not."""
    stale = [one.path for one in references() if _differs(one)]
    if stale:
        show(
            {"stale": stale},
            sentence="\n".join(f"{path} is not what would be written now." for path in stale),
        )
        say("Write them anew:  plaudit docs write")
        raise typer.Exit(CHECK_FAILED)
    show({"stale": []}, sentence="Every generated reference is as it must be.")


def _standing(one: Reference) -> str:
    path = ROOT / one.path
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _differs(one: Reference) -> bool:
    standing = _standing(one)
    return one.make(standing) != standing


def cli_page() -> str:
    """The reference of the command line, made from the commands themselves."""
    root = typer.main.get_command(_root())
    parts = [_HEAD.format(everywhere=_options(root))]
    panel = ""
    for name, listed in COMMANDS.items():
        if listed.panel != panel:
            panel = listed.panel
            parts.append(f"## {panel}\n")
        parts += _described(load(name), f"plaudit {name}")
    return "\n".join(parts).rstrip() + "\n"


def _root() -> typer.Typer:
    from plaudit.surfaces.cli.main import app  # noqa: PLC0415  # it lists this module, which lists it

    return app


def _described(command: Any, path: str) -> Iterator[str]:
    """A command, or a noun with every verb under it."""
    verbs = getattr(command, "commands", None)
    if verbs is not None:
        yield f"### `{path}`\n\n{command.help}\n"
        for name, verb in verbs.items():
            yield from _verb(verb, f"{path} {name}", "####")
    else:
        yield from _verb(command, path, "###")


def _verb(command: Any, path: str, level: str) -> Iterator[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    usage = " ".join([path, *(_usage(one) for one in arguments)])
    yield f"{level} `{path}`\n\n    {usage}\n"
    yield _prose(command.help or "")
    lines = [f"- `{_usage(one)}`: {one.help or ''}" for one in arguments]
    options = _options(command)
    told = "\n".join([*lines, *([options] if options else [])])
    if told:
        yield told + "\n"


def _usage(argument: Any) -> str:
    name = (argument.metavar or argument.name).upper().strip("[]").replace("_", "-")
    return name if argument.required else f"[{name}]"


def _options(command: Any) -> str:
    shown = [
        one
        for one in command.params
        if one.param_type_name == "option"
        and not one.hidden
        and one.name not in ("help", "install_completion", "show_completion")
    ]
    return "\n".join(_option(one) for one in shown)


def _option(option: Any) -> str:
    names = ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
    says = [option.help or ""]
    if option.required:
        says.append("Required.")
    elif option.default not in (None, "", False, True, 0, []) and not callable(option.default):
        says.append(f"Default: `{option.default}`.")
    return f"- {names}: {' '.join(says)}"


def _prose(text: str) -> str:
    """A docstring as Markdown: an example becomes a block of code."""
    blocks = []
    for block in text.strip().split("\n\n"):
        if block.startswith("Example:"):
            example = " ".join(line.strip() for line in block.removeprefix("Example:").splitlines()).strip()
            blocks.append(f"Example:\n\n    {example}")
        else:
            blocks.append(" ".join(line.strip() for line in block.splitlines()))
    return "\n\n".join(blocks) + "\n"
