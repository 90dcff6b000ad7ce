"""Whom the rows of a list mean: each is sure, likely, unknown or a duplicate."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from plaudit.learning.rules.likeness import likeness, plain

LIKELY_FROM = 880
SAME_PERSON_FROM = 700
CANDIDATES_MAX = 3
"""In thousandths: from when on a name likely means somebody, and below what a number or address cannot be theirs."""


class Group(StrEnum):
    """How sure it is whom a row means. DUPLICATE: it is known whom, and it would count nothing."""

    SURE = "sure"
    LIKELY = "likely"
    UNKNOWN = "unknown"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Said:
    """What a row of the list says of somebody."""

    number: int
    name: str = ""
    email: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a row is taken to mean, how sure that is, and why, as a sentence."""

    said: Said
    group: Group
    why: str
    likeness: int = 0
    candidates: tuple[UUID, ...] = ()

    @property
    def member_id(self) -> UUID | None:
        """The likeliest, None where nobody is."""
        return self.candidates[0] if self.candidates else None


@dataclass
class Directory:
    """Everybody a row can mean, found by what rows say. Names are kept plain."""

    names: Mapping[UUID, str]
    by_email: Mapping[str, Sequence[UUID]]
    by_id: Mapping[str, UUID]
    _by_word: dict[str, set[UUID]] = field(default_factory=dict)
    _by_name: dict[str, list[UUID]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for member_id, name in self.names.items():
            self._by_name.setdefault(name, []).append(member_id)
            for word in name.split():
                self._by_word.setdefault(word, set()).add(member_id)
                self._by_word.setdefault(f"{word[:2]}…", set()).add(member_id)

    def called(self, name: str) -> Sequence[UUID]:
        """Those of exactly this plain name."""
        return self._by_name.get(name, ())

    def nearly_called(self, name: str) -> list[tuple[int, UUID]]:
        """The likeliest few of nearly this plain name, the likeliest first: they share a word, or two beginnings."""
        words = name.split()
        near: set[UUID] = set()
        for word in words:
            near |= self._by_word.get(word, set())
        beginnings = [self._by_word.get(f"{word[:2]}…", set()) for word in words]
        for place, one in enumerate(beginnings):
            for other in beginnings[place + 1 :]:
                near |= one & other
        if len(words) == 1 and beginnings:
            near |= beginnings[0]
        weighed = sorted((-likeness(name, self.names[member]), member) for member in near)
        return [(-minus, member) for minus, member in weighed[:CANDIDATES_MAX]]


def whom(said: Said, directory: Directory) -> Meant:
    """Whom a row means: by its number, else its address, else its name.

    A number or an address of somebody who is called quite otherwise is likely at most: lists hold slips.
    """
    name = plain(said.name)
    for found, words in (
        ([directory.by_id[said.id]] if said.id in directory.by_id else [], "number"),
        (list(directory.by_email.get(said.email.casefold(), ())), "e-mail address"),
    ):
        if found:
            return _by_reference(said, name, found, words, directory)
    if name:
        return _by_name(said, name, directory)
    return Meant(said, Group.UNKNOWN, "Nobody has this number or e-mail address, and there is no name.")


def _by_reference(said: Said, name: str, found: Sequence[UUID], words: str, directory: Directory) -> Meant:
    alike = sorted((-likeness(name, directory.names[one]) if name else 0, one) for one in found)
    best = -alike[0][0]
    candidates = tuple(member for _, member in alike[:CANDIDATES_MAX])
    if len(found) > 1:
        return Meant(said, Group.LIKELY, f"{len(found)} members have this {words}.", best, candidates)
    if name and directory.names[found[0]] and best < SAME_PERSON_FROM:
        return Meant(said, Group.LIKELY, f"Whoever has this {words} is called otherwise.", best, candidates)
    return Meant(said, Group.SURE, f"The {words} is theirs.", best, candidates)


def _by_name(said: Said, name: str, directory: Directory) -> Meant:
    exact = directory.called(name)
    if len(exact) == 1 and not said.email and not said.id:
        return Meant(said, Group.SURE, "Nobody else is called so.", 1000, tuple(exact))
    if exact:
        why = "Nobody else is called so, but what else is said fits nobody."
        if len(exact) > 1:
            why = f"{len(exact)} members are called so."
        return Meant(said, Group.LIKELY, why, 1000, tuple(sorted(exact)[:CANDIDATES_MAX]))
    near = [(alike, member) for alike, member in directory.nearly_called(name) if alike >= LIKELY_FROM]
    if near:
        return Meant(
            said, Group.LIKELY, "The name is nearly the same.", near[0][0], tuple(one for _, one in near)
        )
    return Meant(said, Group.UNKNOWN, "Nobody is called so, or nearly so.")


def without_repeats(meant: Iterable[Meant], counted: Collection[UUID]) -> list[Meant]:
    """The same, with those as duplicates who are surely counted already, or stand further up in the list."""
    seen: set[UUID] = set()
    sorted_out = []
    for one in meant:
        member = one.member_id
        if one.group is not Group.SURE or member is None:
            sorted_out.append(one)
        elif member in counted:
            sorted_out.append(_duplicate(one, "It is counted already in this period."))
        elif member in seen:
            sorted_out.append(_duplicate(one, "They stand further up in the list."))
        else:
            seen.add(member)
            sorted_out.append(one)
    return sorted_out


def _duplicate(one: Meant, why: str) -> Meant:
    return Meant(one.said, Group.DUPLICATE, why, one.likeness, one.candidates)
