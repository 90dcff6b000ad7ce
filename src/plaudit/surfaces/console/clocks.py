"""A sandbox's clock in the console: what will happen before it moves, how far it is, and what changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import clock, ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import BUILDERS
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.names import names_of
from plaudit.people.actions.clock import preview_clock, start_clock_move
from plaudit.people.clock_moves import ClockMove
from plaudit.people.queries import ClockStanding, clock_moves, clock_standing
from plaudit.people.tasks import move_clock_later

STEPS = (1, 30, 90)
LISTED = 100
STALLED = timedelta(seconds=60)


class ToForm(forms.Form):
    """The day and time to move to, in the organisation's own zone."""

    to = forms.DateTimeField(
        label=gettext_lazy("To"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": gettext_lazy("Say to when."),
            "invalid": gettext_lazy("Write the moment as in 2027-03-31 14:05."),
        },
    )


@require_GET
@allows(roles=BUILDERS, to="move a sandbox's clock")
def clock_page(request: HttpRequest) -> HttpResponse:
    """Where the clock stands; with `days` or `to`, what will happen on the way there."""
    return clock_page_shown(request)


def clock_page_shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    place = actor.organisation
    assert place is not None
    if not place.sandbox:
        live = {"title": _("Clock"), "lead": _("A live organisation has the real time."), "refusal": refusal}
        return render(request, "console/clock_live.html", live)
    standing = clock_standing(place.id)
    moves = clock_moves(place.id)
    form = ToForm(request.GET if "to" in request.GET else None)
    until, planned = None, None
    if refusal is None and standing.state != "advancing":
        try:
            until = _wanted(request, form, standing, ZoneInfo(place.time_zone))
            planned = _plan(place.id, until) if until else None
        except Refusal as refused:
            refusal, until = refused, None
    people = names_of(place.id, {one.moved_by for one in moves})
    shown = {
        "title": _("Clock"),
        "lead": _("Move time on, and everything that is due happens in its order, by the real jobs."),
        "standing": standing,
        "job": _job(moves[0], standing) if moves and moves[0].ended_at is None else None,
        "steps": [{"url": f"?days={days}", "id": f"days-{days}", "label": _days(days)} for days in STEPS],
        "form": form,
        "until": until,
        "planned": planned,
        "last": _changed(moves[0]) if moves and moves[0].ended_at is not None else None,
        "moves": [{"one": one, "by": people.get(one.moved_by, "")} for one in moves],
        "refusal": refusal,
    }
    return render(request, "console/clock.html", shown, status=422 if form.errors else 200)


def _wanted(request: HttpRequest, form: ToForm, standing: ClockStanding, zone: ZoneInfo) -> datetime | None:
    """The moment asked for; None where none is, or where it cannot be read."""
    days = request.GET.get("days", "")
    if days.isascii() and days.isdigit() and len(days) <= 4:
        return standing.now + timedelta(days=int(days))
    if form.is_bound and form.is_valid():
        to: datetime = form.cleaned_data["to"]
        return to.replace(tzinfo=zone)
    return None


def _plan(organisation_id: int, until: datetime) -> dict[str, Any]:
    due = preview_clock(organisation_id, until=until)
    return {"due": due[:LISTED], "count": len(due), "more": max(0, len(due) - LISTED)}


def _days(days: int) -> str:
    return ngettext("+{days} day", "+{days} days", days).format(days=days)


def _job(move: ClockMove, standing: ClockStanding) -> dict[str, Any]:
    """The move as the design draws a job."""
    state = "running" if standing.state == "advancing" else "waiting"
    if state == "waiting" and clock.wall() - move.begun_at > STALLED:
        state = "stalled"
    hours = timedelta(hours=1)
    return {
        "id": ids.show("mov", move.id),
        "title": _("The clock is moving"),
        "state": state,
        "done": (move.stands_at - move.began_from) // hours,
        "total": max(1, (move.until - move.began_from) // hours),
        "noun": _("hours"),
        "updated_at": clock.wall(),
        "url": reverse("console:clock-progress"),
        "follows": "clock",
    }


def _changed(move: ClockMove) -> dict[str, Any]:
    """What a move changed, in the order in which it happened."""
    stops = [(datetime.fromisoformat(at), sentences) for at, sentences in move.changes]
    shown = sum(len(sentences) for _, sentences in stops)
    return {
        "one": move,
        "arrived": move.stands_at >= move.until,
        "rows": [{"at": at, "what": what} for at, sentences in stops for what in sentences],
        "more": move.changed - shown,
    }


@require_GET
@allows(roles=BUILDERS, to="move a sandbox's clock")
def clock_progress(request: HttpRequest) -> HttpResponse:
    """How far a move is, for its page to take in; once it is over, the page is loaded again."""
    organisation_id = actor_of(request).organisation_id
    moves = clock_moves(organisation_id, limit=1)
    if not moves or moves[0].ended_at is not None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    job = _job(moves[0], clock_standing(organisation_id))
    return render(request, "console/simulation_progress.html", {"job": job})


@require_POST
@allows(roles=BUILDERS, to="move a sandbox's clock")
@refusals_shown_by(clock_page_shown)
def move_clock(request: HttpRequest) -> HttpResponse:
    """Have the clock moved to the moment whose way was shown."""
    actor = actor_of(request)
    until = _exactly(request.POST.get("until", ""))
    if until is None:
        return HttpResponseRedirect(reverse("console:clock"))
    with in_organisation(actor.organisation_id):
        move = start_clock_move(actor.organisation_id, until=until, actor=actor.ref)
        move_clock_later(actor.organisation_id, move.id)
    return HttpResponseRedirect(reverse("console:clock"))


def _exactly(text: str) -> datetime | None:
    """The moment a page wrote down, with its zone; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
