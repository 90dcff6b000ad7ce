"""Devices on which members are told, the key that signs to their push services, and when there is something to send."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.db import connection
from django.db.models import Q

from plaudit.foundation import ids
from plaudit.foundation.sealing import unseal
from plaudit.outreach.models import Device, PushKey


def show_device(id: UUID) -> str:
    """The form people see."""
    return ids.show("dev", id)


def read_device(reference: str) -> UUID:
    """The id behind it. Raises `NotFound`."""
    return ids.read("dev", reference, kind="device")


def held_by(member_id: UUID | None, user_id: int | None) -> Q:
    """The devices of a member, of a colleague, or of somebody who is both."""
    if member_id is None:
        return Q(user_id=user_id) & Q(user_id__isnull=False)
    return Q(member_id=member_id) if user_id is None else Q(member_id=member_id) | Q(user_id=user_id)


def devices_of(organisation_id: int, member_id: UUID | None, user_id: int | None = None) -> list[Device]:
    """Somebody's devices, the first first: as a member, as a colleague, or both. Ask inside `in_organisation`."""
    mine = Device.objects.filter(held_by(member_id, user_id), organisation_id=organisation_id)
    return list(mine.defer("url", "public", "sealed_secret").order_by("id"))


def sealed_for(organisation_id: int) -> str:
    """The purpose under which the organisation's key and its browsers' secrets are sealed."""
    return f"push {organisation_id}"


def key_of(organisation_id: int) -> str | None:
    """The organisation's key; None where there is none, or it was lost with the installation's. Ask inside it."""
    found = PushKey.objects.filter(organisation_id=organisation_id).first()
    if found is None:
        return None
    try:
        return unseal(sealed_for(organisation_id), bytes(found.sealed))
    except InvalidToken:
        return None


_MOMENTS = """
    select distinct at from (
        select greatest(p.due_at, d.paused_until) as at
          from outreach_push p
          join outreach_device d on d.organisation_id = p.organisation_id and d.id = p.device_id
         where p.organisation_id = %(organisation)s and p.due_at <= %(until)s
           and (p.leased_until is null or p.leased_until <= %(wall)s)) due
     where at > %(after)s and at <= %(until)s
     order by at limit 1000
"""


def moments_to_push(
    organisation_id: int, *, after: datetime, until: datetime, wall: datetime
) -> list[datetime]:
    """The moments in (after, until] at which a device is to be told, earliest first. Leases follow the real time."""
    with connection.cursor() as cursor:
        cursor.execute(
            _MOMENTS, {"organisation": organisation_id, "after": after, "until": until, "wall": wall}
        )
        return [row[0] for row in cursor.fetchall()]
