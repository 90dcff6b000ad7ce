"""Stored event data to typed DuckDB columns: what the reader gives live, over history."""

from __future__ import annotations

from plaudit.earning.expressions.types import FieldKind, FieldType

_BIGINT_MAX = 2**63 - 1


def column_of(field: FieldType, text: str) -> str:
    """SQL for one field as `to_duckdb` expects it: scaled integers, DATE, TIMESTAMPTZ.

    `text` is SQL for the value as text, such as a column of PostgreSQL's `data ->> 'amount'`: never
    DuckDB's own JSON functions, which read numbers as binary floats. Null stays null, and so becomes
    whatever the reader would refuse, as data recorded before the field was declared so can be.
    """
    if field.is_number:
        return _number(text, field)
    if field.choices:
        listed = ", ".join("'" + choice.replace("'", "''") + "'" for choice in field.choices)
        return f"CASE WHEN {text} IN ({listed}) THEN {text} END"
    kinds = {FieldKind.BOOLEAN: "BOOLEAN", FieldKind.DATE: "DATE", FieldKind.TIMESTAMP: "TIMESTAMPTZ"}
    return f"TRY_CAST({text} AS {kinds[field.kind]})" if field.kind in kinds else text


def _number(text: str, field: FieldType) -> str:
    """The shape of the text decides whether the number fits: a cast alone would round."""
    shape = f"-?[0-9]{{1,16}}([.][0-9]{{0,{field.scale}}}0*)?"
    scaled = f"TRY_CAST(TRY_CAST({text} AS DECIMAL(22, {field.scale})) * {10**field.scale} AS HUGEINT)"
    size = "BIGINT" if max(abs(field.low), abs(field.high)) <= _BIGINT_MAX else "HUGEINT"
    return (
        f"CASE WHEN NOT coalesce(regexp_full_match({text}, '{shape}'), false) THEN NULL"
        f" WHEN {scaled} BETWEEN {field.low} AND {field.high} THEN CAST({scaled} AS {size}) END"
    )
