"""The rules that pay today, and the versions there are, as listening lays them beside what people say."""

from __future__ import annotations

import re
from decimal import Decimal

from plaudit.earning.definitions import Rule
from plaudit.earning.lineups import current_lineup_id, lineup
from plaudit.earning.models import RuleSet

_A_FIGURE = re.compile(r"\d{1,12}(\.\d{1,6})?")


def todays_rules(organisation_id: int, programme: str) -> dict[str, Rule]:
    """The rules of a programme that are in force, by key; none where nothing is. Asked inside the organisation."""
    newest = current_lineup_id(organisation_id)
    if newest is None:
        return {}
    definitions = lineup(organisation_id, newest).definitions.values()
    return {rule.key: rule for one in definitions if one.programme == programme for rule in one.rules}


def points_of(rule: Rule | None, unit: str) -> Decimal | None:
    """What a rule gives in whole units where that is one figure; nothing where there is no rule; None for a formula."""
    if rule is None:
        return Decimal(0)
    if rule.earn is None or rule.unit != unit or not _A_FIGURE.fullmatch(rule.earn.strip()):
        return None
    return Decimal(rule.earn.strip())


def is_published(organisation_id: int, programme: str, version: int) -> bool:
    """Whether this version of the programme was ever put in force."""
    return RuleSet.objects.filter(
        organisation_id=organisation_id, programme=programme, number=version
    ).exists()


def newest_version(organisation_id: int, programme: str) -> int | None:
    """The newest published version of a programme; None where nothing was published."""
    found = RuleSet.objects.filter(organisation_id=organisation_id, programme=programme).order_by("-number")
    newest = found.values_list("number", flat=True).first()
    return int(newest) if newest is not None else None


def programmes(organisation_id: int) -> list[str]:
    """The programmes that were ever published, by key."""
    keys = RuleSet.objects.filter(organisation_id=organisation_id).values_list("programme", flat=True)
    return sorted(set(keys.distinct()))
