"""What was completed, counted and taken back: the completion, its activity, its certificate, what it is a step of.

Every function here is called inside an action that has opened the books.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max

from plaudit.earning.actions.record_own import OwnActivity, record_own
from plaudit.foundation import clock
from plaudit.foundation.ids import new_ids, show
from plaudit.foundation.news import tell_each
from plaudit.learning.definitions import Learning, Offering
from plaudit.learning.models import Certificate, Completion
from plaudit.learning.offered import day_of, moment_of
from plaudit.learning.own_activities import COMPLETED, WITHDRAWN
from plaudit.learning.rules.credits import credits_of
from plaudit.learning.rules.periods import last_day_of_certificate, period_of, when_due
from plaudit.learning.rules.steps import Done, certified_now, steps_missing

BY_STEPS = "steps/"


@dataclass(frozen=True, slots=True)
class Learned:
    """That a member completed something on a day, for so many minutes, and where that comes from."""

    member_id: UUID
    day: date
    minutes: int
    occasion: str


def completion_ref(completion_id: UUID) -> str:
    """How people and programs name a completion."""
    return show("cpl", completion_id)


def complete_all(
    organisation_id: int, learning: Learning, offering: Offering, learned: Iterable[Learned]
) -> list[Completion]:
    """Count these, once a period for each member; those that are counted now, and were not before."""
    return count_all(organisation_id, learning, offering, learned).completions


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted now, and the points that earned, by the key of their unit, in its smallest part."""

    completions: list[Completion]
    points: Counter[str]


def count_all(
    organisation_id: int, learning: Learning, offering: Offering, learned: Iterable[Learned]
) -> Counted:
    """Count these, once a period for each member, and tell what that earned.

    One statement a table, however many they are. Certifications that are complete by it follow, and what they earn
    is among the points.
    """
    counted = _add(organisation_id, learning, offering, learned)
    points: Counter[str] = Counter()
    if counted:
        points += _report(organisation_id, learning, offering, counted)
        if offering.has_certificate:
            _certify(organisation_id, learning, offering, counted)
        points += _follow_steps(organisation_id, learning, offering, [one.member_id for one in counted])
    return Counted(counted, points)


def _add(
    organisation_id: int, learning: Learning, offering: Offering, learned: Iterable[Learned]
) -> list[Completion]:
    now = clock.now()
    # In the order of members, so that two who count the same people do not wait for each other for ever.
    wanted = sorted(learned, key=lambda one: (one.member_id, one.day))
    rows = [
        Completion(
            id=id,
            organisation_id=organisation_id,
            programme=learning.programme,
            offering=offering.key,
            member_id=one.member_id,
            completed_on=one.day,
            recorded_at=now,
            minutes=one.minutes,
            period=period_of(offering.counts, one.day, one.occasion),
            occasion=one.occasion,
        )
        for id, one in zip(new_ids(len(wanted)), wanted, strict=True)
    ]
    Completion.objects.bulk_create(rows, ignore_conflicts=True)
    kept = Completion.objects.filter(organisation_id=organisation_id, id__in=[row.id for row in rows])
    return list(kept.order_by("id"))


def _report(
    organisation_id: int, learning: Learning, offering: Offering, counted: Sequence[Completion]
) -> Counter[str]:
    """Record what was completed: the rules of the programme say what that earns, which is answered."""
    outcomes = record_own(
        organisation_id,
        [
            OwnActivity(
                _activity_id(one),
                COMPLETED.name,
                one.member_id,
                moment_of(learning, one.completed_on),
                _facts(offering, one),
            )
            for one in counted
        ],
    )
    told = [_told(one) | {"credits": credits_of([one.minutes])} for one in counted]
    tell_each(organisation_id, COMPLETED.name, told, happened_at=clock.now())
    points: Counter[str] = Counter()
    for outcome in outcomes:
        for grant in outcome.grants:
            points[grant.unit] += grant.amount
    return points


def _facts(offering: Offering, one: Completion) -> dict[str, object]:
    facts: dict[str, object] = {
        "programme": one.programme,
        "offering": one.offering,
        "kind": offering.kind.value,
        "minutes": one.minutes,
        "credits": credits_of([one.minutes]),
    }
    return facts | ({"partner": offering.partner} if offering.partner else {})


def _activity_id(one: Completion) -> str:
    return f"learning:{one.id}"


def _told(one: Completion) -> dict[str, object]:
    return {
        "member": show("mem", one.member_id),
        "programme": one.programme,
        "offering": one.offering,
        "completion": completion_ref(one.id),
    }


def _certify(
    organisation_id: int, learning: Learning, offering: Offering, counted: Sequence[Completion]
) -> None:
    held = _held_until(organisation_id, learning, offering, [one.member_id for one in counted])
    zone, made = ZoneInfo(learning.time_zone), []
    for id, one in zip(new_ids(len(counted)), counted, strict=True):
        last = last_day_of_certificate(offering, one.completed_on, held_until=held.get(one.member_id))
        made.append(
            Certificate(
                id=id,
                organisation_id=organisation_id,
                completion=one,
                programme=one.programme,
                offering=one.offering,
                member_id=one.member_id,
                name=offering.name,
                issued_on=one.completed_on,
                last_day=last,
                due_at=when_due(last, announced=None, notice_days=offering.notice_days, zone=zone),
            )
        )
    Certificate.objects.bulk_create(made)
    told = [
        _told(one) | {"certificate": show("crt", row.id), "last_day": str(row.last_day or "")}
        for one, row in zip(counted, made, strict=True)
    ]
    tell_each(organisation_id, "certificate.issued", told, happened_at=clock.now())


