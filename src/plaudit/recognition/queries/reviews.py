"""What stood out in reviews, for who looks into it and for whom it concerns; and when the next look is due."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from plaudit.foundation import ids
from plaudit.foundation.refusals import NotFound
from plaudit.people.models import Member
from plaudit.recognition.models import Recognition
from plaudit.recognition.reviews import RUNNING, Concerned, Finding, FindingState, Look

LOOK_BACK = timedelta(weeks=26)
LOOK_EVERY = timedelta(weeks=13)
LOOK_AGAIN = timedelta(weeks=4)
"""Nobody asks for a look sooner after the last one."""
PAGE = 50


def finding_ref(finding_id: UUID) -> str:
    """How people name a finding."""
    return ids.show("fnd", finding_id)


def finding_id_of(reference: str) -> UUID:
    """The finding of that name. Raises `NotFound`."""
    return ids.read("fnd", reference, kind="finding")


def next_look(organisation_id: int) -> datetime | None:
    """When recognitions are looked through next: a quarter after the last time, or after the first of them."""
    last = Look.objects.filter(organisation_id=organisation_id).order_by("-until").first()
    if last is not None:
        return last.until + LOOK_EVERY
    first = Recognition.objects.filter(organisation_id=organisation_id).order_by("id").first()
    return first.given_at + LOOK_EVERY if first is not None else None


def last_look(organisation_id: int) -> Look | None:
    """The last time they were looked through."""
    return Look.objects.filter(organisation_id=organisation_id).order_by("-until").first()


def looks(organisation_id: int, *, before: datetime | None = None, limit: int = PAGE) -> Sequence[Look]:
    """When recognitions were looked through, the newest first."""
    found = Look.objects.filter(organisation_id=organisation_id)
    if before is not None:
        found = found.filter(until__lt=before)
    return list(found.order_by("-until")[:limit])


def look_until(organisation_id: int, until: datetime) -> Look | None:
    """The look at the half year up to that moment."""
    return Look.objects.filter(organisation_id=organisation_id, until=until).first()


DECIDED = (FindingState.DECIDED,)


def findings(
    organisation_id: int,
    *,
    states: Collection[FindingState] = RUNNING,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Sequence[Finding]:
    """Findings in one of these states, those that wait for a decision by themselves; the newest first."""
    found = Finding.objects.filter(organisation_id=organisation_id, state__in=states)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id")[:limit])


def finding(organisation_id: int, finding_id: UUID) -> Finding:
    """One of them. Raises `NotFound`."""
    found = Finding.objects.filter(organisation_id=organisation_id, id=finding_id).first()
    if found is None:
        raise NotFound(kind="finding", ref=finding_ref(finding_id))
    return found


def concerned(organisation_id: int, finding_id: UUID) -> Sequence[Concerned]:
    """Whom it names, without those who were erased since."""
    rows = Concerned.objects.filter(organisation_id=organisation_id, finding_id=finding_id)
    return list(rows.order_by("member_id"))


def asked_of(organisation_id: int, member_id: UUID, finding_id: UUID) -> tuple[Finding, Concerned]:
    """A finding that names this member and of which they were told, and their part in it. Raises `NotFound`."""
    found = Finding.objects.filter(
        organisation_id=organisation_id, id=finding_id, asked_at__isnull=False
    ).first()
    part = Concerned.objects.filter(
        organisation_id=organisation_id, finding_id=finding_id, member_id=member_id
    ).first()
    if found is None or part is None:
        raise NotFound(kind="finding", ref=finding_ref(finding_id))
    return found, part


def asked_about(organisation_id: int, member_id: UUID) -> Sequence[Finding]:
    """The findings of which this member was told, the newest first."""
    mine = Concerned.objects.filter(organisation_id=organisation_id, member_id=member_id)
    found = Finding.objects.filter(
        organisation_id=organisation_id, id__in=mine.values("finding_id"), asked_at__isnull=False
    )
    return list(found.order_by("-id")[:PAGE])


def names(organisation_id: int, members: Collection[UUID]) -> Mapping[UUID, str]:
    """What these members are called; by their reference where they have no name, or are not there any more."""
    found = dict(
        Member.objects.filter(organisation_id=organisation_id, id__in=list(members)).values_list("id", "name")
    )
    return {one: found.get(one) or ids.show("mem", one) for one in members}


@dataclass(frozen=True, slots=True)
class ShownLink:
    """One who recognised another, in words for a page: how often, how often chance would, one in how many times."""

    giver: str
    recipient: str
    times: int
    expected: Decimal
    one_in: int
    points: int


def shown_links(organisation_id: int, found: Finding) -> Sequence[ShownLink]:
    """Who recognised whom, by name."""
    people = {
        ids.read("mem", link[side], kind="member") for link in found.links for side in ("giver", "recipient")
    }
    called = {ids.show("mem", one): name for one, name in names(organisation_id, people).items()}
    return [
        ShownLink(
            called[link["giver"]],
            called[link["recipient"]],
            link["times"],
            Decimal(link["expected"]),
            link["one_in"],
            link["points"],
        )
        for link in found.links
    ]
