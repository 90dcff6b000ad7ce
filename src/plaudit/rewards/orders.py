"""Answers about suppliers: what is to be asked of them and when, and what they charge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from plaudit.foundation import clock
from plaudit.foundation.currencies import minor_digits
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.rewards.models import Order, OrderState, Supplier
from plaudit.rewards.reconciling import Found, read_statement, reconcile

_WAITING = (OrderState.NEW, OrderState.ASKED, OrderState.VOIDING)


@dataclass(frozen=True, slots=True)
class SupplierSeen:
    """A supplier, with how many orders wait for it, and how many for a person."""

    key: str
    name: str
    url: str
    has_token: bool
    open: int
    stuck: int


def suppliers(organisation_id: int) -> list[SupplierSeen]:
    """Every supplier, by key."""
    rows = Order.objects.filter(organisation_id=organisation_id).values_list("supplier")
    waiting = rows.annotate(
        open=Count("id", filter=Q(state__in=_WAITING)), stuck=Count("id", filter=Q(state=OrderState.STUCK))
    )
    counted = {key: (to_ask, stuck) for key, to_ask, stuck in waiting}
    return [
        SupplierSeen(one.key, one.name, one.url, one.token is not None, *counted.get(one.key, (0, 0)))
        for one in Supplier.objects.filter(organisation_id=organisation_id).order_by("key")
    ]


def reconciled(
    organisation_id: int, supplier: str, text: str, *, since: datetime, until: datetime
) -> list[Found]:
    """A supplier's statement held against what it delivered in [since, until). Raises `NotFound`, `StatementUnreadable`."""
    if not Supplier.objects.filter(organisation_id=organisation_id, key=supplier).exists():
        raise NotFound(kind="supplier", ref=supplier)
    ours, currency = orders_delivered(organisation_id, supplier, since=since, until=until)
    return reconcile(read_statement(text, minor_digits(currency) if currency else 2), ours)


def first_orders_due(organisation_id: int, after: datetime, until: datetime) -> list[datetime]:
    """The moments in (after, until] at which suppliers are to be asked, earliest first; what is overdue, at the end."""
    waiting = Order.objects.filter(
        organisation_id=organisation_id,
        due_at__lte=until,
        state__in=(OrderState.NEW, OrderState.ASKED, OrderState.VOIDING),
        supplier__in=_reached(organisation_id),
    )
    moments = waiting.order_by("due_at").values_list("due_at", flat=True).distinct()[:1000]
    return sorted({moment if moment > after else until for moment in moments})


def suppliers_due(organisation_id: int) -> list[str]:
    """The suppliers that are to be asked something now, by key."""
    waiting = Order.objects.filter(
        organisation_id=organisation_id,
        due_at__lte=clock.now(),
        state__in=(OrderState.NEW, OrderState.ASKED, OrderState.VOIDING),
        supplier__in=_reached(organisation_id),
    )
    return sorted(waiting.values_list("supplier", flat=True).distinct())


def _reached(organisation_id: int) -> QuerySet[Supplier, str]:
    """The suppliers that have an address; of the others a person orders."""
    known = Supplier.objects.filter(organisation_id=organisation_id).exclude(url="")
    return known.values_list("key", flat=True)


def orders_delivered(
    organisation_id: int, supplier: str, *, since: datetime, until: datetime
) -> tuple[dict[str, int | None], str]:
    """What was agreed, in minor units, for each order a supplier delivered in [since, until), and the currency.

    Agreed is its cost, or where none is said its face value.
    """
    rows = Order.objects.filter(
        organisation_id=organisation_id,
        supplier=supplier,
        state=OrderState.DONE,
        settled_at__gte=since,
        settled_at__lt=until,
    ).order_by("id")
    agreed = {
        show("ord", row.id): row.cost_minor if row.cost_minor is not None else row.face_minor for row in rows
    }
    return agreed, next((row.currency for row in rows if row.currency), "")
