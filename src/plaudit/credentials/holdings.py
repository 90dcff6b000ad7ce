"""What members hold that can be taken along: certificates that hold, and badges that stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from plaudit.credentials.models import Credential, Kind
from plaudit.engagement.queries.progress import HeldBadge, badges_of_members
from plaudit.foundation import clock
from plaudit.learning.models import Certificate
from plaudit.learning.offered import learning_of


@dataclass(frozen=True, slots=True)
class Holding:
    """Something a member holds. `about` says which, `path` where it stands among what the issuer gives.

    It is held from `since` on, and until `until`, where it ends.
    """

    member_id: UUID
    kind: Kind
    about: str
    path: str
    since: datetime
    until: datetime | None
    name: str
    description: str
    criteria: str


def holdings(organisation_id: int, members: Collection[UUID]) -> list[Holding]:
    """What these members hold now, of each badge the one got last, the newest first."""
    found = [*_certificates(organisation_id, members), *_badges(organisation_id, members)]
    return sorted(found, key=lambda one: one.since, reverse=True)


def _certificates(organisation_id: int, members: Collection[UUID]) -> list[Holding]:
    rows = Certificate.objects.filter(
        organisation_id=organisation_id, member_id__in=members, revoked_at__isnull=True
    )
    now, found = clock.now(), []
    for row in rows.order_by("id"):
        one = _certificate(organisation_id, row)
        if one.until is None or one.until > now:
            found.append(one)
    return found


def _certificate(organisation_id: int, row: Certificate) -> Holding:
    learning = learning_of(organisation_id, row.programme)
    offering = learning.offering(row.offering) if learning is not None else None
    zone = ZoneInfo(learning.time_zone if learning is not None else "UTC")
    ends = row.last_day + timedelta(days=1) if row.last_day is not None else None
    told = offering.description if offering is not None else ""
    minutes = offering.minutes if offering is not None else 0
    done = (
        _("Complete “{name}”: {minutes} minutes of instruction.").format(name=row.name, minutes=minutes)
        if minutes
        else _("Complete “{name}”.").format(name=row.name)
    )
    return Holding(
        row.member_id,
        Kind.CERTIFICATE,
        str(row.id),
        f"certificate/{row.programme}/{row.offering}",
        datetime.combine(row.issued_on, time(), zone),
        datetime.combine(ends, time(), zone) if ends is not None else None,
        row.name,
        told or done,
        done,
    )


def _badges(organisation_id: int, members: Collection[UUID]) -> list[Holding]:
    newest: dict[tuple[UUID, str, str], Holding] = {}
    for member_id, badges in badges_of_members(organisation_id, members).items():
        for held in badges:  # the newest first
            newest.setdefault((member_id, held.programme, held.badge), _badge(member_id, held))
    return list(newest.values())


def _badge(member_id: UUID, held: HeldBadge) -> Holding:
    name = held.name or held.badge
    told = held.description or _("Get the badge “{name}”.").format(name=name)
    path = f"badge/{held.programme}/{held.badge}"
    return Holding(member_id, Kind.BADGE, _which(held), path, held.since, None, name, told, told)


def _which(held: HeldBadge) -> str:
    return f"{held.programme}/{held.badge}/{held.kind.value}/{held.key}/{held.period}"


def grounded(organisation_id: int, rows: Sequence[Credential]) -> set[UUID]:
    """Those of these credentials whose certificate or badge was not taken back since."""
    certificates = {row.about: row.id for row in rows if row.kind == Kind.CERTIFICATE}
    standing = Certificate.objects.filter(
        organisation_id=organisation_id, id__in=list(certificates), revoked_at__isnull=True
    )
    found = {certificates[str(id)] for id in standing.values_list("id", flat=True)}
    badges = [row for row in rows if row.kind == Kind.BADGE]
    held = badges_of_members(organisation_id, {row.member_id for row in badges}) if badges else {}
    has = {(member, _which(one), one.since) for member, those in held.items() for one in those}
    return found | {row.id for row in badges if (row.member_id, row.about, row.since) in has}
