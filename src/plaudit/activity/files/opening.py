"""Which reader a file needs, by what it is declared to be and by what its first bytes say."""

from __future__ import annotations

from plaudit.activity.files.delimited import DelimitedTable
from plaudit.activity.files.json_rows import JsonTable
from plaudit.activity.files.limits import LIMITS, Limits
from plaudit.activity.files.mapping import FileForm
from plaudit.activity.files.parquet import ParquetTable
from plaudit.activity.files.refusals import FileEmpty
from plaudit.activity.files.rejects import ORIGIN_COLUMNS
from plaudit.activity.files.sources import OpenedFile
from plaudit.activity.files.tables import Table
from plaudit.activity.files.workbook import WorkbookTable

_READERS: dict[str, type[DelimitedTable | JsonTable | ParquetTable | WorkbookTable]] = {
    "csv": DelimitedTable,
    "tsv": DelimitedTable,
    "json": JsonTable,
    "ndjson": JsonTable,
    "parquet": ParquetTable,
    "xlsx": WorkbookTable,
}


def open_table(opened: OpenedFile, form: FileForm, limits: Limits = LIMITS) -> Table:
    """The rows of an opened file. Raises a FileRefusal where it is not what it is declared to be.

    A rejects file is read as one whatever the mapping says, so that repaired rows come in as they went out.
    """
    start = opened.stream.peek(512)[:512]
    if not start:
        raise FileEmpty(opened.name, "The file is empty.", "Check that it was written in full.")
    if start.lstrip(b"\xef\xbb\xbf").startswith(ORIGIN_COLUMNS[0].encode()):
        return DelimitedTable(opened, form, limits)
    return _READERS[format_of(opened, form)](opened, form, limits)


def format_of(opened: OpenedFile, form: FileForm) -> str:
    """The format declared, or found: csv, tsv, json, ndjson, parquet or xlsx."""
    if form.format != "auto":
        return form.format
    start = opened.stream.peek(512)[:512]
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "xlsx"
    first = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if first == b"{" or (first == b"[" and opened.identity.lower().endswith(".json")):
        return "json" if first == b"[" else "ndjson"
    return "tsv" if opened.identity.lower().endswith((".tsv", ".tab")) else "csv"
