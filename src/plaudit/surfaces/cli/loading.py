"""Finds the command that was named, and imports it only then: help must not wait for a database or for Django."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from plaudit.surfaces.cli.output import translated

NOWHERE = "host=/nowhere dbname=none"
"""A database address that nothing answers at: settings can be read with it, and no server starts."""

_ANYWHERE = {"--json": 0, "--plain": 0, "--quiet": 0, "-q": 0, "--no-input": 0, "--yes": 0, "-y": 0}
_ANYWHERE |= {"--fields": 1, "--org": 1}


@dataclass(frozen=True)
class Listed:
    """A command in the table: the module of this package it is in, its name there, and what it is for.

    `django` says that the module names tables, so that Django must stand before it can be imported.
    """

    module: str
    name: str
    help: str
    panel: str
    django: bool = True


COMMANDS: dict[str, Listed] = {
    "demo": Listed("running", "demo", "Show a believable company, made of twelve months of files.", "Start", django=False),
    "init": Listed("organisations", "init", "Make the database and an organisation.", "Start"),
    "serve": Listed("running", "serve", "Serve the pages and the API, and work off jobs, until stopped.", "Start", django=False),
    "worker": Listed("running", "worker", "Work off jobs and schedules until stopped.", "Start", django=False),
    "migrate": Listed("running", "migrate", "Bring the database to the present.", "Start", django=False),
    "doctor": Listed("doctor", "doctor", "Look whether everything is as it must be.", "Start", django=False),
    "version": Listed("running", "version", "Say which Plaudit this is.", "Start", django=False),
    "docs": Listed("docs", "docs", "Write and check the generated references.", "Start"),
    "programme": Listed("programmes", "programme", "Programmes and their files.", "Programme"),
    "simulate": Listed("simulating", "simulate", "Replay the past under a draft.", "Programme"),
    "activity": Listed("activities", "activity", "What happened: events and files of them.", "Activity"),
    "import": Listed("imports", "imports", "Imports and how far they are.", "Activity"),
    "award": Listed("points", "award", "Give a member points, with the reason.", "Points"),
    "reverse": Listed("points", "reverse", "Take a transfer back, exactly.", "Points"),
    "approval": Listed("approvals", "approval", "Points that wait for a second person.", "Points"),
    "ledger": Listed("ledger", "ledger", "The books.", "Points"),
    "member": Listed("members", "member", "Who earns.", "People"),
    "membership": Listed("memberships", "membership", "Memberships and their fees.", "People"),
    "tier": Listed("targeting", "tier", "Levels that members climb.", "People"),
    "learning": Listed("learning", "learning", "What there is to learn, and who did.", "People"),
    "survey": Listed("surveys", "survey", "What people are asked, and what they say.", "People"),
    "remark": Listed("remarks", "remark", "What customers wrote.", "People"),
    "finding": Listed("findings", "finding", "Who recognises one another more than chance would bring.", "People"),
    "segment": Listed("targeting", "segment", "Members for whom a condition holds.", "People"),
    "team": Listed("teams", "team", "Who works together.", "People"),
    "user": Listed("organisations", "user", "Who signs in, and as what.", "People"),
    "reward": Listed("rewards", "reward", "What points buy.", "Rewards"),
    "redemption": Listed("rewards", "redemption", "What was bought.", "Rewards"),
    "offer": Listed("targeting", "offer", "What is made to some members and not to others.", "Rewards"),
    "supplier": Listed("supplying", "supplier", "Who rewards are ordered from.", "Rewards"),
    "donation": Listed("supplying", "donation", "What members gave to charities.", "Rewards"),
    "sandbox": Listed("sandboxes", "sandbox", "Organisations to try things in.", "Sandbox"),
    "clock": Listed("sandboxes", "clock", "A sandbox's own clock.", "Sandbox"),
    "key": Listed("keys", "key", "Keys for programs.", "Integrate"),
    "webhook": Listed("webhooks", "webhook", "Where news is sent.", "Integrate"),
    "feed": Listed("webhooks", "feed", "News, one after the other.", "Integrate"),
    "job": Listed("jobs", "job", "Work in the background.", "Operate"),
    "backup": Listed("backup", "backup", "Write everything in the database to one file.", "Operate", django=False),
    "restore": Listed("backup", "restore", "Put a backup into the database, prove it, and erase again whoever was erased since.", "Operate", django=False),
    "config": Listed("configuring", "config", "Every setting, and where it comes from.", "Operate", django=False),
}  # fmt: skip


endings: list[Callable[[], None]] = []
"""What is to be done when the command has ended, however it ended; the last first."""


class Commands(TyperGroup):
    """The root of the command line: knows every command by name, and imports the one that is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # typer's signature
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  # typer's signature
        """A stand-in that can be listed; what is called is imported by `resolve_command`."""
        listed = COMMANDS.get(cmd_name)
        if listed is None:
            return None
        stand_in = typer.Typer()
        stand_in.command(name=cmd_name, help=listed.help, rich_help_panel=listed.panel)(_nothing)
        return typer.main.get_command(stand_in)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Let the options of the root stand anywhere on the line."""
        first, rest = parted(args)
        return super().parse_args(ctx, [*first, *rest])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS:
            # Somebody's slip of the pen is held against these.
            self.commands = {name: self.get_command(ctx, name) for name in COMMANDS}
        name, command, rest = super().resolve_command(ctx, args)
        if name in COMMANDS:
            command = load(name, helping="--help" in args)
        return name, command, rest

    def invoke(self, ctx: Any) -> Any:
        try:
            with translated():
                return super().invoke(ctx)
        finally:
            while endings:
                endings.pop()()


def _nothing() -> None:
    """Stand in for a command that is only listed."""


def parted(args: list[str]) -> tuple[list[str], list[str]]:
    """The options that may stand anywhere, and everything else in its order; what follows `--` is left alone."""
    first: list[str] = []
    rest: list[str] = []
    waiting = iter(args)
    for one in waiting:
        if one == "--":
            rest += [one, *waiting]
        elif one.split("=")[0] in _ANYWHERE:
            first.append(one)
            if _ANYWHERE[one.split("=")[0]] and "=" not in one:
                first += [value for value in [next(waiting, None)] if value is not None]
        else:
            rest.append(one)
    return first, rest


def _is_set_up() -> bool:
    """Whether Django knows its database already: then another named in the environment would only mislead children."""
    registry = sys.modules.get("django.apps")
    return registry is not None and bool(registry.apps.ready)


def load(name: str, *, helping: bool = False) -> Any:
    """The command of this name, its module imported; for help alone no server is started."""
    listed = COMMANDS[name]
    if listed.django:
        if (helping or name == "docs") and not _is_set_up():
            os.environ.setdefault("PLAUDIT_DATABASE_URL", NOWHERE)
        import_module("plaudit.surfaces.cli.setting_up").set_up_django()
    found = getattr(import_module(f"plaudit.surfaces.cli.{listed.module}"), listed.name)
    if isinstance(found, typer.Typer):
        return typer.main.get_group(found)  # also where there is one verb only
    alone = typer.Typer()
    alone.command(name)(found)
    return typer.main.get_command(alone)
