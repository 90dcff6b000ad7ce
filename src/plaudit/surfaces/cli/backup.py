"""The commands that put a whole database into one file, and a file into a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from plaudit.foundation.backup.archive import Tell
from plaudit.surfaces.cli.output import CHECK_FAILED, confirm, manner, say, show, talk
from plaudit.surfaces.cli.setting_up import set_up

# What names tables is imported once Django is set up, and restoring first chooses the database: `import_module`.


def backup(
    to: Annotated[Path, typer.Argument(help="A new file; or a folder, for a name made from the moment.")],
) -> None:
    """Write everything in the database to one file.

    It is of one moment, however long it takes, and nobody has to wait for it. The secret key is not in it:
    keep that apart. Uploaded files whose import has not begun are not in it either.

    Example:  plaudit backup /mnt/backups
    """
    set_up()
    with _progress("Writing") as (tell, total):
        made = import_module("plaudit.surfaces.cli.backup_making").make(to, tell=tell, total=total)
    shown = {
        "file": str(made.path),
        "bytes": made.path.stat().st_size,
        "rows": sum(part.rows for part in made.manifest.tables.values()),
        "organisations": made.manifest.totals,
        "made_at": made.manifest.made_at,
    }
    told = f"{made.path}: {shown['rows']:,} rows, {shown['bytes'] / 1e6:,.1f} MB."
    show(shown, sentence=told)
    say(f"Not in it: the secret key, which is {made.key_is}. Keep a copy of it somewhere else.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `plaudit backup` wrote.")],
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Give up what is in the database now.")] = False,
    other_key: Annotated[
        bool, typer.Option("--other-key", help="Go on without what only the other secret key opens.")
    ] = False,
    erasures: Annotated[
        list[Path] | None,
        typer.Option(
            "--erasures", help="A list of members erased since, such as another home's erasures.log."
        ),
    ] = None,
) -> None:
    """Put a backup into the database, prove it, and erase again whoever was erased since.

    The file is read and proven before anything is touched; the database is as it was until what was restored
    is proven equal to what was backed up. Plaudit must not be running.

    Example:  plaudit restore /mnt/backups/plaudit-2026-11-22-0300.backup
    """
    target = import_module("plaudit.surfaces.cli.backup_target")
    place = target.choose(file, replace=replace)
    if place.replaces:
        confirm(f"Give up {place.holds} in the database {place.final}, and put {file} in its place?")
    with target.prepared(place):
        restoring = import_module("plaudit.surfaces.cli.backup_restoring")
        with _progress("Reading") as (tell, total):
            done = restoring.restore(
                file,
                place=place,
                other_key=other_key,
                erasures=[*(erasures or []), *target.erasures_here()],
                tell=tell,
                total=total,
            )
    _tell_of(done, file=file, database=place.final)


def _tell_of(done: Any, *, file: Path, database: str) -> None:
    shown: dict[str, Any] = {
        "file": str(file),
        "database": database,
        "rows": done.rows,
        "checks": done.checks,
        "erased_again": done.erased,
        "not_erased": done.not_erased,
        "organisations": done.totals,
    }
    told = f"{database} is as it was at {done.made_at}: {done.rows:,} rows, {done.checks} checks hold."
    show(shown, sentence=told)
    if done.erased:
        say(f"Erased again: {len(done.erased)}, whom the backup still knew.")
    say(
        "Everybody signs in anew. Keys that were revoked since then are live again: look at `plaudit key list`."
    )
    if done.not_erased:
        say(f"[bold red]Erase these by hand before you serve:[/] {', '.join(done.not_erased)}")
        raise typer.Exit(CHECK_FAILED)


@contextmanager
def _progress(act: str) -> Iterator[tuple[Tell, Any]]:
    """How far the work is, on a terminal: functions that hear of bytes done, and of bytes to do."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=talk(), transient=True, disable=manner.quiet or not talk().is_terminal
    ) as bar:
        task = bar.add_task(act, total=None)

        def tell(table: str, count: int) -> None:
            bar.update(task, advance=count, description=f"{act} {table}")

        def total(count: int) -> None:
            bar.update(task, total=count)

        yield tell, total
