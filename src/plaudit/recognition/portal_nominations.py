"""Nominating on a member's pages: asking, deciding about those one leads, and a stand-in while away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import Problem, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.units import UnitPolicy, unit_named, units_by_key
from plaudit.people.queries import member_id_of
from plaudit.people.reach import themselves
from plaudit.recognition.actions.nominating import (
    ANSWER_MAX,
    Wish,
    approve_nomination,
    decline_nomination,
    nominate,
    nominating,
    withdraw_nomination,
)
from plaudit.recognition.actions.recognise import WORDS_MAX
from plaudit.recognition.actions.standing_in import appoint, dismiss
from plaudit.recognition.models import Nomination, NominationState
from plaudit.recognition.portal_posts import me
from plaudit.recognition.published import standards
from plaudit.recognition.queries.nominations import (
    budget_left,
    called,
    nominations,
    stand_in_of,
    to_decide,
)
from plaudit.recognition.queries.people import colleagues, leads_a_team
from plaudit.recognition.refusals import NoNominations

STATES = {
    NominationState.WAITING: (gettext_lazy("Waiting"), "warn"),
    NominationState.APPROVED: (gettext_lazy("Given"), "good"),
    NominationState.DECLINED: (gettext_lazy("Declined"), "neutral"),
    NominationState.WITHDRAWN: (gettext_lazy("Withdrawn"), "neutral"),
    NominationState.EXPIRED: (gettext_lazy("Run out"), "neutral"),
}


def rows_of(organisation_id: int, found: Sequence[Nomination]) -> list[dict[str, Any]]:
    """Nominations for a page: who, by whom, for what, for how much, and what was decided."""
    names = called(organisation_id, {each for one in found for each in (one.member_id, one.nominator_id)})
    units = units_by_key(organisation_id)
    behaviours = {
        (one.programme, b.key): b.name for one in standards(organisation_id) for b in one.behaviours
    }
    return [
        {
            "one": one,
            "reference": show("nom", one.id),
            "who": names.get(one.member_id, _("somebody")),
            "by": names.get(one.nominator_id, _("somebody")),
            "behaviour": behaviours.get((one.programme, one.behaviour), one.behaviour),
            "points": units[one.unit].say(one.points),
            "granted": units[one.unit].say(one.granted) if one.granted is not None else "",
            "altered": one.granted is not None and one.granted != one.points,
            "plain": Decimal(one.points).scaleb(-units[one.unit].precision),
            "state": STATES[NominationState(one.state)][0],
            "state_kind": STATES[NominationState(one.state)][1],
            "waits": one.state == NominationState.WAITING,
        }
        for one in found
    ]


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see nominations")
def nominated(request: HttpRequest) -> HttpResponse:
    """What waits for the member to decide, what they asked for, and the form for another."""
    return nominated_shown(request)


def nominated_shown(
    request: HttpRequest, reference: str = "", *, refusal: Refusal | None = None
) -> HttpResponse:
    """The same, with what was refused on it."""
    organisation_id, member_id = actor_of(request).organisation_id, me(request)
    named = stand_in_of(organisation_id, member_id)
    near = colleagues(organisation_id, member_id)
    shown: dict[str, Any] = {
        "title": _("Nominations"),
        "lead": _("For what deserves more than an allowance gives. A second person decides."),
        "refusal": refusal,
        "refused": reference,
        "waiting": rows_of(organisation_id, to_decide(organisation_id, member_id)),
        "mine": rows_of(organisation_id, nominations(organisation_id, nominator_id=member_id)),
        "leads": leads_a_team(organisation_id, member_id),
        "stand_in": {
            "name": called(organisation_id, [named.stand_in_id]).get(named.stand_in_id, ""),
            "one": named,
            "until": named.until - timedelta(seconds=1),
        }
        if named is not None
        else None,
        "people": [{"id": show("mem", one.id), "name": one.name or show("mem", one.id)} for one in near],
        "filled": request.POST if refusal else {},
        "key": request.POST.get("key") if refusal else uuid4(),
        "words_max": WORDS_MAX,
        "answer_max": ANSWER_MAX,
        "open": None,
    }
    try:
        standard, bounds = nominating(organisation_id)
    except NoNominations:
        return render(request, "recognition/portal_nominations.html", shown)
    unit = unit_named(organisation_id, standard.unit)
    shown["open"] = {
        "behaviours": standard.behaviours,
        "up_to": unit.say(bounds.up_to),
        "left": unit.say(budget_left(organisation_id, standard, bounds)),
    }
    return render(
        request, "recognition/portal_nominations.html", shown, status=refusal.status if refusal else 200
    )


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="nominate somebody")
@refusals_shown_by(nominated_shown)
def send(request: HttpRequest) -> HttpResponse:
    """Ask for it, once for the key in the form."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        standard, _bounds = nominating(actor.organisation_id)
        unit = unit_named(actor.organisation_id, standard.unit)
        if not request.POST.get("person"):
            raise Problem("Choose whom you nominate.")
        whom = member_id_of(actor.organisation_id, request.POST["person"][:60])
    wish = Wish(
        member_id=whom,
        behaviour=request.POST.get("behaviour", "")[:50],
        words=request.POST.get("words", ""),
        points=amount_said(request.POST.get("points", ""), unit),
        key=request.POST.get("key", "")[:60] or str(uuid4()),
    )
    nominate(actor.organisation_id, wish, nominator_id=me(request), actor=actor.ref)
    messages.success(request, _("Your nomination is on its way. You read here what becomes of it."))
    return HttpResponseRedirect(reverse("portal:nominations"))


