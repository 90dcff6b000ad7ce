"""Entries of a document that several of its parts are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from plaudit.planning.programme_file.phrases import moment_text
from plaudit.planning.programme_file.programme import Window

Document = dict[str, Any]


def without_nothing(entries: Mapping[str, Any]) -> Document:
    """The entries that say something; 0 and false do."""
    return {key: value for key, value in entries.items() if value is not None and value not in ("", [], {})}


def one_or_list(texts: tuple[str, ...]) -> str | list[str]:
    return texts[0] if len(texts) == 1 else list(texts)


def window_entries(window: Window) -> Document:
    ends: dict[str, str] = {}
    if window.ends is not None:
        ends = {"until": moment_text(window.ends)}
        if window.ends.time() == time():
            ends = {"through": (window.ends - timedelta(days=1)).date().isoformat()}
    return {"from": moment_text(window.starts) if window.starts is not None else "", **ends}
