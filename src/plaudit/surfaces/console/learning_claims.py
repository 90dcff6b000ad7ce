"""Claims, gaps and certificates in the console: what members say they learned, who needs what, what shows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import clock, ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.claiming import claim_ref, decide_claim
from plaudit.learning.actions.completions import withdraw_completion
from plaudit.learning.definitions import Learning, Offering
from plaudit.learning.models import Certificate, ClaimState
from plaudit.learning.offered import all_learning, day_of
from plaudit.learning.queries import learned
from plaudit.learning.queries.gaps import coverage, lacking
from plaudit.learning.queries.rolls import names_of
from plaudit.surfaces.console.learning import READS_LEARNING, RUNS_LEARNING, parts_of
from plaudit.surfaces.console.listing import csv_answer, pages, wants_csv

PER_PAGE = 50
SOON = timedelta(days=60)
_STATES = {
    ClaimState.WAITING: (gettext_lazy("Waiting"), "warn"),
    ClaimState.APPROVED: (gettext_lazy("Approved"), "good"),
    ClaimState.DECLINED: (gettext_lazy("Declined"), "neutral"),
}


def _names(offered: Iterable[Learning]) -> dict[tuple[str, str], str]:
    return {(each.programme, one.key): one.name for each in offered for one in each.offerings}


def _called(organisation_id: int, members: Iterable[UUID]) -> dict[UUID, str]:
    wanted = list(members)
    found = names_of(organisation_id, wanted)
    return {one: (found[one].name if one in found else "") or ids.show("mem", one) for one in wanted}


@require_GET
@allows(roles=READS_LEARNING, to="see claims")
def claims(request: HttpRequest) -> HttpResponse:
    """What members say they learned: what waits first, with what proves it."""
    return claims_shown(request)


def claims_shown(request: HttpRequest, refusal: Refusal | None = None, **_about: object) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    state = request.GET.get("state", ClaimState.WAITING)
    state = state if state in ClaimState.values else ""
    found = learned.claims(
        actor.organisation_id,
        state=state,
        after=read_cursor(request.GET.get("after"), one_id),
        limit=PER_PAGE + 1,
    )
    rows = found[:PER_PAGE]
    twice = learned.proofs_sent_twice(actor.organisation_id, {one.digest for one in rows})
    named, called = (
        _names(all_learning(actor.organisation_id)),
        _called(actor.organisation_id, {one.member_id for one in rows}),
    )
    drawn = []
    for one in rows:
        words, kind = _STATES[ClaimState(one.state)]
        drawn.append(
            {
                "one": one,
                "reference": claim_ref(one.id),
                "what": named.get((one.programme, one.offering), one.offering),
                "who": called[one.member_id],
                "state": words,
                "state_kind": kind,
                "sent_twice": one.digest in twice,
            }
        )
    shown = {
        "title": _("Claims"),
        "lead": _("What members say they learned. It counts once you approve it."),
        "parts": parts_of("learning-claims"),
        "rows": drawn,
        "state": state,
        "states": [(state.value, words) for state, (words, _) in _STATES.items()],
        "may_run": actor.has_role(*RUNS_LEARNING),
        "pages": pages(
            request, write_cursor(rows[-1].id) if len(found) > PER_PAGE else None, shown=len(rows)
        ),
        "refusal": refusal,
    }
    return render(request, "console/learning_claims.html", shown)


@require_GET
@allows(roles=READS_LEARNING, to="see claims")
def proof(request: HttpRequest, reference: str) -> HttpResponse:
    """What proves a claim, as a file to keep: it is never shown as part of a page."""
    one = learned.claim(actor_of(request).organisation_id, learned.claim_id_of(reference))
    if not one.proof:
        raise NotFound(kind="claim", ref=reference)
    ending = one.media.rpartition("/")[2]
    response = HttpResponse(bytes(one.proof), content_type=one.media)
    response["Content-Disposition"] = f'attachment; filename="{claim_ref(one.id)}.{ending}"'
    return response


@require_POST
@allows(roles=RUNS_LEARNING, to="decide claims")
@refusals_shown_by(claims_shown)
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Approve a claim, or decline it with the reason."""
    actor = actor_of(request)
    approve = request.POST.get("then") == "approve"
    decide_claim(
        actor.organisation_id,
        claim_id=learned.claim_id_of(reference),
        approve=approve,
        answer=request.POST.get("answer", "")[:1_000],
        actor=actor.ref,
        decider_id=actor.member_id,
    )
    messages.success(request, _("Approved; it is counted.") if approve else _("Declined."))
    return HttpResponseRedirect(reverse("console:learning-claims"))


