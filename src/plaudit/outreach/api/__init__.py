"""News over HTTP: the feed that is pulled, the webhooks that are pushed, and what became of each."""

from __future__ import annotations

from ninja import Router

from plaudit.outreach.api import deliveries, endpoints, feed

router = Router()
for part in (feed, endpoints, deliveries):
    router.add_router("", part.router)
