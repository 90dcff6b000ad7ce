"""Organisations with something to tell and receivers to tell it to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.tests.factories import make_unit
from plaudit.outreach.actions.endpoints import AddedEndpoint, add_endpoint
from plaudit.outreach.actions.spreading import spread
from plaudit.outreach.models import Delivery
from plaudit.outreach.queries.webhooks import deliveries
from plaudit.outreach.tests.receiver import Receiver
from plaudit.people.tests.factories import make_member, make_organisation

ACTOR = "usr_0"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def make_endpoint(organisation: int, there: Receiver, *, types: Sequence[str] = ("*",)) -> AddedEndpoint:
    """An endpoint at a receiver on this machine."""
    return add_endpoint(organisation, url=there.url, types=types, actor=ACTOR)


def happen(organisation: int, *whats: str, topic: str = "test.said") -> None:
    """Let things happen."""
    for what in whats:
        with in_organisation(organisation):
            tell(organisation, topic, {"what": what}, happened_at=NOON)


def say(organisation: int, *whats: str, topic: str = "test.said") -> None:
    """Let things happen, and hand them out."""
    happen(organisation, *whats, topic=topic)
    spread(organisation)


def only_delivery(organisation: int) -> Delivery:
    """The one delivery there is."""
    (found,) = deliveries(organisation)
    return found


def expiring_soon(members: int) -> int:
    """An organisation in which each of so many members has ten points that last twenty days."""
    at = make_organisation().id
    make_unit(at, expiry={"after": "P20D"})
    for number in range(members):
        member = make_member(at, email=f"m{number}@home.example")
        adjust(
            at, member_id=member.id, unit="points", amount=10, reason="Hello", key=f"k{number}", actor=ACTOR
        )
    return at
