"""Reads one sheet of a workbook in a process of its own, so that a hostile file can exhaust only that.

Run as a script: path, sheet (a name, #number, or nothing for the first), memory in bytes. Writes frames to
standard output: four bytes of length, then MessagePack of {"sheets": …}, {"rows": […]} or {"error": …}.
Dates and times travel as extension types 1 to 4: date, time, datetime (ISO 8601) and seconds of a duration.
"""

from __future__ import annotations

import resource
import sys
from datetime import datetime, time, timedelta
from typing import Any

import msgspec
import python_calamine

ROWS_A_FRAME = 500
SECONDS_MAX = 600

_PLAIN = frozenset({str, float, int, bool})


def main(path: str, sheet: str, memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        names = workbook.sheet_names
        chosen = _chosen(sheet, names)
        if chosen not in names:
            _send({"error": "no_sheet", "sheets": names})
            return
        table = workbook.get_sheet_by_name(chosen)
        start = table.start
        _send({"sheets": names, "sheet": chosen, "first_row": start[0] + 1 if start else 1})
        rows: list[Any] = []
        for row in table.iter_rows():
            rows.append([cell if cell.__class__ in _PLAIN else _extension(cell) for cell in row])
            if len(rows) >= ROWS_A_FRAME:
                _send({"rows": rows})
                rows = []
        _send({"rows": rows})
        _send({"end": True})
    except MemoryError:
        _send({"error": "memory"})
    except (python_calamine.CalamineError, ValueError, OSError, IndexError) as error:
        _send({"error": "unreadable", "said": str(error)[:300]})


def _chosen(sheet: str, names: list[str]) -> str:
    """The name of the sheet asked for; one that is not there where its number is beyond the last."""
    if not sheet.startswith("#"):
        return sheet or names[0]
    number = int(sheet[1:])
    return names[number - 1] if 1 <= number <= len(names) else sheet


def _extension(cell: Any) -> msgspec.msgpack.Ext:
    if isinstance(cell, timedelta):
        return msgspec.msgpack.Ext(4, str(cell // timedelta(seconds=1)).encode())
    code = 3 if isinstance(cell, datetime) else 2 if isinstance(cell, time) else 1
    return msgspec.msgpack.Ext(code, cell.isoformat().encode())


_encoder = msgspec.msgpack.Encoder(enc_hook=str)


def _send(frame: dict[str, Any]) -> None:
    data = _encoder.encode(frame)
    sys.stdout.buffer.write(len(data).to_bytes(4, "big") + data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
