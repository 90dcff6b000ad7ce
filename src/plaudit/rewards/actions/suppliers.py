"""Names the suppliers rewards are ordered from."""

from __future__ import annotations

from plaudit.foundation import audit, clock
from plaudit.foundation.addresses import read_url
from plaudit.foundation.tenancy import act
from plaudit.rewards.models import Supplier
from plaudit.rewards.sealing import seal


def set_supplier(
    organisation_id: int, *, key: str, name: str, actor: str, url: str = "", token: str = ""
) -> Supplier:
    """Name a supplier, or change it: where it takes orders, and the token that says who orders.

    Without an address a person orders. An empty token leaves the one there is, unless the address is another. Raises `UrlRefused`; where
    the name leads is looked at anew with every order.
    """
    if url:
        read_url(url)

    def step() -> Supplier:
        mine = Supplier.objects.select_for_update().filter(organisation_id=organisation_id, key=key)
        supplier = mine.first() or Supplier(organisation_id=organisation_id, key=key, added_at=clock.now())
        if url != supplier.url:
            supplier.token = None  # a token is for the address it was given for, and for no other
        supplier.name, supplier.url = name, url
        if token:
            supplier.token = seal(organisation_id, token)
        supplier.save()
        audit.note(actor=actor, act="supplier.set", subject=key, details={"url": url})
        return supplier

    return act(organisation_id, step)
