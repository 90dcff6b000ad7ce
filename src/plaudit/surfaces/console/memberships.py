"""Memberships in the console: who has one, what is open and what ends soon; one with its steps, and money on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import clock, ids, written
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.currencies import minor_digits
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.written import labels
from plaudit.insights.belonging import Belongs, belonging, overview, schemes
from plaudit.membership.actions.levels import upgrade
from plaudit.membership.actions.settle import pay, refund
from plaudit.membership.definitions import Scheme
from plaudit.membership.level_reasons import recalled_reason
from plaudit.membership.models import EntryKind, State, Step
from plaudit.membership.queries import Billed, invoice, invoices, membership_id_of
from plaudit.membership.queries import membership as membership_named
from plaudit.membership.selling import kept_scheme
from plaudit.membership.stepping import membership_ref
from plaudit.people.models import Member
from plaudit.surfaces.console.listing import CSV_ROWS_MAX, csv_answer, pages, wants_csv

READS_FEES = (RoleName.MANAGER, RoleName.DESK, RoleName.FINANCE, RoleName.AUDITOR)
TAKES_MONEY = (RoleName.MANAGER, RoleName.FINANCE)
ENDS_SOON = timedelta(days=30)
PER_PAGE = 50
_CSV_PAGE = 500
_KINDS = {State.ACTIVE: "good", State.PENDING: "info", State.GRACE: "warn", State.LAPSED: "neutral"}


class NotMoney(Refusal):
    """What was filled in is no amount of the invoice's currency."""

    code = "not_money"
    sentence = "{amount} is not an amount of {currency} that can be paid."
    way_forward = "Write an amount above zero, such as 350.00."


class MoneyForm(forms.Form):
    """An amount of money, with why or how."""

    amount = forms.DecimalField(
        label=gettext_lazy("Amount"),
        max_digits=15,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Enter the amount."),
            "invalid": gettext_lazy("Enter an amount such as 350.00."),
        },
    )
    words = forms.CharField(max_length=200, required=False)
    key = forms.CharField(max_length=100)

    def minor(self, currency: str) -> int | None:
        """The amount in minor units; None where it is none of the currency."""
        amount = Decimal(self.cleaned_data["amount"]).scaleb(minor_digits(currency))
        return int(amount) if amount > 0 and amount == amount.to_integral_value() else None


@require_GET
@allows(roles=READS_FEES, to="see memberships")
def membership_list(request: HttpRequest) -> HttpResponse:
    """Memberships by programme, state and level, with what is open of each; those whose term ends soon."""
    actor = actor_of(request)
    asked = _asked(request)
    until = (clock.now() + ENDS_SOON).date()
    sold = schemes(actor.organisation_id)
    if wants_csv(request):
        header = ["id", "programme", "member", "name", "level", "state", "joined", "ends", "open", "currency"]
        return csv_answer("memberships", header, _csv_rows(actor, asked))
    after = read_cursor(request.GET.get("after"), one_id)
    rows, onward = _found(actor, asked, after=after, limit=PER_PAGE)
    seen = overview(actor.organisation_id, until=until)
    shown = {
        "title": _("Memberships"),
        "lead": _("Who has one, what is to be paid, and whose term ends within thirty days."),
        "seen": seen,
        "waiting": seen.by_state.get(State.PENDING, 0),
        "active": seen.by_state.get(State.ACTIVE, 0) + seen.by_state.get(State.GRACE, 0),
        "rows": [_row(one, sold) for one in rows],
        "asked": asked,
        "is_filtered": any(asked.values()),
        "states": labels(State.choices),
        "levels": sorted({(level.key, level.name) for scheme in sold.values() for level in scheme.levels}),
        "is_sold": bool(sold),
        "pages": pages(request, write_cursor(onward) if onward else None, shown=len(rows)),
    }
    return render(request, "console/memberships.html", shown)


def _asked(request: HttpRequest) -> dict[str, str]:
    state = request.GET.get("state", "")
    return {
        "state": state if state in State.values else "",
        "level": request.GET.get("level", "").replace("\0", "")[:100],
        "ending": "yes" if request.GET.get("ending") == "yes" else "",
    }


