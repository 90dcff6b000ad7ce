"""A member's learning: sessions to come, what was completed, credits, certificates, and what they claim."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import clock, ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.told import told
from plaudit.learning.actions.attendance import check_in
from plaudit.learning.actions.claiming import claim
from plaudit.learning.actions.registering import cancel_registration, register
from plaudit.learning.definitions import Learning, Offering
from plaudit.learning.models import (
    Certificate,
    Claim,
    ClaimState,
    Registration,
    RegistrationState,
    Session,
    SessionState,
)
from plaudit.learning.offered import all_learning, day_of
from plaudit.learning.portal_practice import cards
from plaudit.learning.queries import learned
from plaudit.learning.queries.sessions import registrations_of, sessions_to_come
from plaudit.learning.rules.credits import credits_of
from plaudit.learning.seats import session_id_of, session_ref
from plaudit.people.reach import themselves

_SEATS = {
    RegistrationState.REGISTERED: (gettext_lazy("You have a place"), "good"),
    RegistrationState.WAITING: (gettext_lazy("You are on the waiting list"), "warn"),
    RegistrationState.PRESENT: (gettext_lazy("You are checked in"), "good"),
    RegistrationState.MISSED: (gettext_lazy("You were not there"), "neutral"),
    RegistrationState.CANCELLED: (gettext_lazy("You cancelled"), "neutral"),
}
_CLAIMS = {
    ClaimState.WAITING: (gettext_lazy("Being looked at"), "warn"),
    ClaimState.APPROVED: (gettext_lazy("Approved"), "good"),
    ClaimState.DECLINED: (gettext_lazy("Declined"), "neutral"),
}


class ClaimForm(forms.Form):
    """What the member learned elsewhere, when, and what proves it."""

    what = forms.ChoiceField(
        label=gettext_lazy("What did you learn?"),
        error_messages={"required": gettext_lazy("Choose what you learned.")},
    )
    day = forms.DateField(
        label=gettext_lazy("When was it?"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Enter the day."),
            "invalid": gettext_lazy("Enter a day, such as 2026-03-02."),
        },
    )
    proof = forms.FileField(
        label=gettext_lazy("What proves it?"),
        required=False,
        help_text=gettext_lazy("A PDF or a picture of at most 2 MB."),
    )
    words = forms.CharField(
        label=gettext_lazy("Anything else"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=100)


Named = dict[tuple[str, str], tuple[Learning, Offering]]


def _offered(organisation_id: int) -> Named:
    return {
        (learning.programme, one.key): (learning, one)
        for learning in all_learning(organisation_id)
        for one in learning.offerings
    }


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your learning")
def mine(request: HttpRequest) -> HttpResponse:
    """What there is to come, what the member has, and what they are told of their claims."""
    return mine_shown(request)


def mine_shown(request: HttpRequest, refusal: Refusal | None = None, **_about: object) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    organisation_id, now = actor.organisation_id, clock.now()
    offered = _offered(organisation_id)
    people = learned.one_person(organisation_id, _me(actor))
    comes = {one.session_id: one for one in registrations_of(organisation_id, people)}
    today = day_of(next(iter(offered.values()))[0], now) if offered else now.date()
    certificates = learned.certificates(organisation_id, members=people, limit=100)
    done = learned.completions(organisation_id, members=people, standing=True, limit=200)
    shown = {
        "title": _("Learning"),
        "lead": _("What you can learn here, what you have learned, and what shows it."),
        "credits": learned.credits_of_members(organisation_id, people, year=today.year),
        "year": today.year,
        "sessions": [
            _session(one, comes.get(one.id), offered)
            for one in sessions_to_come(organisation_id, since=now, limit=50)
            if (one.programme, one.offering) in offered
        ],
        "done": [
            {
                "name": _name(offered, one.programme, one.offering),
                "day": one.completed_on,
                # A certification's credits are those of its steps, which stand here themselves.
                "credits": credits_of([one.minutes]) if one.minutes else None,
            }
            for one in reversed(done)
        ],
        "certificates": [_certificate(one, today) for one in reversed(certificates)],
        "claims": [_claim(one, offered) for one in learned.claims(organisation_id, members=people, limit=50)],
        "can_claim": any(one.claim for _learning, one in offered.values()),
        "scenarios": cards(organisation_id, _me(actor)),
        "is_offered": bool(offered),
        "refusal": refusal,
    }
    return render(request, "learning/portal_learning.html", shown, status=refusal.status if refusal else 200)


def _name(offered: Named, programme: str, key: str) -> str:
    found = offered.get((programme, key))
    return found[1].name if found is not None else key


def _session(one: Session, mine: Registration | None, offered: Named) -> dict[str, Any]:
    _learning, offering = offered[one.programme, one.offering]
    state = RegistrationState(mine.state) if mine is not None else RegistrationState.CANCELLED
    words, kind = _SEATS[state] if mine is not None and state != RegistrationState.CANCELLED else ("", "")
    return {
        "one": one,
        "name": offering.name,
        "provider": offering.provider,
        "reference": session_ref(one.id),
        "state": words,
        "state_kind": kind,
        "credits": credits_of([one.minutes]),
        "left": one.places - one.taken if one.places is not None else None,
        "can_register": state == RegistrationState.CANCELLED,
        "can_cancel": state in (RegistrationState.REGISTERED, RegistrationState.WAITING),
    }


def _certificate(one: Certificate, today: date) -> dict[str, Any]:
    words, kind = _("Holds"), "good"
    if one.revoked_at is not None:
        words, kind = _("Revoked"), "bad"
    elif one.last_day is not None and one.last_day < today:
        words, kind = _("Ended"), "neutral"
    return {
        "one": one,
        "name": told(one.name),
        "reference": ids.show("crt", one.id),
        "state": words,
        "state_kind": kind,
    }


def _claim(one: Claim, offered: Named) -> dict[str, Any]:
    words, kind = _CLAIMS[ClaimState(one.state)]
    return {
        "one": one,
        "name": _name(offered, one.programme, one.offering),
        "state": words,
        "state_kind": kind,
    }


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="register")
@refusals_shown_by(mine_shown)
def register_me(request: HttpRequest, session_id: str) -> HttpResponse:
    """Take a place, or stand in the waiting list."""
    actor = actor_of(request)
    made = register(
        actor.organisation_id, session_id=session_id_of(session_id), member_id=_me(actor), actor=actor.ref
    )
    waits = made.state == RegistrationState.WAITING
    messages.success(request, _("You are on the waiting list.") if waits else _("You have a place."))
    return HttpResponseRedirect(reverse("portal:learning"))


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="cancel your registration")
@refusals_shown_by(mine_shown)
def cancel_mine(request: HttpRequest, session_id: str) -> HttpResponse:
    """Give the place back, so that somebody else has it."""
    actor = actor_of(request)
    cancel_registration(
        actor.organisation_id, session_id=session_id_of(session_id), member_id=_me(actor), actor=actor.ref
    )
    messages.success(request, _("Your place is given back."))
    return HttpResponseRedirect(reverse("portal:learning"))


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="check in")
def check_in_page(request: HttpRequest, secret: str) -> HttpResponse:
    """What the code on the door opens: one button, for opening an address changes nothing."""
    actor = actor_of(request)
    one = Session.objects.filter(
        organisation_id=actor.organisation_id, secret=secret, state=SessionState.OPEN
    ).first()
    name = _name(_offered(actor.organisation_id), one.programme, one.offering) if one is not None else ""
    shown = {"title": _("Check in"), "name": name, "one": one, "secret": secret}
    return render(request, "learning/portal_check_in.html", shown)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="check in")
def check_in_now(request: HttpRequest, secret: str) -> HttpResponse:
    """The member is here."""
    actor = actor_of(request)
    check_in(actor.organisation_id, secret=secret, member_id=_me(actor), actor=actor.ref)
    messages.success(request, _("You are checked in."))
    return HttpResponseRedirect(reverse("portal:learning"))


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="claim what you learned")
def claim_page(request: HttpRequest) -> HttpResponse:
    """Claim something that was learned elsewhere."""
    return claim_shown(request)


def claim_shown(
    request: HttpRequest, refusal: Refusal | None = None, form: ClaimForm | None = None
) -> HttpResponse:
    """The same, as it was filled in, with what was refused on it."""
    shown = {
        "title": _("Claim what you learned"),
        "form": form or _claim_form(actor_of(request)),
        "refusal": refusal,
    }
    status = 422 if form is not None and form.errors else refusal.status if refusal else 200
    return render(request, "learning/portal_claim.html", shown, status=status)


def _claim_form(actor: Actor, *data: Any) -> ClaimForm:
    form = ClaimForm(*data)
    form.initial = {"key": str(uuid4())}
    field = form.fields["what"]
    assert isinstance(field, forms.ChoiceField)
    offered = _offered(actor.organisation_id)
    field.choices = [(f"{at}/{key}", one.name) for (at, key), (_, one) in offered.items() if one.claim]
    return form


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="claim what you learned")
@refusals_shown_by(claim_shown)
def send_claim(request: HttpRequest) -> HttpResponse:
    """Send the claim; it counts once somebody approves it."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        form = _claim_form(actor, request.POST, request.FILES)
        if not form.is_valid():
            return claim_shown(request, form=form)
    programme, _slash, offering = form.cleaned_data["what"].partition("/")
    proof = form.cleaned_data["proof"]
    claim(
        actor.organisation_id,
        member_id=_me(actor),
        programme=programme,
        offering=offering,
        done_on=form.cleaned_data["day"],
        minutes=None,
        words=form.cleaned_data["words"],
        proof=proof.read(2 * 1024**2 + 1) if proof else b"",
        key=f"portal:{ids.show('mem', _me(actor))}:{form.cleaned_data['key']}",
        actor=actor.ref,
    )
    messages.success(request, _("Sent. You are told once it is decided."))
    return HttpResponseRedirect(reverse("portal:learning"))


def _me(actor: Actor) -> UUID:
    assert actor.member_id is not None, "`themselves` admits members alone"
    return actor.member_id
