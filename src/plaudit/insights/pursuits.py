"""What keeps one member going, as they see it: challenges, streaks and competitions, how far they are, what it brings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from plaudit.activity.types import DeclaredType, declared_types
from plaudit.earning.compiling import check_rule, scope_of
from plaudit.earning.counting import bounds_of
from plaudit.earning.definitions import Every
from plaudit.earning.expressions.words import describe
from plaudit.earning.words import in_sentence
from plaudit.engagement.definitions import DECIMALS, Kind, Part, shown_count
from plaudit.engagement.models import Contribution, Progress, Reached, Result
from plaudit.engagement.published import PublishedSet, measures_of, published_sets
from plaudit.engagement.rules.going import Going, going
from plaudit.engagement.rules.periods import period_of_part
from plaudit.engagement.rules.streaks import lengths_reached
from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.told import told, told_through
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.people.models import Member
from plaudit.planning.programme_file.engaging import Pursuit
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.queries import standing_programmes

PURSUED = (Kind.CHALLENGE, Kind.STREAK, Kind.COMPETITION)
"""What a member is shown as something to pursue."""
PERIODS_READ = 2_000
"""So many periods of a member are read, the newest first: five years of days."""


@dataclass(frozen=True, slots=True)
class SeenGoal:
    """Something to reach. `at` is as in its part's step; `earns` in words, "" for nothing.

    `badge` is the key of what it gives, `badge_name` what its programme calls that, "" where it has no name.
    """

    at: int
    reached: bool
    earns: str
    badge: str
    badge_name: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One challenge, streak or competition as a member sees it.

    `done` is in hundredths, for a streak a number of days, weeks or editions. `ends_at` is when its period,
    or it as a whole, ends; `begins_at` stands while it has not begun. `earlier` are the periods before this
    one in which the member had something, the newest first.
    """

    id: int
    part: Part
    programme: str
    programme_key: str
    description: str
    counts: str
    period: str
    done: int
    goals: tuple[SeenGoal, ...]
    begins_at: datetime | None
    ends_at: datetime | None
    row: Going | None
    multiplies: Decimal | None
    earlier: tuple[tuple[str, int], ...] = field(default=())

    @property
    def next_goal(self) -> SeenGoal | None:
        """The nearest that is not reached yet; none in a competition, whose goals are places."""
        if self.part.kind is Kind.COMPETITION:
            return None
        return next((goal for goal in self.goals if goal.at > self.done), None)

    @property
    def share(self) -> int:
        """How much of the way to the next goal is done, in hundredths; all of it where none is left."""
        goal = self.next_goal
        return min(self.done, goal.at) * 100 // goal.at if goal is not None else 100


def pursuits_of(organisation_id: int, member: Member) -> list[Seen]:
    """Everything that is asked of this kind of member now or soon, in the order of its programmes."""
    now = clock.now()
    asked = [
        (one, part)
        for one in published_sets(organisation_id).now()
        for part in one.definition.parts
        if part.kind in PURSUED and _is_for(part, member) and (part.ends_at is None or now < part.ends_at)
    ]
    return list(_seen(organisation_id, member, asked, now)) if asked else []


def pursuit(organisation_id: int, member: Member, part_id: int) -> Seen:
    """One of them by its number, also one that is over. Raises `NotFound`, also where it is for others."""
    found = published_sets(organisation_id).newest_forms.get(part_id)
    if found is None or found[1].kind not in PURSUED or not _is_for(found[1], member):
        raise NotFound(kind="challenge", ref=part_id)
    return next(_seen(organisation_id, member, [found], clock.now()))


def _is_for(part: Part, member: Member) -> bool:
    return not part.audience or member.kind in part.audience


def _seen(
    organisation_id: int, member: Member, asked: Sequence[tuple[PublishedSet, Part]], now: datetime
) -> Iterator[Seen]:
    ids = [one.part_id(part) for one, part in asked]
    amounts = _amounts(organisation_id, member.id, ids)
    reached = _reached(organisation_id, member.id, ids)
    programmes = standing_programmes(organisation_id)
    units, types = units_by_key(organisation_id), declared_types(organisation_id)
    for one, written_part in asked:
        part = told_through(written_part)
        part_id = one.part_id(part)
        written = _written(programmes.get(one.programme), part)
        day = now.astimezone(_zone(one, part, member)).date()
        period = period_of_part(part, day)
        mine = amounts[part_id]
        row = going(part, mine, period) if part.kind is Kind.STREAK else None
        done = row.length if row is not None else mine.get(period, 0)
        declared = types.get(part.on)
        yield Seen(
            id=part_id,
            part=part,
            programme=programmes[one.programme].name if one.programme in programmes else one.programme,
            programme_key=one.programme,
            description=written.description if written else "",
            counts=counts_words(one, part, declared) if declared else "",
            period=period,
            done=done,
            goals=_goals(one, part, written, units, done, reached[part_id, period]),
            begins_at=part.starts_at if part.starts_at and now < part.starts_at else None,
            ends_at=_ends_at(one, part, period),
            row=row,
            multiplies=part.multiply,
            earlier=() if row else tuple((at, much) for at, much in mine.items() if at != period),
        )


