"""A member's own activity, newest first: what each earned, and where nothing, why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plaudit.activity.queries import BookedEvent, booked_events
from plaudit.foundation.ids import show
from plaudit.insights.because import because_of_event
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.told import ToldTransfer, transfers_of_events
from plaudit.ledger.units import units_by_key

PAGE = 15


@dataclass(frozen=True, slots=True)
class Happening:
    """One activity of a member. `earned` says how much in words, empty for nothing; `why_not` then says why.

    `changed` is below zero where points were taken, so that a list need not read the words.
    """

    id: UUID
    title: str
    source: str
    key: str
    occurred_at: datetime
    earned: str
    why_not: str
    changed: int

    @property
    def reference(self) -> str:
        """How people see the activity."""
        return show("act", self.id)


@dataclass(frozen=True, slots=True)
class HappeningPage:
    """Happenings newest first. `older` is the cursor of the next page, None on the last."""

    happenings: list[Happening]
    older: UUID | None


def happenings(
    organisation_id: int, member_id: UUID, *, before: UUID | None = None, limit: int = PAGE
) -> HappeningPage:
    """A page of a member's activity. What earned nothing is explained at once: that is the harder question."""
    page = booked_events(organisation_id, member_id=member_id, before=before, limit=limit)
    transfers = transfers_of_events(organisation_id, [event.id for event in page.events])
    units = units_by_key(organisation_id)
    found = []
    for event in page.events:
        mine = [one for one in transfers if one.event_id == event.id and one.member_id == member_id]
        amounts: dict[str, int] = {}
        for transfer in mine:
            amounts[transfer.unit] = amounts.get(transfer.unit, 0) + _change(transfer)
        said = [units[key].say(amount) for key, amount in amounts.items() if amount]
        found.append(_happening(organisation_id, event, ", ".join(said), sum(amounts.values())))
    return HappeningPage(found, page.older)


def _happening(organisation_id: int, event: BookedEvent, earned: str, changed: int) -> Happening:
    return Happening(
        id=event.id,
        title=event.title or event.type,
        source=event.source,
        key=event.key,
        occurred_at=event.occurred_at,
        earned=earned,
        why_not="" if earned else because_of_event(organisation_id, event.id).sentence,
        changed=changed,
    )


def _change(transfer: ToldTransfer) -> int:
    """What a transfer gave or took, pending points included."""
    if transfer.kind is Kind.REVERSAL:
        return -transfer.amount if transfer.source in {Place.AVAILABLE, Place.PENDING} else transfer.amount
    return -transfer.amount if transfer.source is Place.AVAILABLE else transfer.amount