@require_GET
@allows(roles=READS_LEARNING, to="see gaps")
def gaps(request: HttpRequest) -> HttpResponse:
    """Who needs what by role: how far each role is, and who is missing."""
    actor = actor_of(request)
    needed = [
        (learning, one)
        for learning in all_learning(actor.organisation_id)
        for one in learning.offerings
        if one.needed_by
    ]
    if wants_csv(request):
        header = ["programme", "offering", "member", "name", "role", "through"]
        return csv_answer("gaps", header, _gap_lines(actor.organisation_id, needed))
    shown = {
        "title": _("Gaps"),
        "lead": _("Who needs what by their role, and whose certificate ends within sixty days."),
        "parts": parts_of("learning-gaps"),
        "groups": [_gap(actor.organisation_id, learning, one) for learning, one in needed],
    }
    return render(request, "console/learning_gaps.html", shown)


def _gap(organisation_id: int, learning: Learning, one: Offering) -> dict[str, Any]:
    today = day_of(learning, clock.now())
    return {
        "name": one.name,
        "key": one.key,
        "roles": coverage(organisation_id, learning, one, today=today, soon=today + SOON),
        "missing": [
            {"who": each, "url": reverse("console:member", args=[ids.show("mem", each.member_id)])}
            for each in lacking(organisation_id, learning, one, soon=today + SOON, limit=20)
        ],
    }


def _gap_lines(organisation_id: int, needed: Iterable[tuple[Learning, Offering]]) -> list[list[object]]:
    lines: list[list[object]] = []
    for learning, one in needed:
        soon = day_of(learning, clock.now()) + SOON
        lines += [
            [
                learning.programme,
                one.key,
                ids.show("mem", each.member_id),
                each.name,
                each.role,
                each.last_day,
            ]
            for each in lacking(organisation_id, learning, one, soon=soon, limit=10_000)
        ]
    return lines


@require_GET
@allows(roles=READS_LEARNING, to="see certificates")
def certificates(request: HttpRequest) -> HttpResponse:
    """Certificates that were issued, until when they hold, and which were revoked."""
    return certificates_shown(request)


def certificates_shown(
    request: HttpRequest, refusal: Refusal | None = None, **_about: object
) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    after = read_cursor(request.GET.get("after"), one_id)
    found = learned.certificates(actor.organisation_id, after=after, limit=PER_PAGE + 1)
    rows = found[:PER_PAGE]
    called = _called(actor.organisation_id, {one.member_id for one in rows})
    shown = {
        "title": _("Certificates"),
        "lead": _("What members can show. Revoking one takes back what it earned."),
        "parts": parts_of("learning-certificates"),
        "rows": [_certificate(one, called[one.member_id]) for one in rows],
        "may_run": actor.has_role(*RUNS_LEARNING),
        "pages": pages(
            request, write_cursor(rows[-1].id) if len(found) > PER_PAGE else None, shown=len(rows)
        ),
        "refusal": refusal,
    }
    return render(request, "console/learning_certificates.html", shown)


def _certificate(one: Certificate, who: str) -> dict[str, Any]:
    words, kind = _("Holds"), "good"
    if one.revoked_at is not None:
        words, kind = _("Revoked"), "bad"
    elif one.last_day is not None and one.last_day < clock.now().date():
        words, kind = _("Ended"), "neutral"
    return {"one": one, "reference": ids.show("crt", one.id), "who": who, "state": words, "state_kind": kind}


@require_POST
@allows(roles=RUNS_LEARNING, to="revoke certificates")
@refusals_shown_by(certificates_shown)
def revoke(request: HttpRequest, certificate: str) -> HttpResponse:
    """Revoke a certificate with its completion: what it earned goes too."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        id = ids.read("crt", certificate, kind="certificate")
        one = learned.certificate(actor.organisation_id, id)
    withdraw_completion(
        actor.organisation_id,
        completion_id=one.completion_id,
        reason=request.POST.get("reason", "")[:500],
        actor=actor.ref,
    )
    messages.success(request, _("Revoked. What it earned is taken back."))
    return HttpResponseRedirect(reverse("console:learning-certificates"))
