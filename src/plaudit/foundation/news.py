"""News goes up: what happened, written in the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from plaudit.foundation.exact import encode


def tell(organisation_id: int, topic: str, payload: Mapping[str, object], *, happened_at: datetime) -> None:
    """Add one row to the outbox; it leaves only if this transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into foundation_news (organisation_id, topic, happened_at, payload) values (%s, %s, %s, %s)",
            [organisation_id, topic, happened_at, encode(payload)],
        )
