"""Keeps the devices on which people ask to be told, and the key under which browsers let this organisation do so."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from django.db import connection
from django.db.models import F

from plaudit.foundation import audit, clock, ids
from plaudit.foundation.reaching import Resolve, find_address, resolve
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.sealing import seal
from plaudit.foundation.tenancy import act
from plaudit.outreach.models import Device, Push, PushKey
from plaudit.outreach.push_messages import new_key, public_half, read_browser
from plaudit.outreach.queries.devices import held_by, key_of, sealed_for, show_device
from plaudit.outreach.refusals import DeviceUnknown, TooManyDevices
from plaudit.people.actions.members import locked_member

MOST_DEVICES = 10
TRY = "try"
"""What a message is about that a member sends to themselves, to see whether it comes."""


def own_key(organisation_id: int) -> str:
    """The public half of the organisation's key, which is made where there is none that can be read.

    What browsers agreed to under a key that is lost is lost with it.
    """

    def step() -> str:
        with connection.cursor() as cursor:
            # A row that is not there cannot be locked: one makes it, and all others find it.
            cursor.execute("select pg_advisory_xact_lock(%s, hashtext('push key'))", [organisation_id])
        key = key_of(organisation_id)
        if key is None:
            forget_devices(organisation_id)
            key = new_key()
            kept = {"sealed": seal(sealed_for(organisation_id), key), "public": public_half(key)}
            PushKey.objects.update_or_create(
                organisation_id=organisation_id, defaults={**kept, "made_at": clock.now()}
            )
        return public_half(key)

    return act(organisation_id, step)


def add_device(
    organisation_id: int,
    *,
    member_id: UUID | None,
    url: str,
    public: str,
    secret: str,
    name: str,
    actor: str,
    user_id: int | None = None,
    resolve: Resolve = resolve,
) -> Device:
    """Tell this member, this colleague (`user_id`), or somebody who is both, in this browser from now on.

    `url` is where its push service takes messages for it. A browser that is known already is known under its newest
    keys, and is the device of whoever asked last.
    Raises `DeviceUnknown` for keys that are none, `UrlRefused` where nothing may be sent to that address, as for a
    webhook's, `TooManyDevices`, `NotFound` and `MemberErased`.
    """
    if read_browser(public, secret) is None:
        raise DeviceUnknown
    find_address(url, resolve=resolve)

    def step() -> Device:
        _lock(organisation_id, member_id, user_id)
        there = Device.objects.filter(organisation_id=organisation_id)
        digest = sha256(url.encode()).digest()
        known = there.filter(digest=digest).first()
        others = there.filter(held_by(member_id, user_id)).exclude(digest=digest).count()
        if others >= MOST_DEVICES:
            raise TooManyDevices(most=MOST_DEVICES)
        if known is not None:
            _remove(organisation_id, known.id)
        device = Device.objects.create(
            organisation_id=organisation_id,
            id=_id_of(known, member_id, user_id),
            member_id=member_id,
            user_id=user_id,
            name=name[:100],
            url=url,
            digest=digest,
            public=public,
            sealed_secret=seal(sealed_for(organisation_id), secret),
            added_at=clock.now(),
        )
        _note(device, "member.device_added", actor)
        return device

    return act(organisation_id, step)


def _id_of(known: Device | None, member_id: UUID | None, user_id: int | None) -> UUID:
    """That of the device where it stays with the same person, a new one where another takes it over."""
    same = known is not None and (known.member_id, known.user_id) == (member_id, user_id)
    return known.id if known is not None and same else ids.new_id()


def _lock(organisation_id: int, member_id: UUID | None, user_id: int | None) -> None:
    """Let one browser of somebody be added at a time."""
    if user_id is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_advisory_xact_lock(%s, hashtext(%s))", [organisation_id, f"devices {user_id}"]
            )
    if member_id is not None:
        locked_member(organisation_id, member_id)


def end_device(
    organisation_id: int, device_id: UUID, *, member_id: UUID | None, actor: str, user_id: int | None = None
) -> None:
    """Tell somebody nothing more on one of their devices. Raises `NotFound` for another's."""

    def step() -> None:
        device = _own_device(organisation_id, device_id, member_id, user_id)
        _remove(organisation_id, device_id)
        _note(device, "member.device_ended", actor)

    act(organisation_id, step)


def try_device(
    organisation_id: int, device_id: UUID, *, member_id: UUID | None, user_id: int | None = None
) -> None:
    """Send one message to one of somebody's devices, so that they see how it comes. Raises `NotFound` for another's."""

    def step() -> None:
        _own_device(organisation_id, device_id, member_id, user_id)
        now = clock.now()
        again = {"told_at": now, "tries": 0, "due_at": now, "leased_until": None}
        one = {"organisation_id": organisation_id, "device_id": device_id, "about": TRY}
        if not Push.objects.filter(**one).update(**again, lease=F("lease") + 1):
            Push.objects.create(**one, **again, member_id=member_id, topic=TRY, facts={})

    act(organisation_id, step)


def forget_devices(organisation_id: int) -> None:
    """Forget every device of an organisation whose key is lost: no browser takes anything from it any more."""
    Push.objects.filter(organisation_id=organisation_id).delete()
    Device.objects.filter(organisation_id=organisation_id).delete()


def _own_device(organisation_id: int, device_id: UUID, member_id: UUID | None, user_id: int | None) -> Device:
    mine = Device.objects.filter(held_by(member_id, user_id), organisation_id=organisation_id, id=device_id)
    found = mine.select_for_update().first()
    if found is None:
        raise NotFound(kind="device", ref=show_device(device_id))
    return found


def _remove(organisation_id: int, device_id: UUID) -> None:
    Push.objects.filter(organisation_id=organisation_id, device_id=device_id).delete()
    Device.objects.filter(organisation_id=organisation_id, id=device_id).delete()


def _note(device: Device, what: str, actor: str) -> None:
    details = {"device": show_device(device.id), "name": device.name}
    whose = ids.show("mem", device.member_id) if device.member_id is not None else f"usr_{device.user_id}"
    audit.note(actor=actor, act=what, subject=whose, details=details)
