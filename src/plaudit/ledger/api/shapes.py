"""Units, balances, transfers and holds, as the API shows them. Amounts are in the unit's smallest part."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from plaudit.foundation.api.shapes import Answer
from plaudit.foundation.ids import show
from plaudit.ledger.balances import Balance
from plaudit.ledger.receipts import Receipt
from plaudit.ledger.references import show_transfer
from plaudit.ledger.statements import Chain, LotUse, OpenLot, StatementLine
from plaudit.ledger.units import UnitPolicy

TransferRef = Annotated[str, Field(max_length=100, description="A transfer, `led_…`.")]
HoldRef = Annotated[str, Field(max_length=100, description="A hold, `hld_…`.")]
UnitKey = Annotated[str, Field(min_length=1, max_length=50, description="A unit, by its key.")]

Where = Literal["available", "pending", "held", "issued", "redeemed", "expired", "adjusted", "moved"]
KindName = Literal[
    "accrual",
    "deduction",
    "adjustment",
    "hold",
    "capture",
    "release",
    "reversal",
    "expiry",
    "activation",
    "opening",
    "merge",
    "unmerge",
    "extension",
    "write_off",
]


class ShownUnit(Answer):
    """What is counted. `precision` is how many digits of an amount stand after the point.

    `value_minor_per_million` is what a million smallest parts are worth, in minor units of `currency`. A
    manual adjustment of `approval_from` or more needs a second person.
    """

    key: str
    one: str
    other: str
    precision: int
    currency: str
    value_minor_per_million: int
    expiry: dict[str, Any]
    may_owe: bool
    writes_off: bool
    approval_from: int | None


class ShownBalance(Answer):
    """What a member has of one unit; `available` is below zero where they owe."""

    unit: str
    precision: int
    available: int
    pending: int
    held: int


class MemberBalances(Answer):
    """What a member has of every unit they ever held, and as of when where a moment was asked for."""

    member: str
    at: datetime | None
    clock: Literal["occurred", "recorded"] | None
    balances: list[ShownBalance]


class ShownTransfer(Answer):
    """Points that moved from one place to another: one line of a statement, for ever.

    `change` is what it did to the spendable balance and `available_after` that balance then. A transfer
    to `available` is a lot with its own expiry.
    """

    id: str
    line: int
    kind: KindName
    source: Where
    target: Where
    amount: int
    change: int
    available_after: int
    occurred_at: datetime
    recorded_at: datetime
    expires_at: datetime | None
    spendable_at: datetime | None
    event: str | None
    rule: str | None
    reverses: str | None
    actor: str | None
    approver: str | None
    reason: str | None


class ShownLot(Answer):
    """Points that became spendable together and are not all spent, in the order in which they will be."""

    transfer: str
    amount: int
    remaining: int
    earned_at: datetime
    expires_at: datetime | None


class ShownUse(Answer):
    """So much of a lot went to a debit; below zero where it came back."""

    transfer: str
    amount: int


class TransferChain(Answer):
    """One transfer and what it hangs on: what it undoes, what undoes it, which lots it took, who took its own."""

    transfer: ShownTransfer
    member: str
    unit: str
    precision: int
    undoes: ShownTransfer | None
    undone_by: list[ShownTransfer]
    burned: list[ShownUse]
    spent_by: list[ShownUse]
    links: dict[str, str]


class ShownReceipt(Answer):
    """A transfer just posted. `repeated` says that it had been posted under this key before."""

    id: str
    member: str
    unit: str
    kind: KindName
    source: Where
    target: Where
    amount: int
    available_after: int
    occurred_at: datetime
    expires_at: datetime | None
    reverses: str | None
    repeated: bool


def shown_unit(unit: UnitPolicy) -> ShownUnit:
    return ShownUnit(
        key=unit.key,
        one=unit.names.get("one", unit.key),
        other=unit.names.get("other", unit.key),
        precision=unit.precision,
        currency=unit.currency,
        value_minor_per_million=unit.value_minor_per_million,
        expiry=unit.expiry,
        may_owe=unit.may_owe,
        writes_off=unit.writes_off,
        approval_from=unit.approval_from,
    )


def shown_balance(balance: Balance) -> ShownBalance:
    """A balance without the wallet behind it."""
    return ShownBalance(
        unit=balance.unit,
        precision=balance.precision,
        available=balance.available,
        pending=balance.pending,
        held=balance.held,
    )


def shown_line(line: StatementLine) -> ShownTransfer:
    """One transfer as its member reads it."""
    return ShownTransfer(
        id=line.reference,
        line=line.line,
        kind=line.kind.name.lower(),  # type: ignore[arg-type]  # the names are those of the kinds
        source=line.source.name.lower(),  # type: ignore[arg-type]  # the names are those of the places
        target=line.target.name.lower(),  # type: ignore[arg-type]  # the names are those of the places
        amount=line.amount,
        change=line.change,
        available_after=line.after,
        occurred_at=line.occurred_at,
        recorded_at=line.recorded_at,
        expires_at=line.expires_at,
        spendable_at=line.spendable_at,
        event=show("act", line.event_id) if line.event_id is not None else None,
        rule=f"rul_{line.rule_id}" if line.rule_id is not None else None,
        reverses=_same_wallet(line.wallet_id, line.reverses_line),
        actor=line.actor,
        approver=line.approver,
        reason=line.reason,
    )


def shown_lot(lot: OpenLot) -> ShownLot:
    return ShownLot(
        transfer=lot.line.reference,
        amount=lot.line.amount,
        remaining=lot.remaining,
        earned_at=lot.line.occurred_at,
        expires_at=lot.expires_at,
    )


def shown_chain(chain: Chain) -> TransferChain:
    at = f"/api/v1/transfers/{chain.line.reference}"
    return TransferChain(
        transfer=shown_line(chain.line),
        member=show("mem", chain.member_id),
        unit=chain.unit,
        precision=chain.precision,
        undoes=shown_line(chain.undoes) if chain.undoes is not None else None,
        undone_by=[shown_line(line) for line in chain.undone_by],
        burned=[_use(use) for use in chain.burned],
        spent_by=[_use(use) for use in chain.spent_by],
        links={"explanation": f"{at}/explanation", "reverse": f"{at}/reverse"},
    )


def shown_receipt(receipt: Receipt, unit: str) -> ShownReceipt:
    return ShownReceipt(
        id=receipt.reference,
        member=show("mem", receipt.member_id),
        unit=unit,
        kind=receipt.kind.name.lower(),  # type: ignore[arg-type]  # the names are those of the kinds
        source=receipt.source.name.lower(),  # type: ignore[arg-type]  # the names are those of the places
        target=receipt.target.name.lower(),  # type: ignore[arg-type]  # the names are those of the places
        amount=receipt.amount,
        available_after=receipt.available_after,
        occurred_at=receipt.occurred_at,
        expires_at=receipt.expires_at,
        reverses=_same_wallet(receipt.wallet_id, receipt.reverses_line),
        repeated=receipt.repeated,
    )


def _use(use: LotUse) -> ShownUse:
    return ShownUse(transfer=use.other.reference, amount=use.amount)


def _same_wallet(wallet_id: int, line: int | None) -> str | None:
    return show_transfer(wallet_id, line) if line is not None else None
