"""A member's questions and claims: what is doubted or missing, by when it is answered, and what was said."""

from __future__ import annotations

from datetime import date
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

from plaudit.activity.types import DeclaredType
from plaudit.cases.actions.answering import reply, withdraw
from plaudit.cases.actions.opening import claim, question
from plaudit.cases.models import Case, CaseState, MessageKind
from plaudit.cases.queries import case, cases, claimable, due_day, running_about, today
from plaudit.cases.rules import CLAIM_DAYS, require_claimable
from plaudit.foundation import ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.access.wording import said
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.questioned import words_at
from plaudit.people.reach import themselves
from plaudit.surfaces.portal.panels import page_of

WORDS_MAX = 2_000

_SAID = {
    MessageKind.OPENED: gettext_lazy("You asked"),
    MessageKind.SAID: gettext_lazy("You wrote"),
    MessageKind.TAKEN: gettext_lazy("Somebody is looking at it"),
    MessageKind.ANSWERED: gettext_lazy("Answered"),
    MessageKind.ASKED: gettext_lazy("A correction is being checked by a second person"),
    MessageKind.DECLINED: gettext_lazy("The correction was not agreed to; it is being looked at again"),
    MessageKind.SETTLED: gettext_lazy("Settled"),
    MessageKind.WITHDRAWN: gettext_lazy("You withdrew it"),
}
# What the desk writes to itself while it works is not the member's answer.
_WITHOUT_WORDS = {MessageKind.ASKED, MessageKind.DECLINED}
_STATES = {
    CaseState.OPEN: (gettext_lazy("Being looked at"), "warn"),
    CaseState.ANSWERED: (gettext_lazy("Answered"), "info"),
    CaseState.SETTLED: (gettext_lazy("Settled"), "good"),
    CaseState.WITHDRAWN: (gettext_lazy("Withdrawn"), "neutral"),
}


class ClaimForm(forms.Form):
    """What is missing, when it was, and what proves it."""

    activity = forms.ChoiceField(
        label=gettext_lazy("What is missing?"),
        error_messages={"required": gettext_lazy("Choose what is missing.")},
    )
    happened_on = forms.DateField(
        label=gettext_lazy("When was it?"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Enter the day."),
            "invalid": gettext_lazy("Enter a day, such as 2026-03-02."),
        },
    )
    proof = forms.CharField(
        label=gettext_lazy("What shows it?"),
        max_length=300,
        help_text=gettext_lazy("The number on the order or receipt, or who was there."),
        error_messages={"required": gettext_lazy("Enter a number or a name that can be looked up.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Anything else"),
        required=False,
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=100)

    def __init__(self, *args: Any, types: dict[str, DeclaredType], day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        field = self.fields["activity"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, one.title or name) for name, one in types.items()]

    def clean_happened_on(self) -> date:
        """A day for which something can still be claimed."""
        day: date = self.cleaned_data["happened_on"]
        try:
            require_claimable(day, today=self.day)
        except Refusal as refusal:
            raise forms.ValidationError(said(refusal)) from None
        return day


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your questions")
def mine(request: HttpRequest) -> HttpResponse:
    """Everything the member asked or claimed, and where it stands."""
    actor = actor_of(request)
    found = cases(actor.organisation_id, member_id=_me(actor))
    shown = {
        "title": _("My questions"),
        "cases": [_drawn(one) for one in found],
        "due": due_day(actor.organisation_id),
    }
    return render(request, "portal/cases.html", shown)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="ask a question")
def ask(request: HttpRequest) -> HttpResponse:
    """Question a line, an activity or a reward, or anything else."""
    return ask_shown(request)


def ask_shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The same, as it was written, with what was refused on it."""
    actor = actor_of(request)
    about = (request.POST.get("about") or request.GET.get("about", ""))[:100]
    running = running_about(actor.organisation_id, _me(actor), about) if about else None
    if running is not None and refusal is None:
        return HttpResponseRedirect(_page(running))
    shown = {
        "title": _("Question this") if about else _("Ask a question"),
        "about": about,
        "sentence": words_at(actor.organisation_id, _me(actor), about),
        "url": page_of(about),
        "due": due_day(actor.organisation_id),
        "words": request.POST.get("words", ""),
        "key": request.POST.get("key") or ids.show("adj", ids.new_id()),
        "refusal": refusal,
    }
    return render(request, "portal/ask.html", shown, status=refusal.status if refusal else 200)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="ask a question")
@refusals_shown_by(ask_shown)
def send(request: HttpRequest) -> HttpResponse:
    """Open a case, once for the form's key; about one thing one case runs."""
    actor = actor_of(request)
    about = request.POST.get("about", "")[:100]
    with in_organisation(actor.organisation_id):
        sentence = words_at(actor.organisation_id, _me(actor), about)
    made = question(
        actor.organisation_id,
        member_id=_me(actor),
        subject=about,
        about=sentence,
        words=request.POST.get("words", "")[:WORDS_MAX],
        key=_key(actor, request),
        actor=actor.ref,
    )
    return HttpResponseRedirect(f"{_page(made)}?sent=1")


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="claim what is missing")
def missing(request: HttpRequest) -> HttpResponse:
    """Claim something that was not recorded: what, when, and what shows it; below, earlier claims."""
    return missing_shown(request)