def _found(
    actor: Actor, asked: dict[str, str], *, after: UUID | None, limit: int
) -> tuple[list[Belongs], UUID | None]:
    ends_before = (clock.now() + ENDS_SOON).date() + timedelta(days=1) if asked["ending"] else None
    state = asked["state"] or (State.ACTIVE.value if asked["ending"] else "")
    return belonging(
        actor.organisation_id,
        state=state,
        level=asked["level"],
        ends_before=ends_before,
        after=after,
        limit=limit,
    )


def _csv_rows(actor: Actor, asked: dict[str, str]) -> Sequence[Sequence[object]]:
    lines: list[list[object]] = []
    after: UUID | None = None
    while len(lines) < CSV_ROWS_MAX:
        rows, after = _found(actor, asked, after=after, limit=_CSV_PAGE)
        for one in rows:
            own = one.membership
            lines.append(
                [
                    membership_ref(own.id), own.programme, ids.show("mem", own.member_id),
                    one.member.name if one.member else "", own.level, own.state, own.joined_at.isoformat(),
                    own.ends_on, one.open, one.currency,
                ]
            )  # fmt: skip
        if after is None:
            break
    return lines


def _row(one: Belongs, sold: dict[str, Scheme]) -> dict[str, Any]:
    own = one.membership
    scheme = sold.get(own.programme)
    level = scheme.level(own.level) if scheme is not None else None
    return {
        "one": own,
        "url": reverse("console:membership", args=[membership_ref(own.id)]),
        "name": (one.member.name if one.member else "") or ids.show("mem", own.member_id),
        "level": level.name if level is not None else own.level,
        "state": own.get_state_display(),
        "state_kind": _KINDS.get(State(own.state), "neutral"),
        "open": one.open,
        "currency": one.currency,
    }


@require_GET
@allows(roles=READS_FEES, to="see memberships")
def membership_page(request: HttpRequest, membership: str) -> HttpResponse:
    """One membership: how it stands and why, its steps, its invoices with their books, and what can be done."""
    return membership_page_shown(request, membership)


def membership_page_shown(
    request: HttpRequest, membership: str, refusal: Refusal | None = None, **_about: object
) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    own = membership_named(actor.organisation_id, membership_id_of(membership))
    scheme = kept_scheme(actor.organisation_id, own.programme)
    who = Member.objects.filter(organisation_id=actor.organisation_id, id=own.member_id).first()
    member = ids.show("mem", own.member_id)
    name = (who.name if who is not None else "") or member
    may_act = actor.has_role(*TAKES_MONEY)
    billed = invoices(actor.organisation_id, membership_id=own.id)
    shown = {
        "title": _("Membership of {name}").format(name=name),
        "trail": [
            {"label": _("Memberships"), "url": reverse("console:memberships")},
            {"label": name, "url": ""},
        ],
        "one": own,
        "why_level": recalled_reason(own.why_level),
        "reference": membership_ref(own.id),
        "member_url": reverse("console:member", args=[member]),
        "member": name,
        "level": _level_name(scheme, own.level),
        "state": own.get_state_display(),
        "state_kind": _KINDS.get(State(own.state), "neutral"),
        "steps": [_step(scheme, step) for step in own.steps.order_by("-number")],
        "invoices": [_invoice(one) for one in billed],
        "levels": _higher(scheme, own.level) if may_act and own.state == State.ACTIVE else [],
        "may_act": may_act,
        "key": str(ids.new_id()),
        "refusal": refusal,
    }
    return render(request, "console/membership.html", shown)


def _level_name(scheme: Scheme, key: str) -> str:
    level = scheme.level(key)
    return level.name if level is not None else key


def _higher(scheme: Scheme, key: str) -> list[tuple[str, str]]:
    return [(one.key, one.name) for one in scheme.levels if one.key != key]


