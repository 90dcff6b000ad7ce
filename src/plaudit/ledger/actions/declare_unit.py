"""Declares a unit: what it is called, what it is worth, when it expires; new, or changed from now on."""

from __future__ import annotations

from collections.abc import Mapping

from plaudit.foundation import clock
from plaudit.foundation.tenancy import act
from plaudit.ledger.models import Unit, Wallet
from plaudit.ledger.refusals import MembersOwe, UnitFixed
from plaudit.ledger.unit_use import UnitUse, unit_uses


def declare_unit(
    organisation_id: int,
    *,
    key: str,
    names: Mapping[str, str],
    precision: int = 0,
    currency: str = "",
    value_minor_per_million: int = 0,
    expiry: Mapping[str, str] | None = None,
    may_owe: bool = False,
    writes_off: bool = False,
    approval_from: int | None = None,
) -> Unit:
    """Make a unit, or change its policy from now on; points already given keep their own expiry.

    `approval_from` is in the unit's smallest part. Once anybody holds the unit its precision and the currency
    of its worth are fixed (`UnitFixed`); while anybody owes, owing cannot be forbidden (`MembersOwe`).
    """
    policy = {
        "names": dict(names),
        "precision": precision,
        "currency": currency,
        "value_minor_per_million": value_minor_per_million,
        "expiry": dict(expiry or {}),
        "may_owe": may_owe,
        "writes_off": writes_off,
        "approval_from": approval_from,
    }

    def step() -> Unit:
        unit = Unit.objects.select_for_update().filter(organisation_id=organisation_id, key=key).first()
        if unit is None:
            return Unit.objects.create(organisation_id=organisation_id, key=key, **policy)
        use = unit_uses(organisation_id).get(key, UnitUse())
        if use.wallets and (
            unit.precision != precision or (unit.currency and currency and unit.currency != currency)
        ):
            raise UnitFixed(unit=key, wallets=use.wallets)
        if unit.may_owe and not may_owe and use.owing:
            raise MembersOwe(unit=key, members=use.owing)
        if unit.may_owe != may_owe:
            _set_may_owe(unit, may_owe=may_owe)
        since = clock.now() if unit.approval_from != approval_from else unit.approval_since
        same = Unit.objects.filter(organisation_id=organisation_id, id=unit.id)
        same.update(**policy, approval_since=since)
        unit.refresh_from_db()
        return unit

    return act(organisation_id, step)


def _set_may_owe(unit: Unit, *, may_owe: bool) -> None:
    """The wallets carry the policy, so that the database can hold them to it; locked in one order."""
    wallets = Wallet.objects.filter(organisation_id=unit.organisation_id, unit_id=unit.id)
    list(wallets.select_for_update().order_by("id").values_list("id", flat=True))
    wallets.update(may_owe=may_owe)
