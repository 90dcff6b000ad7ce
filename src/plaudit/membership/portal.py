"""A member's own memberships: plan, level, term, fees and their invoices; renewing and cancelling where that is possible."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.membership.actions.cancel import cancel
from plaudit.membership.actions.renew import renew
from plaudit.membership.definitions import Scheme
from plaudit.membership.level_reasons import recalled_reason
from plaudit.membership.models import EntryKind, Membership, State, Step, StepState
from plaudit.membership.models import Scheme as SchemeRow
from plaudit.membership.queries import (
    Billed,
    invoice,
    invoice_number_of,
    invoices,
    membership,
    membership_id_of,
    memberships,
    uses,
)
from plaudit.membership.quoting import quote_term
from plaudit.membership.selling import kept_scheme, today_of
from plaudit.membership.stepping import membership_ref
from plaudit.people.reach import themselves

_STATES = {
    State.PENDING: (gettext_lazy("Waits for its payment"), "warn"),
    State.ACTIVE: (gettext_lazy("Active"), "good"),
    State.GRACE: (gettext_lazy("Ended, still renewable"), "warn"),
    State.LAPSED: (gettext_lazy("Lapsed"), "neutral"),
    State.CANCELLED: (gettext_lazy("Cancelled"), "neutral"),
}
_ACCOUNTS = {
    "open": (gettext_lazy("To be paid"), "warn"),
    "partly paid": (gettext_lazy("Partly paid"), "warn"),
    "paid": (gettext_lazy("Paid"), "good"),
    "refunded": (gettext_lazy("Paid back"), "neutral"),
    "written off": (gettext_lazy("No longer asked for"), "neutral"),
    "cancelled": (gettext_lazy("Cancelled"), "neutral"),
}
_STEPS = {
    "join": gettext_lazy("Joining"),
    "renewal": gettext_lazy("Renewal"),
    "reinstatement": gettext_lazy("Coming back"),
    "upgrade": gettext_lazy("Higher level"),
    "level": gettext_lazy("Level decided"),
}
_ENTRIES = {
    EntryKind.PAYMENT: gettext_lazy("Paid"),
    EntryKind.REFUND: gettext_lazy("Paid back"),
    EntryKind.WRITE_OFF: gettext_lazy("Given up"),
    EntryKind.CREDIT: gettext_lazy("No longer asked for"),
}


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your membership")
def mine(request: HttpRequest) -> HttpResponse:
    """The member's memberships. There is no such page where no programme sells any and they never had one."""
    actor = actor_of(request)
    found = memberships(actor.organisation_id, member_id=_me(actor))
    if not found and not SchemeRow.objects.filter(organisation_id=actor.organisation_id, sold=True).exists():
        raise NotFound(kind="page", ref="membership")
    shown = {
        "title": _("My membership"),
        "memberships": [_drawn(actor.organisation_id, one) for one in reversed(found)],
    }
    return render(request, "membership/portal_memberships.html", shown)


def _drawn(organisation_id: int, one: Membership) -> dict[str, Any]:
    scheme = kept_scheme(organisation_id, one.programme)
    level, state = scheme.level(one.level), State(one.state)
    words, kind = _STATES[state]
    billed = invoices(organisation_id, membership_id=one.id)
    is_open = any(bill.invoice.step.state == StepState.OPEN for bill in billed)
    used = uses(one)
    last = one.ends_on - timedelta(days=1) if one.ends_on else None
    return {
        "one": one,
        "why_level": recalled_reason(one.why_level),
        "reference": membership_ref(one.id),
        "level": level.name if level else one.level,
        "profession": scheme.professions.get(one.profession, one.profession),
        "state": words,
        "state_kind": kind,
        "last": last,
        "grace_until": last + timedelta(days=scheme.periods.grace) if last and state == State.GRACE else None,
        "terms": _terms(scheme, one),
        "can_renew": state not in (State.PENDING, State.CANCELLED) and not is_open and bool(scheme.terms),
        "invoices": [_bill(scheme, bill) for bill in billed],
        "entitlements": [
            {
                "name": entitlement.name,
                "percent": entitlement.percent,
                "holds": state in (State.ACTIVE, State.GRACE),
                "used": [use for use in used if use.entitlement == entitlement.key],
            }
            for entitlement in scheme.entitlements
        ],
    }


