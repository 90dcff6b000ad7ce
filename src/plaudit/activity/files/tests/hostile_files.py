"""The table of hostile files: what people and machines send by mistake or on purpose, and what must come of each.

Each holds a good row, what is odd, and a good row again, and is read with `factories.sales()`.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import zipfile

import zstandard

from plaudit.activity.files.tests.factories import cell_text, tar_of, xlsx

HEADER = "customer,date,amount\n"
FIRST = "first,2025-03-01,1.00\n"
LAST = "last,2025-03-03,3.00\n"
_DATE = "2025-03-02"


def _around(middle: str | bytes, *, ending: bytes = b"\n") -> bytes:
    inner = middle.encode() if isinstance(middle, str) else middle
    return (HEADER + FIRST).encode() + inner + ending + LAST.encode()


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


_GOOD = (HEADER + FIRST + LAST).encode()
_NULS = b"\0" * 200 * 1024**2
_BOMB = gzip.compress(_NULS, 1)  # packed once, and fast: every run of tests collects this table

ROWS: dict[str, bytes] = {
    "a NUL in a name": _around(f"a\0b,{_DATE},2.00"),
    "a NUL in an amount": _around(f"middle,{_DATE},2\0.00"),
    "a line of two megabytes": _around("x" * 2_000_000),
    "a million cells": _around("," * 1_000_000),
    "a cell too many": _around(f"middle,{_DATE},2.00,more"),
    "a cell too few": _around(f"middle,{_DATE}"),
    "a quote that is not closed": _around(f'"middle,{_DATE},2.00'),
    "text beside a quote": _around(f'"middle"x,{_DATE},2.00'),
    "an amount of a million digits": _around(f"middle,{_DATE}," + "9" * 900_000),
    "an amount that is an exponent": _around(f"middle,{_DATE},1e999999999"),
    "not a number": _around(f"middle,{_DATE},NaN"),
    "infinity": _around(f"middle,{_DATE},-Infinity"),
    "an amount in hexadecimal": _around(f"middle,{_DATE},0x10"),
    "an amount with an underscore": _around(f"middle,{_DATE},1_000"),
    "an amount in two currencies": _around(f'middle,{_DATE},"$1,00 EUR"'),
    "an amount that is a formula": _around(f"middle,{_DATE},=1+1"),
    "an amount that calls a program": _around(f"middle,{_DATE},\"=cmd|' /C calc'!A0\""),
    "no amount": _around(f"middle,{_DATE},"),
    "30 February": _around("middle,2025-02-30,2.00"),
    "the year nought": _around("middle,0000-01-01,2.00"),
    "a year of five digits": _around("middle,12025-01-01,2.00"),
    "a date from a spreadsheet": _around("middle,45717,2.00"),
    "a date that is a script": _around("middle,<script>alert(1)</script>,2.00"),
    "a decimal more than the scale": _around(f"middle,{_DATE},2.001"),
    "an amount that is a path": _around(f"middle,{_DATE},../../etc/passwd"),
    "marks stacked to the sky": _around("Z" + "\u0301" * 300 + f",{_DATE},2.00"),
    "a very long name": _around("n" * 200_000 + f",{_DATE},2.00"),
}
"""The third row is refused by itself; the rows around it are read."""

ODD: dict[str, bytes] = {
    "a formula for a name": _around(f"=1+1,{_DATE},2.00"),
    "a formula that fetches": _around(f'=HYPERLINK("http://127.0.0.1/"),{_DATE},2.00'.replace('"', "'")),
    "a name with a plus": _around(f"+4930123456,{_DATE},2.00"),
    "a name with an at": _around(f"@sum,{_DATE},2.00"),
    "a script for a name": _around(f"<script>alert(1)</script>,{_DATE},2.00"),
    "SQL for a name": _around(f"'; drop table people_member;--,{_DATE},2.00"),
    "a placeholder for a name": _around(f"%s{{}}$1 %(x)s,{_DATE},2.00"),
    "from right to left": _around(f"\u202egnp.exe,{_DATE},2.00"),
    "a face of many parts": _around(f"👩‍👩‍👧‍👦,{_DATE},2.00"),
    "marks stacked high": _around("Z" + "\u0301" * 200 + f",{_DATE},2.00"),
    "the word null": _around(f"null,{_DATE},2.00"),
    "a template": _around(f"{{{{ settings.SECRET_KEY }}}},{_DATE},2.00"),
}
"""Text like any other: kept as it stands, and no row is lost."""

FINE: dict[str, bytes] = {
    "a byte order mark": codecs.BOM_UTF8 + _GOOD,
    "lines end with CR LF": _GOOD.replace(b"\n", b"\r\n"),
    "lines end with CR": _GOOD.replace(b"\n", b"\r"),
    "line ends of all kinds": (HEADER.rstrip() + "\r\n" + FIRST.rstrip() + "\r" + LAST).encode(),
    "no line end at the end": _GOOD.rstrip(),
    "empty lines between": _around("\n\n"),
    "UTF-16": (HEADER + FIRST + LAST).encode("utf-16"),
    "packed, and not named so": gzip.compress(_GOOD),
    "packed twice in a row": gzip.compress((HEADER + FIRST).encode()) + gzip.compress(LAST.encode()),
    "packed with zstandard, and not named so": zstandard.ZstdCompressor().compress(_GOOD),
    "every cell in quotes": b"".join(
        b",".join(b'"' + cell + b'"' for cell in line.split(b",")) + b"\n" for line in _GOOD.splitlines()
    ),
}
"""Only looks odd: every row is read."""

REFUSED: dict[str, bytes] = {
    "nothing": b"",
    "a byte order mark and nothing": codecs.BOM_UTF8,
    "empty lines only": b"\n" * 1_000,
    "the heading twice": b"customer,customer,date,amount\n" + FIRST.encode(),
    "a million columns": b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n",
    "a heading of two megabytes": b"x" * 2_000_000 + b"\n" + FIRST.encode(),
    "another table": b"a,b,c\n1,2,3\n",
    "UTF-32": codecs.BOM_UTF32_LE + HEADER.encode("utf-32-le"),
    "a bomb of gzip": gzip.compress(_GOOD) + _BOMB,
    "a bomb of zstandard": zstandard.ZstdCompressor().compress(_GOOD + _NULS),
    "a bomb in a zip": _zip({"sales.csv": _NULS}),
    "a bomb in a bomb": gzip.compress(_BOMB),
    "gzip cut short": gzip.compress(_GOOD * 500)[:60],
    "gzip with a wrong sum": gzip.compress(_GOOD)[:-8] + b"\0" * 8,
    "zstandard cut short": zstandard.ZstdCompressor().compress(_GOOD * 500)[:40],
    "bzip2": bz2.compress(_GOOD),
    "xz": lzma.compress(_GOOD),
    "a zip that is no workbook": _zip({"notes.txt": b"hello"}),
    "a zip that climbs out": _zip({"../../evil.csv": _GOOD}),
    "a zip cut short": _zip({"sales.csv": _GOOD * 50})[:80],
    "a workbook without its columns": xlsx([[cell_text("a"), cell_text("b")]]),
    "a tar that climbs out": tar_of({"../evil.csv": b"a,b\n1,2\n"}),
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\n",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "a program": b"\x7fELF\x02\x01\x01" + b"\0" * 9 + bytes(range(256)) * 20,
    "a page": b"<!doctype html><title>Sign in</title><p>Please sign in.",
    "nothing but NULs": _around("\0" * 5_000),
    "a tar of nothing": tar_of({}),
    "a tar of notes": tar_of({"notes.md": b"hello"}),
    "a database": b"SQLite format 3\0" + b"\0" * 4_096,
}
"""Nothing of it can be taken: refused as a whole, in a sentence, before it costs memory."""

NOT_TEXT: dict[str, bytes] = {
    "Windows' Western letters": _around("Zoë".encode("cp1252") + f",{_DATE},2.00".encode()),
    "half a character": _around(b"\xc3" + f",{_DATE},2.00".encode()),
    "an overlong slash": _around(b"\xc0\xaf" + f",{_DATE},2.00".encode()),
    "half of a pair": _around(b"\xed\xa0\x80" + f",{_DATE},2.00".encode()),
    "Japanese, Shift JIS": _around("日本語".encode("shift_jis") + f",{_DATE},2.00".encode()),
    "beyond Unicode": _around(b"\xf7\xbf\xbf\xbf" + f",{_DATE},2.00".encode()),
}
"""Not text as the file's encoding has it: refused, with the row."""