def _held_until(
    organisation_id: int, learning: Learning, offering: Offering, members: Sequence[UUID]
) -> dict[UUID, date]:
    held = Certificate.objects.filter(
        organisation_id=organisation_id,
        programme=learning.programme,
        offering=offering.key,
        member_id__in=members,
        revoked_at__isnull=True,
        last_day__isnull=False,
    )
    return dict(held.values_list("member_id").annotate(Max("last_day")))


def done_by(organisation_id: int, learning: Learning, members: Iterable[UUID]) -> dict[UUID, list[Done]]:
    """What these members completed of a programme and still stands, member by member."""
    rows = Completion.objects.filter(
        organisation_id=organisation_id,
        programme=learning.programme,
        member_id__in=list(members),
        withdrawn_at__isnull=True,
    )
    found: dict[UUID, list[Done]] = {}
    for member_id, offering, day in rows.values_list("member_id", "offering", "completed_on"):
        found.setdefault(member_id, []).append(Done(offering, day))
    return found


def _follow_steps(
    organisation_id: int, learning: Learning, step: Offering, members: Sequence[UUID]
) -> Counter[str]:
    """Count the certifications that these members have come to the end of by completing this."""
    made_of_it = [one for one in learning.offerings if step.key in (*one.steps, *one.renewal) and one.steps]
    points: Counter[str] = Counter()
    if not made_of_it:
        return points
    done = done_by(organisation_id, learning, members)
    for offering in made_of_it:
        learned = []
        for member_id in members:
            mine = done[member_id]
            certified = [one.day for one in mine if one.offering == offering.key]
            if certified_now(offering, mine, certified_on=max(certified, default=None)):
                parts = {*offering.steps, *offering.renewal}
                day = max(one.day for one in mine if one.offering in parts)
                learned.append(Learned(member_id, day, 0, f"{BY_STEPS}{day}"))
        points += count_all(organisation_id, learning, offering, learned).points
    return points


def withdraw_all(
    organisation_id: int, learning: Learning, completions: Sequence[Completion], *, reason: str
) -> int:
    """Take these back: what they earned, their certificates, and what they were a step of; how many were.

    Whatever was withdrawn before is left as it is.
    """
    now = clock.now()
    ids = [one.id for one in completions]
    standing = Completion.objects.select_for_update().filter(
        organisation_id=organisation_id, id__in=ids, withdrawn_at__isnull=True
    )
    taken = list(standing.order_by("id"))
    if not taken:
        return 0
    Completion.objects.filter(organisation_id=organisation_id, id__in=[one.id for one in taken]).update(
        withdrawn_at=now, reason=reason
    )
    _correct(organisation_id, taken, now)
    revoked = Certificate.objects.filter(
        organisation_id=organisation_id, completion_id__in=[one.id for one in taken], revoked_at__isnull=True
    )
    told = [
        {"member": show("mem", one.member_id), "certificate": show("crt", one.id)}
        for one in revoked.order_by("id")
    ]
    revoked.update(revoked_at=now, reason=reason, due_at=None)
    tell_each(organisation_id, "certificate.revoked", told, happened_at=now)
    _undo_steps(organisation_id, learning, taken, reason)
    return len(taken)


def _correct(organisation_id: int, taken: Sequence[Completion], now: datetime) -> None:
    record_own(
        organisation_id,
        [
            OwnActivity(
                f"{_activity_id(one)}:withdrawn", WITHDRAWN.name, one.member_id, now, {}, _activity_id(one)
            )
            for one in taken
        ],
    )
    tell_each(organisation_id, WITHDRAWN.name, [_told(one) for one in taken], happened_at=now)


def _undo_steps(organisation_id: int, learning: Learning, taken: Sequence[Completion], reason: str) -> None:
    """Certifications that are no longer complete without these go too, the last of each member's."""
    steps = {one.offering for one in taken}
    touched = [one for one in learning.offerings if steps & {*one.steps, *one.renewal} and one.steps]
    members = {one.member_id for one in taken}
    for offering in touched:
        done = done_by(organisation_id, learning, members)
        broken = [member for member in members if steps_missing(offering, done.get(member, ()))]
        standing = Completion.objects.filter(
            organisation_id=organisation_id,
            programme=learning.programme,
            offering=offering.key,
            member_id__in=broken,
            occasion__startswith=BY_STEPS,
            withdrawn_at__isnull=True,
        )
        withdraw_all(organisation_id, learning, list(standing), reason=reason)


def minutes_by_member(organisation_id: int, members: Iterable[UUID]) -> Mapping[UUID, list[int]]:
    """The minutes of everything these members completed, for reckoning their credits."""
    rows = Completion.objects.filter(
        organisation_id=organisation_id, member_id__in=list(members), withdrawn_at__isnull=True
    )
    found: dict[UUID, list[int]] = {}
    for member_id, minutes in rows.values_list("member_id", "minutes"):
        found.setdefault(member_id, []).append(minutes)
    return found


def today_there(learning: Learning) -> date:
    """The day it is where the programme is."""
    return day_of(learning, clock.now())
