"""The service desk: anybody found in one field, and one member on one screen while they wait."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.cases.actions.opening import question
from plaudit.cases.queries import cases, due_day, queue
from plaudit.foundation import clock, ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.because import because, because_of_event, because_of_standing
from plaudit.insights.finding import Found, find
from plaudit.insights.happenings import happenings
from plaudit.insights.lines import told_lines
from plaudit.insights.reasons import Because
from plaudit.insights.ways import ways_to_earn
from plaudit.insights.wording import last_day
from plaudit.ledger.balances import Balance, balances
from plaudit.ledger.statements import lots_of, statement
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.people.models import Member, MemberState
from plaudit.people.queries import member
from plaudit.people.reach import member_in_reach
from plaudit.rewards.queries import offers, redemption, redemptions
from plaudit.surfaces.console.cases import case_rows
from plaudit.surfaces.console.panels import drawn_lines, panel

HELPS = (RoleName.MANAGER, RoleName.DESK)

LINES = 5
OFFERS = 5
CASES = 10
SOON = timedelta(days=90)


@require_GET
@allows(roles=HELPS, to="work at the desk")
def desk(request: HttpRequest) -> HttpResponse:
    """One field for any id or name; below it what waits for an answer, and the cases that are one's own."""
    actor = actor_of(request)
    text = request.GET.get("find", "")
    found = find(actor.organisation_id, text)
    if len(found) == 1 or (found and found[0].exact and not found[1].exact):
        return HttpResponseRedirect(_address(found[0]))
    mine = [one for one in cases(actor.organisation_id, owner=actor.ref, limit=CASES) if not one.ended_at]
    shown = {
        "title": _("Desk"),
        "lead": _("Find whoever is asking, and answer while they wait."),
        "text": text.strip(),
        "found": [{"one": one, "url": _address(one)} for one in found],
        "queue": case_rows(actor.organisation_id, queue(actor.organisation_id, limit=CASES)),
        "mine": case_rows(actor.organisation_id, mine),
    }
    return render(request, "console/desk.html", shown)


def _address(one: Found) -> str:
    if one.about.startswith("cse_"):
        return reverse("console:case", args=[one.about])
    page = reverse("console:desk-member", args=[ids.show("mem", one.member_id)])
    return f"{page}?{urlencode({'about': one.about})}" if one.about else page


@require_GET
@allows(roles=HELPS, objects=member_in_reach(), to="work at the desk")
def desk_member(request: HttpRequest, member_id: str) -> HttpResponse:
    """One member: why (about one line or activity, where it is named), what they have, and what could be next."""
    return desk_member_shown(request, member_id)


def desk_member_shown(request: HttpRequest, member_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    one = member(actor.organisation_id, member_id)
    units = units_by_key(actor.organisation_id)
    held = balances(actor.organisation_id, one.id)
    about = request.GET.get("about", "") or request.POST.get("about", "")
    reference = ids.show("mem", one.id)
    available = {units[has.unit].id: has.available for has in held}
    shown = {
        "title": one.name or reference,
        "trail": [
            {"label": _("Desk"), "url": reverse("console:desk")},
            {"label": one.name or reference, "url": ""},
        ],
        "member": one,
        "reference": reference,
        "identities": list(one.identities.order_by("source", "external_id")),
        "about": about,
        "reason": panel(_reason(actor, one, about)) if about else None,
        "holdings": [_holding(one, has, units[has.unit]) for has in held],
        "happenings": happenings(actor.organisation_id, one.id, limit=LINES).happenings,
        "redemptions": redemptions(actor.organisation_id, member_id=one.id, limit=LINES),
        "cases": case_rows(
            actor.organisation_id, cases(actor.organisation_id, member_id=one.id, limit=LINES)
        ),
        "ways": ways_to_earn(actor.organisation_id, one),
        "may_practise": actor.member_id is not None,
        "offers": offers(actor.organisation_id, kind=one.kind, available=available)[:OFFERS],
        "due": due_day(actor.organisation_id),
        "may_adjust": one.state == MemberState.ACTIVE,
        "key": ids.show("adj", ids.new_id()),
        "words": request.POST.get("words", ""),
        "refusal": refusal,
    }
    return render(request, "console/desk_member.html", shown)


def _reason(actor: Actor, one: Member, about: str) -> Because:
    """Why, of what was named; only this member's."""
    if about.startswith("act_"):
        found = because_of_event(actor.organisation_id, ids.read("act", about, kind="activity"))
    elif about.startswith(("tier:", "segment:", "offer:")):
        found = because_of_standing(actor.organisation_id, one.id, about)
    else:
        found = because(actor.organisation_id, _transfer_of(actor, about))
    if found.member_id != one.id:
        raise NotFound(kind="line", ref=about)
    return found


def _transfer_of(actor: Actor, about: str) -> str:
    """The transfer that a reference means: of a redemption, the one that set its points aside."""
    if not about.startswith("rdm_"):
        return about
    return redemption(actor.organisation_id, ids.read("rdm", about, kind="redemption")).hold


def _holding(one: Member, has: Balance, unit: UnitPolicy) -> dict[str, Any]:
    page = statement(one.organisation_id, one.id, unit.key, limit=LINES)
    sides = []
    if has.pending:
        sides.append({"label": _("Pending"), "value": unit.say(has.pending), "note": ""})
    if has.held:
        note = _("for rewards on their way")
        sides.append({"label": _("Set aside"), "value": unit.say(has.held), "note": note})
    return {
        "unit": unit,
        "available": has.available,
        "sides": sides,
        "lines": drawn_lines(told_lines(one.organisation_id, page.lines), unit),
        "expiring": _expiring(one, unit),
    }


def _expiring(one: Member, unit: UnitPolicy) -> list[dict[str, Any]]:
    """What expires within ninety days, day by day."""
    until = clock.now() + SOON
    days = [
        (last_day(lot.expires_at, get_current_timezone()), lot.remaining)
        for lot in lots_of(one.organisation_id, one.id, unit.key)
        if lot.expires_at is not None and lot.expires_at <= until
    ]
    by_day = groupby(sorted(days), key=lambda pair: pair[0])
    return [{"last": day, "amount": sum(amount for _day, amount in mine)} for day, mine in by_day]


@require_POST
@allows(roles=HELPS, objects=member_in_reach(), to="open cases")
@refusals_shown_by(desk_member_shown)
def open_case(request: HttpRequest, member_id: str) -> HttpResponse:
    """Open a case for the member who is asking, about what the page shows."""
    actor = actor_of(request)
    about = request.POST.get("about", "")[:100]
    with in_organisation(actor.organisation_id):
        whose = member(actor.organisation_id, member_id)
        words = _reason(actor, whose, about).sentence if about else _("Asked at the desk")
    opened = question(
        actor.organisation_id,
        member_id=whose.id,
        subject=about,
        about=words,
        words=request.POST.get("words", "")[:2_000],
        key=f"desk:{request.POST.get('key', '')[:100]}",
        actor=actor.ref,
    )
    messages.success(request, _("The case is open. The member was told by when it is answered."))
    return HttpResponseRedirect(reverse("console:case", args=[ids.show("cse", opened.id)]))
