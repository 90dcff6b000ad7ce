"""Which events are worth noticing, as each standard says, compiled when first asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from plaudit.activity.types import DeclaredType, declared_types
from plaudit.earning.compiling import CompiledType
from plaudit.earning.definitions import Definition, Rule, Stacking
from plaudit.earning.expressions import ExpressionRefused
from plaudit.engagement.published import MEASURE, compile_measures
from plaudit.recognition.definitions import Standard, Watch


@dataclass
class Watcher:
    """One standard's watches, as code for each event type they are on."""

    standard: Standard
    _compiled: dict[int, CompiledType] = field(default_factory=dict)

    def watches(self, type_name: str) -> bool:
        """Whether anything is watched of events of this type."""
        return any(watch.on == type_name for watch in self.standard.watches)

    def for_type(self, organisation_id: int, declared: DeclaredType) -> CompiledType:
        """What is watched of one type's events."""
        compiled = self._compiled.get(declared.id)
        if compiled is None:
            try:
                compiled = compile_measures(self._rules(declared.name), declared)
            except ExpressionRefused:
                # Recorded by an older version of its type while this was being published.
                newest = declared_types(organisation_id)[declared.name]
                compiled = compile_measures(self._rules(declared.name), newest)
            self._compiled[declared.id] = compiled
        return compiled

    def seen(
        self, compiled: CompiledType, data: Mapping[str, Any], known: Mapping[str, Any], at: datetime
    ) -> Sequence[Watch]:
        """The watches that an event meets, of somebody of whom this is known."""
        values, problems = compiled.read(data)
        if problems:
            return []
        (programme,) = compiled.programmes
        mine = programme.member_values(known)
        local = at.astimezone(ZoneInfo(self.standard.time_zone))
        met = {rule.key for rule, _ in programme.match(values, mine, at, local)}
        return [watch for watch in self.standard.watches if watch.key in met]

    def _rules(self, type_name: str) -> Definition:
        standard = self.standard
        return Definition(
            programme=standard.programme,
            time_zone=ZoneInfo(standard.time_zone),
            stacking=Stacking.ADD,
            rules=tuple(
                Rule(
                    key=watch.key,
                    name=watch.name,
                    on=watch.on,
                    unit=MEASURE,
                    when=watch.when,
                    earn="1",
                    audience=standard.audience,
                )
                for watch in standard.watches
                if watch.on == type_name
            ),
            member_fields=standard.member_fields,
        )
