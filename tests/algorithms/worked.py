"""Reads the worked tables of docs/algorithms, so that tests can come to the figures that they show."""

from __future__ import annotations

import re
from pathlib import Path

PAGES = Path(__file__).resolve().parents[2] / "docs" / "algorithms"

Row = dict[str, str]
"""One row by column, as written; emphasis and code marks are left out."""

_TABLE = re.compile(r"^<!-- worked: ([a-z-]+) -->\n\n?((?:\|.*\n)+)", re.MULTILINE)


def tables(page: Path) -> dict[str, list[Row]]:
    """Every table of a page that stands below `<!-- worked: its-name -->`, by its name."""
    return {name: _rows(text) for name, text in _TABLE.findall(page.read_text(encoding="utf-8") + "\n")}


def worked(page: str, table: str) -> list[Row]:
    """The rows of one table, from the top: `worked("streaks", "days-in-a-row")`."""
    return tables(PAGES / f"{page}.md")[table]


def _rows(text: str) -> list[Row]:
    head, _, *body = ([_plain(cell) for cell in line.strip("| ").split("|")] for line in text.splitlines())
    return [dict(zip(head, cells, strict=True)) for cells in body]


def _plain(cell: str) -> str:
    return cell.strip().replace("**", "").replace("`", "")
