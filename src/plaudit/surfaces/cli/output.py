"""How the command line speaks: data on stdout, talk on stderr, one exit code a kind of ending."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from plaudit.foundation.exact import encode
from plaudit.foundation.refusals import Problem, Refusal

# Exit codes, as the command line's reference promises them.
OK, FAILURE, USAGE, NOT_FOUND, INVALID, CONFLICT, NOT_ALLOWED, UNAVAILABLE, CHECK_FAILED = range(9)
INTERRUPTED = 130

talk = Console(stderr=True, highlight=False)
_data = Console(highlight=False, soft_wrap=True)


@dataclass(slots=True)
class Manner:
    """How this run speaks: machine-readable or for people, quiet or not, allowed to ask or not."""

    json: bool = False
    quiet: bool = False
    ask: bool = True


manner = Manner()


def say(text: str) -> None:
    """Tell the person what is going on or what to do next; silent when asked to be."""
    if not manner.quiet:
        talk.print(text)


def show(value: Mapping[str, Any], *, sentence: str | None = None) -> None:
    """One thing: JSON for programs; for people its sentence, or its fields one a line."""
    if manner.json:
        sys.stdout.write(encode(value) + "\n")
    elif sentence is not None:
        _data.print(sentence)
    else:
        width = max((len(name) for name in value), default=0)
        for name, one in value.items():
            _data.print(f"{name.replace('_', ' '):<{width}}  {_plain(one)}")


def show_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, empty: str) -> None:
    """A list: a JSON array for programs (`[]` when there is nothing), a table for people."""
    listed = list(rows)
    if manner.json:
        sys.stdout.write(encode(listed) + "\n")
        return
    if not listed:
        say(empty)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        numeric = all(isinstance(row.get(column), int) for row in listed)
        table.add_column(column.replace("_", " "), justify="right" if numeric else "left")
    for row in listed:
        table.add_row(*(_plain(row.get(column)) for column in columns))
    _data.print(table)


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


@contextmanager
def translated() -> Iterator[None]:
    """Turn a refusal into its sentence and its exit code, and an interruption into 130."""
    try:
        yield
    except Refusal as refusal:
        _refuse(refusal)
        raise typer.Exit(refusal.exit_code) from None
    except KeyboardInterrupt:
        talk.print("Stopped.")
        raise typer.Exit(INTERRUPTED) from None


def _refuse(refusal: Refusal) -> None:
    errors = refusal.errors if isinstance(refusal, Problem) else []
    if manner.json:
        body = {
            "code": refusal.code,
            "detail": refusal.say(),
            "way_forward": refusal.next_step(),
            "errors": errors,
        }
        sys.stderr.write(encode(body) + "\n")
        return
    talk.print(f"[bold red]✗[/] {refusal.say()}" if os.environ.get("TERM") != "dumb" else refusal.say())
    for error in errors:
        talk.print(f"  {error.get('pointer', '')}: {error.get('detail', '')}")
    if refusal.next_step():
        talk.print(f"  {refusal.next_step()}")
