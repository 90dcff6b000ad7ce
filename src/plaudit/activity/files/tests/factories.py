"""Plain makers of files and mappings for the tests beside them."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

import zstandard

from plaudit.activity.events import IncomingEvent
from plaudit.activity.files import Batch, Mapping, RowError, load_mapping, read_events

SALES = """
mapping: 1
source: shop
type: purchase
key: {row_number: true, dataset: sales}
subject: {column: customer, empty: keep}
occurred_at: {column: date, format: "%Y-%m-%d", time: "12:00", time_zone: UTC}
fields:
  amount: {column: amount, as: decimal, scale: 2, required: true}
"""

HEADER = "customer,date,amount\n"


def sales(file: str = "", extra: str = "") -> Mapping:
    """The mapping most tests use: customer, date and amount, known by place."""
    said = f"\nfile: {{{file}}}" if file else ""
    return load_mapping(SALES + said + "\n" + extra)


def write(folder: Path, content: str | bytes, name: str = "sales.csv") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def packed(content: bytes, how: str) -> bytes:
    return gzip.compress(content) if how == "gz" else zstandard.ZstdCompressor().compress(content)


def tar_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def xlsx(rows: Iterable[Iterable[str]], sheet: str = "Sheet1") -> bytes:
    """A workbook whose cells are given as their XML between <c> tags' attributes and end: see text, number, date."""
    body = "".join(f"<row>{''.join(cells)}</row>" for cells in rows)
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{namespace}" xmlns:r="{relations}">'
        f'<sheets><sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{relations}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{namespace}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="22"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{namespace}"><sheetData>{body}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def cell_text(text: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def cell_number(number: str) -> str:
    return f"<c><v>{number}</v></c>"


def cell_date(serial: str) -> str:
    return f'<c s="1"><v>{serial}</v></c>'


def read(path: Path | str, mapping: Mapping, **options: object) -> Batch:
    """Everything behind a path as one batch."""
    whole = Batch()
    for batch in read_events(path, mapping, **options):  # type: ignore[arg-type]  # as read_events takes them
        whole.events += batch.events
        whole.members += batch.members
        whole.errors += batch.errors
        whole.skipped += batch.skipped
        whole.noted += batch.noted
        whole.rows += batch.rows
        whole.position = batch.position
    return whole


def amounts(batch: Batch) -> list[str]:
    return [str(event.data["amount"]) for event in batch.events]


def repairs(errors: Iterable[RowError]) -> list[tuple[int, str, str]]:
    return [(error.row, error.field, error.repair) for error in errors]


def ids(events: Iterable[IncomingEvent]) -> list[str]:
    return [event.id for event in events]
