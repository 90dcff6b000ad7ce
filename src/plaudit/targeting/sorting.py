"""Who is in a segment: its condition, compiled once and asked of every member."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from plaudit.earning.compiling import MEMBER_KINDS, field_type
from plaudit.earning.expressions import (
    RUNTIME,
    Expression,
    Scope,
    compile_reader,
    condition_of,
    fields_used,
    integer,
    text,
    to_python_condition,
)
from plaudit.targeting.definitions import FactKind, Segment

Belongs = Callable[[Mapping[str, int | None], Mapping[str, Any]], bool]

_MISSING = (FactKind.DAYS_SINCE, FactKind.RANK_DAYS_SINCE, FactKind.RANK_HOW_MANY, FactKind.RANK_HOW_MUCH)


def segment_scope(segment: Segment) -> Scope:
    """What the condition may name: the segment's own facts, and what is known of a member."""
    facts = {
        fact.name: integer(nullable=fact.kind in _MISSING, minimum=0, maximum=10**15 - 1)
        for fact in segment.facts
    }
    known = {
        f"member.{name}": field_type({**stored, "nullable": True})
        for name, stored in segment.member_fields.items()
    }
    return Scope({**facts, **known, "member.kind": text(*MEMBER_KINDS)}, subject="this segment")


def segment_condition(segment: Segment) -> Expression:
    """The condition, parsed and checked. Raises ExpressionRefused."""
    return condition_of(segment.when, segment_scope(segment))


def compile_segment(segment: Segment) -> Belongs:
    """A function from a member's facts and attributes to whether they are in. An attribute that does not fit is missing."""
    condition = segment_condition(segment)
    names = {name: f"v[{name!r}]" for name in fields_used(condition)}
    read = compile_reader(
        {name: field_type({**stored, "nullable": True}) for name, stored in segment.member_fields.items()},
        extra=True,
    )
    source = f"lambda v: bool({to_python_condition(condition, names)})"
    holds = eval(compile(source, "<segment>", "eval"), dict(RUNTIME))  # noqa: S307  # written here from a checked tree

    def belongs(facts: Mapping[str, int | None], attributes: Mapping[str, Any]) -> bool:
        values, problems = read(attributes)
        for problem in problems:
            values[problem.pointer.strip("/")] = None
        known = {f"member.{name}": value for name, value in values.items()}
        return bool(holds({**facts, **known, "member.kind": attributes.get("kind")}))

    return belongs
