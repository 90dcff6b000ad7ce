"""Answers about cases and requests: what waits, whose it is, and everything that was said."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from plaudit.activity.types import DeclaredType, declared_types
from plaudit.cases.models import RUNNING, ApprovalRequest, Case, CaseState, RequestState
from plaudit.cases.rules import answered_by
from plaudit.foundation import clock, ids
from plaudit.foundation.refusals import NotFound
from plaudit.ledger.units import time_zone_of
from plaudit.people.models import Erasure

PAGE = 50


def today(organisation_id: int) -> date:
    """The day it is where the organisation is."""
    return clock.now().astimezone(time_zone_of(organisation_id)).date()


def due_day(organisation_id: int) -> date:
    """By which day a question asked now is answered."""
    return answered_by(today(organisation_id))


def claimable(organisation_id: int) -> dict[str, DeclaredType]:
    """The kinds of activity that can be missing, by name; a correction cannot."""
    return {name: one for name, one in declared_types(organisation_id).items() if not one.corrects}


def case(organisation_id: int, reference: str, *, member_id: UUID | None = None) -> Case:
    """One case (`cse_…`), only the member's own where one is named. Raises `NotFound`."""
    found = Case.objects.filter(
        organisation_id=organisation_id, id=ids.read("cse", reference, kind="case")
    ).prefetch_related("messages")
    if member_id is not None:
        found = found.filter(member_id=member_id)
    one = found.first()
    if one is None:
        raise NotFound(kind="case", ref=reference)
    return one


def cases(
    organisation_id: int,
    *,
    state: str = "",
    member_id: UUID | None = None,
    owner: str | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> list[Case]:
    """Cases, newest first: of one state, one member, one owner (empty: nobody took it), where these are named."""
    found = Case.objects.filter(organisation_id=organisation_id)
    if state:
        found = found.filter(state=state)
    if member_id is not None:
        found = found.filter(member_id=member_id)
    if owner is not None:
        found = found.filter(owner=owner)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id")[:limit])


def queue(
    organisation_id: int,
    *,
    owner: str | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int = PAGE,
) -> list[Case]:
    """Cases that wait for an answer, those due first; past one of them where it is named."""
    found = Case.objects.filter(organisation_id=organisation_id, state=CaseState.OPEN)
    if owner is not None:
        found = found.filter(owner=owner)
    if after is not None:
        day, last = after
        found = found.filter(due_on__gte=day).exclude(due_on=day, id__lte=last)
    return list(found.order_by("due_on", "id")[:limit])


def running_about(organisation_id: int, member_id: UUID, subject: str) -> Case | None:
    """The case that runs about a reference already."""
    found = Case.objects.filter(
        organisation_id=organisation_id, member_id=member_id, subject=subject, state__in=RUNNING
    )
    return found.first()


def _waiting(organisation_id: int, moment: datetime) -> QuerySet[ApprovalRequest]:
    return ApprovalRequest.objects.filter(
        organisation_id=organisation_id, state=RequestState.WAITING, expires_at__gt=moment
    )


def waiting_requests(organisation_id: int, *, limit: int = PAGE) -> list[ApprovalRequest]:
    """Requests that can be decided now, those that run out first."""
    return list(_waiting(organisation_id, clock.now()).select_related("case").order_by("expires_at")[:limit])


def decided_requests(organisation_id: int, *, limit: int = PAGE) -> list[ApprovalRequest]:
    """Requests that ended, newest first."""
    found = ApprovalRequest.objects.filter(organisation_id=organisation_id).exclude(
        state=RequestState.WAITING
    )
    return list(found.select_related("case").order_by("-id")[:limit])


def request(organisation_id: int, reference: str) -> ApprovalRequest:
    """One request for approval (`apr_…`). Raises `NotFound`."""
    found = ApprovalRequest.objects.filter(
        organisation_id=organisation_id, id=ids.read("apr", reference, kind="request")
    ).select_related("case")
    one = found.first()
    if one is None:
        raise NotFound(kind="request", ref=reference)
    return one


def requests(
    organisation_id: int, *, state: str = "", before: UUID | None = None, limit: int = PAGE
) -> list[ApprovalRequest]:
    """Requests for approval, newest first: of one state where it is named; waiting is what can be decided now."""
    found = ApprovalRequest.objects.filter(organisation_id=organisation_id)
    if state == RequestState.WAITING:
        found = _waiting(organisation_id, clock.now())
    elif state:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.select_related("case").order_by("-id")[:limit])


def waiting_of(organisation_id: int, case_id: UUID) -> ApprovalRequest | None:
    """The request of a case that waits."""
    return _waiting(organisation_id, clock.now()).filter(case_id=case_id).first()


def requests_running_out(
    organisation_id: int, after: datetime, until: datetime
) -> list[tuple[datetime, int]]:
    """When requests that wait run out in (after, until], and how many at each moment."""
    found = ApprovalRequest.objects.filter(
        organisation_id=organisation_id,
        state=RequestState.WAITING,
        expires_at__gt=after,
        expires_at__lte=until,
    )
    return list(found.values_list("expires_at").annotate(count=Count("id")).order_by("expires_at"))


def cases_to_forget(organisation_id: int) -> QuerySet[Case]:
    """Cases whose member was erased, and whose words are still there."""
    erased = Erasure.objects.filter(organisation_id=organisation_id).values("member_id")
    return Case.objects.filter(
        organisation_id=organisation_id, forgotten_at__isnull=True, member_id__in=erased
    )


def erased_with_cases(organisation_id: int, after: datetime, until: datetime) -> list[datetime]:
    """When members were erased in (after, until] whose words are still there."""
    mine = cases_to_forget(organisation_id).values("member_id")
    found = Erasure.objects.filter(
        organisation_id=organisation_id, erased_at__gt=after, erased_at__lte=until, member_id__in=mine
    )
    return list(found.order_by("erased_at").values_list("erased_at", flat=True))
