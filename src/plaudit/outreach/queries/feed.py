"""The feed: everything that happened in an organisation, as messages, in an order that never changes.

News is read by (transaction, row) and only of transactions older than every one still open in this
database. What a slow writer adds later therefore always comes after the place a reader has reached:
nothing is skipped and nothing told twice, however the writers' commits fall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.activity.told import ToldEvent, events_in_ranges
from plaudit.foundation.exact import decode
from plaudit.foundation.settled import settled_before
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.references import read_transfer
from plaudit.ledger.told import ToldTransfer, transfers_on_lines
from plaudit.outreach.queries import facts
from plaudit.outreach.rules.cursors import AFTER_EVENTS, START, Mark, read_cursor
from plaudit.outreach.rules.messages import ACTIVITY, Message, message_id, moment

MOST_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some messages, oldest first, and the cursor to go on from: the same one again while nothing is new."""

    messages: list[Message]
    cursor: str
    has_more: bool


def feed(organisation_id: int, *, after: str | None = None, limit: int = 100) -> FeedPage:
    """The messages after this cursor, or from the beginning. Raises `CursorUnknown`."""
    mark = read_cursor(after)
    with in_organisation(organisation_id):
        messages, reached, has_more = read_on(organisation_id, mark, limit=max(1, min(limit, MOST_AT_A_TIME)))
    return FeedPage(messages, reached.write(), has_more)


def cursor_now(organisation_id: int) -> str:
    """The cursor after which only what happens from now on comes."""
    with in_organisation(organisation_id):
        # No row number of any table reaches this one: every row of an earlier transaction is before it.
        return Mark(settled_before() - 1, (1 << 63) - 1).write()


@dataclass(frozen=True, slots=True)
class RecentPage:
    """Some of the latest messages, newest first; `earlier` leads to those before them, None where there are none."""

    messages: list[Message]
    earlier: str | None


_BACK = """
    select xid, id, case when topic = %(activity)s
                         then (payload ->> 'events')::int + (payload ->> 'transfers')::int
                              + coalesce(jsonb_array_length(payload -> 'also'), 0)
                         else coalesce(jsonb_array_length(payload -> 'transfers'), 1) end
      from foundation_news
     where organisation_id = %(organisation)s and (xid, id) <= (%(xid)s, %(id)s) and xid < %(before)s
     order by xid desc, id desc limit %(limit)s
"""


def recent(organisation_id: int, *, before: str | None = None, limit: int = 50) -> RecentPage:
    """The latest messages, for people who look on; those before a cursor `earlier`. Raises `CursorUnknown`.

    Of a single batch that tells more than `limit`, the first `limit` are shown: the feed has them all.
    """
    last = read_cursor(before) if before is not None else Mark((1 << 63) - 1, (1 << 63) - 1)
    values: dict[str, int | str] = {
        "organisation": organisation_id,
        "activity": ACTIVITY,
        "xid": last.xid,
        "id": last.news_id,
        "before": settled_before(),
        "limit": limit + 1,
    }
    with in_organisation(organisation_id):
        with connection.cursor() as cursor:
            cursor.execute(_BACK, values)
            rows = cursor.fetchall()
        start, told = START, 0
        for xid, news_id, count in rows:
            # A row tells at least nothing and at most what it counts; the first is always shown.
            if (told and told + count > limit) or told >= limit:
                start = Mark(xid, news_id)
                break
            told += count
        messages, _, _ = (
            read_on(organisation_id, start, limit=min(limit, told)) if told else ([], start, False)
        )
    return RecentPage(messages[::-1], start.write() if start != START else None)


_ROWS = """
    select xid, id, topic, happened_at, payload from foundation_news
     where organisation_id = %(organisation)s and (xid, id) {after} (%(xid)s, %(id)s) and xid < %(before)s
     order by xid, id limit %(limit)s
"""


@dataclass(frozen=True)
class _Row:
    xid: int
    id: int
    topic: str
    happened_at: datetime
    payload: dict[str, Any]

    @property
    def range(self) -> tuple[UUID, UUID] | None:
        """The events of a batch that was recorded, by their first and last id."""
        if self.topic != ACTIVITY:
            return None
        return UUID(self.payload["first"]), UUID(self.payload["last"])

    @cached_property
    def lines(self) -> list[tuple[int, int]]:
        """The single transfers the row names, as (wallet id, line)."""
        if self.topic == ACTIVITY:
            return [read_transfer(reference) for reference in self.payload.get("also", ())]
        return [read_transfer(transfer["id"]) for transfer in self.payload.get("transfers", ())]


def read_on(organisation_id: int, mark: Mark, *, limit: int) -> tuple[list[Message], Mark, bool]:
    """Up to `limit` messages after the mark, the mark reached, and whether more are there already.

    Called inside the organisation.
    """
    messages: list[Message] = []
    before = settled_before()
    while len(messages) < limit:
        rows = _rows(organisation_id, mark, before=before, limit=limit - len(messages) + 1)
        if not rows:
            return messages, mark, False
        for message, reached in _told(organisation_id, rows, mark, limit=limit - len(messages)):
            mark = reached
            if message is not None:
                messages.append(message)
    has_more = mark.event is not None or bool(_rows(organisation_id, mark, before=before, limit=1))
    return messages, mark, has_more


