"""A programme's values turned into what the floors below are given: rules, units and event types."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from plaudit.earning import definitions as earning
from plaudit.foundation.exact import encode
from plaudit.foundation.told import Tongues
from plaudit.planning.programme_file.engaging_rules import own_activities, practice_rules
from plaudit.planning.programme_file.fields_stored import in_utc, stored_fields
from plaudit.planning.programme_file.membership_document import approved
from plaudit.planning.programme_file.offers import offer_definition
from plaudit.planning.programme_file.phrases import Wait
from plaudit.planning.programme_file.programme import (
    Campaign,
    Limit,
    Path,
    Programme,
    Rule,
    Unit,
    path_of,
)
from plaudit.planning.programme_file.read_fields import value_minor_per_million
from plaudit.planning.programme_file.rounding_rules import with_rounding
from plaudit.planning.programme_file.segments import segment_definition
from plaudit.planning.programme_file.tiers import ladder_definition
from plaudit.planning.programme_file.translating import tongues_of
from plaudit.targeting import definitions as targeting


@dataclass(frozen=True, slots=True)
class KeyedLimit:
    """A limit with its identity, where it stands in the file, and the rules that share it."""

    key: str
    limit: Limit
    path: Path
    rules: tuple[Rule, ...]


def definition_of(programme: Programme) -> earning.Definition:
    """The earning part, as it is published and compiled. The programme must have been checked."""
    zone = ZoneInfo(programme.time_zone)
    tongues = tongues_of(programme)
    shared: dict[str, list[earning.Limit]] = {}
    for keyed in limits_of(programme):
        for rule in keyed.rules:
            shared.setdefault(rule.key, []).append(_limit(programme, keyed))
    return earning.Definition(
        programme=programme.key,
        time_zone=zone,
        stacking=programme.stacking,
        rules=tuple(
            _rule(programme, rule, campaign, tuple(shared.get(rule.key, ())), zone, tongues)
            for rule, campaign in (
                *programme.all_rules(),
                *((rule, None) for rule in practice_rules(programme)),
            )
        ),
        member_fields=stored_fields(programme.known_of_members()),
    )


def digest_of_rules(definition: earning.Definition) -> str:
    """The SHA-256 of the rules as they are published: what is signed is what is launched."""
    return hashlib.sha256(encode(earning.store_definition(definition)).encode()).hexdigest()


def _rule(
    programme: Programme,
    rule: Rule,
    campaign: Campaign | None,
    limits: tuple[earning.Limit, ...],
    zone: ZoneInfo,
    tongues: Tongues,
) -> earning.Rule:
    starts, ends = rule.window.starts, rule.window.ends
    if campaign is not None:
        starts, ends = starts or campaign.window.starts, ends or campaign.window.ends
    return earning.Rule(
        key=rule.key,
        name=rule.name,
        on=rule.on,
        unit=rule.unit,
        when=_condition(programme, rule) or None,
        earn=rule.earn or None,
        take=rule.take or None,
        multiply=Fraction(rule.multiply) if rule.multiply is not None else None,
        of=rule.of,
        audience=rule.audience or programme.audience,
        starts_at=in_utc(starts, zone),
        ends_at=in_utc(ends, zone),
        pending_days=_wait(programme, rule).days,
        pending_until=_wait(programme, rule).until,
        campaign=campaign.key if campaign else None,
        limits=limits,
        because=rule.because,
        objective=rule.objective,
        tongues=_tongues_of_rule(rule, tongues),
    )


def _tongues_of_rule(rule: Rule, tongues: Tongues) -> Tongues:
    own = (rule.name, rule.because)
    said = {
        language: {text: texts[text] for text in own if text in texts} for language, texts in tongues.items()
    }
    return {language: texts for language, texts in said.items() if texts}


def _condition(programme: Programme, rule: Rule) -> str:
    """The rule's own condition; where its activity can be a partner's, also that the partner is approved."""
    partners = programme.membership.partners if programme.membership is not None else ()
    declared = (*programme.activities, *own_activities(programme))
    activity = next((one for one in declared if one.key == rule.on), None)
    field = activity.fields.get("partner") if activity is not None else None
    if not partners or field is None:
        return rule.when
    words = approved(partners, may_be_missing=field.nullable)
    return f"({rule.when}) and ({words})" if rule.when else words


def _wait(programme: Programme, rule: Rule) -> Wait:
    """How long what a rule earns is pending.

    What a multiplier adds waits as long as what it multiplies: for a confirmation where any of that does, or
    else for the most days.
    """
    if rule.multiply is None:
        return Wait(rule.pending_days, rule.pending_until)
    multiplied = [
        base
        for base, _ in programme.all_rules()
        if base.earn and base.on == rule.on and (base.key in rule.of if rule.of else base.unit == rule.unit)
    ]
    until = next((base.pending_until for base in multiplied if base.pending_until), "")
    days = 0 if until else max((base.pending_days for base in multiplied), default=0)
    return Wait(days, until)


def limits_of(programme: Programme) -> Iterator[KeyedLimit]:
    """Every limit: a rule's own first, then its campaign's with the budget, then the programme's."""
    for rule, campaign in programme.all_rules():
        for limit in rule.limits:
            yield _keyed(
                rule.key, limit, (*path_of(rule, campaign), "limits"), with_rounding(programme, [rule])
            )
    for campaign in programme.campaigns:
        path: Path = ("campaigns", campaign.key)
        rules = with_rounding(programme, campaign.rules)
        if campaign.budget is not None:
            yield _keyed(f"campaign.{campaign.key}", campaign.budget, (*path, "budget"), rules)
        for limit in campaign.limits:
            yield _keyed(f"campaign.{campaign.key}", limit, (*path, "limits"), rules)
    for rule in practice_rules(programme):
        for limit in rule.limits:
            yield _keyed(rule.key, limit, ("referrals", "limits"), [rule])
    everything = [*(rule for rule, _ in programme.all_rules()), *practice_rules(programme)]
    for limit in programme.limits:
        yield _keyed(f"programme.{programme.key}", limit, ("limits",), everything)


