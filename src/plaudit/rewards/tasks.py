"""What rewards do later: give back what lapsed, and order from suppliers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import attend, open_lane, task
from plaudit.foundation.tenancy import in_organisation
from plaudit.rewards.actions.lapse import lapse
from plaudit.rewards.actions.ordering import order_due
from plaudit.rewards.orders import first_orders_due, suppliers_due
from plaudit.rewards.queries import first_lapses

ORDERING = open_lane("orders", at_once=4)


@task(lane=ORDERING, in_one_transaction=False, time_limit=timedelta(minutes=10))
def order_from(organisation_id: int, *, supplier: str) -> None:
    """Order, and ask after, what is due of one supplier."""
    order_due(organisation_id, supplier)


def _waiting_to_order(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    for moment in first_orders_due(organisation_id, after, until):
        yield Due(moment, ORDER.name, "Suppliers are sent orders")


def _order(organisation_id: int) -> list[str]:
    """Let a worker order what is due, supplier by supplier."""
    with in_organisation(organisation_id):
        due = suppliers_due(organisation_id)
        for supplier in due:
            order_from.once(f"order:{supplier}", organisation_id, supplier=supplier)
    return [f"{len(due)} suppliers are being sent orders"] if due else []


def _waiting_to_lapse(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    for moment in first_lapses(organisation_id, after, until):
        yield Due(moment, LAPSE.name, "Redemptions whose time runs out are given back")


def _lapse(organisation_id: int) -> list[str]:
    count = lapse(organisation_id)
    return [f"{count} redemptions given back, their time having run out"] if count else []


LAPSE = attend(
    when_due(Happening("redemptions.lapse", _waiting_to_lapse, _lapse)), every=timedelta(minutes=1)
)
ORDER = attend(when_due(Happening("suppliers.order", _waiting_to_order, _order)), every=timedelta(seconds=5))
