"""Payment providers behind one interface: they are asked for money and tell of money that came.

A provider's adapter keeps cards, mandates and passwords on the provider's side; what comes back here is a
reference. `Manual` is for money that people see arrive: cash, cheques, bank transfers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Demand:
    """What a provider is asked to collect, in minor units. `invoice` is the number it must tell again."""

    invoice: str
    amount: int
    currency: str
    words: str


@dataclass(frozen=True, slots=True)
class Asking:
    """How the payer pays: words for a person, and an address at the provider where there is one."""

    words: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Money a provider says came, in minor units: its own reference, and the invoice it was told."""

    reference: str
    invoice: str
    amount: int
    currency: str
    paid_at: datetime
    method: str = ""


class PaymentProvider(Protocol):
    """What every provider can do. Calls may fail, come twice or come late; nothing here relies on order."""

    name: str

    def demand(self, demand: Demand) -> Asking:
        """Ask for money; asking twice for one invoice asks once."""
        ...

    def reports(self) -> Sequence[Report]:
        """What came lately, told again as often as is asked."""
        ...


class Manual:
    """Nobody is asked for anything: people pay as they do, and a colleague records it."""

    name = "manual"

    def demand(self, demand: Demand) -> Asking:
        """The words to write on a transfer."""
        return Asking(f"Pay {demand.words} and name invoice {demand.invoice}.")

    def reports(self) -> Sequence[Report]:
        """None: what comes is recorded by hand."""
        return ()
