"""The books in the console: points given or taken by hand, the proof that the books hold, and their seals."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from threading import Lock
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plaudit.foundation import audit, ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.models import Audit
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.actions.seal import seal
from plaudit.ledger.balances import balances
from plaudit.ledger.models import Seal
from plaudit.ledger.sealing import anchor_of
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.ledger.verification.verify import Report, verify
from plaudit.people.queries import member, organisation
from plaudit.people.reach import member_in_reach

ADJUSTS = (RoleName.MANAGER, RoleName.DESK)
VERIFIES = (RoleName.MANAGER, RoleName.FINANCE, RoleName.AUDITOR, RoleName.OPERATOR)
SEALS = (RoleName.MANAGER, RoleName.FINANCE)

VERIFIED = "ledger.verified"

# A check of everything reads everything: one at a time in a process is plenty.
_verifying = Lock()


class VerificationUnderWay(Refusal):
    code = "verification_running"
    status = 503
    exit_code = 7
    sentence = "The books are being verified at this moment."
    way_forward = "Try again in a few seconds."


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
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("The member reads this on their statement."),
        error_messages={"required": gettext_lazy("Say why, in words the member may read.")},
    )
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
        """The amount fits its unit: no more decimals than it has, and above nothing."""
        cleaned = super().clean() or {}
        unit, amount = self.units.get(cleaned.get("unit", "")), cleaned.get("amount")
        if unit is None or amount is None:
            return cleaned
        parts = Decimal(amount).scaleb(unit.precision)
        if parts != parts.to_integral_value():
            self.add_error("amount", _("Enter at most {n} decimals.").format(n=unit.precision))
        elif parts <= 0:
            self.add_error("amount", _("Enter a number above 0."))
        elif unit.approval_from is not None and parts >= unit.approval_from:
            least = unit.say(unit.approval_from)
            said = _("From {amount} on a second person must agree. Enter less, or have it approved first.")
            self.add_error("amount", said.format(amount=least))
        else:
            cleaned["parts"] = int(parts)
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
        "member_id": member_id,
        "member_url": reverse("console:member", args=[ids.show("mem", whose.id)]),
    }
    return render(request, "ledger/console_adjust.html", shown, status=422 if form.errors else 200)


@require_POST
@allows(roles=ADJUSTS, objects=member_in_reach(), to="give or take points")
@refusals_shown_by(adjust_page_shown)
def check_adjustment(request: HttpRequest, member_id: str) -> HttpResponse:
    """Show what would be posted, with the balance it leaves; nothing is posted yet."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        form = AdjustForm(request.POST, units=units_by_key(organisation_id))
        if not form.is_valid():
            return _adjust_form(request, form, member_id)
        whose = member(organisation_id, member_id)
        unit = form.units[form.cleaned_data["unit"]]
        held = {one.unit: one.available for one in balances(organisation_id, whose.id)}.get(unit.key, 0)
        signed = form.cleaned_data["parts"] * (1 if form.cleaned_data["direction"] == "give" else -1)
        giving = signed > 0
        says = unit.say(abs(signed))
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
            "act": (_("Give {points}") if giving else _("Take {points}")).format(points=says),
            "giving": giving,
            "hidden": [(name, request.POST.get(name, "")) for name in AdjustForm.base_fields],
            "member_reference": ids.show("mem", whose.id),
        }
        return render(request, "ledger/console_adjust_check.html", shown)


