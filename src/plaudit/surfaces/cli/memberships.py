"""Commands about memberships: what they cost, who joins, what is paid, who is due."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

import typer

from plaudit.foundation import clock
from plaudit.foundation.currencies import minor_digits
from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.membership import queries
from plaudit.membership.actions.join import Asked
from plaudit.membership.actions.join import join as join_membership
from plaudit.membership.actions.renew import renew as renew_membership
from plaudit.membership.actions.settle import pay as pay_invoice
from plaudit.membership.queries import Billed
from plaudit.membership.quoting import quote_joining
from plaudit.membership.refusals import NoMemberships
from plaudit.membership.rules import money_text
from plaudit.membership.selling import scheme_of
from plaudit.membership.stepping import membership_ref
from plaudit.planning.programme_file.phrases import PhraseRefused, read_money
from plaudit.surfaces.cli.acting import ACTOR, member_named, names_of, organisation_id
from plaudit.surfaces.cli.output import show, show_rows

membership = typer.Typer(no_args_is_help=True, help="Memberships and their fees.")

Who = Annotated[str, typer.Argument(help="mem_…, source:id, or an e-mail address.")]
Which = Annotated[str, typer.Argument(help="mbs_…, as `plaudit membership list` shows it.")]
Number = Annotated[int, typer.Argument(min=1, help="The invoice's number.")]
Term = Annotated[str, typer.Option(help="The term's key.")]
Role = Annotated[str, typer.Option(help="The role that decides the level.")]
Programme = Annotated[str, typer.Option(help="Which programme; by default the only one that sells any.")]
Key = Annotated[str, typer.Option(help="A key of your own: used again, nothing happens twice.")]


@membership.command("quote")
def quote(*, term: Term, role: Role, programme: Programme = "") -> None:
    """Say what joining costs today, and why."""
    here = organisation_id()
    with in_organisation(here):
        scheme = scheme_of(here, programme or _only(here))
        found = quote_joining(scheme, term=term, role=role)
    because = [f"  {line.words}: {money_text(line.amount, scheme.currency)}" for line in found.lines]
    body = {"level": found.level, "amount": found.amount, "currency": scheme.currency, "why": found.why_level}
    total = money_text(found.amount, scheme.currency)
    show(body, sentence="\n".join([f"{total}.", f"  {found.why_level}", *because]))


@membership.command("join")
def join(
    who: Who,
    *,
    term: Term,
    role: Role = "",
    profession: Annotated[str, typer.Option(help="The profession's key.")] = "",
    level: Annotated[str, typer.Option(help="A level other than the role's; needs a reason.")] = "",
    reason: Annotated[str, typer.Option(help="Why that level.")] = "",
    programme: Programme = "",
    key: Key = "",
) -> None:
    """Join a member: raise the first invoice. The membership begins when that is paid."""
    here = organisation_id()
    found = member_named(here, who)
    asked = join_membership(
        here,
        member_id=found.id,
        programme=programme or _only(here),
        term=term,
        role=role,
        profession=profession,
        level=level,
        reason=reason,
        key=_key(key),
        actor=ACTOR,
    )
    _show_asked(asked)


@membership.command("renew")
def renew(which: Which, *, term: Term = "", key: Key = "") -> None:
    """Raise the invoice of another term; one that lapsed is reinstated."""
    here = organisation_id()
    wanted = queries.membership_id_of(which)
    _show_asked(renew_membership(here, membership_id=wanted, term=term, key=_key(key), actor=ACTOR))


@membership.command("pay")
def pay(
    invoice: Number,
    amount: Annotated[str, typer.Argument(help='What came, such as "300 USD".')],
    *,
    method: Annotated[str, typer.Option(help="How: cash, cheque, transfer.")] = "",
    reference: Annotated[str, typer.Option(help="The bank's or provider's reference; never a card's.")] = "",
    key: Key = "",
) -> None:
    """Record a payment of an invoice, whole or in part."""
    here = organisation_id()
    minor, currency = _money(amount)
    pay_invoice(
        here,
        invoice=invoice,
        amount=minor,
        currency=currency,
        method=method,
        reference=reference,
        key=_key(key),
        actor=ACTOR,
    )
    with in_organisation(here):
        billed = queries.invoice(here, invoice)
    left = money_text(billed.account.open, currency)
    show(_row(billed), sentence=f"Invoice {invoice} is {billed.account.state}; {left} is open.")


@membership.command("due")
def list_due(
    days: Annotated[int, typer.Option(min=0, max=3660, help="Whose term ends within so many days.")] = 30,
) -> None:
    """List whom to write to: in their grace, or with a term that ends soon."""
    here = organisation_id()
    with in_organisation(here):
        found = queries.due(here, today=clock.now().date(), days=days)
    names = names_of(here, [one.member_id for one in found])
    rows = [
        {
            "membership": membership_ref(one.id),
            "name": names[one.member_id],
            "level": one.level,
            "state": one.state,
            "ends": str(one.ends_on),
        }
        for one in found
    ]
    show_rows(rows, ["membership", "name", "level", "state", "ends"], empty="Nobody is due.")


@membership.command("list")
def list_memberships(
    state: Annotated[str, typer.Option(help="Only those that are so, such as lapsed.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many.")] = 50,
) -> None:
    """List memberships."""
    here = organisation_id()
    with in_organisation(here):
        found = queries.memberships(here, state=state, limit=limit)
    names = names_of(here, [one.member_id for one in found])
    rows = [
        {
            "membership": membership_ref(one.id),
            "name": names[one.member_id],
            "programme": one.programme,
            "level": one.level,
            "state": one.state,
            "ends": str(one.ends_on or ""),
        }
        for one in found
    ]
    columns = ["membership", "name", "programme", "level", "state", "ends"]
    show_rows(rows, columns, empty="No membership yet; see `plaudit membership join`.")


@membership.command("invoices")
def list_invoices(
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many, newest first.")] = 50,
) -> None:
    """List invoices and how they stand."""
    here = organisation_id()
    with in_organisation(here):
        rows = [_row(one) for one in queries.invoices(here, limit=limit)]
    show_rows(rows, ["number", "membership", "kind", "amount", "open", "state"], empty="No invoice yet.")


def _only(here: int) -> str:
    with in_organisation(here):
        sold = queries.sold_by(here)
    if not sold:
        raise NoMemberships(programme="of this organisation")
    if len(sold) > 1:
        raise Problem(f"Several programmes sell memberships: {', '.join(sold)}. Name one with --programme.")
    return sold[0]


def _money(text: str) -> tuple[int, str]:
    """`300 USD` in minor units, and its currency."""
    try:
        written = read_money(text)
        digits = minor_digits(written.of)
    except (PhraseRefused, KeyError) as refused:
        raise Problem(f"`{text}` is not an amount of money; write it like 300 USD.") from refused
    minor = written.number.scaleb(digits)
    if minor != minor.to_integral_value() or minor <= 0:
        raise Problem(f"{written.of} has {digits} decimals, and a payment is above zero.")
    return int(minor), written.of


def _key(key: str) -> str:
    return f"cli:{key or secrets.token_hex(8)}"


def _show_asked(asked: Asked) -> None:
    invoice = asked.invoice
    because = [f"  {one['words']}: {money_text(one['amount'], invoice.currency)}" for one in invoice.lines]
    body = {
        "membership": membership_ref(asked.membership.id),
        "invoice": invoice.number,
        "amount": invoice.amount,
        "currency": invoice.currency,
    }
    head = f"{body['membership']}: invoice {invoice.number}, {money_text(invoice.amount, invoice.currency)}."
    show(body, sentence="\n".join([head, *because]))


def _row(one: Billed) -> dict[str, Any]:
    currency = one.invoice.currency
    return {
        "number": one.invoice.number,
        "membership": membership_ref(one.invoice.membership_id),
        "kind": one.invoice.step.kind,
        "amount": money_text(one.invoice.amount, currency),
        "open": money_text(one.account.open, currency),
        "state": one.account.state,
    }
