"""What membership answers and is asked: memberships, quotes, invoices and the books of fees."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from plaudit.foundation.api.shapes import Answer
from plaudit.foundation.ids import show
from plaudit.membership.models import Entry, Membership
from plaudit.membership.queries import Billed
from plaudit.membership.rules import Line
from plaudit.membership.stepping import membership_ref

MembershipRef = Annotated[str, Field(max_length=100, description="A membership, `mbs_…`.")]
InvoiceRef = Annotated[str, Field(max_length=100, description="An invoice, `inv_…`.")]
Key = Annotated[str, Field(max_length=50, description="A key of the programme file.")]
Money = Annotated[int, Field(ge=0, le=10**15, description="Money in minor units, such as cents.")]


class ShownLine(Answer):
    """One line of an invoice's because. `amount` is in minor units; below zero it takes off."""

    words: str
    amount: int


class ShownMembership(Answer):
    """A membership as it stands. `ends_on` is the first day that is not paid for, null until one is."""

    id: str
    member: str
    programme: str
    state: Literal["pending", "active", "grace", "lapsed", "cancelled"]
    level: str
    why_level: str
    role: str
    profession: str
    joined_at: datetime
    ends_on: date | None


class ShownEntry(Answer):
    """One line in the book of an invoice: money that came or went back, was given up, or is not asked for."""

    id: str
    kind: Literal["payment", "refund", "write_off", "credit"]
    amount: int
    provider: str
    method: str
    reference: str
    reason: str
    happened_at: datetime


class ShownInvoice(Answer):
    """What is asked for one step of a membership, why, and what came of it. Money is in minor units."""

    id: str
    number: int
    membership: str
    kind: Literal["join", "renewal", "reinstatement", "upgrade"]
    amount: int
    currency: str
    lines: list[ShownLine]
    state: Literal["open", "partly paid", "paid", "refunded", "written off", "cancelled"]
    open: int
    paid: int
    refunded: int
    raised_at: datetime
    entries: list[ShownEntry]


def shown_membership(one: Membership) -> ShownMembership:
    """A membership as the API answers it."""
    return ShownMembership(
        id=membership_ref(one.id),
        member=show("mem", one.member_id),
        programme=one.programme,
        state=one.state,  # type: ignore[arg-type]  # one of the choices
        level=one.level,
        why_level=one.why_level,
        role=one.role,
        profession=one.profession,
        joined_at=one.joined_at,
        ends_on=one.ends_on,
    )


def shown_lines(lines: tuple[Line, ...] | list[Line]) -> list[ShownLine]:
    """The because, line by line."""
    return [ShownLine(words=one.words, amount=one.amount) for one in lines]


def shown_entry(one: Entry) -> ShownEntry:
    """A line of the book."""
    return ShownEntry(
        id=show("pay", one.id),
        kind=one.kind,  # type: ignore[arg-type]  # one of the choices
        amount=one.amount,
        provider=one.provider,
        method=one.method,
        reference=one.reference,
        reason=one.reason,
        happened_at=one.happened_at,
    )


def shown_invoice(billed: Billed) -> ShownInvoice:
    """An invoice with its book."""
    one, account = billed.invoice, billed.account
    return ShownInvoice(
        id=show("inv", one.id),
        number=one.number,
        membership=membership_ref(one.membership_id),
        kind=one.step.kind,  # type: ignore[arg-type]  # one of those with an invoice
        amount=one.amount,
        currency=one.currency,
        lines=[ShownLine(**line) for line in one.lines],
        state=account.state,  # type: ignore[arg-type]  # one of its words
        open=account.open,
        paid=account.paid,
        refunded=account.refunded,
        raised_at=one.raised_at,
        entries=[shown_entry(entry) for entry in billed.entries],
    )
