"""The books in the console: the proof that they hold, and their seals."""

from __future__ import annotations

from datetime import datetime
from threading import Lock
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plaudit.foundation import audit
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.models import Audit
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.seal import seal
from plaudit.ledger.models import Seal
from plaudit.ledger.sealing import anchor_of
from plaudit.ledger.verification.verify import Report, verify
from plaudit.people.queries import organisation

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
