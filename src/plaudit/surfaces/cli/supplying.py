"""Commands about suppliers and charities: who delivers and receives, what they are owed, what they charge."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from plaudit.foundation.currencies import minor_digits
from plaudit.foundation.tenancy import in_organisation
from plaudit.rewards.actions.remit import remit
from plaudit.rewards.actions.suppliers import set_supplier
from plaudit.rewards.donations import owed_to_charities
from plaudit.rewards.orders import reconciled, suppliers
from plaudit.surfaces.cli.acting import ACTOR, organisation_id
from plaudit.surfaces.cli.output import show, show_rows, text_of

supplier = typer.Typer(no_args_is_help=True, help="Who rewards are ordered from.")
donation = typer.Typer(no_args_is_help=True, help="What members gave to charities.")

SupplierKey = Annotated[str, typer.Argument(help="The supplier's key, as programme files name it.")]


@supplier.command("list")
def list_suppliers() -> None:
    """List suppliers, with the orders that wait for them, and for a person."""
    here = organisation_id()
    with in_organisation(here):
        found = suppliers(here)
    rows = [
        {"key": one.key, "name": one.name, "url": one.url, "open": one.open, "stuck": one.stuck}
        for one in found
    ]
    show_rows(rows, ["key", "name", "url", "open", "stuck"], empty="No supplier is named yet.")


@supplier.command("set")
def set_one(
    key: SupplierKey,
    name: Annotated[str, typer.Option(help="What people call it.")],
    url: Annotated[str, typer.Option(help="Where it takes orders; without one a person orders.")] = "",
) -> None:
    """Name a supplier, or change it. Its token is read from PLAUDIT_SUPPLIER_TOKEN, and sealed.

    Example:  plaudit supplier set giftly --name Giftly --url https://api.giftly.example/v1
    """
    token = os.environ.get("PLAUDIT_SUPPLIER_TOKEN", "")
    made = set_supplier(organisation_id(), key=key, name=name, url=url, token=token, actor=ACTOR)
    body = {"key": key, "name": name, "url": url, "has_token": made.token is not None}
    show(body, sentence=f"Rewards are ordered from {name} as {key}.")


@supplier.command("reconcile")
def reconcile(
    key: SupplierKey,
    file: Annotated[
        Path, typer.Argument(help="A CSV with the columns order and amount; - is standard input.")
    ],
    since: Annotated[str, typer.Option("--from", help="The first day of what it covers.")],
    until: Annotated[str, typer.Option("--until", help="The day after the last one.")],
) -> None:
    """Hold a supplier's statement against what it delivered: matched, wrong in amount, twice, unknown, missing.

    Example:  plaudit supplier reconcile giftly march.csv --from 2026-03-01 --until 2026-04-01
    """
    here = organisation_id()
    with in_organisation(here):
        found = reconciled(here, key, text_of(file), since=_day(since), until=_day(until))
    rows = [
        {
            "finding": one.finding.value,
            "order": one.order,
            "line": one.line,
            "ours_minor": one.ours_minor,
            "theirs_minor": one.theirs_minor,
        }
        for one in found
    ]
    show_rows(
        rows, ["finding", "order", "line", "ours_minor", "theirs_minor"], empty="Nothing was charged or owed."
    )


def _day(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise typer.BadParameter(f"{text} is not a day; write 2026-03-01") from None


@donation.command("owed")
def owed() -> None:
    """List what was donated to each charity and not passed on yet."""
    here = organisation_id()
    with in_organisation(here):
        found = owed_to_charities(here)
    rows = [
        {
            "charity": one.charity,
            "donations": one.donations,
            "amount": _money(one.amount_minor, one.currency),
        }
        for one in found
    ]
    show_rows(rows, ["charity", "donations", "amount"], empty="Nothing is owed to any charity.")


@donation.command("remit")
def remit_donations(
    charity: Annotated[str, typer.Argument(help="The charity, as the programme file names it.")],
    reference: Annotated[str, typer.Option(help="The payment by which it was passed on.")],
    currency: Annotated[str, typer.Option(help="The currency, such as USD.")],
) -> None:
    """Note that everything donated to a charity so far was passed on; one reference remits once.

    Example:  plaudit donation remit Lifeboats --reference BANK-2026-12 --currency USD
    """
    made = remit(organisation_id(), charity=charity, currency=currency, reference=reference, actor=ACTOR)
    amount = _money(made.amount_minor, made.currency)
    body = {
        "charity": charity,
        "amount_minor": made.amount_minor,
        "currency": made.currency,
        "donations": made.donations,
    }
    show(body, sentence=f"{amount} of {made.donations:,} gifts went to {charity}.")


def _money(minor: int, currency: str) -> str:
    digits = minor_digits(currency)
    whole, rest = divmod(minor, 10**digits)
    return f"{whole:,}{f'.{rest:0{digits}}' if digits else ''} {currency}"
