"""The ledger over HTTP: balances and statements, transfers, holds, adjustments, proof."""

from __future__ import annotations

from ninja import Router

from plaudit.ledger.api import balances, books, holds, transfers

router = Router()
for part in (balances, transfers, holds, books):
    router.add_router("", part.router)
