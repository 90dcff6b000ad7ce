"""Programmes over HTTP: their files planned, applied, tried on events, read back, paused and retired."""

from __future__ import annotations

from ninja import Router

from plaudit.planning.api import programmes, trying

router = Router()
for part in (trying, programmes):
    router.add_router("", part.router)
