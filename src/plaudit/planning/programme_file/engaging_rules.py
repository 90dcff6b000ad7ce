"""What challenges and streaks become: what is published to be followed, and the rules that reward reaching them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

from plaudit.earning.compiling import field_type
from plaudit.engagement.definitions import Definition, Kind, Part, Span, Step, counted
from plaudit.engagement.own_activities import (
    CHALLENGE_COMPLETED,
    COMPETITION_WON,
    OWN_TYPES,
    STREAK_EXTENDED,
    STREAK_REACHED,
    OwnType,
)
from plaudit.planning.programme_file.engaging import Goal, Pursuit
from plaudit.planning.programme_file.fields_stored import in_utc, stored_fields
from plaudit.planning.programme_file.phrases import number_text
from plaudit.planning.programme_file.programme import Activity, Programme, Rule


def own_activities(programme: Programme) -> tuple[Activity, ...]:
    """The activities that Plaudit reports itself for what this programme asks; rules may be on them."""
    if not (programme.challenges or programme.streaks or programme.competitions):
        return ()
    return tuple(_activity(own) for own in OWN_TYPES)


def _activity(own: OwnType) -> Activity:
    fields = {name: field_type(stored) for name, stored in own.fields.items()}
    return Activity(own.name, own.title, fields=fields, corrects=own.corrects)


def engagement_of(programme: Programme) -> Definition:
    """What is published to be followed."""
    return Definition(
        programme=programme.key,
        time_zone=programme.time_zone,
        parts=(
            *(_part(programme, Kind.CHALLENGE, one) for one in programme.challenges),
            *(_part(programme, Kind.STREAK, one) for one in programme.streaks),
            *(_part(programme, Kind.COMPETITION, one) for one in programme.competitions),
        ),
        member_fields=stored_fields(programme.known_of_members()),
    )


def _part(programme: Programme, kind: Kind, one: Pursuit) -> Part:
    zone = ZoneInfo(programme.time_zone)
    is_challenge = kind is Kind.CHALLENGE
    return Part(
        kind=kind,
        key=one.key,
        name=one.name,
        on=one.on,
        when=one.when or None,
        sum=one.sum or None,
        every=one.every,
        audience=one.audience or programme.audience,
        starts_at=in_utc(one.starts, zone),
        ends_at=in_utc(one.ends, zone),
        steps=tuple(
            Step(counted(goal.at) if is_challenge else int(goal.at), goal.badge) for goal in one.goals
        ),
        unit=one.unit,
        span=Span(one.spans),
        rest=one.rest,
        rest_every=one.rest_every,
        again=one.again or 0,
        members_midnight=one.members_midnight,
        edition=one.edition or None,
        cancelled=one.cancelled,
        multiply=one.multiply,
        shares_places=one.ties == "share",
        wait_days=one.wait_days,
    )


def practice_rules(programme: Programme) -> Iterator[Rule]:
    """The rules behind what reaching something earns. Their keys hold a dot, as no rule of a file does."""
    yield from _prizes(programme)
    for one in programme.challenges:
        for goal in one.goals:
            yield from _reward(programme, one, goal, "challenge", CHALLENGE_COMPLETED, "target")
    for one in programme.streaks:
        for goal in one.goals:
            yield from _reward(programme, one, goal, "streak", STREAK_REACHED, "goal")
        if one.multiply is not None:
            precision = programme.unit(one.unit).precision
            yield Rule(
                key=f"streak.{one.key}.extra",
                name=one.name,
                on=STREAK_EXTENDED.name,
                unit=one.unit,
                when=f"programme = '{programme.key}' and streak = '{one.key}'",
                earn=f"floor(extra, {precision})" if precision else "floor(extra)",
            )


def _prizes(programme: Programme) -> Iterator[Rule]:
    for one in programme.competitions:
        for goal in one.goals:
            yield from _reward(programme, one, goal, "competition", COMPETITION_WON, "place")


def _reward(
    programme: Programme, one: Pursuit, goal: Goal, kind: str, on: OwnType, reached: str
) -> Iterator[Rule]:
    if goal.earn is None:
        return
    at = number_text(goal.at)
    yield Rule(
        key=f"{kind}.{one.key}" if len(one.goals) == 1 else f"{kind}.{one.key}.{at}",
        name=one.name,
        on=on.name,
        unit=one.unit,
        when=f"programme = '{programme.key}' and {kind} = '{one.key}' and {reached} = {at}",
        earn=number_text(goal.earn),
    )


def does_not_fit(earn: Decimal | None, precision: int) -> bool:
    """Whether a unit has too few decimals for this."""
    return earn is not None and earn != round(earn, precision)
