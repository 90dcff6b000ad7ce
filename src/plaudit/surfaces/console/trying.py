"""Tests the rules in force with one activity: the real path, and nothing remains of it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.activity.events import IncomingEvent
from plaudit.activity.queries import booked_events
from plaudit.activity.types import DeclaredType, declared_types
from plaudit.earning.actions.answering import Taken, rehearse_events
from plaudit.earning.explaining import RuleVerdict, Verdict
from plaudit.foundation import clock, ids
from plaudit.foundation.access.actors import AtWork, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import NotFound, Problem, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.people.queries import member

TESTS = (RoleName.MANAGER, RoleName.DEVELOPER)
SOURCE = "console"
WHEN = "%Y-%m-%dT%H:%M"


class TryForm(forms.Form):
    """One activity: whose, when, and a field for each that its type declares."""

    type = forms.CharField(widget=forms.HiddenInput)
    member = forms.CharField(
        label=gettext_lazy("Member"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("A reference such as mem_… or ext:crm:1042."),
    )
    at = forms.DateTimeField(
        label=gettext_lazy("When it happened"),
        input_formats=[WHEN, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WHEN),
        error_messages={
            "required": gettext_lazy("Say when it happened."),
            "invalid": gettext_lazy("Write the moment as in 2026-03-31 14:05."),
        },
    )

    def __init__(self, *args: Any, declared: DeclaredType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.declared = declared
        for name, stored in declared.fields.items():
            self.fields[f"data-{name}"] = _field(name, stored)

    def clean(self) -> dict[str, Any]:
        """Every field as a value of its kind."""
        cleaned = super().clean() or {}
        data: dict[str, Any] = {}
        for name, stored in self.declared.fields.items():
            text = str(cleaned.get(f"data-{name}", "") or "").strip()
            if not text:
                continue
            try:
                data[name] = _value(text, stored)
            except (ValueError, InvalidOperation):
                self.add_error(
                    f"data-{name}", _("“{text}” is no {kind}.").format(text=text, kind=stored["kind"])
                )
        cleaned["data"] = data
        return cleaned


def _field(name: str, stored: dict[str, Any]) -> forms.Field:
    label = (stored.get("label") or name.replace("_", " ")).capitalize()
    required = not stored.get("nullable", False)
    missing = {"required": _("Enter {name}.").format(name=label.lower())}
    choices = stored.get("choices") or (["true", "false"] if stored["kind"] == "boolean" else [])
    if choices:
        told = [("", _("not said")), *((one, one) for one in choices)]
        return forms.ChoiceField(label=label, required=required, choices=told, error_messages=missing)
    return forms.CharField(label=label, required=required, max_length=2_000, error_messages=missing)


def _value(text: str, stored: dict[str, Any]) -> Any:
    """The text as a value of its field, exact. Days and moments stay texts, as in an event."""
    if stored["kind"] == "integer":
        return int(text)
    if stored["kind"] == "decimal":
        number = Decimal(text)
        if not number.is_finite():
            raise ValueError
        return number
    return text == "true" if stored["kind"] == "boolean" else text


@require_GET
@allows(roles=TESTS, to="test rules")
def try_page(request: HttpRequest) -> HttpResponse:
    """A form for one activity, filled in with the last real one of its type."""
    return try_page_shown(request)


def try_page_shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    types = declared_types(actor.organisation_id)
    asked = request.POST.get("type") or request.GET.get("type", "")
    declared = types.get(asked) or next(iter(types.values()), None)
    form = None
    if declared is not None:
        assert actor.organisation is not None
        form = (
            TryForm(request.POST, declared=declared)
            if request.POST
            else TryForm(initial=_last_real(actor.organisation, declared), declared=declared)
        )
    return _page(request, form, declared, types, refusal=refusal)


def _last_real(place: AtWork, declared: DeclaredType) -> dict[str, Any]:
    """What the last real activity of this type said, so that there is something to change."""
    zone = ZoneInfo(place.time_zone)
    initial: dict[str, Any] = {"type": declared.name, "at": clock.now().astimezone(zone).replace(tzinfo=None)}
    found = booked_events(place.id, type=declared.name, limit=1).events
    for event in found:
        initial["member"] = ids.show("mem", event.member_id) if event.member_id else ""
        for name, value in event.data.items():
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            initial[f"data-{name}"] = text.lower() if isinstance(value, bool) else text
    return initial


def _page(
    request: HttpRequest,
    form: TryForm | None,
    declared: DeclaredType | None,
    types: dict[str, DeclaredType],
    *,
    refusal: Refusal | None = None,
    told: dict[str, Any] | None = None,
) -> HttpResponse:
    shown = {
        "title": _("Test the rules"),
        "lead": _("What one activity would earn under the rules in force. Nothing is recorded."),
        "trail": [
            {"label": _("Programmes"), "url": reverse("console:programmes")},
            {"label": _("Test"), "url": ""},
        ],
        "form": form,
        "inputs": [bound for bound in form if not bound.is_hidden] if form else [],
        "types": [
            {
                "label": one.title or one.name,
                "url": f"?type={one.name}",
                "current": declared is not None and one.name == declared.name,
                "count": None,
            }
            for one in types.values()
        ],
        "refusal": refusal,
        "told": told,
    }
    return render(request, "console/try.html", shown, status=422 if form and form.errors else 200)


@require_POST
@allows(roles=TESTS, to="test rules")
@refusals_shown_by(try_page_shown)
def try_activity(request: HttpRequest) -> HttpResponse:
    """Take the activity in by the path it would really take, say what every rule made of it, and undo it."""
    actor = actor_of(request)
    assert actor.organisation is not None
    with in_organisation(actor.organisation_id):
        types = declared_types(actor.organisation_id)
        declared = types.get(request.POST.get("type", ""))
        if declared is None:
            raise NotFound(kind="activity type", ref=request.POST.get("type", ""))
        form = TryForm(request.POST, declared=declared)
        if not form.is_valid():
            return _page(request, form, declared, types)
        units = units_by_key(actor.organisation_id)
        event = _event(actor.organisation, form)
        (taken,) = rehearse_events(actor.organisation_id, [event], explained=True)
    taken.refuse()
    return _page(request, form, declared, types, told=_told(taken, units))


def _event(place: AtWork, form: TryForm) -> IncomingEvent:
    source, subject = _subject(place.id, form.cleaned_data["member"].strip())
    at: datetime = form.cleaned_data["at"]
    return IncomingEvent(
        source=SOURCE,
        id=ids.show("try", ids.new_id()),
        type=form.declared.name,
        subject=subject,
        subject_source=source,
        time=at.astimezone(UTC),
        data=form.cleaned_data["data"],
    )


def _subject(organisation_id: int, text: str) -> tuple[str | None, str | None]:
    """The member as another system names them: activity knows nobody by our own references."""
    if not text:
        return None, None
    whose = member(organisation_id, text)
    identity = whose.identities.order_by("id").first()
    if identity is None:
        raise Problem(_("No other system knows this member, so no activity can name them."))
    return identity.source, identity.external_id


_SIGNS = {
    Verdict.GRANTED: ("good", "circle-check"),
    Verdict.CUT: ("warn", "triangle-alert"),
    Verdict.TAKEN: ("info", "minus"),
}


def _told(taken: Taken, units: dict[str, UnitPolicy]) -> dict[str, Any]:
    explained = taken.explanation
    assert explained is not None
    return {
        "sentence": explained.sentence(),
        "verdicts": [_verdict(one, units[one.unit]) for one in explained.verdicts],
    }


def _verdict(one: RuleVerdict, unit: UnitPolicy) -> dict[str, Any]:
    words = {
        Verdict.GRANTED: _("Pays"),
        Verdict.CUT: _("Limit reached"),
        Verdict.TAKEN: _("Takes"),
        Verdict.CONDITION: _("Condition not met"),
        Verdict.WINDOW: _("Not in force then"),
        Verdict.AUDIENCE: _("Not for this member"),
        Verdict.NOTHING: _("Comes to nothing"),
    }
    kind, icon = _SIGNS.get(one.verdict, ("neutral", ""))
    return {
        "name": one.name,
        "programme": one.programme,
        "version": one.version,
        "words": words[one.verdict],
        "kind": kind,
        "icon": icon,
        "sentence": one.sentence,
        "arithmetic": one.arithmetic,
        "would_change": one.would_change,
        "amount": unit.say(one.granted),
        "granted": one.granted,
    }
