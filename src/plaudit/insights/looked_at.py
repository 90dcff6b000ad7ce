"""What a rule looked at: the fields of an activity that it names, with their values, and nothing else.

Fields that no rule names are left out: an activity may carry what is not the member's to see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from plaudit.activity.models import Event
from plaudit.activity.types import DeclaredType, types_by_id
from plaudit.earning.compiling import CheckedRule, CompiledProgramme
from plaudit.earning.explaining import EventExplanation, explain_event
from plaudit.earning.lineups import Lineup, lineup
from plaudit.earning.words import value_words
from plaudit.foundation.ids import show
from plaudit.foundation.told import told
from plaudit.insights.reasons import Input


@dataclass(frozen=True, slots=True)
class Explained:
    """An activity explained, and the rules it met as they were then."""

    event: EventExplanation
    declared: DeclaredType
    lineup: Lineup | None
    cuts: list[dict[str, Any]]

    @property
    def reference(self) -> str:
        """How people see the activity."""
        return show("act", self.event.event_id)

    def rule(self, rule_id: int | None) -> tuple[CompiledProgramme, CheckedRule] | None:
        """The rule with this number among those the activity met, and its programme."""
        for programme in self.lineup.for_type(self.declared).programmes if self.lineup else ():
            for one in programme.checked:
                assert self.lineup is not None
                if self.lineup.rule_id(programme.definition.programme, one.rule) == rule_id:
                    return programme, one
        return None

    def values(self, programme: CompiledProgramme) -> dict[str, Any]:
        """What the rules of a programme were asked with: typed values, by their name in expressions."""
        assert self.lineup is not None
        values, _problems = self.lineup.for_type(self.declared).read(self.event.data)
        mine = programme.member_values(self.event.member)
        member = {f"member.{name}": value for name, value in mine.items()}
        return {**values, **member, "occurred_at": self.event.occurred_at}


def explained(organisation_id: int, event_id: Any) -> Explained:
    """An activity of the book with its explanation. Raises `NotFound`."""
    event = explain_event(organisation_id, event_id)
    row = Event.objects.only("type_id", "lineup_id", "decision").get(
        organisation_id=organisation_id, id=event_id
    )
    met = lineup(organisation_id, row.lineup_id) if row.lineup_id is not None else None
    declared = types_by_id(organisation_id)[row.type_id]
    return Explained(event, declared, met, list((row.decision or {}).get("cuts", [])))


def inputs_of(one: Explained, checked: CheckedRule | None) -> list[Input]:
    """The activity itself, and each value that the rule names."""
    event = one.event
    inputs = [Input(event.title, event.key, event.source, event.occurred_at, one.reference)]
    for name in sorted(checked.fields) if checked else ():
        if name == "occurred_at":
            continue
        if name.startswith("member."):
            attribute = name.removeprefix("member.")
            inputs.append(
                Input(_plain(attribute), _value(event.member.get(attribute)), _("Your profile then"))
            )
        else:
            inputs.append(
                Input(label_of(one.declared.fields, name), _value(event.data.get(name)), event.source)
            )
    return inputs


def label_of(fields: Mapping[str, Any], name: str) -> str:
    """What people call a field."""
    declared = fields.get(name) or {}
    return _plain(told(str(declared.get("label") or name)))


def _plain(name: str) -> str:
    words = name.replace("_", " ").replace(".", " ")
    return words[:1].upper() + words[1:]


def _value(value: Any) -> str:
    return value_words(value) or _("not given")
