"""Programmes over HTTP: their files planned, applied, tried on events and on history, read back, paused and retired."""

from __future__ import annotations

from ninja import Router

from plaudit.planning.api import programmes, simulations, trying

router = Router()
for part in (trying, programmes, simulations):
    router.add_router("", part.router)