def amount_said(said: str, unit: UnitPolicy) -> int:
    """A number somebody wrote, in the unit's smallest part. Raises `Problem` for what is none."""
    try:
        number = Decimal(said.strip().replace(",", ".")).scaleb(unit.precision)
    except InvalidOperation:
        raise Problem("Write how many points, as a number.") from None
    if not number.is_finite() or number != number.to_integral_value() or abs(number) > 10**12:
        raise Problem("Write how many points, as a number.")
    return int(number)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="decide about nominations")
@refusals_shown_by(nominated_shown)
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Give it, with these points or with others, or say why not."""
    actor = actor_of(request)
    nomination_id, answer = read("nom", reference, kind="nomination"), request.POST.get("answer", "")
    if request.POST.get("then") == "approve":
        approve_nomination(
            actor.organisation_id,
            nomination_id,
            points=points_said(request, nomination_id),
            answer=answer,
            decider_id=me(request),
            actor=actor.ref,
        )
        messages.success(request, _("Given. Who nominated is told."))
    else:
        decline_nomination(
            actor.organisation_id, nomination_id, answer=answer, decider_id=me(request), actor=actor.ref
        )
        messages.success(request, _("Declined. Who nominated reads why."))
    return HttpResponseRedirect(reverse("portal:nominations"))


def points_said(request: HttpRequest, nomination_id: UUID) -> int | None:
    """The points that the form says; None, which is those that were asked for, where it says nothing."""
    said = request.POST.get("points", "").strip()
    if not said:
        return None
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        one = Nomination.objects.filter(organisation_id=organisation_id, id=nomination_id).first()
        return amount_said(said, unit_named(organisation_id, one.unit)) if one is not None else None


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="withdraw a nomination")
@refusals_shown_by(nominated_shown)
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back what one asked for."""
    actor = actor_of(request)
    nomination_id = read("nom", reference, kind="nomination")
    withdraw_nomination(actor.organisation_id, nomination_id, nominator_id=me(request), actor=actor.ref)
    messages.success(request, _("Withdrawn."))
    return HttpResponseRedirect(reverse("portal:nominations"))


@require_POST
@allows(roles=[RoleName.SUPERVISOR], objects=themselves(), to="name a stand-in")
@refusals_shown_by(nominated_shown)
def stand_in(request: HttpRequest) -> HttpResponse:
    """Let a colleague decide for some days, or nobody any more."""
    actor = actor_of(request)
    if "end" in request.POST:
        dismiss(actor.organisation_id, leader_id=me(request), actor=actor.ref)
        messages.success(request, _("Nobody stands in for you any more."))
        return HttpResponseRedirect(reverse("portal:nominations"))
    if not request.POST.get("person"):
        raise Problem("Choose who stands in for you.")
    with in_organisation(actor.organisation_id):
        whom = member_id_of(actor.organisation_id, request.POST["person"][:60])
    appoint(
        actor.organisation_id,
        leader_id=me(request),
        stand_in_id=whom,
        since=_midnight(request.POST.get("since", "")),
        until=_midnight(request.POST.get("until", "")) + timedelta(days=1),
        actor=actor.ref,
    )
    messages.success(request, _("Noted. They decide in those days, as you do."))
    return HttpResponseRedirect(reverse("portal:nominations"))


def _midnight(said: str) -> datetime:
    """The beginning of a day, in the time zone of the page. Raises `Problem`."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise Problem("Choose the first day and the last.") from None
    zone = get_current_timezone()
    assert isinstance(zone, ZoneInfo), "pages are read in the organisation's zone"
    return datetime.combine(day, time(), zone)
