"""Remarks out of a file: which column holds the words, and which what they are about."""

from __future__ import annotations

import csv
import gzip
import io

from plaudit.foundation.refusals import Problem
from plaudit.listening.definitions import Written

FILE_BYTES_MAX = 64 * 1024 * 1024


def remarks_in(content: bytes, *, words: str, category: str = "") -> list[Written]:
    """The remarks in a CSV file with a line of headings, plain or gzip. Rows without words are left out.

    Raises `Problem` for a file that is none, is too large or lacks the columns named.
    """
    try:
        if content[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
                content = packed.read(FILE_BYTES_MAX + 1)
        text = content.decode("utf-8-sig") if len(content) <= FILE_BYTES_MAX else ""
    except (OSError, EOFError, UnicodeDecodeError):
        raise Problem("Send a CSV file in UTF-8, plain or gzip.") from None
    if not text:
        raise Problem(f"Send a file of 1 byte to {FILE_BYTES_MAX // 1024 // 1024} MB.")
    try:
        rows = csv.reader(io.StringIO(text), strict=True)
        heads = [head.strip() for head in next(rows, [])]
        places = [_place(heads, words), _place(heads, category) if category else None]
        return [one for row in rows if (one := _written(row, *places)) is not None]
    except csv.Error as error:
        raise Problem(f"The file is not CSV: {error}.") from None


def _place(heads: list[str], name: str) -> int:
    if name not in heads:
        raise Problem(f"The file has no column {name}; it has {', '.join(heads)[:200]}.")
    return heads.index(name)


def _written(row: list[str], words: int | None, category: int | None) -> Written | None:
    if words is None or words >= len(row) or not row[words].strip():
        return None
    about = row[category] if category is not None and category < len(row) else ""
    return Written(row[words], about.strip())