def missing_shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    return _claim_page(request, _claim_form(request), refusal)


def _claim_form(request: HttpRequest) -> ClaimForm:
    at = actor_of(request).organisation_id
    fresh = {"key": ids.show("adj", ids.new_id())}
    return ClaimForm(request.POST or None, initial=fresh, types=claimable(at), day=today(at))


def _claim_page(request: HttpRequest, form: ClaimForm, refusal: Refusal | None = None) -> HttpResponse:
    actor = actor_of(request)
    claims = [one for one in cases(actor.organisation_id, member_id=_me(actor)) if one.activity]
    shown = {
        "title": _("Claim something missing"),
        "form": form,
        "days": CLAIM_DAYS,
        "due": due_day(actor.organisation_id),
        "cases": [_drawn(one) for one in claims],
        "can_claim": bool(claimable(actor.organisation_id)),
        "refusal": refusal,
    }
    return render(request, "portal/missing.html", shown, status=422 if form.errors or refusal else 200)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="claim what is missing")
@refusals_shown_by(missing_shown)
def send_claim(request: HttpRequest) -> HttpResponse:
    """Open the case, once for the form's key."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        form = _claim_form(request)
        if not form.is_valid():
            return _claim_page(request, form)
    given = form.cleaned_data
    made = claim(
        actor.organisation_id,
        member_id=_me(actor),
        activity=given["activity"],
        happened_on=given["happened_on"],
        proof=given["proof"],
        words=given["words"],
        key=_key(actor, request),
        actor=actor.ref,
    )
    return HttpResponseRedirect(f"{_page(made)}?sent=1")


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your questions")
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One question or claim: where it stands, what was said, and room for more words."""
    return one_shown(request, reference)


def one_shown(request: HttpRequest, reference: str, refusal: Refusal | None = None) -> HttpResponse:
    """The same, as it was written, with what was refused on it."""
    actor = actor_of(request)
    found = case(actor.organisation_id, reference, member_id=_me(actor))
    shown = {
        "title": found.about,
        **_drawn(found),
        "steps": _steps(found),
        "about_url": page_of(found.subject),
        "runs": found.ended_at is None,
        "just_sent": request.GET.get("sent") == "1",
        "words": request.POST.get("words", ""),
        "key": request.POST.get("key") or ids.show("adj", ids.new_id()),
        "refusal": refusal,
    }
    return render(request, "portal/case.html", shown, status=refusal.status if refusal else 200)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="answer in your questions")
@refusals_shown_by(one_shown)
def say_more(request: HttpRequest, reference: str) -> HttpResponse:
    """Say something more; an answered case is open again."""
    actor = actor_of(request)
    found = _mine(actor, reference)
    words = request.POST.get("words", "")[:WORDS_MAX]
    reply(actor.organisation_id, found.id, words=words, actor=actor.ref, key=_key(actor, request))
    messages.success(request, _("Sent."))
    return HttpResponseRedirect(_page(found))


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="withdraw a question")
@refusals_shown_by(one_shown)
def take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """No answer is needed any more."""
    actor = actor_of(request)
    found = _mine(actor, reference)
    withdraw(actor.organisation_id, found.id, actor=actor.ref, key=f"withdrawn:{reference}")
    messages.success(request, _("Withdrawn. Nobody will answer it."))
    return HttpResponseRedirect(_page(found))


def _me(actor: Actor) -> UUID:
    assert actor.member_id is not None, "`themselves` admits members alone"
    return actor.member_id


def _mine(actor: Actor, reference: str) -> Case:
    with in_organisation(actor.organisation_id):
        return case(actor.organisation_id, reference, member_id=_me(actor))


def _key(actor: Actor, request: HttpRequest) -> str:
    """A key of the page's own making is the member's alone, so that nobody can take another's place."""
    return f"portal:{ids.show('mem', _me(actor))}:{request.POST.get('key', '')[:100]}"


def _page(found: Case) -> str:
    return reverse("portal:case", args=[ids.show("cse", found.id)])


def _drawn(found: Case) -> dict[str, Any]:
    state, kind = _STATES[CaseState(found.state)]
    return {
        "case": found,
        "reference": ids.show("cse", found.id),
        "url": _page(found),
        "state": state,
        "state_kind": kind,
        "waits": found.state == CaseState.OPEN,
    }


def _steps(found: Case) -> list[dict[str, Any]]:
    """What was said, in order, for the `timeline` tag, each with the line or activity that came of it."""
    steps = []
    for message in sorted(found.messages.all(), key=lambda message: message.id):
        kind = MessageKind(message.kind)
        steps.append(
            {
                "title": _SAID.get(kind) or _(kind.label),
                "detail": "" if kind in _WITHOUT_WORDS else message.words,
                "when": message.said_at,
                "icon": "circle-check" if kind is MessageKind.SETTLED else "circle-question-mark",
                "url": page_of(message.reference),
            }
        )
    return steps
