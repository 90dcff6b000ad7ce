"""Lists of the console: where a page ends, how the next is asked for, and the whole list as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

CSV_ROWS_MAX = 50_000

# A spreadsheet would run a text that begins with one of these.
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


def wants_csv(request: HttpRequest) -> bool:
    """Whether the list is asked for as a file."""
    return request.GET.get("format") == "csv"


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The rows as a file to keep. Texts that a spreadsheet would run as a formula are marked as texts."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_RUN_BY_SPREADSHEETS):
        return f"'{value}"
    return "" if value is None else value


def pages(request: HttpRequest, after: str | None, *, shown: int) -> dict[str, str] | None:
    """The ways to the first and the next page of a list, for the `pagination` tag; None where it is one page."""
    here = request.GET.get("after")
    if not here and after is None:
        return None
    query = request.GET.copy()
    query.pop("after", None)
    first = f"?{query.urlencode()}" if query else request.path
    onward = ""
    if after is not None:
        query["after"] = after
        onward = f"?{query.urlencode()}"
    return {
        "previous": first if here else "",
        "next": onward,
        "summary": _("{count} lines on this page").format(count=shown),
    }
