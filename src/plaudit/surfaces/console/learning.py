"""What there is to learn, in the console: the catalogue, one offering with its sessions, and a session's roster."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import clock, ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.drawn_codes import drawn_code
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.attendance import mark_present, unmark
from plaudit.learning.actions.sessions import cancel_session, close_session, open_session
from plaudit.learning.definitions import Kind, Learning, Offering
from plaudit.learning.models import RegistrationState, Session, SessionState
from plaudit.learning.offered import all_learning, offering_of
from plaudit.learning.queries.learned import Tally, tallies
from plaudit.learning.queries.sessions import Seat, roster, session, sessions, sessions_to_come
from plaudit.learning.refusals import NobodyNamed
from plaudit.learning.rules.credits import credits_of
from plaudit.learning.rules.steps import minutes_in
from plaudit.learning.seats import session_id_of, session_ref
from plaudit.people.queries import member_id_of

READS_LEARNING = (RoleName.MANAGER, RoleName.DESK, RoleName.AUDITOR)
RUNS_LEARNING = (RoleName.MANAGER,)

KINDS = {
    Kind.CONFERENCE: gettext_lazy("Conference"),
    Kind.SEMINAR: gettext_lazy("Seminar"),
    Kind.WEBINAR: gettext_lazy("Webinar"),
    Kind.CERTIFICATION: gettext_lazy("Certification"),
    Kind.REPORT: gettext_lazy("Report"),
    Kind.BOOK: gettext_lazy("Book"),
    Kind.TAPE: gettext_lazy("Tape"),
    Kind.VIDEO: gettext_lazy("Video"),
    Kind.E_LEARNING: gettext_lazy("E-learning"),
    Kind.PRACTICE: gettext_lazy("Practice"),
}
SESSION_STATES = {
    SessionState.OPEN: (gettext_lazy("Open"), "info"),
    SessionState.CLOSED: (gettext_lazy("Closed"), "neutral"),
    SessionState.CANCELLED: (gettext_lazy("Called off"), "bad"),
}
SEAT_STATES = {
    RegistrationState.REGISTERED: (gettext_lazy("Registered"), "neutral"),
    RegistrationState.WAITING: (gettext_lazy("Waiting"), "warn"),
    RegistrationState.PRESENT: (gettext_lazy("Here"), "good"),
    RegistrationState.MISSED: (gettext_lazy("Not here"), "neutral"),
    RegistrationState.CANCELLED: (gettext_lazy("Cancelled"), "neutral"),
}


class SessionForm(forms.Form):
    """When and where something is given, in the time zone of its programme."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Enter the day."),
            "invalid": gettext_lazy("Enter a day, such as 2026-03-02."),
        },
    )
    begins = forms.TimeField(
        label=gettext_lazy("Begins"),
        widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={
            "required": gettext_lazy("Enter when it begins."),
            "invalid": gettext_lazy("Enter a time such as 09:30."),
        },
    )
    lasts = forms.IntegerField(
        label=gettext_lazy("Minutes from beginning to end"),
        min_value=1,
        max_value=10_000,
        error_messages={"required": gettext_lazy("Enter how long it takes.")},
    )
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=200)
    places = forms.IntegerField(
        label=gettext_lazy("Places"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=gettext_lazy("Leave it empty where there is room for everybody."),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=100)


def parts_of(current: str) -> list[dict[str, object]]:
    """The pages about learning, as tabs."""
    named = (
        ("learning", _("Catalogue")),
        ("learning-lists", _("Lists")),
        ("learning-claims", _("Claims")),
        ("learning-gaps", _("Gaps")),
        ("learning-scenarios", _("Scenarios")),
        ("learning-certificates", _("Certificates")),
        ("learning-credentials", _("Credentials")),
    )
    return [
        {"label": label, "url": reverse(f"console:{name}"), "current": name == current}
        for name, label in named
    ]


def trail(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Where a page stands, from the catalogue on."""
    first = {"label": _("Learning"), "url": reverse("console:learning")}
    return [first, *({"label": label, "url": url} for label, url in more)]


@require_GET
@allows(roles=READS_LEARNING, to="see learning")
def catalogue(request: HttpRequest) -> HttpResponse:
    """What there is to learn, with how much of it was completed, and the sessions to come."""
    actor = actor_of(request)
    offered = all_learning(actor.organisation_id)
    counted = tallies(actor.organisation_id)
    shown = {
        "title": _("Learning"),
        "lead": _("What members can learn, what it is worth, and who came."),
        "parts": parts_of("learning"),
        "rows": [_row(learning, one, counted) for learning in offered for one in learning.offerings],
        "sessions": [
            _session(one, offered)
            for one in sessions_to_come(actor.organisation_id, since=clock.now(), limit=20)
        ],
        "may_run": actor.has_role(*RUNS_LEARNING),
    }
    return render(request, "console/learning.html", shown)


def _row(learning: Learning, one: Offering, counted: dict[tuple[str, str], Tally]) -> dict[str, Any]:
    return {
        "name": one.name,
        "url": reverse("console:offering", args=[learning.programme, one.key]),
        "kind": KINDS[one.kind],
        "provider": one.provider or one.partner,
        "credits": credits_of([minutes_in(learning, one)]),
        "earn": one.earn,
        "completed": counted.get((learning.programme, one.key), Tally(0, 0)).completions,
    }


def _session(one: Session, offered: list[Learning]) -> dict[str, Any]:
    words, kind = SESSION_STATES[SessionState(one.state)]
    learning = next((each for each in offered if each.programme == one.programme), None)
    offering = learning.offering(one.offering) if learning is not None else None
    return {
        "one": one,
        "name": offering.name if offering is not None else one.offering,
        "url": reverse("console:session", args=[session_ref(one.id)]),
        "state": words,
        "state_kind": kind,
    }


@require_GET
@allows(roles=READS_LEARNING, to="see learning")
def offering_page(request: HttpRequest, key: str, offering: str) -> HttpResponse:
    """One thing to learn: its sessions, how much it was completed, and a form for another session."""
    return offering_shown(request, key, offering)


def offering_shown(
    request: HttpRequest,
    key: str,
    offering: str,
    refusal: Refusal | None = None,
    form: SessionForm | None = None,
) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    learning, one = offering_of(actor.organisation_id, key, offering)
    given = sessions(actor.organisation_id, programme=key, offering=offering, limit=200)
    tally = tallies(actor.organisation_id).get((key, offering), Tally(0, 0))
    may_run = actor.has_role(*RUNS_LEARNING)
    fresh = SessionForm(initial={"key": str(ids.new_id()), "lasts": one.minutes or 60})
    shown = {
        "title": one.name,
        "trail": trail((one.name, "")),
        "one": one,
        "kind": KINDS[one.kind],
        "programme": key,
        "credits": credits_of([minutes_in(learning, one)]),
        "minutes": minutes_in(learning, one),
        "tally": tally,
        "named": {each.key: each.name for each in learning.offerings},
        "sessions": [_session(each, [learning]) for each in reversed(given)],
        "form": (form or fresh) if may_run and not one.steps else None,
        "refusal": refusal,
    }
    return render(
        request,
        "console/learning_offering.html",
        shown,
        status=422 if form is not None and form.errors else 200,
    )


@require_POST
@allows(roles=RUNS_LEARNING, to="open sessions")
@refusals_shown_by(offering_shown)
def open_one(request: HttpRequest, key: str, offering: str) -> HttpResponse:
    """Open a session, once however often the form is sent."""
    actor = actor_of(request)
    form = SessionForm(request.POST)
    with in_organisation(actor.organisation_id):
        learning, _one = offering_of(actor.organisation_id, key, offering)
        if not form.is_valid():
            return offering_shown(request, key, offering, form=form)
    asked = form.cleaned_data
    starts_at = datetime.combine(asked["day"], asked["begins"], ZoneInfo(learning.time_zone))
    made = open_session(
        actor.organisation_id,
        programme=key,
        offering=offering,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=asked["lasts"]),
        place=asked["place"],
        places=asked["places"],
        key=f"console:{asked['key']}",
        actor=actor.ref,
    )
    messages.success(request, _("The session is open. Members can register."))
    return HttpResponseRedirect(reverse("console:session", args=[session_ref(made.id)]))


@require_GET
@allows(roles=READS_LEARNING, to="see who comes")
def session_page(request: HttpRequest, session_id: str) -> HttpResponse:
    """A session's roster: who comes, waits and is here, with the code for the door."""
    return session_shown(request, session_id)


def session_shown(request: HttpRequest, session_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    one = session(actor.organisation_id, session_id_of(session_id))
    _learning, offering = offering_of(actor.organisation_id, one.programme, one.offering)
    words, kind = SESSION_STATES[SessionState(one.state)]
    check_in = settings.BASE_URL + reverse("portal:check-in", args=[one.secret])
    is_open = one.state == SessionState.OPEN and actor.has_role(*RUNS_LEARNING)
    shown = {
        "title": offering.name,
        "trail": trail(
            (offering.name, reverse("console:offering", args=[one.programme, one.offering])),
            (_("Session"), ""),
        ),
        "one": one,
        "reference": session_ref(one.id),
        "state": words,
        "state_kind": kind,
        "seats": [_seat(seat) for seat in roster(one)],
        "is_open": is_open,
        "check_in": check_in if is_open else "",
        "code": drawn_code(check_in) if is_open else "",
        "refusal": refusal,
    }
    return render(request, "console/learning_session.html", shown)


def _seat(seat: Seat) -> dict[str, Any]:
    one = seat.registration
    words, kind = SEAT_STATES[RegistrationState(one.state)]
    reference = ids.show("mem", one.member_id)
    return {
        "one": one,
        "name": (seat.member.name if seat.member else "") or reference,
        "member": reference,
        "state": words,
        "state_kind": kind,
        "can_mark": one.state in (RegistrationState.REGISTERED, RegistrationState.WAITING),
        "can_undo": one.state == RegistrationState.PRESENT,
    }


@require_POST
@allows(roles=RUNS_LEARNING, to="take attendance")
@refusals_shown_by(session_shown)
def tick(request: HttpRequest, session_id: str) -> HttpResponse:
    """Note that somebody is here, or that they are not after all; by reference, address or number for who walks in."""
    actor = actor_of(request)
    named = request.POST.get("member", "").strip()[:1_000]
    if not named:
        raise NobodyNamed
    with in_organisation(actor.organisation_id):
        who = member_id_of(actor.organisation_id, named)
    act = unmark if request.POST.get("undo") else mark_present
    act(actor.organisation_id, session_id=session_id_of(session_id), member_id=who, actor=actor.ref)
    return HttpResponseRedirect(reverse("console:session", args=[session_id]))


@require_POST
@allows(roles=RUNS_LEARNING, to="close sessions")
@refusals_shown_by(session_shown)
def close(request: HttpRequest, session_id: str) -> HttpResponse:
    """Settle who came: whoever is here has completed it."""
    actor = actor_of(request)
    counted = close_session(actor.organisation_id, session_id=session_id_of(session_id), actor=actor.ref)
    told = ngettext("One completion is counted.", "{n} completions are counted.", counted)
    messages.success(request, told.format(n=counted))
    return HttpResponseRedirect(reverse("console:session", args=[session_id]))


@require_POST
@allows(roles=RUNS_LEARNING, to="call sessions off")
@refusals_shown_by(session_shown)
def call_off(request: HttpRequest, session_id: str) -> HttpResponse:
    """Call a session off; everybody who has or waits for a place is told."""
    actor: Actor = actor_of(request)
    cancel_session(
        actor.organisation_id,
        session_id=session_id_of(session_id),
        reason=request.POST.get("reason", "")[:500],
        actor=actor.ref,
    )
    messages.success(request, _("It is called off. Everybody who had a place is told."))
    return HttpResponseRedirect(reverse("console:session", args=[session_id]))
