"""Commands about the keys that programs use."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import typer

from plaudit.foundation.access.scopes import SCOPES
from plaudit.foundation.ids import read
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.people import queries
from plaudit.people.actions.keys import create_key, key_ref, revoke_key, rotate_key
from plaudit.surfaces.cli.acting import ACTOR, organisation_id
from plaudit.surfaces.cli.output import confirm, say, show, show_rows

key = typer.Typer(no_args_is_help=True, help="Keys for programs.")

Key = Annotated[str, typer.Argument(help="A key: key_01…, or how it begins.")]


@key.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    scope: Annotated[list[str], typer.Option(help="What it may do; may be given several times.")],
) -> None:
    """Make a key. It is shown once, here.

    Example:  plaudit key create "Web shop" --scope activity:write --scope members:read
    """
    made = create_key(organisation_id(), name=name, scopes=scope, actor=ACTOR)
    body = {"key": key_ref(made.key.id), "name": name, "scopes": scope, "secret": made.secret}
    show(body, sentence=made.secret)
    say("Keep it now: nobody can see it again.")


@key.command("list")
def list_keys() -> None:
    """List keys, without their secrets."""
    here = organisation_id()
    with in_organisation(here):
        rows = [
            {
                "key": key_ref(one.id),
                "begins": one.prefix,
                "name": one.name,
                "scopes": ", ".join(one.scopes),
                "last_used": _moment(one.last_used_at),
                "ends": _moment(one.expires_at),
                "revoked": one.revoked_at is not None,
            }
            for one in queries.keys(here)
        ]
    names = ["key", "begins", "name", "scopes", "last_used", "ends", "revoked"]
    show_rows(rows, names, empty="No key yet; see `plaudit key create`.")


@key.command("scopes")
def list_scopes() -> None:
    """List what keys may be allowed to do."""
    rows: list[dict[str, Any]] = [{"scope": name, "allows": what} for name, what in SCOPES.items()]
    show_rows(rows, ["scope", "allows"], empty="")


@key.command("rotate")
def rotate(
    key: Key,
    overlap_hours: Annotated[int, typer.Option(min=0, help="For how long the old one stays good.")] = 24,
) -> None:
    """Make a key that does what this one does; the old one ends after the overlap."""
    here = organisation_id()
    made = rotate_key(here, key_id=_named(here, key), actor=ACTOR, overlap=timedelta(hours=overlap_hours))
    show({"key": key_ref(made.key.id), "name": made.key.name, "secret": made.secret}, sentence=made.secret)
    say(f"Keep it now. The old one is good for another {overlap_hours} hours.")


@key.command("revoke")
def revoke(key: Key, because: Annotated[str, typer.Option(help="Why, for the record.")] = "") -> None:
    """End a key at once. Asks first."""
    here = organisation_id()
    wanted = _named(here, key)
    confirm(f"End {key} at once? Whatever uses it will be refused.")
    ended = revoke_key(here, key_id=wanted, actor=ACTOR, reason=because)
    show({"key": key_ref(ended.id), "revoked": True}, sentence=f"{ended.name} has ended.")


def _named(here: int, text: str) -> UUID:
    if text.startswith("key_"):
        return read("key", text, kind="key")
    with in_organisation(here):
        found = [one.id for one in queries.keys(here) if one.prefix == text]
    if len(found) != 1:
        raise NotFound(kind="key", ref=text)
    return found[0]


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
