"""The tables of the reference page (`docs/reference/programme-file.md`), made from the table of the format."""

from __future__ import annotations

import re
from pathlib import Path

from plaudit.planning.programme_file.format import SECTIONS
from plaudit.planning.programme_file.schema import FILE, schema_text
from plaudit.planning.programme_file.shapes import Key, Section

_REGION = re.compile(r"<!-- keys of (?P<section>[a-z_]+) -->\n.*?<!-- end of keys -->", re.DOTALL)


def with_tables(page: str) -> str:
    """The page with its tables made anew; what stands between them is left alone."""
    by_name = {section.name: section for section in SECTIONS}
    return _REGION.sub(lambda found: _region(by_name[found["section"]]), page)


def sections_of(page: str) -> list[str]:
    """The sections whose tables the page has."""
    return [found["section"] for found in _REGION.finditer(page)]


def _region(section: Section) -> str:
    rows = [_row(section, key) for key in section.keys]
    table = "\n".join(["| Key | What stands there | Meaning | Example |", "|---|---|---|---|", *rows])
    return f"<!-- keys of {section.name} -->\n{section.intro}\n\n{table}\n<!-- end of keys -->"


def _row(section: Section, key: Key) -> str:
    if key.required:
        needed = "**required**"
    elif key.name in section.one_of:
        others = " or ".join(f"`{name}`" for name in section.one_of if name != key.name)
        needed = f"exactly one of this and {others}"
    else:
        needed = f"default: {key.default}" if key.default else "optional"
    cells = (f"`{key.name}`", f"{key.shape.words}; {needed}", key.meaning, f"`{key.example}`")
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def main() -> None:
    """Write the tables of the reference, and the published schema, anew."""
    root = Path(__file__).resolve().parents[4]
    page = root / "docs" / "reference" / "programme-file.md"
    page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
    published = root / "src" / "plaudit" / "programmes" / FILE
    published.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
