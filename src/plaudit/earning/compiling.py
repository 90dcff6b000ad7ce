"""Rules to code: one generated function a programme and event type, that asks every rule at once. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from plaudit.earning.definitions import Definition, Rule
from plaudit.earning.expressions import (
    RUNTIME,
    Expression,
    FieldKind,
    FieldType,
    Scope,
    amount_of,
    condition_of,
    fields_used,
    local_name,
    local_times_used,
    text,
    to_python,
    to_python_condition,
)
from plaudit.earning.expressions.reader import Reader, compile_reader

Values = Mapping[str, Any]
Matched = list[tuple[Rule, int]]
Match = Callable[[Values, Values, datetime, datetime], Matched]

MEMBER_KINDS = ("customer", "staff", "partner")
_BUILT_IN = {
    "occurred_at": FieldType(FieldKind.TIMESTAMP, label="when it happened"),
    "member.kind": text(*MEMBER_KINDS, label="the member's kind"),
}


def field_type(stored: Mapping[str, Any]) -> FieldType:
    """A field's type from its stored form, such as {"kind": "decimal", "scale": 2, "nullable": true}."""
    bounds = {
        name: Decimal(str(stored[name])) for name in ("minimum", "maximum") if stored.get(name) is not None
    }
    return FieldType(
        FieldKind(stored["kind"]),
        nullable=stored.get("nullable", False),
        scale=stored.get("scale", 0),
        choices=tuple(stored.get("choices", ())),
        label=stored.get("label", ""),
        **bounds,
    )


def scope_of(
    type_name: str, fields: Mapping[str, Mapping[str, Any]], member_fields: Mapping[str, Mapping[str, Any]]
) -> Scope:
    """What a rule on this event type may name: its fields, the member's attributes, and when it happened.

    A member's attributes may always be missing: nobody is made to have them.
    """
    named = {name: field_type(stored) for name, stored in fields.items()}
    mine = {
        f"member.{name}": field_type(
            {
                **stored,
                "nullable": True,
                "label": stored.get("label") or f"the member's {name.replace('_', ' ')}",
            }
        )
        for name, stored in member_fields.items()
    }
    return Scope({**named, **mine, **_BUILT_IN}, subject=type_name)


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """A rule with its expressions parsed and checked against one event type."""

    rule: Rule
    condition: Expression | None
    amount: Expression | None

    @property
    def fields(self) -> frozenset[str]:
        """Every field its expressions read."""
        return frozenset().union(*(fields_used(e) for e in (self.condition, self.amount) if e is not None))


def check_rule(rule: Rule, scope: Scope, precision: int) -> CheckedRule:
    """Parse and check a rule's expressions. Raises ExpressionRefused for the first fault."""
    amount = rule.earn if rule.earn is not None else rule.take
    return CheckedRule(
        rule,
        condition_of(rule.when, scope) if rule.when is not None else None,
        amount_of(amount, scope, precision=precision) if amount is not None else None,
    )


@dataclass(frozen=True, slots=True)
class CompiledProgramme:
    """One programme's rules on one event type, and how it reads the attributes of a member."""

    definition: Definition
    checked: tuple[CheckedRule, ...]
    match: Match
    read_member: Reader

    def member_values(self, attributes: Mapping[str, Any]) -> Values:
        """A member's attributes as the rules take them; one that does not fit its type counts as missing."""
        values, problems = self.read_member(attributes)
        for problem in problems:
            values[problem.pointer.strip("/")] = None
        return {**values, "kind": attributes.get("kind")}


@dataclass(frozen=True, slots=True)
class CompiledType:
    """One event type under the live programmes: how its data is read, and what each programme's rules say."""

    read: Reader
    programmes: tuple[CompiledProgramme, ...]
    member_fields: frozenset[str]


