"""Whom a supervisor noticed, by what is known of their people: their own mirror, for nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from plaudit.foundation import clock
from plaudit.people.models import Member
from plaudit.people.resolving import attributes_of
from plaudit.recognition.definitions import Standard
from plaudit.recognition.queries.people import colleagues
from plaudit.recognition.rules.mirror import shown_groups
from plaudit.targeting.rules.comparing import Share, difference, share

WINDOW = timedelta(weeks=13)
ENOUGH = 20
"""With fewer recognitions than this it is too early to say anything."""
FIELDS = ("shift", "contract", "site")
"""The fields of members that are looked at, as far as the programme declares them."""
TENURE = "tenure"
_YEARS = ((timedelta(days=365), "under 1 year"), (timedelta(days=3 * 365), "1 to 3 years"))
_LONG = "over 3 years"


@dataclass(frozen=True, slots=True)
class Group:
    """So many people of one kind: how many of them the supervisor noticed, and how often."""

    name: str
    share: Share
    times: int


@dataclass(frozen=True, slots=True)
class Field:
    """The groups of one field, and whether chance alone would seldom set the most and least noticed so far apart."""

    name: str
    groups: Sequence[Group]
    is_clear: bool

    @property
    def most(self) -> Group:
        """The group of which the largest share was noticed."""
        return max(self.groups, key=lambda one: one.share.rate)

    @property
    def least(self) -> Group:
        """The group of which the smallest share was noticed."""
        return min(self.groups, key=lambda one: one.share.rate)


@dataclass(frozen=True, slots=True)
class Balance:
    """What a supervisor gave whom they lead, from a moment up to another; `fields` is empty where it is too early."""

    since: datetime
    until: datetime
    people: int
    times: int
    fields: Sequence[Field]
    left_out: Sequence[str]


_TIMES = """
    select member_id, count(*) from recognition_received
     where organisation_id = %(organisation)s and giver_id = %(leader)s and stands
       and given_at >= %(since)s and given_at < %(until)s and member_id = any(%(members)s)
     group by member_id
"""


def balance_of(organisation_id: int, leader_id: UUID, standard: Standard | None) -> Balance:
    """Of the thirteen whole weeks before this one: it does not move with every single recognition."""
    zone = ZoneInfo(standard.time_zone if standard is not None else "UTC")
    today = clock.now().astimezone(zone).date()
    until = datetime.combine(today - timedelta(days=today.weekday()), time(), zone)
    since = until - WINDOW
    led = [one.id for one in colleagues(organisation_id, leader_id, led=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            _TIMES,
            {
                "organisation": organisation_id,
                "leader": leader_id,
                "since": since,
                "until": until,
                "members": led,
            },
        )
        times: dict[UUID, int] = dict(cursor.fetchall())
    in_all = sum(times.values())
    known = _known(organisation_id, led, standard, until)
    shown = shown_groups(known) if in_all >= ENOUGH else {}
    fields = [
        _field(
            name,
            [
                Group(
                    group,
                    share(sum(1 for one in people if one in times), len(people)),
                    sum(times.get(one, 0) for one in people),
                )
                for group, people in groups.items()
            ],
        )
        for name, groups in shown.items()
    ]
    left_out = [name for name in known if name not in shown] if in_all >= ENOUGH else []
    return Balance(since, until, len(led), in_all, fields, left_out)


def _field(name: str, groups: Sequence[Group]) -> Field:
    field = Field(name, groups, is_clear=False)
    apart = difference(field.most.share, field.least.share)
    return Field(name, groups, apart is not None and apart.is_clear and apart.rate > Decimal(0))


def _known(
    organisation_id: int, members: Sequence[UUID], standard: Standard | None, at: datetime
) -> Mapping[str, Mapping[UUID, str]]:
    """What is known of each, field by field; "" where it is not."""
    declared = [name for name in FIELDS if standard is not None and name in standard.member_fields]
    said = attributes_of(organisation_id, members) if declared else {}
    joined = dict(
        Member.objects.filter(organisation_id=organisation_id, id__in=members).values_list("id", "joined_at")
    )
    fields: dict[str, Mapping[UUID, str]] = {
        name: {one: _words(said.get(one, {}).get(name)) for one in members} for name in declared
    }
    fields[TENURE] = {
        one: next((words for upto, words in _YEARS if at - joined[one] < upto), _LONG) for one in members
    }
    return fields


def _words(value: object) -> str:
    return "" if value is None else str(value)
