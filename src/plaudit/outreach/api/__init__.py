"""News over HTTP: the feed that is pulled, the webhooks that are pushed, what became of each, and members' inboxes."""

from __future__ import annotations

from ninja import Router

from plaudit.outreach.api import deliveries, endpoints, feed, inbox

router = Router()
for part in (feed, endpoints, deliveries, inbox):
    router.add_router("", part.router)
