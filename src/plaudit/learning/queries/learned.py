"""Answers about what was learned: completions, credits, certificates, claims."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import NotFound
from plaudit.learning.models import Certificate, Claim, Completion
from plaudit.learning.rules.credits import credits_of, minutes_left_over
from plaudit.people.models import Merge


def one_person(organisation_id: int, member_id: UUID) -> set[UUID]:
    """A member and everybody who lives on as them by a merge that stands: what one of them learned all did."""
    found = {member_id}
    while True:
        absorbed = Merge.objects.filter(
            organisation_id=organisation_id, survivor_id__in=found, unmerged_at__isnull=True
        ).exclude(absorbed_id__in=found)
        more = set(absorbed.values_list("absorbed_id", flat=True))
        if not more:
            return found
        found |= more


def completion_id_of(reference: str) -> UUID:
    """The id behind `cpl_…`. Raises `NotFound`."""
    return read("cpl", reference, kind="completion")


def completion(organisation_id: int, completion_id: UUID) -> Completion:
    """One completion. Raises `NotFound`."""
    found = Completion.objects.filter(organisation_id=organisation_id, id=completion_id).first()
    if found is None:
        raise NotFound(kind="completion", ref=show("cpl", completion_id))
    return found


def completions(
    organisation_id: int,
    *,
    members: Collection[UUID] | None = None,
    programme: str = "",
    offering: str = "",
    standing: bool = False,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Completion]:
    """Completions in the order in which they were recorded; only those not withdrawn where `standing`."""
    found = Completion.objects.filter(organisation_id=organisation_id)
    wanted = {"programme": programme, "offering": offering}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    if members is not None:
        found = found.filter(member_id__in=members)
    if standing:
        found = found.filter(withdrawn_at__isnull=True)
    if after is not None:
        found = found.filter(id__gt=after)
    return list(found.order_by("id")[:limit])


@dataclass(frozen=True, slots=True)
class Credits:
    """Whole credits, and the minutes that are left beside them."""

    whole: int
    minutes_beside: int


def credits_of_members(organisation_id: int, members: Collection[UUID], *, year: int) -> Credits:
    """What these members, who are one person, learned in a calendar year, summed and then rounded down."""
    found = Completion.objects.filter(
        organisation_id=organisation_id,
        member_id__in=members,
        withdrawn_at__isnull=True,
        completed_on__year=year,
    )
    minutes = list(found.values_list("minutes", flat=True))
    return Credits(credits_of(minutes), minutes_left_over(minutes))


def certificates(
    organisation_id: int,
    *,
    members: Collection[UUID] | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Certificate]:
    """Certificates in the order in which they were issued, also revoked and ended ones."""
    found = Certificate.objects.filter(organisation_id=organisation_id)
    if members is not None:
        found = found.filter(member_id__in=members)
    if after is not None:
        found = found.filter(id__gt=after)
    return list(found.order_by("id")[:limit])


def certificate(organisation_id: int, certificate_id: UUID) -> Certificate:
    """One certificate. Raises `NotFound`."""
    found = Certificate.objects.filter(organisation_id=organisation_id, id=certificate_id).first()
    if found is None:
        raise NotFound(kind="certificate", ref=show("crt", certificate_id))
    return found


def claim_id_of(reference: str) -> UUID:
    """The id behind `lcl_…`. Raises `NotFound`."""
    return read("lcl", reference, kind="claim")


def claim(organisation_id: int, claim_id: UUID) -> Claim:
    """One claim, with its proof. Raises `NotFound`."""
    found = Claim.objects.filter(organisation_id=organisation_id, id=claim_id).first()
    if found is None:
        raise NotFound(kind="claim", ref=show("lcl", claim_id))
    return found


def claims(
    organisation_id: int,
    *,
    state: str = "",
    members: Collection[UUID] | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Claim]:
    """Claims in the order in which they were made, without what proves them."""
    found = Claim.objects.filter(organisation_id=organisation_id).defer("proof")
    if state:
        found = found.filter(state=state)
    if members is not None:
        found = found.filter(member_id__in=members)
    if after is not None:
        found = found.filter(id__gt=after)
    return list(found.order_by("id")[:limit])


def proofs_sent_twice(organisation_id: int, digests: Collection[str]) -> set[str]:
    """Those of these digests that more than one claim has: the same file proves two things."""
    rows = Claim.objects.filter(organisation_id=organisation_id, digest__in=[one for one in digests if one])
    counted = rows.values("digest").annotate(count=Count("id")).filter(count__gt=1)
    return {row["digest"] for row in counted}


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of an offering was completed: how many times, and by how many members."""

    completions: int
    members: int


def tallies(organisation_id: int) -> dict[tuple[str, str], Tally]:
    """How much was completed of every offering, by programme and key."""
    rows = Completion.objects.filter(organisation_id=organisation_id).values("programme", "offering")
    counted = rows.annotate(
        times=Count("id", filter=Q(withdrawn_at__isnull=True)),
        members=Count("member_id", distinct=True, filter=Q(withdrawn_at__isnull=True)),
    )
    return {(row["programme"], row["offering"]): Tally(row["times"], row["members"]) for row in counted}
