"""People over HTTP: members and the names they have, teams, and the keys of programs."""

from __future__ import annotations

from ninja import Router

from plaudit.people.api import keys, members, teams

router = Router()
for part in (members, teams, keys):
    router.add_router("", part.router)
