"""Finds what customers wrote: by words in their language, the most fitting first, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.listening.models import Collection
from plaudit.listening.searching import apart, together

_BEGIN, _END = "\x02", "\x03"
Place = tuple[int, int]
"""Where a page ended: how well its last remark fits, in millionths, and the remark's number."""

# How well it fits is a whole number, so that a page begins exactly where the one before it ended.
_QUERY = f"websearch_to_tsquery(%(language)s::regconfig, {apart('%(search)s')})"
_FITTING = f"""
    select number, category, words, (ts_rank_cd(lexemes, query) * 1000000)::int as fits
      from listening_remark, {_QUERY} as query
     where organisation_id = %(organisation)s and collection_id = %(collection)s and lexemes @@ query
       and (%(category)s = '' or category = %(category)s)
"""
_HEADLINE = f"""ts_headline(%(language)s::regconfig, {apart("words")}, {_QUERY},
                            'HighlightAll=true, StartSel=\x02, StopSel=\x03')"""
_PAGE = f"""
    with fitting as ({_FITTING}),
         page as (select * from fitting
                   where %(fits)s::int is null or (-fits, number) > (-%(fits)s::int, %(number)s::int)
                   order by fits desc, number limit %(limit)s)
    select number, category, fits, {together(_HEADLINE)}
      from page order by fits desc, number
"""
_COUNT = f"select count(*) from ({_FITTING}) as fitting"
_ALL = """
    select number, category, 0, words from listening_remark
     where organisation_id = %(organisation)s and collection_id = %(collection)s
       and (%(category)s = '' or category = %(category)s) and number > %(number)s
     order by number limit %(limit)s
"""
_CATEGORIES = """
    select category, count(*) from listening_remark where organisation_id = %s and collection_id = %s
     group by category order by count(*) desc, category limit 100
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a remark; `found` where it is what was looked for."""

    words: str
    found: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A remark, in pieces, and how well it fits in millionths."""

    number: int
    category: str
    fits: int
    parts: Sequence[Part]

    @property
    def words(self) -> str:
        """All of it."""
        return "".join(part.words for part in self.parts)


def collections(organisation_id: int) -> list[Collection]:
    """What was taken in, the newest first."""
    return list(Collection.objects.filter(organisation_id=organisation_id).order_by("-taken_in_at", "-id"))


def collection(organisation_id: int, collection_id: UUID) -> Collection:
    """One of them. Raises `NotFound`."""
    found = Collection.objects.filter(organisation_id=organisation_id, id=collection_id).first()
    if found is None:
        raise NotFound(kind="collection", ref=show("rmc", collection_id))
    return found


def categories(organisation_id: int, collection_id: UUID) -> list[tuple[str, int]]:
    """What remarks are about, with how many are, the most first."""
    with connection.cursor() as cursor:
        cursor.execute(_CATEGORIES, [organisation_id, collection_id])
        return [(str(name), int(count)) for name, count in cursor.fetchall()]


def remarks(
    one: Collection, *, search: str = "", category: str = "", after: Place | None = None, limit: int = 50
) -> list[Found]:
    """Remarks that hold these words, the most fitting first; all in their order where no words are given.

    `search` is read as people type it: words, "phrases", or, and - before what must not be there.
    """
    fits, number = after if after is not None else (None, 0)
    asked = {**_asked(one, search, category), "fits": fits, "number": number, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_PAGE if search.strip() else _ALL, asked)
        return [
            Found(int(number), str(category), int(fits), _parts(str(words)))
            for number, category, fits, words in cursor.fetchall()
        ]


def count_remarks(one: Collection, *, search: str = "", category: str = "") -> int:
    """How many remarks hold these words."""
    if not search.strip() and not category:
        return one.remarks
    with connection.cursor() as cursor:
        if search.strip():
            cursor.execute(_COUNT, _asked(one, search, category))
        else:
            cursor.execute(
                "select count(*) from listening_remark where organisation_id = %s and collection_id = %s"
                " and category = %s",
                [one.organisation_id, one.id, category],
            )
        return int(cursor.fetchone()[0])


def _asked(one: Collection, search: str, category: str) -> dict[str, str | int | UUID | None]:
    return {
        "organisation": one.organisation_id,
        "collection": one.id,
        "language": one.language,
        "search": search.replace("\0", " ")[:200],
        "category": category,
    }


def _parts(words: str) -> list[Part]:
    """The pieces of a text in which what was found stands between two signs that no remark has."""
    parts = []
    for piece in words.split(_BEGIN):
        found, sign, rest = piece.partition(_END)
        parts += [Part(found, found=True), Part(rest, found=False)] if sign else [Part(piece, found=False)]
    return [part for part in parts if part.words]


def place_after(one: Found) -> Place:
    """Where a page ends that ends with this remark."""
    return one.fits, one.number
