"""What statements of the Experience API complete: each attempt is looked at whole whenever something is said of it.

Every function here is called inside an action that has opened the books.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from plaudit.foundation import clock
from plaudit.learning.completing import Learned, complete_all, withdraw_all
from plaudit.learning.definitions import Learning, Offering
from plaudit.learning.models import Completion
from plaudit.learning.offered import all_learning, day_of
from plaudit.learning.queries.statements import standing
from plaudit.learning.rules.move_on import attempt_of
from plaudit.learning.rules.statements import VOIDED, heard_of
from plaudit.learning.statement_models import SpokenOf, Statement

OCCASION = "statements/"


@dataclass(frozen=True, slots=True)
class Try:
    """One actor's attempt at one activity: a registration, or a statement that names none."""

    actor: str
    activity: str
    registration: UUID

    @property
    def occasion(self) -> str:
        """Where a completion comes from that this attempt is."""
        return f"{OCCASION}{self.registration}"


Offered = Mapping[str, Sequence[tuple[Learning, Offering]]]


def move_on(organisation_id: int, kept: Sequence[Statement]) -> None:
    """Count what these statements complete, and take back what is not complete without those they void."""
    offered = _offered(organisation_id)
    if not offered or not kept:
        return
    voided = Statement.objects.filter(
        organisation_id=organisation_id, statement_id__in=[one.voids for one in kept if one.voids]
    ).exclude(verb=VOIDED)
    touched = {one for said in (*kept, *voided) for one in _tries(said, offered)}
    if not touched:
        return
    members = _members(organisation_id, {one.actor for one in touched})
    said = _said_of(organisation_id, touched)
    counted: dict[tuple[str, str], list[Learned]] = defaultdict(list)
    broken: dict[tuple[str, str], set[tuple[UUID, str]]] = defaultdict(set)
    by_key = {
        (learning.programme, one.key): (learning, one) for some in offered.values() for learning, one in some
    }
    for one in sorted(touched, key=lambda each: (each.actor, each.activity, each.registration)):
        member_id = members.get(one.actor)
        if member_id is None:
            continue
        for learning, offering in offered[one.activity]:
            key, statements = (learning.programme, offering.key), said[one]
            attempt = attempt_of(heard_of(each.body) for each in statements)
            if statements and attempt.satisfies(offering.move_on):
                day = min(day_of(learning, statements[-1].said_at), day_of(learning, clock.now()))
                counted[key].append(Learned(member_id, day, offering.minutes, one.occasion))
            else:
                broken[key].add((member_id, one.occasion))
    for key, learned in counted.items():
        complete_all(organisation_id, *by_key[key], learned)
    for key, occasions in broken.items():
        _take_back(organisation_id, *by_key[key], occasions)


def _offered(organisation_id: int) -> Offered:
    found: dict[str, list[tuple[Learning, Offering]]] = defaultdict(list)
    for learning in all_learning(organisation_id):
        for one in learning.offerings:
            if one.activity:
                found[one.activity].append((learning, one))
    return found


def _tries(said: Statement, offered: Offered) -> Iterable[Try]:
    if said.actor:
        for activity in said.about:
            if activity in offered:
                yield Try(said.actor, activity, said.registration or said.statement_id)


def _members(organisation_id: int, marks: Iterable[str]) -> dict[str, UUID]:
    known = SpokenOf.objects.filter(
        organisation_id=organisation_id, mark__in=list(marks), member_id__isnull=False
    )
    return {mark: member_id for mark, member_id in known.values_list("mark", "member_id") if member_id}


def _said_of(organisation_id: int, touched: Iterable[Try]) -> dict[Try, list[Statement]]:
    """What was said of these attempts and stands, in the order in which it was."""
    wanted = set(touched)
    ids = [one.registration for one in wanted]
    rows = standing(organisation_id).filter(
        Q(registration__in=ids) | Q(registration__isnull=True, statement_id__in=ids),
        actor__in={one.actor for one in wanted},
    )
    found: dict[Try, list[Statement]] = {one: [] for one in wanted}
    for row in rows.order_by("id"):
        for activity in row.about:
            one = Try(row.actor, activity, row.registration or row.statement_id)
            if one in wanted:
                found[one].append(row)
    return found


def _take_back(
    organisation_id: int, learning: Learning, offering: Offering, occasions: set[tuple[UUID, str]]
) -> None:
    rows = Completion.objects.filter(
        organisation_id=organisation_id,
        programme=learning.programme,
        offering=offering.key,
        member_id__in={member_id for member_id, _ in occasions},
        occasion__in={occasion for _, occasion in occasions},
        withdrawn_at__isnull=True,
    )
    gone = [one for one in rows if (one.member_id, one.occasion) in occasions]
    withdraw_all(organisation_id, learning, gone, reason="The statement behind it was voided.")