@require_POST
@allows(roles=ADJUSTS, objects=member_in_reach(), to="give or take points")
@refusals_shown_by(adjust_page_shown)
def post_adjustment(request: HttpRequest, member_id: str) -> HttpResponse:
    """Post what was checked, once however often it is sent."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        form = AdjustForm(request.POST, units=units_by_key(actor.organisation_id))
        if not form.is_valid() or "change" in request.POST:
            return _adjust_form(request, form, member_id)
        whose = member(actor.organisation_id, member_id)
    cleaned = form.cleaned_data
    unit = form.units[cleaned["unit"]]
    adjust(
        actor.organisation_id,
        member_id=whose.id,
        unit=unit.key,
        amount=cleaned["parts"] if cleaned["direction"] == "give" else -cleaned["parts"],
        reason=cleaned["reason"],
        key=f"console:{cleaned['key']}",
        actor=actor.ref,
    )
    says = (
        _("{points} given to {name}.") if cleaned["direction"] == "give" else _("{points} taken from {name}.")
    )
    messages.success(request, says.format(points=unit.say(cleaned["parts"]), name=_name(whose)))
    return HttpResponseRedirect(reverse("console:member", args=[ids.show("mem", whose.id)]))


def _name(whose: Any) -> str:
    return whose.name or ids.show("mem", whose.id)


def _trail(whose: Any) -> list[dict[str, str]]:
    reference = ids.show("mem", whose.id)
    return [
        {"label": _("Members"), "url": reverse("console:members")},
        {"label": _name(whose), "url": reverse("console:member", args=[reference])},
    ]


def last_verification(organisation_id: int) -> dict[str, Any] | None:
    """When the books were last verified from here, and what came of it; None where they never were."""
    found = Audit.objects.filter(organisation_id=organisation_id, act=VERIFIED).order_by("-id").first()
    return {"at": found.happened_at, **found.details} if found else None


@require_http_methods(["GET", "HEAD"])
@allows(roles=VERIFIES, to="verify the books")
def verification(request: HttpRequest) -> HttpResponse:
    """When the books were last verified, the seals that pin what was, and a button to verify them now."""
    return verification_shown(request)


def verification_shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    organisation_id = actor_of(request).organisation_id
    return _verification(request, organisation_id, refusal=refusal)


@require_POST
@allows(roles=VERIFIES, to="verify the books")
@refusals_shown_by(verification_shown)
def run_verification(request: HttpRequest) -> HttpResponse:
    """Run every check over the whole book in one snapshot, and show each with what it found."""
    actor = actor_of(request)
    kept = [line.strip() for line in request.POST.get("anchors", "").splitlines() if line.strip()]
    if not _verifying.acquire(blocking=False):
        raise VerificationUnderWay
    try:
        report = verify(actor.organisation_id, anchors=kept)
    finally:
        _verifying.release()
    with in_organisation(actor.organisation_id):
        facts = {
            "holds": report.holds,
            "checks": len(report.results),
            "broken": [result.check.id for result in report.broken()],
            "transfers": report.transfers,
        }
        audit.note(actor=actor.ref, act=VERIFIED, details=facts)
        return _verification(request, actor.organisation_id, report=report, kept=kept)


def _verification(
    request: HttpRequest,
    organisation_id: int,
    *,
    report: Report | None = None,
    kept: list[str] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    code = organisation(organisation_id).code
    seals = list(Seal.objects.filter(organisation_id=organisation_id).order_by("-number"))
    shown = {
        "title": _("Verification"),
        "lead": _("Every point that ever moved, added up again and compared with what stands."),
        "trail": [
            {"label": _("Ledger"), "url": reverse("console:ledger")},
            {"label": _("Verification"), "url": ""},
        ],
        "report": report,
        "checks": _checks(report) if report else [],
        "milliseconds": round(report.seconds * 1000) if report else 0,
        "verification": last_verification(organisation_id),
        "seals": [{"seal": one, "anchor": anchor_of(code, one)} for one in seals],
        "kept": "\n".join(kept or []),
        "refusal": refusal,
        "may_seal": actor_of(request).has_role(*SEALS),
    }
    return render(request, "ledger/console_verification.html", shown)


def _checks(report: Report) -> list[dict[str, Any]]:
    """Each check with the first rows that break it. What is the whole database's is its operator's to see."""
    return [
        {
            "id": result.check.id,
            "sentence": result.check.sentence,
            "holds": result.holds,
            "rows": [_said(row) for row in result.rows] if result.organisation_id is not None else [],
            "more": result.more,
        }
        for result in sorted(report.results, key=lambda one: one.holds)
    ]


def _said(row: Any) -> dict[str, Any]:
    facts = {name: value for name, value in row.items() if name not in ("transfer", "organisation_id")}
    plain = ", ".join(
        f"{name} {value.isoformat() if isinstance(value, datetime) else value}"
        for name, value in facts.items()
    )
    return {"transfer": row.get("transfer", ""), "facts": plain}


@require_POST
@allows(roles=SEALS, to="seal the books")
@refusals_shown_by(verification_shown)
def seal_books(request: HttpRequest) -> HttpResponse:
    """Seal everything recorded up to now."""
    actor = actor_of(request)
    sealed = seal(actor.organisation_id, actor=actor.ref)
    messages.success(
        request,
        _("Seal {number} closes everything recorded until now. Keep its line somewhere else.").format(
            number=sealed.number
        ),
    )
    return HttpResponseRedirect(reverse("console:verification"))
