"""Answers about memberships for those who run them: who has one and how it stands, what is open, what ends soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count

from plaudit.membership.definitions import Scheme, read_scheme
from plaudit.membership.models import Membership, State
from plaudit.membership.models import Scheme as SchemeRow
from plaudit.membership.queries import memberships
from plaudit.people.models import Member


@dataclass(frozen=True, slots=True)
class Belongs:
    """One membership in a list: whose, and how much is still to be paid of it, in minor units."""

    membership: Membership
    member: Member | None
    open: int
    currency: str


@dataclass(frozen=True, slots=True)
class Overview:
    """How many memberships are in each state, how many invoices wait for money, how many terms end soon."""

    by_state: dict[str, int]
    open_invoices: int
    ending: int


# What is open of an invoice, as `membership.fees.Account` reckons it.
_OPEN = """
    with owed as (
        select i.membership_id, i.id, i.currency,
               i.amount + coalesce(sum(case e.kind when 'refund' then e.amount else -e.amount end), 0) as open
          from membership_invoice i
          left join membership_entry e on e.organisation_id = i.organisation_id and e.invoice_id = i.id
         where i.organisation_id = (select %(organisation)s::int)
           and (%(memberships)s::uuid[] is null or i.membership_id = any(%(memberships)s::uuid[]))
         group by i.membership_id, i.id, i.currency, i.amount)
    select membership_id, count(*), sum(open)::bigint, min(currency) from owed where open > 0 group by membership_id
"""


def schemes(organisation_id: int) -> dict[str, Scheme]:
    """The newest scheme of every programme that ever sold memberships, by the programme's key."""
    rows = SchemeRow.objects.filter(organisation_id=organisation_id).order_by("number")
    return {row.programme: read_scheme(row.definition) for row in rows}


def overview(organisation_id: int, *, until: date) -> Overview:
    """The figures above the list; `ending` counts terms that end by that day. Ask inside `in_organisation`."""
    found = Membership.objects.filter(organisation_id=organisation_id)
    by_state = dict(found.values("state").annotate(many=Count("id")).values_list("state", "many"))
    ending = found.filter(state__in=(State.ACTIVE, State.GRACE), ends_on__lte=until).count()
    owed = _owed(organisation_id, None)
    return Overview(by_state, sum(count for count, _, _ in owed.values()), ending)


def belonging(
    organisation_id: int,
    *,
    programme: str = "",
    state: str = "",
    level: str = "",
    ends_before: date | None = None,
    after: UUID | None = None,
    limit: int,
) -> tuple[list[Belongs], UUID | None]:
    """Memberships in the order in which they were joined, and where the next page begins."""
    page = memberships(
        organisation_id,
        programme=programme,
        state=state,
        level=level,
        ends_before=ends_before,
        after=after,
        limit=limit + 1,
    )
    shown = page[:limit]
    people = Member.objects.filter(
        organisation_id=organisation_id, id__in=[one.member_id for one in shown]
    ).in_bulk()
    owed = _owed(organisation_id, [one.id for one in shown])
    rows = [Belongs(one, people.get(one.member_id), *owed.get(one.id, (0, 0, ""))[1:]) for one in shown]
    return rows, shown[-1].id if len(page) > limit else None


def _owed(organisation_id: int, wanted: list[UUID] | None) -> dict[UUID, tuple[int, int, str]]:
    """Open invoices by membership: how many, how much, and of which currency."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"organisation": organisation_id, "memberships": wanted})
        return {membership_id: (count, open_, currency) for membership_id, count, open_, currency in cursor}
