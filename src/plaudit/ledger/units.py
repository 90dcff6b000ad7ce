"""What is counted: an organisation's units and their policies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from plaudit.foundation import written
from plaudit.foundation.exact import decode
from plaudit.foundation.prepared import prepared
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.told import told
from plaudit.ledger.expiry import expires_at
from plaudit.people.models import Organisation


@dataclass(frozen=True, slots=True)
class UnitPolicy:
    """A unit as the posting path needs it."""

    id: int
    key: str
    names: dict[str, str]
    precision: int
    currency: str
    value_minor_per_million: int
    expiry: dict[str, Any]
    may_owe: bool
    approval_from: int | None = None
    writes_off: bool = False

    def expiry_of(self, earned_at: datetime, time_zone: ZoneInfo) -> datetime | None:
        """When points earned at that moment expire; none where they never do."""
        return expires_at(self.expiry, earned_at, time_zone) if self.expiry else None

    @property
    def many(self) -> str:
        """What several of it are called, such as "points"."""
        return told(self.names.get("other", self.key))

    def say(self, amount: int) -> str:
        """An amount of the smallest part as people say it, such as "1,250 points" or "−2.50 stars"."""
        digits = written.number(Decimal(amount).scaleb(-self.precision), decimals=self.precision)
        one, other = self.names.get("one", self.key), self.names.get("other", self.key)
        return f"{digits} {told(one if abs(amount) == 1 and not self.precision else other)}"


# In plain SQL, for every posting asks: building the same query from its parts takes longer than answering it.
_UNITS = """
    select id, key, names, precision, currency, value_minor_per_million, expiry, may_owe, approval_from,
           writes_off
      from ledger_unit where organisation_id = (select %s::int) order by id
"""


def units_by_key(organisation_id: int) -> dict[str, UnitPolicy]:
    """Every unit of the organisation."""
    with prepared() as cursor:
        cursor.execute(_UNITS, [organisation_id])
        rows = cursor.fetchall()
    return {
        key: UnitPolicy(
            id_,
            key,
            decode(names),
            precision,
            currency,
            value,
            decode(expiry),
            may_owe,
            approval_from,
            writes_off,
        )
        for id_, key, names, precision, currency, value, expiry, may_owe, approval_from, writes_off in rows
    }


def units_by_id(organisation_id: int) -> dict[int, UnitPolicy]:
    """Every unit of the organisation, by the number that its wallets carry."""
    return {unit.id: unit for unit in units_by_key(organisation_id).values()}


def unit_named(organisation_id: int, key: str) -> UnitPolicy:
    """The unit with this key. Raises `NotFound`."""
    unit = units_by_key(organisation_id).get(key)
    if unit is None:
        raise NotFound(kind="unit", ref=key)
    return unit


def time_zone_of(organisation_id: int) -> ZoneInfo:
    """Where the organisation's days begin and end, for points that no programme's own time zone governs."""
    return ZoneInfo(Organisation.objects.values_list("time_zone", flat=True).get(id=organisation_id))
