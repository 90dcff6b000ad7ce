"""Takes in that something was completed, as whoever gave it reports, and takes that back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from plaudit.foundation import audit
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.learning.completing import (
    Learned,
    complete_all,
    completion_ref,
    today_there,
    withdraw_all,
)
from plaudit.learning.definitions import Offering
from plaudit.learning.models import Completion
from plaudit.learning.offered import learning_of, offering_of
from plaudit.learning.refusals import CountedAlready, DayToCome, MadeOfSteps
from plaudit.learning.rules.periods import period_of
from plaudit.ledger.posting import open_books
from plaudit.people.actions.members import locked_member


def report_completion(
    organisation_id: int,
    *,
    member_id: UUID,
    programme: str,
    offering: str,
    key: str,
    actor: str,
    day: date | None = None,
    minutes: int | None = None,
) -> Completion:
    """Count that a member completed something, on a day (today where none is given).

    The same key counts once. Raises `NothingToLearn`, `MadeOfSteps`, `CountedAlready`, `DayToCome` for a
    day to come, and as `locked_member` does.
    """

    def step() -> Completion:
        open_books(organisation_id)
        locked_member(organisation_id, member_id)
        learning, what = offering_of(organisation_id, programme, offering)
        today = today_there(learning)
        on = day or today
        if on > today:
            raise DayToCome
        occasion = f"report/{key}"
        known = Completion.objects.filter(
            organisation_id=organisation_id, occasion=occasion, member_id=member_id
        ).first()
        if known is not None:
            return known
        refuse_if_steps(what)
        counts = what.minutes if minutes is None else minutes
        counted = complete_all(organisation_id, learning, what, [Learned(member_id, on, counts, occasion)])
        if not counted:
            raise CountedAlready(name=what.name, counts=what.counts.value)
        subject = completion_ref(counted[0].id)
        audit.note(actor=actor, act="learning.completed", subject=subject, details={"offering": offering})
        return counted[0]

    return act(organisation_id, step)


def refuse_if_steps(offering: Offering) -> None:
    """A certification with steps is completed by them alone. Raises `MadeOfSteps`."""
    if offering.steps:
        raise MadeOfSteps(name=offering.name)


def counts_already(
    organisation_id: int,
    programme: str,
    offering: Offering,
    members: Sequence[UUID],
    day: date,
    occasion: str,
) -> set[UUID]:
    """Those of these members for whom completing it on this day would count nothing."""
    found = Completion.objects.filter(
        organisation_id=organisation_id,
        programme=programme,
        offering=offering.key,
        member_id__in=list(members),
        period=period_of(offering.counts, day, occasion),
        withdrawn_at__isnull=True,
    )
    return set(found.values_list("member_id", flat=True))


def withdraw_completion(organisation_id: int, *, completion_id: UUID, reason: str, actor: str) -> Completion:
    """Take back what was completed: its points, its certificate, and what it was a step of. Once is enough.

    Raises `NotFound`.
    """

    def step() -> Completion:
        open_books(organisation_id)
        found = Completion.objects.filter(organisation_id=organisation_id, id=completion_id).first()
        if found is None:
            raise NotFound(kind="completion", ref=completion_ref(completion_id))
        learning = learning_of(organisation_id, found.programme)
        assert learning is not None, "what was completed was offered"
        if withdraw_all(organisation_id, learning, [found], reason=reason):
            subject = completion_ref(completion_id)
            audit.note(actor=actor, act="learning.withdrawn", subject=subject, reason=reason)
        found.refresh_from_db()
        return found

    return act(organisation_id, step)
