"""What was drawn to be coded, how far the two are, and how far they agree once both are through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.listening.models import Coded, CodedText, Coder, Coding
from plaudit.listening.rules.agreement import Agreement, agreement


@dataclass(frozen=True, slots=True)
class Text:
    """One of the texts, with the code that whoever asks gave it, and what the other did where both are through."""

    number: int
    origin: int | None
    words: str
    mine: str
    other: str


@dataclass(frozen=True, slots=True)
class State:
    """How far a coding is: by coder how many texts they coded; the agreement once both are through."""

    coding: Coding
    coders: Sequence[tuple[str, int]]
    agreement: Agreement | None

    @property
    def is_done(self) -> bool:
        """Whether both are through."""
        return self.agreement is not None


def codings(organisation_id: int) -> list[Coding]:
    """Everything that was drawn, the newest first."""
    return list(Coding.objects.filter(organisation_id=organisation_id).order_by("-drawn_at", "-id"))


def coding(organisation_id: int, coding_id: UUID) -> Coding:
    """One of them. Raises `NotFound`."""
    found = Coding.objects.filter(organisation_id=organisation_id, id=coding_id).first()
    if found is None:
        raise NotFound(kind="coding", ref=show("cdg", coding_id))
    return found


def states_of(organisation_id: int, some: Sequence[Coding]) -> list[State]:
    """How far each of these is."""
    ids = [one.id for one in some]
    coders: dict[UUID, dict[int, str]] = {each: {} for each in ids}
    for one in Coder.objects.filter(organisation_id=organisation_id, coding_id__in=ids).order_by("seat"):
        coders[one.coding_id][one.seat] = one.actor
    given: dict[UUID, dict[int, dict[int, str]]] = {each: {} for each in ids}
    rows = Coded.objects.filter(organisation_id=organisation_id, coding_id__in=ids)
    for coding_id, number, seat, code in rows.values_list("coding_id", "number", "seat", "code"):
        given[coding_id].setdefault(number, {})[seat] = code
    return [_state(one, coders[one.id], given[one.id]) for one in some]


def _state(one: Coding, coders: dict[int, str], given: dict[int, dict[int, str]]) -> State:
    done = {seat: sum(seat in each for each in given.values()) for seat in coders}
    through = len(done) == 2 and all(count == one.size for count in done.values())
    units = [list(each.values()) for each in given.values()]
    return State(
        one,
        [(actor, done[seat]) for seat, actor in sorted(coders.items())],
        agreement(units) if through else None,
    )


def texts(one: Coding, state: State, *, actor: str, after: int = 0, limit: int = 50) -> list[Text]:
    """The texts in the order in which they were drawn, for whoever codes them: blind until both are through."""
    seats = {who: seat for seat, (who, _) in enumerate(state.coders, 1)}
    mine = seats.get(actor, 1 if state.is_done else 0)
    found = list(
        CodedText.objects.filter(
            organisation_id=one.organisation_id, coding_id=one.id, number__gt=after
        ).order_by("number")[:limit]
    )
    given: dict[int, dict[int, str]] = {}
    rows = Coded.objects.filter(
        organisation_id=one.organisation_id, coding_id=one.id, number__in=[each.number for each in found]
    )
    for number, seat, code in rows.values_list("number", "seat", "code"):
        given.setdefault(number, {})[seat] = code
    return [
        Text(
            each.number,
            each.origin,
            each.words,
            given.get(each.number, {}).get(mine, ""),
            given.get(each.number, {}).get(3 - mine, "") if state.is_done else "",
        )
        for each in found
    ]
