"""The doctor: whether everything Plaudit stands on is as it must be, and what to do where it is not."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from importlib import import_module, metadata
from pathlib import Path

import typer

from plaudit.foundation import config as configuration
from plaudit.foundation import postgres
from plaudit.foundation.refusals import Refusal
from plaudit.insights.findings import Finding, of_disk
from plaudit.surfaces.cli.output import CHECK_FAILED, say, show_rows
from plaudit.surfaces.cli.setting_up import set_up, set_up_django


def doctor() -> None:
    """Look whether everything is as it must be.

    Exit code 8 where something is not. Nothing is changed.
    """
    found = list(_findings())
    rows = [{"look_at": one.look_at, "well": one.well, "says": one.says, "do": one.do} for one in found]
    show_rows(rows, ["look_at", "well", "says", "do"], empty="")
    ill = [one for one in found if not one.well]
    say("All is well." if not ill else f"{len(ill)} of {len(rows)} need looking after.")
    if ill:
        raise typer.Exit(CHECK_FAILED)


def _findings() -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("program", says=f"Plaudit {metadata.version('plaudit')} on Python {version}")
    config = configuration.load()
    whose = "its own server" if config.database_url is None else "the server in PLAUDIT_DATABASE_URL"
    try:
        set_up_django()  # whose words findings are in
        yield from _disks()
        set_up()
    except Refusal as refused:
        yield Finding("database", says=f"{whose}: {refused.say()}", do=refused.next_step())
        return
    # It names tables, and can be imported only now.
    looking = import_module("plaudit.insights.health")
    yield Finding("database", says=f"{whose}, signed in as {looking.login()}")
    for look_at, look in looking.LOOKS.items():
        try:
            yield look()
        except Exception as failed:  # noqa: BLE001  # the doctor goes on to what comes next
            words = str(failed).strip().splitlines() or [type(failed).__name__]
            yield Finding(look_at, says=words[0], do="see whether the tables are up to date")


def _disks() -> Iterator[Finding]:
    home = configuration.home()
    yield of_disk("home", str(home), shutil.disk_usage(home).free)
    if configuration.load().database_url is None:
        data = postgres.status(home).data
        standing: Path = next(one for one in (data, *data.parents) if one.exists())
        if standing.stat().st_dev != home.stat().st_dev:
            yield of_disk("data", str(data), shutil.disk_usage(standing).free)
