"""News goes up: what happened, written in the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from plaudit.foundation import arrays
from plaudit.foundation.exact import encode
from plaudit.foundation.prepared import prepared

_TELL = """
    insert into foundation_news (organisation_id, topic, happened_at, payload)
    select %s, %s, %s, payload::jsonb from unnest(%s::text[]) with ordinality as told (payload, place) order by place
"""


def tell(organisation_id: int, topic: str, payload: Mapping[str, object], *, happened_at: datetime) -> None:
    """Add one row to the outbox; it leaves only if this transaction commits."""
    tell_each(organisation_id, topic, [payload], happened_at=happened_at)


def tell_each(
    organisation_id: int, topic: str, payloads: Iterable[Mapping[str, object]], *, happened_at: datetime
) -> None:
    """Add a row to the outbox for each of these, in this order, with one statement."""
    written = [encode(payload) for payload in payloads]
    if written:
        with prepared() as cursor:
            cursor.execute(_TELL, [organisation_id, topic, happened_at, arrays.texts(written)])
