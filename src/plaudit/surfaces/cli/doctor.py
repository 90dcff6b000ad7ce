"""The doctor: whether everything Plaudit stands on is as it must be, and what to do where it is not."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from importlib import import_module, metadata

import typer

from plaudit.foundation import config as configuration
from plaudit.foundation.refusals import Refusal
from plaudit.surfaces.cli.output import CHECK_FAILED, say, show_rows
from plaudit.surfaces.cli.setting_up import set_up, set_up_django

_ROOM = 1_000_000_000
"""Bytes that ought to be free on the disk of the home folder."""


def doctor() -> None:
    """Look whether everything is as it must be.

    Exit code 8 where something is not. Nothing is changed.
    """
    rows = [{"look_at": name, "well": well, "says": says} for name, well, says in _findings()]
    show_rows(rows, ["look_at", "well", "says"], empty="")
    ill = [row for row in rows if not row["well"]]
    say("All is well." if not ill else f"{len(ill)} of {len(rows)} need looking after.")
    if ill:
        raise typer.Exit(CHECK_FAILED)


def _findings() -> Iterator[tuple[str, bool, str]]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield "program", sys.version_info >= (3, 11), f"Plaudit {metadata.version('plaudit')} on Python {version}"
    home = configuration.home()
    free = shutil.disk_usage(home).free
    yield "home", free > _ROOM, f"{home}, {free / 1e9:,.1f} GB free"
    config = configuration.load()
    whose = "its own server" if config.database_url is None else "the server in PLAUDIT_DATABASE_URL"
    try:
        set_up_django()
        set_up()
    except Refusal as refused:
        yield "database", False, f"{whose}: {refused.say()} {refused.next_step()}"
        return
    for name, looked_at in (
        ("database", _server),
        ("tables", _tables),
        ("worker", _workers),
        ("jobs", _jobs),
    ):
        try:
            yield name, *looked_at()
        except Exception as failed:  # noqa: BLE001  # the doctor goes on to what comes next
            yield name, False, str(failed).strip().splitlines()[0]


def _server() -> tuple[bool, str]:
    with import_module("django.db").connection.cursor() as cursor:
        cursor.execute("select current_setting('server_version'), current_user")
        version, user = cursor.fetchone()
    return True, f"PostgreSQL {version}, signed in as {user}"


def _tables() -> tuple[bool, str]:
    loader = import_module("django.db.migrations.executor").MigrationExecutor
    executor = loader(import_module("django.db").connections["owner"])
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return False, f"{len(waiting)} migrations wait; run `plaudit migrate`"
    return True, "up to date"


def _workers() -> tuple[bool, str]:
    alive = import_module("plaudit.foundation.jobs.queries").workers_alive()
    return (
        True,
        "at work" if alive else "nobody works now; `plaudit serve` has one, or start `plaudit worker`",
    )


def _jobs() -> tuple[bool, str]:
    failed = len(import_module("plaudit.foundation.jobs.queries").failed_jobs())
    return failed == 0, "none was set aside" if not failed else f"{failed} set aside; see `plaudit job list`"
