"""Goodwill: points given or taken by hand within a limit, and asked for above it, with the effect shown before."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.cases.actions.asking import ask_approval
from plaudit.foundation import ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.balances import balances
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.people.models import Member
from plaudit.people.queries import member
from plaudit.people.reach import member_in_reach

ADJUSTS = (RoleName.MANAGER, RoleName.DESK)

REASONS = {
    "ours": gettext_lazy("We got something wrong"),
    "late": gettext_lazy("You waited too long"),
    "lost": gettext_lazy("Something you did never reached us"),
    "thanks": gettext_lazy("Thank you for telling us"),
    "twice": gettext_lazy("Points were given twice"),
    "own": gettext_lazy("In my own words"),
}


class AdjustForm(forms.Form):
    """How many points, which way, and why."""

    direction = forms.ChoiceField(
        label=gettext_lazy("What do you want to do?"),
        choices=[("give", gettext_lazy("Give points")), ("take", gettext_lazy("Take points"))],
        widget=forms.RadioSelect,
        initial="give",
        error_messages={"required": gettext_lazy("Say whether you give or take.")},
    )
    unit = forms.ChoiceField(label=gettext_lazy("Of what"))
    amount = forms.DecimalField(
        label=gettext_lazy("How many"),
        min_value=0,
        max_digits=15,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Enter how many."),
            "invalid": gettext_lazy("Enter a number, such as 50."),
            "min_value": gettext_lazy("Enter a number above 0."),
        },
    )
    why = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=list(REASONS.items()),
        widget=forms.RadioSelect,
        initial="own",
        help_text=gettext_lazy("The member reads this on their statement."),
        error_messages={"required": gettext_lazy("Say why, in words the member may read.")},
    )
    reason = forms.CharField(label=gettext_lazy("In your own words"), max_length=300, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=100)

    def __init__(self, *args: Any, units: dict[str, UnitPolicy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units
        choices = [(key, unit.names.get("other", key)) for key, unit in units.items()]
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if len(choices) == 1:
            field.widget, field.initial = forms.HiddenInput(), choices[0][0]

    def clean(self) -> dict[str, Any]:
        """The amount fits its unit, and there is a reason, chosen or written."""
        cleaned = super().clean() or {}
        chosen = cleaned.get("why", "")
        if not cleaned.get("reason") and chosen in REASONS and chosen != "own":
            cleaned["reason"] = str(REASONS[chosen])
        if not cleaned.get("reason"):
            self.add_error("reason", _("Say why, in words the member may read."))
        unit, amount = self.units.get(cleaned.get("unit", "")), cleaned.get("amount")
        if unit is None or amount is None:
            return cleaned
        parts = Decimal(amount).scaleb(unit.precision)
        if parts != parts.to_integral_value():
            self.add_error("amount", _("Enter at most {n} decimals.").format(n=unit.precision))
        elif parts <= 0:
            self.add_error("amount", _("Enter a number above 0."))
        else:
            cleaned["parts"] = int(parts)
            cleaned["needs_approval"] = unit.approval_from is not None and parts >= unit.approval_from
        return cleaned


@require_GET
@allows(roles=ADJUSTS, objects=member_in_reach(), to="give or take points")
def adjust_page(request: HttpRequest, member_id: str) -> HttpResponse:
    """The form that gives or takes points; as it was filled in where it comes back."""
    return adjust_page_shown(request, member_id)


def adjust_page_shown(request: HttpRequest, member_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    organisation_id = actor_of(request).organisation_id
    units = units_by_key(organisation_id)
    fresh = {"key": ids.show("adj", ids.new_id()), "unit": request.GET.get("unit") or next(iter(units), "")}
    form = AdjustForm(request.POST or None, initial=fresh, units=units)
    return _adjust_form(request, form, member_id, refusal)


def _adjust_form(
    request: HttpRequest, form: AdjustForm, member_id: str, refusal: Refusal | None = None
) -> HttpResponse:
    organisation_id = actor_of(request).organisation_id
    whose = member(organisation_id, member_id)
    held = {one.unit: one.available for one in balances(organisation_id, whose.id)}
    facts = [unit.say(held.get(key, 0)) for key, unit in form.units.items()]
    shown = {
        "title": _("Give or take points"),
        "lead": _("{name} has {points} to spend.").format(name=_name(whose), points=", ".join(facts)),
        "trail": [*_trail(whose), {"label": _("Give or take points"), "url": ""}],
        "form": form,
        "refusal": refusal,
        "limits": _limits(form.units.values()),
        "member_id": member_id,
        "member_url": reverse("console:desk-member", args=[ids.show("mem", whose.id)]),
    }
    return render(request, "console/goodwill.html", shown, status=422 if form.errors else 200)


def _limits(units: Iterable[UnitPolicy]) -> list[str]:
    """How much one person may give or take alone, of each unit that has a limit."""
    said = _("Below {amount} you decide alone; from there on a second person must agree.")
    return [said.format(amount=one.say(one.approval_from)) for one in units if one.approval_from is not None]


@require_POST
@allows(roles=ADJUSTS, objects=member_in_reach(), to="give or take points")
@refusals_shown_by(adjust_page_shown)
def check_adjustment(request: HttpRequest, member_id: str) -> HttpResponse:
    """Show what would be posted or asked for, with the balance it leaves; nothing is posted yet."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        form = AdjustForm(request.POST, units=units_by_key(organisation_id))
        if not form.is_valid():
            return _adjust_form(request, form, member_id)
        whose = member(organisation_id, member_id)
        unit, needs = form.units[form.cleaned_data["unit"]], form.cleaned_data["needs_approval"]
        held = {one.unit: one.available for one in balances(organisation_id, whose.id)}.get(unit.key, 0)
        signed = form.cleaned_data["parts"] * (1 if form.cleaned_data["direction"] == "give" else -1)
        giving, says = signed > 0, unit.say(abs(signed))
        act = _("Ask for approval") if needs else (_("Give {points}") if giving else _("Take {points}"))
        shown = {
            "title": _("Check before it counts"),
            "trail": [*_trail(whose), {"label": _("Check"), "url": ""}],
            "form": form,
            "answers": [
                {"question": _("Member"), "answer": _name(whose)},
                {"question": _("Give") if giving else _("Take"), "answer": says},
                {"question": _("Why"), "answer": form.cleaned_data["reason"]},
                {"question": _("They have now"), "answer": unit.say(held)},
                {"question": _("They will have"), "answer": unit.say(held + signed)},
            ],
            "needs_approval": unit.say(unit.approval_from or 0) if needs else "",
            "act": act.format(points=says),
            "giving": giving,
            "hidden": [(name, request.POST.get(name, "")) for name in AdjustForm.base_fields],
            "member_reference": ids.show("mem", whose.id),
        }
        return render(request, "console/goodwill_check.html", shown)


