"""Places in the feed, and the opaque form in which callers keep them."""

from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import dataclass
from uuid import UUID

from plaudit.outreach.refusals import CursorUnknown

_FORM = struct.Struct(">Bqq16sI")
_VERSION = 1

# A row's list of single transfers follows all its events.
AFTER_EVENTS = UUID(int=(1 << 128) - 1)
_WHOLE = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a reader is: past every row of news up to (xid, news id), that one included.

    Inside a row, `event` names the event it stands at and `given` how many of that event's messages it
    has; at `AFTER_EVENTS`, how many of the row's single transfers.
    """

    xid: int
    news_id: int
    event: UUID | None = None
    given: int = 0

    def write(self) -> str:
        """The opaque form."""
        event = (self.event or _WHOLE).bytes
        packed = _FORM.pack(_VERSION, self.xid, self.news_id, event, self.given)
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


START = Mark(0, 0)


def read_cursor(text: str | None) -> Mark:
    """The place behind the opaque form; the beginning where there is none. Raises `CursorUnknown`."""
    if text is None:
        return START
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        version, xid, news_id, event, given = _FORM.unpack(packed)
    except (binascii.Error, struct.error, ValueError):
        raise CursorUnknown from None
    if version != _VERSION or xid < 0 or news_id < 0:
        raise CursorUnknown
    standing_at = UUID(bytes=event)
    return Mark(xid, news_id, None if standing_at == _WHOLE else standing_at, given)
