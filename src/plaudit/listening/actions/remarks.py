"""Takes in what customers wrote: a whole file in one transaction, a few statements for thousands of remarks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from itertools import islice

from django.db import connection

from plaudit.foundation import arrays, audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import act
from plaudit.listening.definitions import DEEDS_TITLE_MAX, LANGUAGES, REMARK_MAX, Written
from plaudit.listening.models import Collection
from plaudit.listening.refusals import TitleTaken
from plaudit.listening.searching import apart

_SIGNS = re.compile("[\\x00\\x02-\\x04]")
AT_A_TIME = 5_000
REMARKS_MAX = 500_000

# Rows come as arrays: row security lets nobody copy into a table, and this is as few statements.
_TAKE_IN = f"""
    insert into listening_remark (organisation_id, collection_id, number, category, words, lexemes)
    select %s, %s, number, category, words, to_tsvector(%s::regconfig, {apart("words")})
      from unnest(%s::int[], %s::text[], %s::text[]) as row (number, category, words)
"""


def take_in_remarks(
    organisation_id: int, *, title: str, language: str, remarks: Sequence[Written], actor: str
) -> Collection:
    """Keep these remarks under a title, to be searched in their language. The same ones are taken in once.

    Raises `TitleTaken` where others are called so, and `Problem`.
    """
    title, digest = title.strip(), _check(title, language, remarks)

    def step() -> Collection:
        made, new = Collection.objects.get_or_create(
            organisation_id=organisation_id,
            title=title,
            defaults={
                "language": language,
                "digest": digest,
                "remarks": len(remarks),
                "taken_in_at": clock.now(),
            },
        )
        if not new:
            if (made.digest, made.language) != (digest, language):
                raise TitleTaken(title=title)
            return made
        _write(organisation_id, made, remarks)
        details = {"remarks": len(remarks), "language": language}
        audit.note(actor=actor, act="remarks.taken_in", subject=show("rmc", made.id), details=details)
        return made

    return act(organisation_id, step)


def _write(organisation_id: int, made: Collection, remarks: Sequence[Written]) -> None:
    rows = enumerate(remarks, 1)
    with connection.cursor() as cursor:
        while some := list(islice(rows, AT_A_TIME)):
            cursor.execute(
                _TAKE_IN,
                [
                    organisation_id,
                    made.id,
                    made.language,
                    arrays.numbers(number for number, _ in some),
                    arrays.texts([one.category for _, one in some]),
                    arrays.texts([one.words for _, one in some]),
                ],
            )


def _check(title: str, language: str, remarks: Sequence[Written]) -> str:
    """The digest of what is taken in. Raises `Problem` for what cannot be."""
    if not title.strip() or len(title) > DEEDS_TITLE_MAX:
        raise Problem(f"Give the remarks a title of at most {DEEDS_TITLE_MAX} characters.")
    if language not in LANGUAGES:
        raise Problem(f"Choose the language from {', '.join(LANGUAGES)}.")
    if not 1 <= len(remarks) <= REMARKS_MAX:
        raise Problem(f"Take in 1 to {REMARKS_MAX:,} remarks at a time.")
    digest = sha256()
    for number, one in enumerate(remarks, 1):
        if not one.words.strip() or len(one.words) > REMARK_MAX or _SIGNS.search(one.words + one.category):
            raise Problem(f"Remark {number} is empty, longer than {REMARK_MAX:,} characters or not a text.")
        digest.update(f"{len(one.words)}:{one.words}{len(one.category)}:{one.category}".encode())
    return digest.hexdigest()
