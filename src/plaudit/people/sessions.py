"""Sessions kept in the database: Django's session engine over `people.Session`, its keys hashed.

A session ends when it was idle too long, when its time is over, when its person ends it from another
browser, or when what they may do here is gone; in each case the very next request is nobody's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, connection

from plaudit.foundation import clock
from plaudit.foundation.tenancy import without_organisation
from plaudit.people.models import Session

ORGANISATION = "organisation"
DEVICE = "device"
ADDRESS = "address"
IDLE = "idle_seconds"
ENDS_AT = "ends_at"

# A browser in which nobody is signed in: remembers a form's start and no more.
NOBODYS_IDLE = timedelta(minutes=30)
NOBODYS_LIFE = timedelta(hours=12)


def hash_of(session_key: str) -> bytes:
    """What is kept of a cookie's key; it has 165 random bits."""
    return hashlib.sha256(session_key.encode()).digest()


class SessionStore(SessionBase):
    """One browser's session, as Django's middleware uses it. Named by Django: SESSION_ENGINE."""

    id: UUID | None = None
    seen_lately = True

    def load(self) -> dict[str, Any]:
        row = self._row(self.session_key or "")
        if row is None:
            self._session_key = None
            return {}
        self.id = row.id
        self.seen_lately = row.last_seen_at > clock.wall() - timedelta(minutes=1)
        return dict(self.decode(row.data))

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_hash=hash_of(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # Django's own, untyped
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  # Django's signature
        """Keep the session. One that was ended meanwhile stays ended: Django answers that it was interrupted."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # Django's own, untyped
        kept = self._columns(dict(data))
        if must_create:
            try:
                with without_organisation():
                    Session.objects.create(key_hash=hash_of(self.session_key), began_at=clock.wall(), **kept)
            except IntegrityError as taken:
                raise CreateError from taken
        elif not Session.objects.filter(key_hash=hash_of(self.session_key)).update(**kept):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(key_hash=hash_of(key)).delete()

    def get_expiry_age(self, **_moments: Any) -> int:
        """How long the cookie lasts, in seconds: as long as the session may."""
        ends_at = self.get(ENDS_AT)
        life = datetime.fromisoformat(ends_at) - clock.wall() if ends_at else NOBODYS_LIFE
        return max(0, int(life.total_seconds()))

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(ends_at__lt=clock.wall()).delete()
        Session.objects.filter(idle_until__lt=clock.wall()).delete()

    def _row(self, session_key: str) -> Session | None:
        now = clock.wall()
        return Session.objects.filter(
            key_hash=hash_of(session_key), ends_at__gt=now, idle_until__gt=now
        ).first()

    def _columns(self, data: dict[str, Any]) -> dict[str, Any]:
        now = clock.wall()
        ends_at = datetime.fromisoformat(data[ENDS_AT]) if ENDS_AT in data else now + NOBODYS_LIFE
        idle = timedelta(seconds=data[IDLE]) if IDLE in data else NOBODYS_IDLE
        return {
            "data": self.encode(data),
            "user_id": int(data[SESSION_KEY]) if SESSION_KEY in data else None,
            "signed_in_to_id": data.get(ORGANISATION),
            "device": data.get(DEVICE, ""),
            "address": data.get(ADDRESS, ""),
            "last_seen_at": now,
            "idle_until": min(now + idle, ends_at),
            "ends_at": ends_at,
        }


def alive(hashes: Collection[bytes]) -> set[bytes]:
    """Those of these sessions, by what is kept of their keys, that have not ended."""
    now = clock.wall()
    there = Session.objects.filter(key_hash__in=list(hashes), ends_at__gt=now, idle_until__gt=now)
    return {bytes(found) for found in there.values_list("key_hash", flat=True)}


_SEEN = """
    update people_session
       set last_seen_at = %(now)s, idle_until = least(ends_at, %(now)s + (idle_until - last_seen_at))
     where key_hash = %(key)s and last_seen_at < %(now)s - interval '1 minute'
"""


def note_seen(session_key: str) -> None:
    """Write down that a session is in use, at most once a minute; it may then be idle as long again."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, {"key": hash_of(session_key), "now": clock.wall()})
