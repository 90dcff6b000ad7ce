"""Tiers, segments and offers over HTTP: which there are, where a member stands, who is in, how an offer fares."""

from __future__ import annotations

from ninja import Router

from plaudit.targeting.api import offers, segments, tiers

router = Router()
for part in (tiers, segments, offers):
    router.add_router("", part.router)