def _terms(scheme: Scheme, one: Membership) -> list[dict[str, Any]]:
    """The terms that stand, the newest first."""
    standing = one.steps.filter(state=StepState.STANDING).order_by("-number")
    return [
        {
            "kind": _STEPS.get(step.kind, step.kind),
            "name": _term_name(scheme, step.term),
            "starts_on": step.starts_on,
            "last": step.ends_on - timedelta(days=1),
        }
        for step in standing
        if step.ends_on is not None
    ]


def _term_name(scheme: Scheme, key: str) -> str:
    term = scheme.term(key)
    return term.name if term else key


def _bill(scheme: Scheme, bill: Billed) -> dict[str, Any]:
    one, account = bill.invoice, bill.account
    words, kind = _ACCOUNTS.get(account.state, (account.state, "neutral"))
    return {
        "number": one.number,
        "reference": ids.show("inv", one.id),
        "url": reverse("portal:invoice", args=[ids.show("inv", one.id)]),
        "what": _STEPS.get(one.step.kind, one.step.kind),
        "term": _term_name(scheme, one.step.term),
        "amount": one.amount,
        "currency": one.currency,
        "open": account.open,
        "paid": account.paid,
        "refunded": account.refunded,
        "state": words,
        "state_kind": kind,
        "raised_at": one.raised_at,
        "lines": one.lines,
        "entries": [
            {
                "kind": _ENTRIES[EntryKind(entry.kind)],
                "amount": entry.amount,
                "method": entry.method,
                "reason": entry.reason,
                "when": entry.happened_at,
            }
            for entry in bill.entries
        ],
    }


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your invoice")
def bill(request: HttpRequest, reference: str) -> HttpResponse:
    """One invoice: what it asks for and why, line by line, and what came of it."""
    actor = actor_of(request)
    found, one = _my_invoice(actor, reference)
    scheme = kept_scheme(actor.organisation_id, one.programme)
    shown = {
        "title": _("Invoice {number}").format(number=found.invoice.number),
        "organisation": actor.organisation.name if actor.organisation else "",
        "bill": _bill(scheme, found),
        "cancel_until": _cancel_until(scheme, found.invoice.step),
        "can_cancel": _can_cancel(scheme, one, found.invoice.step),
    }
    return render(request, "membership/portal_invoice.html", shown)


def _can_cancel(scheme: Scheme, one: Membership, step: Step) -> bool:
    """Whether `cancel` will do it: it waits for its payment, or stands and there is time left."""
    latest = one.steps.exclude(state=StepState.WITHDRAWN).order_by("-number").first()
    if latest is None or latest.id != step.id or one.state == State.CANCELLED:
        return False
    last = _cancel_until(scheme, step)
    return step.state == StepState.OPEN or (last is not None and today_of(scheme) <= last)


def _cancel_until(scheme: Scheme, step: Step) -> date | None:
    """The last day on which it can be cancelled for its money back; none for one that does not stand."""
    if step.state != StepState.STANDING or step.settled_at is None:
        return None
    settled_on = step.settled_at.astimezone(ZoneInfo(scheme.time_zone)).date()
    return settled_on + timedelta(days=scheme.periods.cooling_off)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="renew your membership")
def check_renewal(request: HttpRequest, reference: str) -> HttpResponse:
    """What another term costs today and when it begins, before it is asked for."""
    return renewal_shown(request, reference)


