"""Answers about memberships: who has one, what is due, their invoices and books, and what partners caused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from plaudit.foundation.ids import read
from plaudit.foundation.refusals import NotFound
from plaudit.membership.fees import Account, account_of
from plaudit.membership.models import EntitlementUse, Entry, Invoice, Membership, State, StrayPayment
from plaudit.membership.models import Scheme as SchemeRow
from plaudit.membership.stepping import membership_ref


def membership_id_of(reference: str) -> UUID:
    """The id behind `mbs_…`. Raises `NotFound`."""
    return read("mbs", reference, kind="membership")


def membership(organisation_id: int, membership_id: UUID) -> Membership:
    """One membership. Raises `NotFound`."""
    found = Membership.objects.filter(organisation_id=organisation_id, id=membership_id).first()
    if found is None:
        raise NotFound(kind="membership", ref=membership_ref(membership_id))
    return found


def memberships(
    organisation_id: int,
    *,
    programme: str = "",
    state: str = "",
    level: str = "",
    profession: str = "",
    member_id: UUID | None = None,
    ends_before: date | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Membership]:
    """Memberships in the order in which they were joined; `ends_before` finds those whose term is ending."""
    found = Membership.objects.filter(organisation_id=organisation_id)
    wanted = {"programme": programme, "state": state, "level": level, "profession": profession}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    if member_id is not None:
        found = found.filter(member_id=member_id)
    if ends_before is not None:
        found = found.filter(ends_on__lt=ends_before)
    if after is not None:
        found = found.filter(id__gt=after)
    return list(found.order_by("id")[:limit])


def due(organisation_id: int, *, today: date, days: int, limit: int = 200) -> list[Membership]:
    """Whom to write to: in their grace, or active with a term that ends within so many days; soonest first."""
    found = Membership.objects.filter(
        organisation_id=organisation_id,
        state__in=(State.ACTIVE, State.GRACE),
        ends_on__lte=today + timedelta(days=days),
    )
    return list(found.order_by("ends_on", "id")[:limit])


@dataclass(frozen=True, slots=True)
class Billed:
    """An invoice with the entries of its book, oldest first, and its account."""

    invoice: Invoice
    entries: Sequence[Entry]
    account: Account


def invoice(organisation_id: int, number: int) -> Billed:
    """One invoice by its number. Raises `NotFound`."""
    found = _invoices(organisation_id).filter(number=number)
    for one in _billed(found):
        return one
    raise NotFound(kind="invoice", ref=number)


def invoice_number_of(organisation_id: int, reference: str) -> int:
    """The number of the invoice behind `inv_…`. Raises `NotFound`."""
    found = Invoice.objects.filter(organisation_id=organisation_id, id=read("inv", reference, kind="invoice"))
    number = found.values_list("number", flat=True).first()
    if number is None:
        raise NotFound(kind="invoice", ref=reference)
    return number


def invoices(
    organisation_id: int,
    *,
    membership_id: UUID | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Billed]:
    """Invoices, the newest first: of one membership, or all."""
    found = _invoices(organisation_id)
    if membership_id is not None:
        found = found.filter(membership_id=membership_id)
    if before is not None:
        found = found.filter(number__lt=before)
    return _billed(found.order_by("-number")[:limit])


def _invoices(organisation_id: int) -> QuerySet[Invoice]:
    return (
        Invoice.objects.filter(organisation_id=organisation_id)
        .select_related("step")
        .prefetch_related("entries")
    )


def _billed(found: Iterable[Invoice]) -> list[Billed]:
    billed = []
    for one in found:
        entries = sorted(one.entries.all(), key=lambda entry: entry.id)
        billed.append(Billed(one, entries, account_of(one, entries)))
    return billed


def uses(membership: Membership) -> list[EntitlementUse]:
    """What a membership's entitlements were used for, the first first."""
    return list(membership.uses.order_by("id"))


def strays(organisation_id: int, *, limit: int = 200) -> list[StrayPayment]:
    """Money that belongs to no invoice and was not recorded since, the oldest first."""
    recorded = Entry.objects.filter(organisation_id=organisation_id).exclude(reference="")
    placed = set(recorded.values_list("provider", "reference"))
    found = StrayPayment.objects.filter(organisation_id=organisation_id).order_by("id")
    return [one for one in found[: limit * 5] if (one.provider, one.reference) not in placed][:limit]


def sold_by(organisation_id: int) -> list[str]:
    """The keys of the programmes that sell memberships now."""
    newest: dict[str, SchemeRow] = {}
    for row in SchemeRow.objects.filter(organisation_id=organisation_id).order_by("number"):
        newest[row.programme] = row
    return sorted(key for key, row in newest.items() if row.sold and row.definition["terms"])
