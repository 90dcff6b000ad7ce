"""What challenges and streaks become: what is published to be followed, and the rules that reward reaching them."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from plaudit.engagement.definitions import Definition, Kind, Part, Span, Step, counted
from plaudit.engagement.own_activities import (
    ACHIEVEMENT_REACHED,
    BIRTHDAY,
    CHALLENGE_COMPLETED,
    COMPETITION_WON,
    FRIEND_WELCOMED,
    OWN_TYPES,
    REFERRAL_QUALIFIED,
    STREAK_EXTENDED,
    STREAK_REACHED,
    OwnType,
)
from plaudit.learning.own_activities import OWN_TYPES as LEARNING_TYPES
from plaudit.planning.programme_file.birthdays import birthdays_definition
from plaudit.planning.programme_file.engaging import Badge, Goal, Pursuit
from plaudit.planning.programme_file.fields_stored import in_utc, stored_fields
from plaudit.planning.programme_file.learning_document import learning_rules
from plaudit.planning.programme_file.own_reports import own_activity
from plaudit.planning.programme_file.phrases import number_text
from plaudit.planning.programme_file.programme import Activity, Programme, Rule
from plaudit.planning.programme_file.recognition_rules import recognition_rules
from plaudit.planning.programme_file.rounding_rules import rounding_parts, rounding_rule
from plaudit.planning.programme_file.surveys_document import survey_rules
from plaudit.recognition.own_activities import OWN_TYPES as RECOGNITION_TYPES
from plaudit.surveys.own_activities import OWN_TYPES as SURVEY_TYPES


def own_activities(programme: Programme) -> tuple[Activity, ...]:
    """The activities that Plaudit reports itself for what this programme asks; rules may be on them."""
    asked = OWN_TYPES if asks_anything(programme) else ()
    noticed = RECOGNITION_TYPES if programme.recognition is not None else ()
    learned = LEARNING_TYPES if programme.learning is not None else ()
    answered = SURVEY_TYPES if programme.surveys is not None else ()
    return tuple(own_activity(own) for own in (*asked, *noticed, *learned, *answered))


def asks_anything(programme: Programme) -> bool:
    """Whether there is anything to keep people going by."""
    several = (
        programme.challenges,
        programme.streaks,
        programme.competitions,
        programme.achievements,
        programme.badges,
    )
    rounds = any(rule.rounding for rule, _ in programme.all_rules())
    return rounds or any(several) or programme.referrals is not None or programme.birthdays is not None


def engagement_of(programme: Programme) -> Definition:
    """What is published to be followed."""
    return Definition(
        programme=programme.key,
        time_zone=programme.time_zone,
        parts=(
            *(_part(programme, Kind.CHALLENGE, one) for one in programme.challenges),
            *(_part(programme, Kind.STREAK, one) for one in programme.streaks),
            *(_part(programme, Kind.COMPETITION, one) for one in programme.competitions),
            *(_part(programme, Kind.ACHIEVEMENT, one) for one in programme.achievements),
            *(badge_part(one) for one in programme.badges),
            *rounding_parts(programme),
            *_referrals(programme),
        ),
        member_fields=stored_fields(programme.known_of_members()),
        birthdays=birthdays_definition(programme.birthdays, programme.audience),
    )


def _part(programme: Programme, kind: Kind, one: Pursuit) -> Part:
    zone = ZoneInfo(programme.time_zone)
    is_challenge = kind in (Kind.CHALLENGE, Kind.ACHIEVEMENT)
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


def badge_part(one: Badge) -> Part:
    """A badge as it is published."""
    return Part(Kind.BADGE, one.key, one.name, when=one.when or None, description=one.description)


def _referrals(programme: Programme) -> Iterator[Part]:
    one = programme.referrals
    if one is not None:
        yield replace(
            _part(programme, Kind.REFERRAL, one.pursuit),
            steps=(Step(counted(one.pursuit.goals[0].at)),),
            within_days=one.within_days,
            link=one.link,
        )


def practice_rules(programme: Programme) -> Iterator[Rule]:
    """The rules behind what reaching something earns. Their keys hold a dot, as no rule of a file does."""
    yield from _prizes(programme)
    yield from _referral_rules(programme)
    yield from _birthday_rules(programme)
    yield from recognition_rules(programme)
    yield from learning_rules(programme)
    yield from survey_rules(programme)
    yield from (rounding_rule(programme, rule) for rule, _ in programme.all_rules() if rule.rounding)
    for one in programme.challenges:
        for goal in one.goals:
            yield from _reward(programme, one, goal, "challenge", CHALLENGE_COMPLETED, "target")
    for one in programme.achievements:
        for goal in one.goals:
            yield from _reward(programme, one, goal, "achievement", ACHIEVEMENT_REACHED, "target")
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
                pending_days=_days_pending(programme, one),
            )


def _referral_rules(programme: Programme) -> Iterator[Rule]:
    one = programme.referrals
    if one is None:
        return
    when = f"programme = '{programme.key}'"
    if one.earn is not None:
        yield Rule(
            key="referrals.referrer",
            name=one.name,
            on=REFERRAL_QUALIFIED.name,
            unit=one.unit,
            when=when,
            earn=number_text(one.earn),
            limits=one.limits,
        )
    if one.friend_earns is not None:
        yield Rule(
            key="referrals.friend",
            name=one.name,
            on=FRIEND_WELCOMED.name,
            unit=one.unit,
            when=when,
            earn=number_text(one.friend_earns),
        )


def _birthday_rules(programme: Programme) -> Iterator[Rule]:
    one = programme.birthdays
    if one is not None and one.earn is not None:
        yield Rule(
            key="birthdays.day",
            name=one.name,
            on=BIRTHDAY.name,
            unit=one.unit,
            when=f"programme = '{programme.key}'",
            earn=number_text(one.earn),
        )


def _days_pending(programme: Programme, one: Pursuit) -> int:
    """What a streak's events earn besides waits as long as the longest of what they earn."""
    earning = [rule for rule, _ in programme.all_rules() if rule.earn and rule.on == one.on]
    return max((rule.pending_days for rule in earning if rule.unit == one.unit), default=0)


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
