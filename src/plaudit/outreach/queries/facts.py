"""The facts that messages carry about events and transfers, by the references people see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from plaudit.activity.told import ToldEvent
from plaudit.earning.published import published_rule
from plaudit.foundation.ids import show
from plaudit.ledger.places import Place
from plaudit.ledger.references import show_transfer
from plaudit.ledger.told import ToldTransfer, transfers_of_events
from plaudit.outreach.rules.messages import ACTIVITY, TRANSFER_TYPES, Message, message_id, moment


def by_event(organisation_id: int, events: Sequence[ToldEvent]) -> dict[UUID, list[ToldTransfer]]:
    """The transfers posted as each event was recorded.

    What was posted for it later, as when a correction waited for what it corrects, is told by the news
    of that later moment.
    """
    if not events:
        return {}
    recorded = {event.id: event.recorded_at for event in events}
    found: dict[UUID, list[ToldTransfer]] = defaultdict(list)
    for transfer in transfers_of_events(organisation_id, list(recorded)):
        assert transfer.event_id is not None
        if transfer.recorded_at == recorded[transfer.event_id]:
            found[transfer.event_id].append(transfer)
    return found


def of_event(organisation_id: int, event: ToldEvent) -> Message:
    """The message that an event was recorded."""
    return Message(
        message_id(organisation_id, "event", event.id),
        ACTIVITY,
        event.recorded_at,
        {
            "activity": _shown("act", event.id),
            "source": event.source,
            "id": event.key,
            "type": event.type,
            "member": _shown("mem", event.member_id) if event.member_id is not None else None,
            "occurred_at": moment(event.occurred_at),
            "recorded_at": moment(event.recorded_at),
            "corrects": event.corrects_key,
            "data": event.data,
        },
    )


def of_transfer(organisation_id: int, transfer: ToldTransfer) -> Message:
    """The message that points moved. `amount` and `available` are in the unit's smallest part.

    `line` counts the wallet's transfers without gaps: by it a receiver puts one member's in order and
    sees whether one is missing.
    """
    rule = published_rule(organisation_id, transfer.rule_id) if transfer.rule_id is not None else None
    reverses = transfer.reverses_line
    return Message(
        message_id(
            organisation_id, "transfer", transfer.wallet_id, transfer.line, moment(transfer.recorded_at)
        ),
        TRANSFER_TYPES[transfer.kind.name.lower()],
        transfer.recorded_at,
        {
            "transfer": show_transfer(transfer.wallet_id, transfer.line),
            "member": _shown("mem", transfer.member_id),
            "line": transfer.line,
            "unit": transfer.unit,
            "precision": transfer.precision,
            "amount": transfer.amount,
            "from": _place(transfer.source),
            "to": _place(transfer.target),
            "available": transfer.available_after,
            "activity": _shown("act", transfer.event_id) if transfer.event_id is not None else None,
            "programme": rule.programme if rule is not None else None,
            "rule": rule.rule.key if rule is not None else None,
            "reverses": show_transfer(transfer.wallet_id, reverses) if reverses is not None else None,
            "occurred_at": moment(transfer.occurred_at),
            "recorded_at": moment(transfer.recorded_at),
            "spendable_at": _moment(transfer.spendable_at),
            "expires_at": _moment(transfer.expires_at),
        },
    )


@lru_cache(maxsize=10_000)
def _shown(prefix: str, value: UUID) -> str:
    # An event's id stands in its own message and in those of its transfers, a member's in many.
    return show(prefix, value)


def _place(place: Place) -> str:
    return place.name.lower()


def _moment(at: datetime | None) -> str | None:
    return moment(at) if at is not None else None
