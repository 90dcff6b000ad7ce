"""What an approved partner's activities earned in a period, and what the partner owes the body for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plaudit.activity.queries import events_naming
from plaudit.foundation.refusals import NotFound
from plaudit.ledger.places import Kind
from plaudit.ledger.reversing import posted_for_events
from plaudit.ledger.units import UnitPolicy, units_by_id
from plaudit.membership.definitions import Partner, Scheme
from plaudit.membership.rules import divided, money_text
from plaudit.membership.selling import scheme_kept_or_refused

PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Caused:
    """What one activity of a partner earned in one unit, in its smallest part: granted, and since taken back.

    `owed` is in minor units of `currency`: what is left, at the unit's worth, times the partner's share.
    `words` is that arithmetic.
    """

    activity: str
    unit: str
    events: int
    granted: int
    taken_back: int
    owed: int
    currency: str
    words: str

    @property
    def net(self) -> int:
        """What is left of it."""
        return self.granted - self.taken_back


@dataclass(frozen=True, slots=True)
class Statement:
    """A partner's statement for a period, as the ledger has it now."""

    partner: Partner
    starts_at: datetime
    ends_at: datetime
    lines: tuple[Caused, ...]

    @property
    def owed(self) -> dict[str, int]:
        """What the partner owes in all, by currency, in minor units: the sum of the lines."""
        owed: Counter[str] = Counter()
        for line in self.lines:
            owed[line.currency] += line.owed
        return {currency: amount for currency, amount in owed.items() if currency}


def statement_of(
    organisation_id: int, *, programme: str, partner: str, starts_at: datetime, ends_at: datetime
) -> Statement:
    """What a partner's activities of [starts_at, ends_at) earned, as far as it was not taken back since.

    Read from the ledger by the ids of the events: whatever was granted for one is in exactly one statement.
    Raises `NotFound` and `NoMemberships`.
    """
    scheme = scheme_kept_or_refused(organisation_id, programme)
    named = scheme.partner(partner)
    if named is None:
        raise NotFound(kind="partner", ref=partner)
    events: Counter[str] = Counter()
    granted: Counter[tuple[str, int]] = Counter()
    taken_back: Counter[tuple[str, int]] = Counter()
    for page in _pages(organisation_id, partner, starts_at, ends_at):
        events.update(page.values())
        for one in posted_for_events(organisation_id, list(page)):
            if one.kind is Kind.ACCRUAL and one.event_id is not None:
                granted[page[one.event_id], one.unit_id] += one.amount
                taken_back[page[one.event_id], one.unit_id] += one.taken_back
    units = units_by_id(organisation_id)
    lines = [
        _line(
            scheme, named, units[unit_id], activity, events[activity], amount, taken_back[activity, unit_id]
        )
        for (activity, unit_id), amount in sorted(granted.items())
    ]
    return Statement(named, starts_at, ends_at, tuple(lines))


def _pages(
    organisation_id: int, partner: str, starts_at: datetime, ends_at: datetime
) -> Iterator[dict[UUID, str]]:
    """The partner's events, with the type of each, a page at a time."""
    after: UUID | None = None
    while True:
        page = dict(
            events_naming(
                organisation_id,
                "partner",
                partner,
                starts_at=starts_at,
                ends_at=ends_at,
                after=after,
                limit=PAGE,
            )
        )
        if page:
            yield page
        if len(page) < PAGE:
            return
        after = max(page)


def _line(
    scheme: Scheme, partner: Partner, unit: UnitPolicy, activity: str, events: int, granted: int, back: int
) -> Caused:
    owed = divided(
        (granted - back) * unit.value_minor_per_million, partner.share, 100 * 1_000_000, scheme.rounding
    )
    words = f"{unit.say(granted - back)} at their worth, {partner.share} % of it"
    if unit.currency:
        words += f", rounded {scheme.rounding}: {money_text(owed, unit.currency)}"
    return Caused(activity, unit.key, events, granted, back, owed, unit.currency, words)
