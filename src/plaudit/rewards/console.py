"""Rewards in the console: the catalogue as it stands, and redemptions to send out or to cancel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import COLLEAGUES, READS_ALL_MEMBERS, RoleName
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.refusals import Problem, Refusal
from plaudit.people.models import Member
from plaudit.rewards.actions.proceed import approve
from plaudit.rewards.actions.settle import cancel, fulfil
from plaudit.rewards.models import RedemptionState, Reward, Stage
from plaudit.rewards.queries import Redeemed, offers, redemption, redemptions

SETTLES = (RoleName.MANAGER, RoleName.DESK)
PAGE = 50


@require_GET
@allows(roles=COLLEAGUES, to="see rewards")
def reward_list(request: HttpRequest) -> HttpResponse:
    """What is on offer now, with what it costs, what is left, and how many were taken."""
    organisation_id = actor_of(request).organisation_id
    taken = dict(Reward.objects.filter(organisation_id=organisation_id).values_list("id", "taken"))
    found = offers(organisation_id)
    shown = {
        "title": _("Rewards"),
        "lead": _("What points buy. A programme file says what is on offer."),
        "rewards": [{"offer": one, "taken": taken.get(one.id, 0)} for one in found],
    }
    return render(request, "rewards/console_rewards.html", shown)


@require_GET
@allows(roles=READS_ALL_MEMBERS, to="see redemptions")
def redemption_list(request: HttpRequest) -> HttpResponse:
    """Redemptions, newest first; those to send out unless others are asked for."""
    organisation_id = actor_of(request).organisation_id
    state = request.GET.get("state", RedemptionState.ORDERED)
    state = state if state in (*RedemptionState.values, "all") else RedemptionState.ORDERED
    after = request.GET.get("after")
    found = redemptions(
        organisation_id,
        state="" if state == "all" else state,
        before=read_cursor(after, one_id),
        limit=PAGE + 1,
    )
    page, more = found[:PAGE], len(found) > PAGE
    onward = f"?state={state}&after={write_cursor(page[-1].id)}" if more else ""
    shown = {
        "title": _("Redemptions"),
        "lead": _("Points are set aside when a reward is ordered, and spent when it is sent."),
        "rows": _rows(organisation_id, page),
        "tabs": _tabs(state),
        "state": state,
        "may_settle": actor_of(request).has_role(*SETTLES),
        "pages": {"previous": f"?state={state}" if after else "", "next": onward, "summary": ""}
        if after or more
        else None,
    }
    return render(request, "rewards/console_redemptions.html", shown)


def _tabs(state: str) -> list[dict[str, Any]]:
    labels = {
        RedemptionState.ORDERED.value: _("To send"),
        RedemptionState.FULFILLED.value: _("Sent"),
        RedemptionState.CANCELLED.value: _("Cancelled"),
        "all": _("All"),
    }
    return [
        {"label": label, "url": f"?state={key}", "current": key == state, "count": None}
        for key, label in labels.items()
    ]


def _rows(organisation_id: int, found: Iterable[Redeemed]) -> list[dict[str, Any]]:
    found = list(found)
    names = _names(organisation_id, {one.member_id for one in found})
    return [
        {
            "one": one,
            "member": names.get(one.member_id, ""),
            "member_url": reverse("console:member", args=[ids.show("mem", one.member_id)]),
        }
        for one in found
    ]


def _names(organisation_id: int, wanted: set[UUID]) -> dict[UUID, str]:
    rows = Member.objects.filter(organisation_id=organisation_id, id__in=wanted).values_list("id", "name")
    return {member_id: name or ids.show("mem", member_id) for member_id, name in rows}


@require_GET
@allows(roles=READS_ALL_MEMBERS, to="see redemptions")
def redemption_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One redemption: whose, what became of it, and what can be done about it."""
    return redemption_page_shown(request, reference)


def redemption_page_shown(
    request: HttpRequest, reference: str, refusal: Refusal | None = None
) -> HttpResponse:
    """The same, with what was refused on it."""
    organisation_id = actor_of(request).organisation_id
    one = redemption(organisation_id, _id_of(reference))
    (row,) = _rows(organisation_id, [one])
    steps = [{"title": _("Ordered, points set aside"), "when": one.ordered_at, "icon": "gift"}]
    if one.fulfilled_at:
        steps.append({"title": _("Sent, points spent"), "when": one.fulfilled_at, "icon": "package-check"})
    if one.cancelled_at:
        steps.append({"title": _("Cancelled, points given back"), "when": one.cancelled_at, "icon": "undo-2"})
    may = actor_of(request).has_role(*SETTLES) and one.state == RedemptionState.ORDERED
    shown = {
        "title": one.reward,
        "lead": None,
        "trail": [
            {"label": _("Redemptions"), "url": reverse("console:redemptions")},
            {"label": one.reference, "url": ""},
        ],
        **row,
        "steps": steps,
        "transfers": [led for led in (one.hold, one.captured, one.released) if led],
        "may_fulfil": may and one.stage == Stage.SEND,
        "may_agree": may and one.stage == Stage.APPROVAL,
        "waits": _waits(one),
        "may_cancel": may and one.can_be_cancelled,
        "refusal": refusal,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "rewards/console_redemption.html", shown)


def _waits(one: Redeemed) -> str:
    """What an ordered redemption waits for, where it is not for us to send it."""
    return {
        Stage.APPROVAL: _("It waits for a second person to agree. To say no, cancel it."),
        Stage.PAYMENT: _("It waits for the member to pay what it costs beside the points."),
        Stage.ORDER: _("It waits for its supplier."),
    }.get(Stage(one.stage), "")


def _id_of(reference: str) -> UUID:
    return ids.read("rdm", reference, kind="redemption")


@require_POST
@allows(roles=SETTLES, to="send rewards")
@refusals_shown_by(redemption_page_shown)
def fulfil_redemption(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that it was sent: the points are spent. Said again, nothing more happens."""
    actor = actor_of(request)
    fulfil(
        actor.organisation_id,
        _id_of(reference),
        actor=actor.ref,
        carrier=request.POST.get("carrier", "").strip()[:100],
        tracking=request.POST.get("tracking", "").strip()[:200],
    )
    messages.success(request, _("Sent. The points are spent."))
    return HttpResponseRedirect(reverse("console:redemption", args=[reference]))


@require_POST
@allows(roles=SETTLES, to="agree to redemptions")
@refusals_shown_by(redemption_page_shown)
def approve_redemption(request: HttpRequest, reference: str) -> HttpResponse:
    """Agree to it as a second person: it goes on its way."""
    actor = actor_of(request)
    approve(actor.organisation_id, _id_of(reference), actor=actor.ref)
    messages.success(request, _("Agreed. It goes on its way."))
    return HttpResponseRedirect(reverse("console:redemption", args=[reference]))


@require_POST
@allows(roles=SETTLES, to="cancel redemptions")
@refusals_shown_by(redemption_page_shown)
def cancel_redemption(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the points back, with the reason."""
    actor = actor_of(request)
    reason = request.POST.get("reason", "").strip()[:300]
    if not reason:
        raise Problem(_("Say why it is cancelled; the member reads it."))
    cancel(actor.organisation_id, _id_of(reference), actor=actor.ref, reason=reason)
    messages.success(request, _("Cancelled. The points are with the member again."))
    return HttpResponseRedirect(reverse("console:redemption", args=[reference]))
