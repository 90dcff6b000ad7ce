"""What a directory asks in one request: whom and how many of a list, which attributes, and the body it sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, QueryDict

from plaudit.foundation.api.refusals import MediaTypeNotTaken
from plaudit.foundation.exact import decode
from plaudit.people.scim.filters import Filter, read_filter, read_target
from plaudit.people.scim.finding import Condition
from plaudit.people.scim.refusals import BodyNotTaken, FilterNotTaken, ScimRefusal, ValueNotTaken
from plaudit.people.scim.resources import PAGE_MAX, Wanted
from plaudit.people.scim.schemas import Json, Schema

MEDIA = ("application/scim+json", "application/json")
_FURTHEST = 1_000_000_000

Asked = Mapping[str, Any]


def body_of(request: HttpRequest) -> Json:
    """The object that was sent. Raises `BodyNotTaken` and `MediaTypeNotTaken`."""
    media = (request.content_type or "").lower()
    if media not in MEDIA:
        raise MediaTypeNotTaken(media=media, taken=MEDIA[0])
    try:
        said = decode(request.body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise BodyNotTaken("The body is one object of JSON.")
    return said


def operations_in(body: Json) -> object:
    """The changes in the body of a PATCH."""
    return next((value for name, value in body.items() if name.lower() == "operations"), None)


def of_query(query: QueryDict) -> Asked:
    """What the query of an address asks."""
    return {name: query.get(name) for name in query}


def wanted(asked: Asked, schemas: tuple[Schema, ...], where: Callable[[Filter], Condition]) -> Wanted:
    """Whom of a list, in which order and how many (RFC 7644, 3.4.2). Raises a `ScimRefusal`."""
    condition, order = Wanted().where, None
    if text := _text(asked, "filter", FilterNotTaken):
        condition = where(read_filter(text, *schemas))
    if by := _text(asked, "sortBy", ValueNotTaken):
        order = read_target(by, *schemas).path
    direction = _text(asked, "sortOrder", ValueNotTaken) or "ascending"
    if direction.lower() not in ("ascending", "descending"):
        raise ValueNotTaken("sortOrder is ascending or descending.")
    count = _number(asked, "count", PAGE_MAX)
    return Wanted(
        where=condition,
        order=order,
        descending=direction.lower() == "descending",
        start=max(1, _number(asked, "startIndex", 1)),
        count=min(PAGE_MAX, max(0, count)),
    )


def names(asked: Asked, which: str) -> list[str]:
    """The attributes named in `attributes` or `excludedAttributes`."""
    said = asked.get(which) or []
    listed = said.split(",") if isinstance(said, str) else said
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise ValueNotTaken(f"{which} is a list of attributes.")
    return [one.strip() for one in listed if one.strip()]


def _text(asked: Asked, name: str, refusal: type[ScimRefusal]) -> str:
    said = asked.get(name)
    if said is not None and not isinstance(said, str):
        raise refusal(f"{name} is a text.")
    return said or ""


def _number(asked: Asked, name: str, otherwise: int) -> int:
    said = asked.get(name)
    if said is None or said == "":
        return otherwise
    try:
        found = int(str(said)[:20])
    except ValueError:
        raise ValueNotTaken(f"{name} is a whole number.") from None
    return max(-1, min(_FURTHEST, found))
