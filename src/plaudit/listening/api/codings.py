"""Texts coded by two people, over HTTP: drawn, coded by whose key asks, and how far the two agree."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Asked, Page, whole
from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.listening.actions.coding import code_focus_group, code_texts, draw_sample
from plaudit.listening.definitions import CODES_MAX, SAMPLE_MAX, CodeMeaning
from plaudit.listening.queries.coding import State, coding, codings, states_of, texts
from plaudit.listening.rules.agreement import Agreement, thousandths

router = Router(tags=["Listening"])

CodingRef = Annotated[str, Field(max_length=40, description="A coding: `cdg_…`.")]
CodeKey = Annotated[str, Field(min_length=1, max_length=50)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class AskedCode(Asked):
    """One code of the code book, and when it is chosen."""

    key: CodeKey
    name: Name
    means: Annotated[str, Field(max_length=500)] = ""


class NewCoding(Asked):
    """What is coded: `size` remarks of a collection, drawn by `seed`, or everything noted of a focus group."""

    title: Name
    codes: Annotated[list[AskedCode], Field(min_length=2, max_length=CODES_MAX)]
    collection: Annotated[str | None, Field(max_length=40, description="A collection: `rmc_…`.")] = None
    focus_group: Annotated[str | None, Field(max_length=40, description="A focus group: `fcg_…`.")] = None
    seed: Annotated[str, Field(max_length=200, description="The same seed draws the same remarks.")] = ""
    size: Annotated[int, Field(ge=1, le=SAMPLE_MAX)] = 100


class GivenCode(Asked):
    """The code that is given one text."""

    number: Annotated[int, Field(ge=1, le=SAMPLE_MAX)]
    code: CodeKey


class GivenCodes(Asked):
    """The codes that one of the two gives."""

    codes: Annotated[list[GivenCode], Field(min_length=1, max_length=SAMPLE_MAX)]


class ShownText(Answer):
    """One text, with the code whose key asks gave it, and what the other did once both are through."""

    number: int
    origin: int | None
    words: str
    mine: str
    other: str


class ShownAgreement(Answer):
    """Krippendorff's alpha for nominal data, to three places, and what it is made of; null where nothing can be told."""

    alpha: str | None
    texts: int
    alike: int
    observed_disagreement: str
    expected_disagreement: str


class ShownCoding(Answer):
    """How far a coding is; `agreement` is there once both are through."""

    id: str
    title: str
    collection: str | None
    focus_group: str | None
    seed: str
    size: int
    codes: list[dict[str, str]]
    coded: list[int]
    agreement: ShownAgreement | None
    drawn_at: datetime


@router.post(
    "/codings", response={201: ShownCoding}, operation_id="draw_coding", summary="Draw texts to be coded"
)
@allows(scopes=["listening:write"], to="draw texts to be coded")
def post_coding(request: HttpRequest, new: NewCoding) -> Status[ShownCoding]:
    """Two people sort the texts by the code book; the first two who do are those."""
    actor = actor_of(request)
    codes = [CodeMeaning(one.key, one.name, one.means) for one in new.codes]
    if new.collection is not None and new.focus_group is None:
        made = draw_sample(
            actor.organisation_id,
            title=new.title,
            collection_id=read("rmc", new.collection, kind="collection"),
            seed=new.seed,
            size=new.size,
            codes=codes,
            actor=actor.ref,
        )
    elif new.focus_group is not None and new.collection is None:
        made = code_focus_group(
            actor.organisation_id,
            title=new.title,
            group_id=read("fcg", new.focus_group, kind="focus group"),
            codes=codes,
            actor=actor.ref,
        )
    else:
        raise Problem("Name a collection or a focus group, and not both.")
    with in_organisation(actor.organisation_id):
        (state,) = states_of(actor.organisation_id, [made])
        return Status(201, _shown(state))


@router.get("/codings", response=Page[ShownCoding], operation_id="list_codings", summary="List what is coded")
@allows(scopes=["listening:read"], to="read codings")
def list_codings(request: HttpRequest) -> Page[ShownCoding]:
    """Everything that was drawn, the newest first."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return whole(_shown(one) for one in states_of(organisation_id, codings(organisation_id)))


@router.get(
    "/codings/{coding}/texts",
    response=Page[ShownText],
    operation_id="list_coded_texts",
    summary="Read the texts to be coded",
)
@allows(scopes=["listening:read"], to="read codings")
def list_texts(request: HttpRequest, coding: CodingRef) -> Page[ShownText]:
    """The texts in the order in which they were drawn."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        state = _state(actor.organisation_id, coding)
        found = texts(state.coding, state, actor=actor.ref, limit=SAMPLE_MAX)
    return whole(
        ShownText(number=one.number, origin=one.origin, words=one.words, mine=one.mine, other=one.other)
        for one in found
    )


@router.post(
    "/codings/{coding}/codes",
    response=ShownCoding,
    operation_id="code_texts",
    summary="Code texts",
)
@allows(scopes=["listening:write"], to="code texts")
def post_codes(request: HttpRequest, coding: CodingRef, given: GivenCodes) -> ShownCoding:
    """Give texts their codes, as one of the two. A code may be changed until both are through."""
    actor = actor_of(request)
    codes = {one.number: one.code for one in given.codes}
    code_texts(
        actor.organisation_id, coding_id=read("cdg", coding, kind="coding"), codes=codes, actor=actor.ref
    )
    with in_organisation(actor.organisation_id):
        return _shown(_state(actor.organisation_id, coding))


def _state(organisation_id: int, reference: str) -> State:
    one = coding(organisation_id, read("cdg", reference, kind="coding"))
    (state,) = states_of(organisation_id, [one])
    return state


def _shown(state: State) -> ShownCoding:
    one = state.coding
    return ShownCoding(
        id=show("cdg", one.id),
        title=one.title,
        collection=show("rmc", one.collection_id) if one.collection_id else None,
        focus_group=show("fcg", one.group_id) if one.group_id else None,
        seed=one.seed,
        size=one.size,
        codes=one.codes,
        coded=[count for _, count in state.coders],
        agreement=_agreement(state.agreement) if state.agreement else None,
        drawn_at=one.drawn_at,
    )


def _agreement(one: Agreement) -> ShownAgreement:
    return ShownAgreement(
        alpha=None if one.alpha is None else thousandths(one.alpha),
        texts=one.units,
        alike=one.alike,
        observed_disagreement=thousandths(one.observed),
        expected_disagreement=thousandths(one.expected),
    )
