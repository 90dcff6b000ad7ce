"""Activity over HTTP: events in, what they earned and why, the types they have, the rules, and files."""

from __future__ import annotations

from ninja import Router

from plaudit.earning.api import asking, imports, points, types

router = Router()
for part in (asking, points, types, imports):
    router.add_router("", part.router)