@require_POST
@allows(roles=ADJUSTS, objects=member_in_reach(), to="give or take points")
@refusals_shown_by(adjust_page_shown)
def post_adjustment(request: HttpRequest, member_id: str) -> HttpResponse:
    """Post what was checked, or ask a second person for it; once however often it is sent."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        form = AdjustForm(request.POST, units=units_by_key(actor.organisation_id))
        if not form.is_valid() or "change" in request.POST:
            return _adjust_form(request, form, member_id)
        whose = member(actor.organisation_id, member_id)
    cleaned = form.cleaned_data
    unit, gives = form.units[cleaned["unit"]], cleaned["direction"] == "give"
    does = ask_approval if cleaned["needs_approval"] else adjust
    does(
        actor.organisation_id,
        member_id=whose.id,
        unit=unit.key,
        amount=cleaned["parts"] if gives else -cleaned["parts"],
        reason=cleaned["reason"],
        key=f"console:{cleaned['key']}",
        actor=actor.ref,
    )
    if cleaned["needs_approval"]:
        says = _("Asked for. Somebody else decides on {points} for {name} within seven days.")
    else:
        says = _("{points} given to {name}.") if gives else _("{points} taken from {name}.")
    messages.success(request, says.format(points=unit.say(cleaned["parts"]), name=_name(whose)))
    return HttpResponseRedirect(reverse("console:desk-member", args=[ids.show("mem", whose.id)]))


def _name(whose: Member) -> str:
    return whose.name or ids.show("mem", whose.id)


def _trail(whose: Member) -> list[dict[str, str]]:
    reference = ids.show("mem", whose.id)
    return [
        {"label": _("Desk"), "url": reverse("console:desk")},
        {"label": _name(whose), "url": reverse("console:desk-member", args=[reference])},
    ]
