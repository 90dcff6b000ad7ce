"""Why a member stands on a level: the days that counted, the version that set the threshold, what keeps and raises it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.written import number
from plaudit.insights.file_words import counted_words, keeping_words, levels_words
from plaudit.insights.reasons import Because, Input, Sum
from plaudit.insights.standing import EVENTS_SHOWN, Standing, activity_inputs, authority, decided
from plaudit.insights.wording import date_words, month_words
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.tiers import Ladder as FileLadder
from plaudit.targeting.definitions import read_ladder
from plaudit.targeting.models import Ladder
from plaudit.targeting.queries.counted import Day, days_of, who_are
from plaudit.targeting.queries.evidence import newest_counted
from plaudit.targeting.queries.places import Place, anchor_of, ladder_row, place_of
from plaudit.targeting.rules.calendar import first_counting

_DAYS_SHOWN = 12

Say = Callable[[int], str]


def of_tier(organisation_id: int, member_id: UUID, programme: str, key: str) -> Because:
    """Why a member stands where they do on a ladder. Raises `NotFound`."""
    row = ladder_row(organisation_id, programme, key)
    place = place_of(organisation_id, member_id, row)
    version, file, ladder = decided(organisation_id, programme, lambda one: _ladder(one, key))
    standing = Standing(organisation_id, member_id, f"tier:{programme}/{key}", ZoneInfo(row.time_zone))
    unit = units_by_key(organisation_id).get(place.definition.measure.earned)
    say = unit.say if unit is not None else _plainly
    since = _first(row, member_id, standing.today)
    days = _counting(row, member_id, since, standing.today)
    level = place.level
    words = _("{levels}, by {counted}. A level is {kept}.").format(
        levels=_start(levels_words(ladder)), counted=counted_words(file, ladder), kept=keeping_words(ladder)
    )
    return standing.answer(
        "tier",
        sentence=_sentence(place, file, ladder, say),
        inputs=_inputs(row, member_id, since, standing.today, days, say),
        authority=authority(
            organisation_id,
            version,
            programme,
            f"{place.definition.name}: {level.name if level else _('no level')}",
            words,
        ),
        sums=_sums(days, unit),
        total=_sum(_("Counts today"), place.climbed.amount, unit),
        would_change=_would_change(place, say),
        happened_at=_begins(place.climbed.since, standing.zone),
        unit=unit,
    )


def _ladder(programme: Programme, key: str) -> FileLadder | None:
    return next((one for one in programme.tiers if one.key == key), None)


def _plainly(amount: int) -> str:
    return number(amount)


def _start(words: str) -> str:
    return words[:1].upper() + words[1:]


def _begins(day: date | None, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone) if day is not None and day > date.min else clock.now()


def _first(row: Ladder, member_id: UUID, today: date) -> date:
    who = who_are(row.organisation_id, [member_id]).get(member_id)
    if who is None:
        raise NotFound(kind="member", ref=str(member_id))
    return first_counting(read_ladder(row.definition), today, anchor_of(row, who))


def _counting(row: Ladder, member_id: UUID, since: date, today: date) -> dict[date, Day]:
    """The days whose amounts count today, oldest first."""
    days = days_of(row.organisation_id, row.measure_id, [member_id]).get(member_id, {})
    return {day: days[day] for day in sorted(days) if since <= day <= today}


def _sentence(place: Place, file: Programme, ladder: FileLadder, say: Say) -> str:
    level, climbed = place.level, place.climbed
    counts = _("{amount} counted").format(amount=say(climbed.amount))
    by = counted_words(file, ladder)
    if level is None:
        first = place.definition.levels[0]
        return _("No level of {ladder} yet: {counts}, and {level} takes {amount} ({by}).").format(
            ladder=place.definition.name,
            counts=counts,
            level=first.name,
            amount=say(first.reached_from),
            by=by,
        )
    if climbed.amount >= level.reached_from:
        why = _("{counts}, and it takes {amount} ({by})").format(
            counts=counts, amount=say(level.reached_from), by=by
        )
    else:
        assert climbed.keep_until is not None, "a level that is not reached any more is kept"
        why = _("it took {amount} ({by}) and is kept; {counts} today").format(
            amount=say(level.reached_from), by=by, counts=counts
        )
    since = (
        " " + _("since {day}").format(day=date_words(climbed.since))
        if climbed.since is not None and climbed.since > date.min
        else ""
    )
    return f"{level.name}{since}: {why}."


def _inputs(
    row: Ladder, member_id: UUID, since: date, today: date, days: dict[date, Day], say: Say
) -> list[Input]:
    newest = newest_counted(
        row.organisation_id, row.measure_id, member_id, since=since, until=today, limit=EVENTS_SHOWN
    )
    inputs = activity_inputs(row.organisation_id, newest, say)
    earlier = sum(day.times for day in days.values()) - len(newest)
    if earlier > 0:
        inputs.append(
            Input(_("Before these"), _("{earlier} more that count").format(earlier=number(earlier)))
        )
    return inputs or [Input(_("Activity that counts"), _("none"))]


def _sums(days: dict[date, Day], unit: UnitPolicy | None) -> list[Sum]:
    """What counted day by day, or month by month where the days are many."""
    parts: dict[str, int] = {}
    for day, counted in days.items():
        label = date_words(day) if len(days) <= _DAYS_SHOWN else month_words(day)
        parts[label] = parts.get(label, 0) + counted.amount
    return [_sum(label, amount, unit) for label, amount in parts.items()] or [
        _sum(_("Nothing counts"), 0, unit)
    ]


def _sum(label: str, amount: int, unit: UnitPolicy | None) -> Sum:
    return Sum(label, amount=amount) if unit is not None else Sum(label, value=_plainly(amount))


def _would_change(place: Place, say: Say) -> list[str]:
    said = []
    if place.above is not None:
        level, missing = place.above
        said.append(
            _("{missing} more reach {level}, as long as what counts today does.").format(
                missing=say(missing), level=level.name
            )
        )
    climbed = place.climbed
    if climbed.falls_on is not None and place.level is not None:
        then = (
            _("{level} follows").format(level=place.falls_to.name)
            if place.falls_to
            else _("no level follows")
        )
        if place.keep is not None:
            unless = _("unless {amount} more count by {day}").format(
                amount=say(place.keep.amount), day=date_words(place.keep.by)
            )
        else:
            unless = _("whatever else counts by {day}").format(
                day=date_words(climbed.falls_on - timedelta(days=1))
            )
        said.append(
            _("{level} goes on {day}, and {then}, {unless}.").format(
                level=place.level.name, day=date_words(climbed.falls_on), then=then, unless=unless
            )
        )
    return said or [_("This is the highest level, and it does not go.")]