def compile_type(
    type_name: str,
    fields: Mapping[str, Mapping[str, Any]],
    definitions: Iterable[Definition],
    precisions: Mapping[str, int],
    *,
    extra_fields: bool,
) -> CompiledType:
    """Compile every rule on one event type. `precisions` maps a unit's key to its number of decimals."""
    types = {name: field_type(stored) for name, stored in fields.items()}
    programmes = []
    asked: set[str] = set()
    for definition in definitions:
        rules = [rule for rule in definition.rules if rule.on == type_name]
        if rules:
            scope = scope_of(type_name, fields, definition.member_fields)
            checked = [check_rule(rule, scope, precisions[rule.unit]) for rule in rules]
            asked |= member_fields_of(checked)
            mine = {
                name: field_type({**stored, "nullable": True})
                for name, stored in definition.member_fields.items()
            }
            programmes.append(
                CompiledProgramme(
                    definition,
                    tuple(checked),
                    _compile(checked, definition),
                    compile_reader(mine, extra=True),
                )
            )
    return CompiledType(compile_reader(types, extra=extra_fields), tuple(programmes), frozenset(asked))


def member_fields_of(checked: Iterable[CheckedRule]) -> set[str]:
    """The attributes of members that these rules ask for, without their namespace."""
    asked = {
        name.removeprefix("member.") for one in checked for name in one.fields if name.startswith("member.")
    }
    return asked | ({"kind"} if any(one.rule.audience for one in checked) else set())


def _compile(checked: list[CheckedRule], definition: Definition) -> Match:
    """Write and build the function that asks these rules: (values, member, at, local) -> [(rule, wanted), …]."""
    used = sorted({name for one in checked for name in one.fields})
    names = {name: f"f{place}" for place, name in enumerate(used)}
    moments = {
        name
        for one in checked
        for expression in (one.condition, one.amount)
        if expression is not None
        for name in local_times_used(expression)
    }
    names |= {
        local_name(name): "local" if name == "occurred_at" else f"to_local({names[name]})" for name in moments
    }
    lines = ["def match(values, member, at, local):", "    found = []"]
    lines += [f"    {names[name]} = {_source_of(name)}" for name in used]
    if any(one.rule.audience for one in checked):
        lines.append("    kind = member.get('kind')")
    known: dict[str, Any] = dict(RUNTIME)
    known["to_local"] = lambda moment: None if moment is None else moment.astimezone(definition.time_zone)
    for place, one in enumerate(checked):
        known[f"rule{place}"] = one.rule
        lines += _lines_of(one, place, names, known)
    lines.append("    return found")
    exec(compile("\n".join(lines), f"<rules of {definition.programme}>", "exec"), known)  # noqa: S102  # written here from checked trees only
    match: Match = known["match"]
    return match


def _source_of(name: str) -> str:
    if name == "occurred_at":
        return "at"
    if name.startswith("member."):
        return f"member.get({name.removeprefix('member.')!r})"
    return f"values[{name!r}]"


def _lines_of(one: CheckedRule, place: int, names: Mapping[str, str], known: dict[str, Any]) -> list[str]:
    """The lines that ask one rule. A multiplier is found with nothing wanted: `limits.grant` computes it."""
    rule = one.rule
    tests = []
    if rule.starts_at is not None:
        known[f"start{place}"] = rule.starts_at
        tests.append(f"start{place} <= at")
    if rule.ends_at is not None:
        known[f"end{place}"] = rule.ends_at
        tests.append(f"at < end{place}")
    if rule.audience:
        known[f"audience{place}"] = frozenset(rule.audience)
        tests.append(f"kind in audience{place}")
    if one.condition is not None:
        tests.append(to_python_condition(one.condition, names))
    head, indent = ([f"    if {' and '.join(tests)}:"], "        ") if tests else ([], "    ")
    if one.amount is None:
        return [*head, f"{indent}found.append((rule{place}, 0))"]
    return [
        *head,
        f"{indent}wanted = {to_python(one.amount, names)}",
        f"{indent}if wanted is not None and wanted > 0: found.append((rule{place}, wanted))",
    ]
