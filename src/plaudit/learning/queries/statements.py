"""Answers about statements of the Experience API: one by its id, or those that fit a question, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from plaudit.learning.rules.statements import VOIDED
from plaudit.learning.statement_models import Statement


@dataclass(frozen=True, slots=True)
class Question:
    """Which statements are asked for (xAPI 1.0.3, part three, 2.1.3); nothing said is nothing asked.

    `agent` is a mark. With `related_agents` and `related_activities` whoever and whatever a statement speaks of fits.
    """

    agent: str | None = None
    verb: str = ""
    activity: str = ""
    registration: UUID | None = None
    related_activities: bool = False
    related_agents: bool = False
    since: datetime | None = None
    until: datetime | None = None
    ascending: bool = False
    after: int | None = None


def _all(organisation_id: int) -> QuerySet[Statement]:
    return Statement.objects.filter(organisation_id=organisation_id)


def _voided(organisation_id: int) -> Q:
    """What another statement voids, unless it voids one itself (2.3.2)."""
    voiding = _all(organisation_id).filter(voids=OuterRef("statement_id"))
    return Q(Exists(voiding)) & ~Q(verb=VOIDED)


def standing(organisation_id: int) -> QuerySet[Statement]:
    """Every statement that is not voided."""
    return _all(organisation_id).exclude(_voided(organisation_id))


def statement(organisation_id: int, id: UUID, *, voided: bool = False) -> Statement | None:
    """The statement of that id, if it is voided or if it is not."""
    found = _all(organisation_id).filter(statement_id=id)
    is_voided = _voided(organisation_id)
    return (found.filter(is_voided) if voided else found.exclude(is_voided)).first()


def statements(organisation_id: int, question: Question, *, limit: int) -> list[Statement]:
    """Those that fit, the last first unless asked otherwise; and those that are about one that fits."""
    fits = _fits(question)
    found = standing(organisation_id)
    if fits:
        about = _all(organisation_id).filter(fits).values("statement_id")
        found = found.filter(fits | Q(refers_to__in=about))
    if question.since is not None:
        found = found.filter(stored_at__gt=question.since)
    if question.until is not None:
        found = found.filter(stored_at__lte=question.until)
    if question.after is not None:
        found = found.filter(**{"id__gt" if question.ascending else "id__lt": question.after})
    return list(found.order_by("id" if question.ascending else "-id")[:limit])


def _fits(question: Question) -> Q:
    fits = Q()
    if question.agent is not None:
        if question.related_agents:
            fits &= Q(agents__contains=[question.agent])
        else:
            fits &= Q(actor=question.agent) | Q(object_agent=question.agent)
    if question.verb:
        fits &= Q(verb=question.verb)
    if question.activity:
        if question.related_activities:
            fits &= Q(activities__contains=[question.activity])
        else:
            fits &= Q(activity=question.activity)
    if question.registration is not None:
        fits &= Q(registration=question.registration)
    return fits