def news_waiting(organisation_id: int, mark: Mark) -> datetime | None:
    """When the oldest news after the mark happened, or None where there is none."""
    rows = _rows(organisation_id, mark, before=settled_before(), limit=1)
    return rows[0].happened_at if rows else None


def _rows(organisation_id: int, mark: Mark, *, before: int, limit: int) -> list[_Row]:
    """Settled rows of news after the mark; first the one it stands inside, if it does."""
    values = {
        "organisation": organisation_id,
        "xid": mark.xid,
        "id": mark.news_id,
        "before": before,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(after=">" if mark.event is None else ">="), values)
        return [
            _Row(xid, news_id, topic, happened_at, decode(payload))
            for xid, news_id, topic, happened_at, payload in cursor.fetchall()
        ]


def _told(
    organisation_id: int, rows: Sequence[_Row], mark: Mark, *, limit: int
) -> Iterator[tuple[Message | None, Mark]]:
    """What these rows tell after the mark, at most `limit` messages, each with the mark that lies behind it.

    A row that tells nothing gives a mark alone, so that the reader gets past it. Where a row's events
    were cut off, it ends inside that row.
    """
    events, cut_off = _events(organisation_id, rows, mark, at_most=_enough(rows, limit))
    transfers = facts.by_event(organisation_id, [event for of_row in events for event in of_row])
    singles = _singles(organisation_id, rows)
    given = 0
    for row, of_row in zip(rows, events, strict=True):
        whole = row.id != cut_off
        in_order = list(_of_row(organisation_id, row, of_row, transfers, singles if whole else None))
        inside = (mark.xid, mark.news_id) == (row.xid, row.id)
        left = [one for one in in_order if one[1] > (mark.event, mark.given)] if inside else in_order
        for place, (make, here) in enumerate(left, start=1):
            yield (
                make(),
                Mark(row.xid, row.id) if whole and place == len(left) else Mark(row.xid, row.id, *here),
            )
            given += 1
            if given == limit:
                return
        if not whole:
            return
        if not left:
            yield None, Mark(row.xid, row.id)


def _enough(rows: Sequence[_Row], limit: int) -> int:
    """How many events to read for `limit` messages, by what the rows say of themselves, and a few more."""
    events = sum(row.payload["events"] for row in rows if row.topic == ACTIVITY)
    transfers = sum(row.payload["transfers"] for row in rows if row.topic == ACTIVITY)
    return limit * events // (events + transfers) + 10 if events else 0


def _events(
    organisation_id: int, rows: Sequence[_Row], mark: Mark, *, at_most: int
) -> tuple[list[list[ToldEvent]], int | None]:
    """The events of each row, from the one the mark stands at; and the row whose events were cut off."""
    found: list[list[ToldEvent]] = [[] for _ in rows]
    ranged, ranges = [], []
    for row, of_row in zip(rows, found, strict=True):
        if (range_ := row.range) is not None:
            first, last = range_
            inside = (mark.xid, mark.news_id) == (row.xid, row.id)
            ranges.append((max(first, mark.event) if inside and mark.event is not None else first, last))
            ranged.append((row, of_row))
    if not ranges:
        return found, None
    events = events_in_ranges(organisation_id, ranges, at_most=at_most)
    for event in events:
        ranged[event.range][1].append(event)
    return found, ranged[events[-1].range][0].id if len(events) == at_most else None


def _singles(organisation_id: int, rows: Sequence[_Row]) -> dict[tuple[int, int], ToldTransfer]:
    lines = [line for row in rows for line in row.lines]
    if not lines:
        return {}
    return {(one.wallet_id, one.line): one for one in transfers_on_lines(organisation_id, lines)}


def _of_row(
    organisation_id: int,
    row: _Row,
    events: Sequence[ToldEvent],
    transfers: dict[UUID, list[ToldTransfer]],
    singles: dict[tuple[int, int], ToldTransfer] | None,
) -> Iterator[tuple[Callable[[], Message], tuple[UUID, int]]]:
    """Every message of a row, in order, yet to be made, with its place in it; without singles, of its events alone."""
    for event in events:
        yield partial(facts.of_event, organisation_id, event), (event.id, 1)
        for number, transfer in enumerate(transfers.get(event.id, ()), start=2):
            yield partial(facts.of_transfer, organisation_id, transfer), (event.id, number)
    if row.lines and singles is not None:
        for number, line in enumerate(row.lines, start=1):
            yield partial(facts.of_transfer, organisation_id, singles[line]), (AFTER_EVENTS, number)
    elif row.range is None and not row.lines:
        own = message_id(organisation_id, "news", row.id, moment(row.happened_at))
        yield partial(Message, own, row.topic, row.happened_at, row.payload), (AFTER_EVENTS, 1)
