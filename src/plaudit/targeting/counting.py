"""What one event counts under a measure: its expressions, compiled once and asked of every event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from plaudit.earning.compiling import field_type
from plaudit.earning.expressions import (
    RUNTIME,
    Expression,
    FieldKind,
    FieldType,
    Scope,
    amount_of,
    compile_reader,
    condition_of,
    fields_used,
    local_name,
    local_times_used,
    to_python,
    to_python_condition,
)
from plaudit.targeting.definitions import Measure

Count = Callable[[Mapping[str, Any], datetime], int | None]


def measure_scope(type_name: str, fields: Mapping[str, Mapping[str, Any]]) -> Scope:
    """What a measure may name: the event's own fields and when it happened, so that it never counts anew."""
    known = {name: field_type(stored) for name, stored in fields.items()}
    moment = FieldType(FieldKind.TIMESTAMP, label="when it happened")
    return Scope({**known, "occurred_at": moment}, subject=type_name)


def check_measure(measure: Measure, scope: Scope) -> tuple[Expression | None, Expression | None]:
    """Its condition and its amount, parsed and checked. Raises ExpressionRefused for the first fault."""
    return (
        condition_of(measure.when, scope) if measure.when else None,
        amount_of(measure.amount, scope) if measure.amount else None,
    )


def compile_count(measure: Measure, fields: Mapping[str, Mapping[str, Any]], zone: ZoneInfo) -> Count:
    """A function from an event's data and moment to what it counts: None for an event that does not count.

    An event that does not fit its type's newest fields, as one recorded before them, does not count.
    """
    scope = measure_scope(measure.on, fields)
    condition, amount = check_measure(measure, scope)
    read = compile_reader({name: field_type(stored) for name, stored in fields.items()}, extra=True)
    used = [expression for expression in (condition, amount) if expression is not None]
    names = {name: f"v[{name!r}]" for expression in used for name in fields_used(expression)}
    moments = {name for expression in used for name in local_times_used(expression)}
    names |= {local_name(name): f"local(v[{name!r}])" for name in moments}
    lines = ["def count(v):"]
    if condition is not None:
        lines += [f"    if not ({to_python_condition(condition, names)}):", "        return None"]
    lines.append(f"    return {to_python(amount, names) if amount is not None else '1'}")
    known: dict[str, Any] = {**RUNTIME, "local": lambda at: None if at is None else at.astimezone(zone)}
    exec(compile("\n".join(lines), "<measure>", "exec"), known)  # noqa: S102  # written here from checked trees only
    counted: Callable[[Mapping[str, Any]], int | None] = known["count"]

    def count(data: Mapping[str, Any], at: datetime) -> int | None:
        values, problems = read(data)
        if problems:
            return None
        found = counted({**values, "occurred_at": at})
        return max(found, 0) if found is not None else None

    return count