def _keyed(place: str, limit: Limit, path: Path, rules: Iterable[Rule]) -> KeyedLimit:
    """A limit with its key, made of where it stands and what it counts, unless it is named."""
    per = "everyone" if limit.per is earning.Per.ALL else limit.per.value
    key = limit.name or f"{place}/{per}/{limit.every}/{limit.unit or 'times'}"
    held = tuple(rule for rule in rules if not rule.take and (not limit.unit or rule.unit == limit.unit))
    return KeyedLimit(key, limit, path, held)


def _limit(programme: Programme, keyed: KeyedLimit) -> earning.Limit:
    limit = keyed.limit
    return earning.Limit(
        key=keyed.key,
        at_most=at_most_of(programme, limit),
        of=earning.Of.POINTS if limit.unit else earning.Of.TIMES,
        per=limit.per,
        every=limit.every,
        partial=limit.partial,
    )


def at_most_of(programme: Programme, limit: Limit) -> int:
    """How much a limit allows: times, or smallest parts of its unit; money is rounded down to whole ones."""
    if not limit.unit:
        return int(limit.at_most.number)
    unit = programme.unit(limit.unit)
    if limit.at_most.of == limit.unit:
        return smallest_parts(limit.at_most.number, unit.precision)
    assert unit.worth is not None
    return int(Fraction(limit.at_most.number) / Fraction(unit.worth) * 10**unit.precision)


def smallest_parts(number: Decimal, precision: int) -> int:
    """Whole units as an integer in the unit's smallest part."""
    return int(number.scaleb(precision))


def unit_value(programme: Programme, unit: Unit) -> int:
    """What a million smallest parts of a unit are worth, in minor units of the programme's currency."""
    return (
        value_minor_per_million(unit.worth, programme.currency, unit.precision) or 0
        if unit.worth is not None
        else 0
    )


def segments_of(programme: Programme) -> list[targeting.Segment]:
    """The segments, as they are published: they may ask whatever is known of a member but segments and offers."""
    own = {segment.standing[0] for segment in programme.segments}
    own |= {offer.standing[0] for offer in programme.offers}
    known = {name: one for name, one in programme.known_of_members().items() if name not in own}
    return [segment_definition(one, programme.audience, stored_fields(known)) for one in programme.segments]


def offers_of(programme: Programme) -> list[targeting.Offer]:
    """The offers, as they are published."""
    return [offer_definition(offer, ZoneInfo(programme.time_zone)) for offer in programme.offers]


def ladders_of(programme: Programme) -> list[targeting.Ladder]:
    """The ladders, as they are published."""
    precisions = {unit.key: unit.precision for unit in programme.units}
    return [
        ladder_definition(ladder, programme.audience, precisions.get(ladder.earned, 0))
        for ladder in programme.tiers
    ]
