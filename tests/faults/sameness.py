"""Rows as text in which what was minted is called by the order it appears in, so that two runs can be compared."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from typing import Any

Row = tuple[str, str]
"""A table's name, and one of its rows as JSON text."""

# Random whatever happened, or made from what was minted.
_RANDOM = {"password", "secret_hash", "key_hash", "prefix", "code", "salt", "fingerprint", "sealed", "cursor"}
_RANDOM |= {"digest", "previous_digest", "anchor", "secret"}
_NUMBER_OF = re.compile(r"(?:^|_)(?:id|xid|rule_sets)$")
_TOKEN = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\b(?:act|adj|apr|bsl|cdg|chg|cpl|crd|crt|cse|dev|dlv|fcg|hook|ide|inv|key|lcl|lnk|mbs|mem|mom|mrg|nom|nte|pay|rcg|rdm|req|rll|rmc|rpl|rpt|ses|sgk|sim|ssn|svi|try)_[0-9a-z]{26}"
    r"|\bled_[0-9a-z]+-\d+|\b(?:imp|usr|org|msg)_[0-9A-Za-z_-]+|\b(?:import|deliver|on):[0-9a-z:-]+"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00|Z)"
)

Name = Callable[[str], str]


def tokens_in(rows: Iterable[Row]) -> frozenset[str]:
    """Every id that these rows name."""
    found: set[str] = set()

    def note(token: str) -> str:
        found.add(token)
        return token

    for table, row in rows:
        _renamed(table, json.loads(row), note)
    return frozenset(found)


def plain(
    rows: Iterable[Row], known: AbstractSet[str], ignoring: AbstractSet[str] = frozenset()
) -> list[str]:
    """These rows, sorted, each id that is not known named by the order of its first appearance.

    `ignoring` names tables, and columns, that tell of every try and so differ where there were two.
    """
    parsed = [(table, json.loads(row)) for table, row in rows if table not in ignoring]
    parsed = [
        (table, {key: None if key in ignoring else value for key, value in row.items()})
        for table, row in parsed
    ]

    def blank(token: str) -> str:
        return token if token in known else "?"

    ordered = sorted(
        parsed,
        key=lambda one: (one[0], _text(_renamed(one[0], one[1], blank)), *_in_order(one[1])),
    )
    names: dict[str, str] = {}

    def name(token: str) -> str:
        return token if token in known else names.setdefault(token, f"<{len(names) + 1}>")

    return [f"{table} {_text(_renamed(table, row, name))}" for table, row in ordered]


def _in_order(row: dict[str, Any]) -> tuple[str, str]:
    """Rows that are alike but for names, by what they refer to and only then by their own id, which may be random."""
    padded = {
        key: f"{value:020}" if type(value) is int else value for key, value in row.items()
    }  # 9 before 10
    own = padded.pop("id", None)
    return _text(padded), _text(own)


def _text(row: Any) -> str:
    return json.dumps(row, sort_keys=True)


def _renamed(table: str, row: dict[str, Any], name: Name) -> dict[str, Any]:
    return dict(_renamed_pairs(table.partition("_")[2], row, name))


def _renamed_pairs(table: str, row: dict[str, Any], name: Name) -> Iterator[tuple[str, Any]]:
    for key in sorted(row):
        yield key, "*" if key in _RANDOM else _renamed_value(table, key, row[key], name)


def _renamed_value(table: str, key: str, value: Any, name: Name) -> Any:
    if isinstance(value, dict):
        return dict(_renamed_pairs(table, value, name))
    if isinstance(value, list):
        return [_renamed_value(table, key, one, name) for one in value]
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and _NUMBER_OF.search(key):
        # A table's own id is named as others refer to it.
        return name(f"{table}_id {value}" if key == "id" else f"{key} {value}")
    if isinstance(value, str):
        return _TOKEN.sub(lambda found: _renamed_text(found[0], name), value)
    return value


def _renamed_text(token: str, name: Name) -> str:
    if not token[:4].isdigit() or token[4] != "-" or "T" not in token:
        return name(token)
    moment = datetime.fromisoformat(token)
    # The clock stands still for the flows; what the database dated itself differs from run to run.
    return "now" if abs(moment - datetime.now(UTC)) < timedelta(days=1) else token
