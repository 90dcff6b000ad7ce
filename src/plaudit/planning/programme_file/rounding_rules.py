"""Rules that are rounded for an order or a day: what is followed for them, what their parts earn, and what must fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from plaudit.earning.compiling import scope_of
from plaudit.earning.expressions import expression_of
from plaudit.engagement.definitions import Kind, Part, Together
from plaudit.engagement.own_activities import ROUNDING_ADDED
from plaudit.planning.programme_file.fields_stored import in_utc, stored_fields
from plaudit.planning.programme_file.phrases import number_text
from plaudit.planning.programme_file.programme import Campaign, Programme, Rule

_FLOOR = "floor("


def unrounded(earn: str) -> str:
    """What stands inside the floor() that is all of an expression; "" where it is not all of it."""
    if not earn.startswith(_FLOOR) or not earn.endswith(")"):
        return ""
    depth, quoted = 0, False
    for place, letter in enumerate(earn[len(_FLOOR) : -1]):
        quoted = quoted != (letter == "'")
        depth += 0 if quoted else {"(": 1, ")": -1}.get(letter, 0)
        if depth < 0 or (letter == "," and not depth and not quoted):
            inside = earn[len(_FLOOR) : len(_FLOOR) + place]
            return inside if letter == "," and earn[len(_FLOOR) + place + 1 : -1].strip().isdigit() else ""
    return earn[len(_FLOOR) : -1]


def rounding_parts(programme: Programme) -> Iterator[Part]:
    """What is followed for each rule that is rounded together: what it would earn unrounded, and what it earned."""
    for rule, campaign in programme.all_rules():
        if rule.rounding:
            part = _part(programme, rule, campaign)
            yield part
            yield replace(part, kind=Kind.ROUNDED, sum=rule.earn)


def exact_decimals(programme: Programme, rule: Rule) -> int:
    """How many decimals what the rule earns has before it is rounded, or the unit if that has more.

    Raises `ExpressionRefused` where it cannot be read.
    """
    activity = programme.activity(rule.on)
    known = stored_fields(programme.known_of_members())
    inside = expression_of(unrounded(rule.earn), scope_of(rule.on, stored_fields(activity.fields), known))
    return max(inside.scale, programme.unit(rule.unit).precision)


def _part(programme: Programme, rule: Rule, campaign: Campaign | None) -> Part:
    zone = ZoneInfo(programme.time_zone)
    starts, ends = rule.window.starts, rule.window.ends
    if campaign is not None:
        starts, ends = starts or campaign.window.starts, ends or campaign.window.ends
    return Part(
        kind=Kind.ROUNDING,
        key=rule.key,
        name=rule.name,
        on=rule.on,
        when=rule.when or None,
        sum=unrounded(rule.earn),
        audience=rule.audience or programme.audience,
        starts_at=in_utc(starts, zone),
        ends_at=in_utc(ends, zone),
        unit=rule.unit,
        together=Together(rule.rounding),
        precision=programme.unit(rule.unit).precision,
        exact=exact_decimals(programme, rule),
    )


def rounding_rule(programme: Programme, rule: Rule) -> Rule:
    """The rule by which parts of points that add up earn; it waits and is limited as the rule itself."""
    smallest = Decimal(1).scaleb(-programme.unit(rule.unit).precision)
    return Rule(
        key=f"rounding.{rule.key}",
        name=rule.name,
        on=ROUNDING_ADDED.name,
        unit=rule.unit,
        when=f"programme = '{programme.key}' and rule = '{rule.key}'",
        earn=number_text(smallest),
        pending_days=rule.pending_days,
    )


def with_rounding(programme: Programme, rules: Iterable[Rule]) -> list[Rule]:
    """These rules, and beside each that is rounded together the one by which its parts earn: limits hold both."""
    found: list[Rule] = []
    for rule in rules:
        found.append(rule)
        if rule.rounding:
            found.append(rounding_rule(programme, rule))
    return found
