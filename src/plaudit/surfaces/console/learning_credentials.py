"""What members took along, in the console: who has which credential, revoking one, and the keys they are signed with."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.credentials import queries
from plaudit.credentials.actions.giving import revoke_credential
from plaudit.credentials.actions.signing import renew_key
from plaudit.credentials.checking import standing
from plaudit.credentials.holdings import grounded
from plaudit.credentials.refusals import SayWhy
from plaudit.credentials.rules.multibase import multikey
from plaudit.credentials.wording import drawn
from plaudit.foundation import ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.queries.rolls import names_of
from plaudit.surfaces.console.learning import READS_LEARNING, RUNS_LEARNING, parts_of
from plaudit.surfaces.console.listing import pages

PER_PAGE = 50


@require_GET
@allows(roles=READS_LEARNING, to="see credentials")
def credentials(request: HttpRequest) -> HttpResponse:
    """Credentials in the order in which they were given, which of them stand, and the keys."""
    return credentials_shown(request)


def credentials_shown(request: HttpRequest, refusal: Refusal | None = None, **_about: object) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    after = read_cursor(request.GET.get("after"), one_id)
    found = queries.credentials(actor.organisation_id, after=after, limit=PER_PAGE + 1)
    rows = found[:PER_PAGE]
    stand = grounded(actor.organisation_id, rows)
    called = names_of(actor.organisation_id, list({one.member_id for one in rows}))
    shown = {
        "title": _("Credentials"),
        "lead": _(
            "What members took with them. Revoking one leaves them what it shows, and cannot be undone."
        ),
        "parts": parts_of("learning-credentials"),
        "rows": [
            {
                **drawn(one, standing(one, is_grounded=one.id in stand)),
                "who": (called[one.member_id].name if one.member_id in called else "")
                or ids.show("mem", one.member_id),
            }
            for one in rows
        ],
        "keys": [
            {"one": one, "text": multikey(bytes(one.public))} for one in queries.keys(actor.organisation_id)
        ],
        "may_run": actor.has_role(*RUNS_LEARNING),
        "pages": pages(
            request, write_cursor(rows[-1].id) if len(found) > PER_PAGE else None, shown=len(rows)
        ),
        "refusal": refusal,
    }
    return render(
        request, "console/learning_credentials.html", shown, status=refusal.status if refusal else 200
    )


@require_POST
@allows(roles=RUNS_LEARNING, to="revoke credentials")
@refusals_shown_by(credentials_shown)
def revoke(request: HttpRequest, credential: str) -> HttpResponse:
    """Revoke one for good, with a reason that its page tells anybody."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        one = queries.credential(actor.organisation_id, queries.credential_id_of(credential))
    reason = request.POST.get("reason", "").strip()[:500]
    if not reason:
        raise SayWhy
    revoke_credential(actor.organisation_id, credential_id=one.id, reason=reason, actor=actor.ref)
    messages.success(request, _("Revoked. Its page says so from now on."))
    return HttpResponseRedirect(reverse("console:learning-credentials"))


@require_POST
@allows(roles=RUNS_LEARNING, to="renew the key that credentials are signed with")
@refusals_shown_by(credentials_shown)
def renew(request: HttpRequest) -> HttpResponse:
    """Sign with a new key from now on."""
    actor = actor_of(request)
    renew_key(actor.organisation_id, actor=actor.ref)
    messages.success(request, _("There is a new key. What the old one signed stays good."))
    return HttpResponseRedirect(reverse("console:learning-credentials"))
