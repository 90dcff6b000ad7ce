"""What a person does about an import in the console: pause it, cancel it, let it go on, take it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plaudit.earning.actions.reverse_import import refuse_irreversible
from plaudit.earning.actions.stop_import import cancel_import, pause_import
from plaudit.earning.console import IMPORTS, import_named, import_page_shown
from plaudit.earning.tasks import go_on_later, reverse_later
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import in_organisation

REASON_MAX = 500


@require_POST
@allows(roles=IMPORTS, to="pause imports")
@refusals_shown_by(import_page_shown)
def pause(request: HttpRequest, import_id: str) -> HttpResponse:
    """Stop after the step it is at; nothing of what is done is lost."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        batch = import_named(actor.organisation_id, import_id)
        pause_import(actor.organisation_id, batch.id, actor=actor.ref)
    messages.info(request, _("Paused. What was imported stays; go on whenever you like."))
    return _back(import_id)


@require_POST
@allows(roles=IMPORTS, to="cancel imports")
@refusals_shown_by(import_page_shown)
def cancel(request: HttpRequest, import_id: str) -> HttpResponse:
    """End it after the step it is at; what is in stays in."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        batch = import_named(actor.organisation_id, import_id)
        cancel_import(actor.organisation_id, batch.id, actor=actor.ref)
    messages.info(request, _("Cancelled. What was imported stays, until you take it back."))
    return _back(import_id)


@require_POST
@allows(roles=IMPORTS, to="resume imports")
@refusals_shown_by(import_page_shown)
def resume(request: HttpRequest, import_id: str) -> HttpResponse:
    """Go on from where it was paused, cancelled or left."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        batch = import_named(actor.organisation_id, import_id)
        go_on_later(actor.organisation_id, batch.id, actor=actor.ref)
    messages.info(request, _("It goes on from where it was."))
    return _back(import_id)


@require_POST
@allows(roles=IMPORTS, to="take imports back")
@refusals_shown_by(import_page_shown)
def take_back(request: HttpRequest, import_id: str) -> HttpResponse:
    """Take back what its events earned; a worker does it, and the page follows."""
    actor = actor_of(request)
    reason = request.POST.get("reason", "").strip()[:REASON_MAX]
    with in_organisation(actor.organisation_id):
        batch = import_named(actor.organisation_id, import_id)
        refuse_irreversible(batch)
        if not reason:
            raise Problem(_("Say why it is taken back."))
        reverse_later(actor.organisation_id, batch.id, actor=actor.ref, reason=reason)
    messages.info(request, _("A worker takes it back. Its activity stays on record and is worth nothing."))
    return _back(import_id)


def _back(import_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:import", args=[import_id]))
