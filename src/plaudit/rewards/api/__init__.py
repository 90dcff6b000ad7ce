"""Rewards over HTTP: the catalogue, redemptions from order to end, suppliers and donations."""

from __future__ import annotations

from ninja import Router

from plaudit.rewards.api import catalogue, redemptions, stages, suppliers

router = Router()
for part in (catalogue, redemptions, stages, suppliers):
    router.add_router("", part.router)
