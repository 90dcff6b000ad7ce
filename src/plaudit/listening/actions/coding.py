"""Draws texts for two people to code, and takes the code that each gives each text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from django.db import connection

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act
from plaudit.listening.definitions import CODES_MAX, DEEDS_TITLE_MAX, SAMPLE_MAX, CodeMeaning
from plaudit.listening.models import Coded, CodedText, Coder, Coding, FocusGroup, Said
from plaudit.listening.queries.remarks import collection
from plaudit.listening.refusals import CodingDone, TitleTaken, TwoCoders

# The order that `rules.sampling` says, asked of the database: thousands of remarks need not travel for a hundred.
_DRAW = """
    insert into listening_coded_text (organisation_id, coding_id, number, origin, words)
    select %(organisation)s, %(coding)s, row_number() over (order by place), number, words
      from (select number, words, sha256(convert_to(%(seed)s || ':' || number, 'UTF8')) as place
              from listening_remark
             where organisation_id = %(organisation)s and collection_id = %(collection)s
             order by place limit %(size)s) as drawn
"""


def draw_sample(
    organisation_id: int,
    *,
    title: str,
    collection_id: UUID,
    seed: str,
    size: int,
    codes: Sequence[CodeMeaning],
    actor: str,
) -> Coding:
    """Draw so many remarks of a collection to be coded by two people. The same seed draws the same ones.

    Raises `NotFound`, `TitleTaken`, `Problem`.
    """
    _check(title, codes)
    if not 1 <= size <= SAMPLE_MAX or not seed.strip() or len(seed) > DEEDS_TITLE_MAX:
        raise Problem(f"Name a seed, and draw 1 to {SAMPLE_MAX} remarks.")

    def step() -> Coding:
        one = collection(organisation_id, collection_id)
        of = {"collection_id": one.id, "seed": seed.strip(), "size": min(size, one.remarks)}
        made, new = _coding(organisation_id, title, of, codes, actor)
        if new:
            asked: dict[str, int | str | UUID] = {
                "organisation": organisation_id,
                "coding": made.id,
                "seed": made.seed,
                "collection": one.id,
                "size": made.size,
            }
            with connection.cursor() as cursor:
                cursor.execute(_DRAW, asked)
        return made

    return act(organisation_id, step)


def code_focus_group(
    organisation_id: int, *, title: str, group_id: UUID, codes: Sequence[CodeMeaning], actor: str
) -> Coding:
    """Let two people sort everything noted of a focus group by themes. What is noted later is not among it.

    Raises `NotFound`, `TitleTaken`, `Problem`.
    """
    _check(title, codes)

    def step() -> Coding:
        said = Said.objects.filter(organisation_id=organisation_id, group_id=group_id).order_by("id")
        if not FocusGroup.objects.filter(organisation_id=organisation_id, id=group_id).exists():
            raise NotFound(kind="focus group", ref=show("fcg", group_id))
        words = list(said.values_list("words", flat=True)[:SAMPLE_MAX])
        if not words:
            raise Problem("Note what was said first; there is nothing to code yet.")
        known = Coding.objects.filter(organisation_id=organisation_id, title=title.strip()).first()
        size = known.size if known is not None and known.group_id == group_id else len(words)
        made, new = _coding(organisation_id, title, {"group_id": group_id, "size": size}, codes, actor)
        if new:
            CodedText.objects.bulk_create(
                CodedText(organisation_id=organisation_id, coding_id=made.id, number=number, words=text)
                for number, text in enumerate(words, 1)
            )
        return made

    return act(organisation_id, step)


def _check(title: str, codes: Sequence[CodeMeaning]) -> None:
    keys = [one.key.strip() for one in codes]
    if not title.strip() or len(title) > DEEDS_TITLE_MAX:
        raise Problem(f"Give it a title of at most {DEEDS_TITLE_MAX} characters.")
    if not 2 <= len(keys) <= CODES_MAX or len(set(keys)) != len(keys) or not all(keys):
        raise Problem(f"A code book has 2 to {CODES_MAX} codes, each with a key of its own.")
    if not all(one.name.strip() for one in codes):
        raise Problem("Give each code a name.")


def _coding(
    organisation_id: int, title: str, of: dict[str, object], codes: Sequence[CodeMeaning], actor: str
) -> tuple[Coding, bool]:
    wanted = {**of, "codes": [asdict(one) for one in codes]}
    made, new = Coding.objects.get_or_create(
        organisation_id=organisation_id, title=title.strip(), defaults={**wanted, "drawn_at": clock.now()}
    )
    if not new and {name: getattr(made, name) for name in wanted} != wanted:
        raise TitleTaken(title=title)
    if new:
        details = {"texts": made.size}
        audit.note(actor=actor, act="coding.drawn", subject=show("cdg", made.id), details=details)
    return made, new


def code_texts(organisation_id: int, *, coding_id: UUID, codes: dict[int, str], actor: str) -> Coder:
    """Give these texts these codes, as one of the two who code; the first two who do are.

    A code may be changed until both have coded every text, and see what the other chose. Raises `TwoCoders`,
    `CodingDone`, `NotFound`, `Problem`.
    """

    def step() -> Coder:
        coding = (
            Coding.objects.select_for_update().filter(organisation_id=organisation_id, id=coding_id).first()
        )
        if coding is None:
            raise NotFound(kind="coding", ref=show("cdg", coding_id))
        known = {one["key"] for one in coding.codes}
        if not codes or not set(codes.values()) <= known:
            raise Problem("Choose a code of the code book.")
        if not all(1 <= number <= coding.size for number in codes):
            raise Problem(f"The texts are numbered from 1 to {coding.size}.")
        seat = _seat(coding, actor)
        mine = Coded.objects.filter(organisation_id=organisation_id, coding_id=coding_id, seat=seat.seat)
        before = dict(mine.filter(number__in=codes).values_list("number", "code"))
        if before == codes:
            return seat
        if (
            Coded.objects.filter(organisation_id=organisation_id, coding_id=coding_id).count()
            == 2 * coding.size
        ):
            raise CodingDone
        mine.filter(number__in=codes).delete()
        Coded.objects.bulk_create(
            Coded(
                organisation_id=organisation_id,
                coding_id=coding_id,
                number=number,
                seat=seat.seat,
                code=code,
            )
            for number, code in sorted(codes.items())
        )
        return seat

    return act(organisation_id, step)


def _seat(coding: Coding, actor: str) -> Coder:
    """The seat of whoever codes, taken now where one is free. The coding's row is locked."""
    taken = list(Coder.objects.filter(organisation_id=coding.organisation_id, coding_id=coding.id))
    for one in taken:
        if one.actor == actor:
            return one
    if len(taken) == 2:
        raise TwoCoders
    made = Coder.objects.create(
        organisation_id=coding.organisation_id, coding_id=coding.id, seat=len(taken) + 1, actor=actor
    )
    details = {"seat": made.seat}
    audit.note(actor=actor, act="coding.joined", subject=show("cdg", coding.id), details=details)
    return made
