"""What the doctor asks about later: when a backup was last made here, and the books last proven."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from plaudit.foundation import config as configuration
from plaudit.foundation.exact import decode, encode


def note(what: str, *, made_at: datetime, **facts: Any) -> None:
    """Write down that something was done, in the home folder, for the database at work; the last one stays."""
    path = _path()
    notes = _all(path)
    notes.setdefault(_database(), {})[what] = {"at": made_at.isoformat(), **facts}
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_text(encode(notes), encoding="utf-8")
    unfinished.replace(path)


def noted(what: str) -> tuple[datetime, dict[str, Any]] | None:
    """When it was last done, and its facts; None where it never was, or nobody knows here."""
    found = _all(_path()).get(_database(), {}).get(what)
    return None if found is None else (datetime.fromisoformat(found["at"]), found)


def _path() -> Path:
    return configuration.home() / "last-done.json"


def _all(path: Path) -> dict[str, dict[str, Any]]:
    try:
        found = decode(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _database() -> str:
    return str(connection.settings_dict["NAME"])
