"""Runs the examples of a programme file through the very code that will run live, and notes each that fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from plaudit.earning.compiling import MEMBER_KINDS, CompiledType, compile_type
from plaudit.earning.definitions import Definition
from plaudit.earning.definitions import Rule as EarningRule
from plaudit.earning.expressions.reader import compile_reader
from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.earning.expressions.types import FieldKind, FieldType
from plaudit.earning.limits import Grant, extras, grant, multiplies
from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.definitions import definition_of
from plaudit.planning.programme_file.fields_stored import in_utc, stored_fields
from plaudit.planning.programme_file.phrases import exact, number_text
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.programme import Activity, Example, Programme, Rule, Unit, path_of

_NOON = datetime(2026, 1, 1, 12, 0)  # noqa: DTZ001  # local to the programme
_SOMEBODY = "example"


def check_examples(programme: Programme, problems: Problems) -> None:
    """Run every example; the programme must have no other problem."""
    running = Running(programme, problems)
    for rule, campaign in programme.all_rules():
        for number, example in enumerate(rule.examples):
            running.check_rule(rule, example, (*path_of(rule, campaign), "examples", number))
    for number, example in enumerate(programme.examples):
        running.check_whole(example, ("examples", number))


class Running:
    """The programme, compiled as it will be when it is live."""

    def __init__(self, programme: Programme, problems: Problems) -> None:
        self.programme = programme
        self.problems = problems
        self.definition = definition_of(programme)
        self.zone = ZoneInfo(programme.time_zone)
        self.precisions = {unit.key: unit.precision for unit in programme.units}
        nullable = {
            name: replace(field, nullable=True) for name, field in programme.known_of_members().items()
        }
        self.read_member = compile_reader(nullable, extra=True)
        self.compiled: dict[tuple[str, bool], CompiledType] = {}

    def check_rule(self, rule: Rule, example: Example, path: Path) -> None:
        """One rule alone, before any limit."""
        wanted = self.wanted(rule, example, path)
        if wanted is not None and example.earns:
            self.compare({rule.unit: wanted}, example.earns, (*path, "earns"))

    def wanted(self, rule: Rule, example: Example, path: Path) -> int | None:
        """What one rule wants, or adds to the rules it multiplies; None where the values do not fit their fields."""
        own = next(one for one in self.definition.rules if one.key == rule.key)
        matched = self.matched(example, example.at or _while_in_force(own, self.zone), path, dated=True)
        if matched is None:
            return None
        wanted = 0
        for one, amount in matched:
            if one.key == rule.key:
                wanted = -amount if one.take is not None else amount
        if rule.multiply is not None and any(one.key == rule.key for one, _ in matched):
            base = [
                Grant(one, amount) for one, amount in matched if one.earn is not None and multiplies(own, one)
            ]
            wanted = sum(amount for _, amount in extras([own], base, self.definition.stacking))
        return wanted

    def check_whole(self, example: Example, path: Path) -> None:
        """All rules together, as for the first event of a member."""
        activities = [activity.key for activity in self.programme.activities]
        if example.on not in activities:
            said = worded(
                "There is no activity `{key}`{meant}",
                key=example.on,
                meant=did_you_mean(example.on, activities),
            )
            self.problems.note((*path, "on"), said, code="unknown_activity")
            return
        matched = self.matched(example, example.at or _NOON, path, dated=example.at is not None)
        if matched is None:
            return
        totals = dict.fromkeys(self.precisions, 0)
        grants, _ = grant(
            [pair for pair in matched if pair[0].take is None],
            stacking=self.definition.stacking,
            day=(example.at or _NOON).date(),
            member=_SOMEBODY,
            teams=(),
            used={},
        )
        for one in grants:
            totals[one.rule.unit] += one.amount
        for rule, amount in matched:
            if rule.take is not None:
                totals[rule.unit] -= amount
        self.compare(totals, example.earns, (*path, "earns"))

    def matched(
        self, example: Example, at: datetime, path: Path, *, dated: bool
    ) -> list[tuple[EarningRule, int]] | None:
        """What the rules find in the example; None where its values do not fit their fields."""
        activity = self.programme.activity(example.on)
        compiled = self.compile(activity, dated=dated)
        given = self.typed(example.given, activity.fields, (*path, "given"), activity.key)
        kind = example.member.get("kind") or (self.programme.audience or MEMBER_KINDS)[0]
        described = {name: value for name, value in example.member.items() if name != "kind"}
        known = self.typed(described, self.programme.known_of_members(), (*path, "member"), worded("members"))
        if kind not in MEMBER_KINDS:
            said = worded(
                "There are no members of kind `{kind}`{meant}",
                kind=kind,
                meant=did_you_mean(str(kind), MEMBER_KINDS),
            )
            self.problems.note((*path, "member", "kind"), said)
            return None
        if given is None or known is None:
            return None
        values, faults = compiled.read(given)
        _, more = self.read_member(known)
        for fault in faults:
            self.problems.note((*path, "given"), fault.sentence, code=fault.code)
        for fault in more:
            self.problems.note((*path, "member"), fault.sentence, code=fault.code)
        moment = in_utc(at, self.zone)
        assert moment is not None
        if faults or more:
            return None
        local = moment.astimezone(self.zone)
        attributes = {**known, "kind": kind}
        return [
            pair
            for one in compiled.programmes
            for pair in one.match(values, one.member_values(attributes), moment, local)
        ]

    def compile(self, activity: Activity, *, dated: bool) -> CompiledType:
        """The rules on an activity; without those that are in force for a time only, unless `dated`."""
        key = (activity.key, dated)
        if key not in self.compiled:
            self.compiled[key] = compile_type(
                activity.key,
                stored_fields(activity.fields),
                [self.definition if dated else _undated(self.definition)],
                self.precisions,
                extra_fields=activity.extra_fields,
            )
        return self.compiled[key]

    def typed(
        self, written: Mapping[str, Any], fields: Mapping[str, FieldType], path: Path, subject: str
    ) -> dict[str, Any] | None:
        """Texts as the values a sender would send; None where a name is unknown."""
        values: dict[str, Any] = {}
        unknown = False
        for name, text in written.items():
            field = fields.get(name)
            if field is None:
                self.problems.note(
                    (*path, name),
                    worded(
                        "`{name}` is not a field of {subject}{meant}",
                        name=name,
                        subject=subject,
                        meant=did_you_mean(name, fields),
                    ),
                )
                unknown = True
                continue
            values[name] = _sent(text, field, self.zone)
        return None if unknown else values

    def compare(self, got: Mapping[str, int], expected: Mapping[str, Decimal], path: Path) -> None:
        """Note what came out otherwise than the example says."""
        for key, amount in got.items():
            unit = self.programme.unit(key)
            earned = exact(Decimal(amount).scaleb(-unit.precision))
            if earned != expected.get(key, Decimal(0)):
                said = worded(
                    "This earns {amount}, not {expected}.",
                    amount=_amount(earned, unit),
                    expected=_amount(expected.get(key, Decimal(0)), unit),
                )
                self.problems.note(path, said, "Correct the example, or the rules.", code="example")


def _amount(number: Decimal, unit: Unit) -> str:
    return f"{number_text(number)} {unit.one if number == 1 else unit.other}"


def _sent(text: str | None, field: FieldType, zone: ZoneInfo) -> Any:
    """A value as it stands in an event: booleans as such, moments with their offset, the rest as text."""
    if text is None:
        return None
    if field.kind is FieldKind.BOOLEAN and text in ("true", "false"):
        return text == "true"
    if field.kind is FieldKind.TIMESTAMP:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return text
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()
    return text


def _while_in_force(rule: EarningRule, zone: ZoneInfo) -> datetime:
    """A local time at which the rule is in force."""
    if rule.starts_at is not None:
        return rule.starts_at.astimezone(zone).replace(tzinfo=None)
    if rule.ends_at is not None and rule.ends_at <= _NOON.replace(tzinfo=UTC):
        return (rule.ends_at - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    return _NOON


def _undated(definition: Definition) -> Definition:
    """The rules that are always in force."""
    always = tuple(rule for rule in definition.rules if rule.starts_at is None and rule.ends_at is None)
    return replace(definition, rules=always)