def _step(scheme: Scheme, step: Step) -> dict[str, Any]:
    kinds = {
        "join": _("Joined"),
        "renewal": _("Renewed"),
        "reinstatement": _("Came back"),
        "upgrade": _("Upgraded"),
        "decision": _("Level decided"),
    }
    states = {"open": _("waits for its payment"), "standing": _("stands"), "withdrawn": _("was taken back")}
    said = f"{_level_name(scheme, step.level)}; {states.get(step.state, step.state)}"
    if step.starts_on is not None and step.ends_on is not None:
        said += f"; {written.day(step.starts_on)} – {written.day(step.ends_on - timedelta(days=1))}"
    if step.reason:
        said += f"; {step.reason}"
    when = step.withdrawn_at or step.settled_at
    return {"title": kinds.get(step.kind, step.kind), "detail": said, "when": when, "icon": "badge-check"}


def _invoice(one: Billed) -> dict[str, Any]:
    entries = []
    for entry in one.entries:
        back = sum(other.amount for other in one.entries if other.refunds_id == entry.id)
        left = entry.amount - back if entry.kind == EntryKind.PAYMENT else 0
        entries.append({"entry": entry, "kind": entry.get_kind_display(), "left": left,
                        "reference": ids.show("pay", entry.id)})  # fmt: skip
    return {"invoice": one.invoice, "account": one.account, "entries": entries, "lines": one.invoice.lines}


def _currency_of(actor: Actor, reference: str, number: int) -> str:
    """What an invoice of this membership is paid in. Raises `NotFound` for one that is another's."""
    membership_id = membership_id_of(reference)
    with in_organisation(actor.organisation_id):
        found = invoice(actor.organisation_id, number).invoice
    if found.membership_id != membership_id:
        raise NotFound(kind="invoice", ref=number)
    return found.currency


def _money(request: HttpRequest, currency: str) -> tuple[MoneyForm, int]:
    """What was filled in, and the amount in minor units. Raises `NotMoney`."""
    form = MoneyForm(request.POST)
    amount = form.minor(currency) if form.is_valid() else None
    if amount is None:
        raise NotMoney(amount=request.POST.get("amount", "")[:40] or _("Nothing"), currency=currency)
    return form, amount


@require_POST
@allows(roles=TAKES_MONEY, to="record payments")
@refusals_shown_by(membership_page_shown)
def record_payment(request: HttpRequest, membership: str, number: int) -> HttpResponse:
    """Record money that came for an invoice, all of it or a part; once however often it is sent."""
    actor = actor_of(request)
    currency = _currency_of(actor, membership, number)
    form, amount = _money(request, currency)
    pay(
        actor.organisation_id,
        invoice=number,
        amount=amount,
        currency=currency,
        key=f"console:{form.cleaned_data['key']}",
        method=form.cleaned_data["words"],
        actor=actor.ref,
    )
    messages.success(request, _("The payment is recorded."))
    return HttpResponseRedirect(reverse("console:membership", args=[membership]))


@require_POST
@allows(roles=TAKES_MONEY, to="give payments back")
@refusals_shown_by(membership_page_shown)
def give_back(request: HttpRequest, membership: str, number: int, payment: str) -> HttpResponse:
    """Record that a payment was given back, whole or in part; once however often it is sent."""
    actor = actor_of(request)
    form, amount = _money(request, _currency_of(actor, membership, number))
    refund(
        actor.organisation_id,
        payment=ids.read("pay", payment, kind="payment"),
        amount=amount,
        key=f"console:{form.cleaned_data['key']}",
        actor=actor.ref,
        reason=form.cleaned_data["words"],
    )
    messages.success(request, _("The refund is recorded."))
    return HttpResponseRedirect(reverse("console:membership", args=[membership]))


@require_POST
@allows(roles=TAKES_MONEY, to="upgrade memberships")
@refusals_shown_by(membership_page_shown)
def ask_upgrade(request: HttpRequest, membership: str) -> HttpResponse:
    """Raise the invoice of another level for the rest of the term; it holds once that is paid."""
    actor = actor_of(request)
    asked = upgrade(
        actor.organisation_id,
        membership_id=membership_id_of(membership),
        level=request.POST.get("level", ""),
        key=f"console:{request.POST.get('key', '')[:100]}",
        actor=actor.ref,
    )
    messages.success(request, _("Invoice {number} was raised.").format(number=asked.invoice.number))
    return HttpResponseRedirect(reverse("console:membership", args=[membership]))
