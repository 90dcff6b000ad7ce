"""The values that calls and answers are made of: shapes, moments, references, pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

import msgspec
from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

FIRST_YEAR, LAST_YEAR = 1900, 2199

Item = TypeVar("Item")
Row = TypeVar("Row")


class Answer(Schema):
    """What the API answers."""


class Asked(Schema):
    """What a caller sends: every value of its own type, and nothing that means nothing."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("write the moment as a text such as 2026-03-01T14:05:00Z")  # noqa: TRY004  # for pydantic
    try:
        moment = msgspec.convert(value, datetime)
    except msgspec.ValidationError:
        raise ValueError("not an RFC 3339 moment such as 2026-03-01T14:05:00Z") from None
    if moment.tzinfo is None:
        raise ValueError("the moment has no offset; end it with Z or with one such as +02:00")
    if not FIRST_YEAR < moment.year < LAST_YEAR:
        raise ValueError(f"the moment lies outside the years {FIRST_YEAR + 1} to {LAST_YEAR - 1}")
    return moment.astimezone(UTC)


Moment = Annotated[
    datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
"""A moment a caller sends, as RFC 3339 with its offset; in UTC from here on."""


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise ValueError("write true or false")
    return value == "true"


Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
"""`true` or `false` in an address."""

LIMIT_MAX = 200

Limit = Annotated[int, Field(ge=1, le=LIMIT_MAX, description="How many to answer with at most.")]
After = Annotated[
    str | None, Field(max_length=400, description="The cursor `next` of the page before; it never runs out.")
]
At = Annotated[Moment | None, Field(description="A moment, as RFC 3339.")]

MemberRef = Annotated[
    str,
    Field(
        min_length=1,
        max_length=1_000,
        description=(
            "A member: `mem_…`, or `ext:source:id` for the id that another system has for them. "
            "In the latter `:` inside the source, and `/` and `%`, are written percent-encoded."
        ),
        examples=["ext:till:ada"],
    ),
]
"""How a call names a member."""

Text = Annotated[str, Field(max_length=200)]
Reason = Annotated[
    str, Field(min_length=1, max_length=500, description="Why, in words that the member may read.")
]
Amount = Annotated[
    int, Field(ge=1, le=10**15, description="A whole number of the unit's smallest parts, such as points.")
]


class Because(Asked):
    """Why something is done."""

    reason: Reason


class Page(Answer, Generic[Item]):
    """Part of a list. `next` is the cursor to send as `after` for the rest; null where there is no more."""

    items: list[Item]
    has_more: bool
    next: str | None


def page(
    rows: Sequence[Row], limit: int, shown: Callable[[Row], Item], cursor: Callable[[Row], str]
) -> Page[Item]:
    """A page of `limit` rows, of which one more was asked for to see whether there is more."""
    more = len(rows) > limit
    kept = rows[:limit]
    return Page[Item](
        items=[shown(row) for row in kept], has_more=more, next=cursor(kept[-1]) if more else None
    )


def whole(items: Iterable[Item]) -> Page[Item]:
    """A list that is short by its nature, as a page."""
    return Page[Item](items=list(items), has_more=False, next=None)