def renewal_shown(request: HttpRequest, reference: str, *, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    one = _mine(actor, reference)
    scheme = kept_scheme(actor.organisation_id, one.programme)
    shown = {
        "title": _("Renew your membership"),
        "reference": reference,
        "choices": _choices(scheme, one),
        "chosen": request.POST.get("term", ""),
        "starts_on": one.ends_on if one.state in (State.ACTIVE, State.GRACE) else None,
        "key": request.POST.get("key") or str(uuid4()),
        "refusal": refusal,
    }
    return render(request, "membership/portal_renew.html", shown, status=refusal.status if refusal else 200)


def _choices(scheme: Scheme, one: Membership) -> list[dict[str, Any]]:
    """Each term that is sold to this member today, with its price; the same as before first."""
    before = one.steps.filter(state=StepState.STANDING).exclude(ends_on=None).order_by("-number").first()
    found = []
    for term in scheme.terms:
        try:
            quote = quote_term(scheme, term, level=one.level)
        except Refusal:
            continue
        is_same = before is not None and before.term == term.key
        found.append(
            {
                "key": term.key,
                "name": term.name,
                "amount": quote.amount,
                "currency": scheme.currency,
                "lines": quote.lines,
                "is_same": is_same,
            }
        )
    return sorted(found, key=lambda choice: not choice["is_same"])


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="renew your membership")
@refusals_shown_by(renewal_shown)
def renew_it(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for another term, once for the key in the form: its invoice is raised."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        one = _mine(actor, reference)
    asked = renew(
        actor.organisation_id,
        membership_id=one.id,
        term=request.POST.get("term", "")[:50],
        key=f"portal:{ids.show('mem', _me(actor))}:{request.POST.get('key', '')[:100]}",
        actor=actor.ref,
    )
    messages.success(request, _("Asked for. It begins once this invoice is paid."))
    return HttpResponseRedirect(reverse("portal:invoice", args=[ids.show("inv", asked.invoice.id)]))


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="cancel your membership")
def check_cancelling(request: HttpRequest, reference: str) -> HttpResponse:
    """What cancelling does, before it does."""
    return cancelling_shown(request, reference)


def cancelling_shown(request: HttpRequest, reference: str, *, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    found, one = _my_invoice(actor, reference)
    scheme = kept_scheme(actor.organisation_id, one.programme)
    shown = {
        "title": _("Cancel this?"),
        "bill": _bill(scheme, found),
        "can_cancel": _can_cancel(scheme, one, found.invoice.step),
        "refusal": refusal,
    }
    return render(request, "membership/portal_cancel.html", shown, status=refusal.status if refusal else 200)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="cancel your membership")
@refusals_shown_by(cancelling_shown)
def cancel_it(request: HttpRequest, reference: str) -> HttpResponse:
    """Undo what an invoice asked for, while there is time."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        found, _one = _my_invoice(actor, reference)
    cancel(
        actor.organisation_id,
        invoice=found.invoice.number,
        actor=actor.ref,
        reason=_("Cancelled by the member"),
    )
    messages.success(request, _("Cancelled. What was paid is paid back."))
    return HttpResponseRedirect(reverse("portal:membership"))


def _me(actor: Actor) -> UUID:
    assert actor.member_id is not None, "`themselves` admits members alone"
    return actor.member_id


def _mine(actor: Actor, reference: str) -> Membership:
    """The member's own membership. Raises `NotFound`, also for another's."""
    found = membership(actor.organisation_id, membership_id_of(reference))
    if found.member_id != _me(actor):
        raise NotFound(kind="membership", ref=reference)
    return found


def _my_invoice(actor: Actor, reference: str) -> tuple[Billed, Membership]:
    """An invoice of the member's own membership. Raises `NotFound`, also for another's."""
    found = invoice(actor.organisation_id, invoice_number_of(actor.organisation_id, reference))
    one = membership(actor.organisation_id, found.invoice.membership_id)
    if one.member_id != _me(actor):
        raise NotFound(kind="invoice", ref=reference)
    return found, one
