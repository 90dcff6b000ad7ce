"""How the command line speaks: data on stdout, talk on stderr, one exit code a kind of ending."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from plaudit.foundation.access.refusals import Unavailable
from plaudit.foundation.exact import encode
from plaudit.foundation.refusals import Problem, Refusal

# Exit codes, as the command line's reference promises them.
OK, FAILURE, USAGE, NOT_FOUND, INVALID, CONFLICT, NOT_ALLOWED, UNAVAILABLE, CHECK_FAILED = range(9)
INTERRUPTED = 130

# A table on a pipe is as wide as its cells: nothing is cut off that somebody searches for.
_WIDE = 400


@dataclass(slots=True)
class Manner:
    """How this run speaks, whether it may ask, and which organisation was named."""

    json: bool = False
    plain: bool = False
    quiet: bool = False
    ask: bool = True
    yes: bool = False
    organisation: str = ""
    fields: list[str] = field(default_factory=list)


manner = Manner()


class NotConfirmed(Refusal):
    code = "not_confirmed"
    exit_code = NOT_ALLOWED
    sentence = "That was not confirmed: {what}"
    way_forward = "Say --yes where nobody can be asked."

    def __init__(self, *, what: str) -> None:
        super().__init__(what=what)


def talk() -> Console:
    """Where the person is spoken to; made anew, for standard error may be another one."""
    return Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """Tell the person what is going on or what to do next; silent when asked to be. Takes rich's markup."""
    if not manner.quiet:
        talk().print(text, soft_wrap=True)


def confirm(what: str) -> None:
    """Ask before what cannot be taken back. Raises `NotConfirmed`, also where nobody can be asked."""
    if manner.yes:
        return
    if not (manner.ask and sys.stdin.isatty() and typer.confirm(what, err=True)):
        raise NotConfirmed(what=what)


def show(value: Mapping[str, Any], *, sentence: str | None = None) -> None:
    """One thing: JSON for programs; for people its sentence, or its fields one a line."""
    told = {name: value.get(name) for name in manner.fields} if manner.fields else value
    if manner.json:
        sys.stdout.write(encode(told) + "\n")
    elif sentence is not None and not manner.fields:
        sys.stdout.write(sentence + "\n")
    else:
        width = max((len(name) for name in told), default=0)
        for name, one in told.items():
            sys.stdout.write(f"{name.replace('_', ' '):<{width}}  {_plain(one)}\n")


def show_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, empty: str) -> None:
    """A list: a JSON array for programs (`[]` when there is nothing), a table for people."""
    listed = list(rows)
    names = manner.fields or list(columns)
    if manner.json:
        chosen = [{name: row.get(name) for name in names} for row in listed] if manner.fields else listed
        sys.stdout.write(encode(chosen) + "\n")
    elif not listed:
        say(empty)
    elif manner.plain:
        for row in listed:
            sys.stdout.write("\t".join(_plain(row.get(name)) for name in names) + "\n")
    else:
        _table(listed, names)


def _table(rows: list[Mapping[str, Any]], names: Sequence[str]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in names:
        numeric = all(isinstance(row.get(name), int) for row in rows)
        table.add_column(name.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(_plain(row.get(name))) for name in names))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    console.print(table)


def _plain(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def text_of(path: Path) -> str:
    """The text of a file somebody named; `-` is standard input."""
    return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")


@contextmanager
def translated() -> Iterator[None]:
    """Turn a refusal into its sentence and its exit code, and an interruption into 130."""
    try:
        yield
    except Refusal as refusal:
        _refuse(refusal)
        raise typer.Exit(refusal.exit_code) from None
    except FileNotFoundError as missing:
        _fail(
            "file_not_found",
            f"There is no file {missing.filename}.",
            "Check its name and the folder you are in.",
        )
        raise typer.Exit(NOT_FOUND) from None
    except (IsADirectoryError, PermissionError) as closed:
        _fail("file_not_readable", f"{closed.filename} cannot be opened: {closed.strerror}.", "")
        raise typer.Exit(INVALID) from None
    except UnicodeDecodeError:
        _fail(
            "file_not_text",
            "The file is not UTF-8 text.",
            "Save it as UTF-8, or name its encoding in the mapping.",
        )
        raise typer.Exit(INVALID) from None
    except KeyboardInterrupt:
        talk().print("Stopped.")
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        if not _is_of_the_database(error):
            raise
        _refuse(Unavailable())
        raise typer.Exit(Unavailable.exit_code) from error


def _is_of_the_database(error: Exception) -> bool:
    """Whether the database was gone, full or stopped. Only where Django was needed can it be: it is slow to import."""
    raised_by = sys.modules.get("django.db.utils")
    return raised_by is not None and isinstance(error, (raised_by.OperationalError, raised_by.InterfaceError))


def _refuse(refusal: Refusal) -> None:
    errors = refusal.errors if isinstance(refusal, Problem) else []
    _fail(refusal.code, refusal.say(), refusal.next_step(), errors)


def _fail(code: str, detail: str, way_forward: str, errors: Sequence[Mapping[str, Any]] = ()) -> None:
    if manner.json:
        body = {"code": code, "detail": detail, "way_forward": way_forward, "errors": list(errors)}
        sys.stderr.write(encode(body) + "\n")
        return
    console = talk()
    mark = "" if os.environ.get("TERM") == "dumb" else "[bold red]✗[/] "
    console.print(f"{mark}{escape(detail)}", soft_wrap=True)
    for error in errors:
        console.print(escape(f"  {error.get('pointer', '')}: {error.get('detail', '')}"), soft_wrap=True)
    if way_forward:
        console.print(f"  {escape(way_forward)}", soft_wrap=True)
