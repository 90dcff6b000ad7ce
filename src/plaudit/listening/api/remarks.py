"""What customers wrote, over HTTP: taken in, and searched."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.cursors import read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Answer, Asked, Limit, Page, page, whole
from plaudit.foundation.ids import read, show
from plaudit.foundation.tenancy import in_organisation
from plaudit.listening.actions.remarks import take_in_remarks
from plaudit.listening.definitions import REMARK_MAX, Written
from plaudit.listening.models import Collection
from plaudit.listening.queries.remarks import (
    Found,
    Place,
    collection,
    collections,
    place_after,
    remarks,
)

router = Router(tags=["Listening"])

AT_A_TIME = 500
CollectionRef = Annotated[str, Field(max_length=40, description="A collection of remarks: `rmc_…`.")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Category = Annotated[str, Field(max_length=200, description="What it is about.")]


class NewRemark(Asked):
    """What one customer wrote."""

    words: Annotated[str, Field(min_length=1, max_length=REMARK_MAX)]
    category: Category = ""


class NewCollection(Asked):
    """Remarks under one title, to be searched in their language. A larger file goes by the command line."""

    title: Name
    language: Literal["english", "german", "simple"] = "english"
    remarks: Annotated[list[NewRemark], Field(min_length=1, max_length=AT_A_TIME)]


class ShownCollection(Answer):
    """Remarks that were taken in together."""

    id: str
    title: str
    language: str
    remarks: int
    taken_in_at: datetime


class ShownRemarkPart(Answer):
    """A piece of a remark; `found` where it is what was looked for."""

    words: str
    found: bool


class ShownRemark(Answer):
    """A remark, whole and in pieces; `fits` says in millionths how well."""

    number: int
    category: str
    fits: int
    words: str
    parts: list[ShownRemarkPart]


@router.post(
    "/remark-collections",
    response={201: ShownCollection},
    operation_id="take_in_remarks",
    summary="Take in what customers wrote",
)
@allows(scopes=["listening:write"], to="take in remarks")
def post_collection(request: HttpRequest, new: NewCollection) -> Status[ShownCollection]:
    """The same remarks are taken in once under one title."""
    actor = actor_of(request)
    made = take_in_remarks(
        actor.organisation_id,
        title=new.title,
        language=new.language,
        remarks=[Written(one.words, one.category) for one in new.remarks],
        actor=actor.ref,
    )
    return Status(201, _shown(made))


@router.get(
    "/remark-collections",
    response=Page[ShownCollection],
    operation_id="list_remark_collections",
    summary="List collections of remarks",
)
@allows(scopes=["listening:read"], to="read remarks")
def list_collections(request: HttpRequest) -> Page[ShownCollection]:
    """What was taken in, the newest first."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return whole(_shown(one) for one in collections(organisation_id))


@router.get(
    "/remark-collections/{collection}/remarks",
    response=Page[ShownRemark],
    operation_id="search_remarks",
    summary="Search remarks",
)
@allows(scopes=["listening:read"], to="read remarks")
def search_remarks(
    request: HttpRequest,
    collection: CollectionRef,
    search: Annotated[
        str, Field(max_length=200, description='Words, "phrases", or, and - before what must not be there.')
    ] = "",
    category: Category = "",
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownRemark]:
    """Remarks that hold these words, the most fitting first; all in their order where no words are given."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        found = remarks(
            _named(organisation_id, collection),
            search=search,
            category=category.replace("\0", ""),
            after=read_cursor(after, a_place),
            limit=limit + 1,
        )
    return page(found, limit, _remark, lambda one: write_cursor(*place_after(one)))


def a_place(parts: list[object]) -> Place:
    """The shape of a cursor in a search."""
    fits, number = parts
    if (
        type(fits) is not int
        or type(number) is not int
        or not (0 <= fits < 1 << 31 and 0 <= number < 1 << 31)
    ):
        raise TypeError
    return fits, number


def _named(organisation_id: int, reference: str) -> Collection:
    return collection(organisation_id, read("rmc", reference, kind="collection"))


def _shown(one: Collection) -> ShownCollection:
    return ShownCollection(
        id=show("rmc", one.id),
        title=one.title,
        language=one.language,
        remarks=one.remarks,
        taken_in_at=one.taken_in_at,
    )


def _remark(one: Found) -> ShownRemark:
    return ShownRemark(
        number=one.number,
        category=one.category,
        fits=one.fits,
        words=one.words,
        parts=[ShownRemarkPart(words=part.words, found=part.found) for part in one.parts],
    )