def _amounts(organisation_id: int, member_id: UUID, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """What the member has in each period of these parts, the newest period first."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Progress.objects.filter(
        organisation_id=organisation_id, member_id=member_id, part_id__in=ids, amount__gt=0
    )
    for part_id, period, amount in rows.order_by("-last_at").values_list("part_id", "period", "amount")[
        :PERIODS_READ
    ]:
        found[part_id][period] = amount
    return found


def _reached(organisation_id: int, member_id: UUID, ids: Sequence[int]) -> dict[tuple[int, str], set[int]]:
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    rows = Reached.objects.filter(
        organisation_id=organisation_id, member_id=member_id, part_id__in=ids, stands=True
    )
    for part_id, period, step in rows.order_by("part_id").values_list("part_id", "period", "step")[
        :PERIODS_READ
    ]:
        found[part_id, period].add(step)
    return found


def _zone(one: PublishedSet, part: Part, member: Member) -> ZoneInfo:
    """Whose midnight the part's days begin at, as when it is counted."""
    name = member.attributes.get("time_zone")
    if part.members_midnight and isinstance(name, str):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return one.time_zone
    return one.time_zone


def _written(programme: Programme | None, part: Part) -> Pursuit | None:
    """What the programme's file says of the part."""
    if programme is None:
        return None
    those = {
        Kind.CHALLENGE: programme.challenges,
        Kind.STREAK: programme.streaks,
        Kind.COMPETITION: programme.competitions,
    }
    return next((one for one in those.get(part.kind, ()) if one.key == part.key), None)


def counts_words(one: PublishedSet, part: Part, declared: DeclaredType) -> str:
    """What counts, such as "Each purchase counts, when order value is at least 5."."""
    keys = [each.identity for each in one.definition.parts]  # the part itself may be told in another language
    place = str(keys.index(part.identity))
    measures = measures_of(one.definition, part.on)
    scope = scope_of(declared.name, declared.fields, measures.member_fields)
    checked = check_rule(next(rule for rule in measures.rules if rule.key == place), scope, DECIMALS)
    when = (
        _(", when {condition}").format(condition=describe(checked.condition, scope))
        if checked.condition is not None
        else ""
    )
    title = in_sentence(declared.title or declared.name)
    if part.sum is None or checked.amount is None:
        return _("Each {title} counts{when}.").format(title=title, when=when)
    return _("What counts of each {title}: {what}{when}.").format(
        title=title, what=describe(checked.amount, scope), when=when
    )


def _goals(
    one: PublishedSet,
    part: Part,
    written: Pursuit | None,
    units: Mapping[str, UnitPolicy],
    done: int,
    reached: set[int],
) -> tuple[SeenGoal, ...]:
    earns: dict[Decimal, str] = {}
    for goal in written.goals if written else ():
        unit = units.get(written.unit) if written else None
        if goal.earn is not None and unit is not None:
            earns[goal.at] = unit.say(int(goal.earn.scaleb(unit.precision)))
    badges = {step.at: step.badge for step in part.steps}
    named = {badge.key: told(badge.name) for badge in one.definition.parts if badge.kind is Kind.BADGE}
    ats = [step.at for step in part.steps]
    if part.kind is Kind.STREAK and part.again and ats:
        last, again = ats[-1], part.again
        further = [at for at in lengths_reached(part, done) if at not in badges]
        upcoming = (max([last, *further]) if done >= last else last) + again
        ats += [*further[-1:], upcoming]
    found = []
    for at in ats:
        own = at if at in badges else part.steps[-1].at
        key = shown_count(own) if part.kind is Kind.CHALLENGE else Decimal(own)
        is_reached = at in reached if part.kind is Kind.CHALLENGE else part.kind is Kind.STREAK and at <= done
        badge = badges.get(own, "")
        found.append(SeenGoal(at, is_reached, earns.get(key, ""), badge, named.get(badge, "")))
    return tuple(found)


def _ends_at(one: PublishedSet, part: Part, period: str) -> datetime | None:
    ends = [part.ends_at] if part.ends_at is not None else []
    if part.kind is not Kind.STREAK and part.every is not Every.LIFETIME:
        ends.append(bounds_of(part.every, period, one.time_zone)[1])
    return min(ends) if ends else None


def said_count(kind: Kind, amount: int) -> Decimal | int:
    """An amount of a part as the number a person reads."""
    return amount if kind is Kind.STREAK else shown_count(amount)


@dataclass(frozen=True, slots=True)
class WhatCounted:
    """One activity that counts: what it was, when, and what its corrections leave of what it counts."""

    event_id: UUID
    title: str
    happened_at: datetime
    amount: int


def what_counted(organisation_id: int, member: Member, seen: Seen, *, limit: int = 20) -> list[WhatCounted]:
    """The activity that a member's progress comes of, the newest first: of its period, of a streak the latest."""
    rows = Contribution.objects.filter(organisation_id=organisation_id, part_id=seen.id, member_id=member.id)
    if seen.part.kind is not Kind.STREAK:
        rows = rows.filter(period=seen.period)
    declared = declared_types(organisation_id).get(seen.part.on)
    title = (declared.title or declared.name) if declared else seen.part.on
    return [
        WhatCounted(row.event_id, title, row.happened_at, row.amount)
        for row in rows.filter(amount__gt=0).order_by("-happened_at", "-event_id")[:limit]
    ]


def places_won(organisation_id: int, member: Member, part_id: int) -> list[tuple[str, int]]:
    """The places a member had when rounds of a competition were decided, by period, the newest first."""
    rows = Result.objects.filter(organisation_id=organisation_id, part_id=part_id, member_id=member.id)
    return list(rows.order_by("-period").values_list("period", "place")[:12])
