"""Published rules by the number that transfers carry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

from plaudit.earning.definitions import Rule, read_definition
from plaudit.earning.lineups import KnownLimits, known_limits
from plaudit.earning.models import Rule as RuleRow
from plaudit.earning.words import told_rule


@dataclass(frozen=True, slots=True)
class PublishedRule:
    """One rule of one published version of a programme."""

    id: int
    programme: str
    version: int
    rule: Rule
    time_zone: ZoneInfo
    limits: KnownLimits


def published_rule(organisation_id: int, rule_id: int) -> PublishedRule:
    """The rule a transfer names, as its version tells it. Published rules never change, so that each is read once."""
    found = _read_once(organisation_id, rule_id)
    rule = told_rule(found.rule)
    return found if rule is found.rule else replace(found, rule=rule)


@lru_cache(maxsize=4096)
def _read_once(organisation_id: int, rule_id: int) -> PublishedRule:
    row = RuleRow.objects.select_related("rule_set").get(organisation_id=organisation_id, id=rule_id)
    definition = read_definition(row.rule_set.definition)
    rule = next(one for one in definition.rules if one.key == row.key)
    return PublishedRule(
        row.id,
        definition.programme,
        row.rule_set.number,
        rule,
        definition.time_zone,
        known_limits(organisation_id),
    )
