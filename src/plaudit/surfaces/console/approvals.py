"""Approvals: what one person asked for and a second decides, with what it would change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.cases.actions.asking import approve, decline
from plaudit.cases.models import ApprovalRequest, RequestState
from plaudit.cases.queries import decided_requests, waiting_requests
from plaudit.foundation import ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import READS_ALL_MEMBERS, RoleName
from plaudit.foundation.refusals import Refusal
from plaudit.insights.names import names_of
from plaudit.ledger.balances import balances_of_members
from plaudit.ledger.units import units_by_key
from plaudit.people.models import Member

APPROVES = (RoleName.MANAGER, RoleName.FINANCE)

DECIDED = 20


@require_GET
@allows(roles=READS_ALL_MEMBERS, to="see approvals")
def approval_list(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, that which runs out first on top, and what was decided lately."""
    return approvals_shown(request)


def approvals_shown(
    request: HttpRequest, reference: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    # Whatever else two people must agree on, such as a redemption, gets a list of its own beside this one.
    waiting = _adjustments(actor, waiting_requests(actor.organisation_id))
    shown = {
        "title": _("Approvals"),
        "lead": _("Above a limit nobody gives or takes points alone."),
        "waiting": waiting,
        "decided": _adjustments(actor, decided_requests(actor.organisation_id, limit=DECIDED)),
        "may_decide": actor.has_role(*APPROVES),
        "refusal": refusal,
        "refused": reference,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "console/approvals.html", shown, status=refusal.status if refusal else 200)


def _adjustments(actor: Actor, found: Sequence[ApprovalRequest]) -> list[dict[str, Any]]:
    """Requests as the page draws them: who asked, for whom, and what the balance would be."""
    organisation_id = actor.organisation_id
    members = Member.objects.filter(
        organisation_id=organisation_id, id__in={one.member_id for one in found}
    ).in_bulk()
    people = names_of(organisation_id, [name for one in found for name in (one.asked_by, one.decided_by)])
    units = units_by_key(organisation_id)
    held = balances_of_members(organisation_id, list(members))
    rows = []
    for one in found:
        unit = units[one.unit]
        now = next((has.available for has in held.get(one.member_id, []) if has.unit == one.unit), 0)
        reference = ids.show("mem", one.member_id)
        rows.append(
            {
                "one": one,
                "reference": ids.show("apr", one.id),
                "title": (_("Give {points}") if one.amount > 0 else _("Take {points}")).format(
                    points=unit.say(abs(one.amount))
                ),
                "member": members[one.member_id].name or reference,
                "member_url": reverse("console:member", args=[reference]),
                "asked_by": people.get(one.asked_by, ""),
                "decided_by": people.get(one.decided_by, ""),
                "now": unit.say(now),
                "then": unit.say(now + one.amount),
                "is_mine": one.asked_by == actor.ref,
                "case": ids.show("cse", one.case_id) if one.case_id else "",
                "state": _(RequestState(one.state).label),
                "state_kind": "good" if one.state == RequestState.APPROVED else "neutral",
            }
        )
    return rows


def _id_of(reference: str) -> UUID:
    return ids.read("apr", reference, kind="request")


@require_POST
@allows(roles=APPROVES, to="approve requests")
@refusals_shown_by(approvals_shown)
def approve_request(request: HttpRequest, reference: str) -> HttpResponse:
    """Post what was asked for, as its second person."""
    actor = actor_of(request)
    approve(actor.organisation_id, _id_of(reference), actor=actor.ref)
    messages.success(request, _("Approved and posted. The member reads the reason on their statement."))
    return HttpResponseRedirect(reverse("console:approvals"))


@require_POST
@allows(roles=APPROVES, to="decline requests")
@refusals_shown_by(approvals_shown)
def decline_request(request: HttpRequest, reference: str) -> HttpResponse:
    """Say no, with the reason."""
    actor = actor_of(request)
    reason = request.POST.get("reason", "")[:300]
    decline(actor.organisation_id, _id_of(reference), reason=reason, actor=actor.ref)
    messages.success(request, _("Declined. Whoever asked reads the reason here."))
    return HttpResponseRedirect(reverse("console:approvals"))
