"""Sandboxes in the console: made with the programmes in force, entered, and left for the real thing."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import clock
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import BUILDERS
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.organisations import create_organisation
from plaudit.people.actions.roles import join_sandbox
from plaudit.people.actions.sandboxes import close_sandbox
from plaudit.people.models import Organisation
from plaudit.people.queries import organisation, organisations_of, sandboxes_of
from plaudit.people.signing_in import enter_organisation
from plaudit.planning.actions.copy_programmes import copy_programmes


class SandboxForm(forms.Form):
    """What a sandbox is called."""

    name = forms.CharField(
        label=gettext_lazy("What do you want to try?"),
        max_length=60,
        help_text=gettext_lazy("Its name, such as New tiers."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give it a name.")},
    )


@require_GET
@allows(roles=BUILDERS, to="see sandboxes")
def sandbox_list(request: HttpRequest) -> HttpResponse:
    """The sandboxes of the organisation, where their clocks stand, and the way in."""
    return _list_page(request, SandboxForm())


def sandbox_list_shown(request: HttpRequest, refusal: Refusal | None = None, **_named: str) -> HttpResponse:
    """The same as it was filled in, with what was refused on it."""
    return _list_page(request, SandboxForm(request.POST if "name" in request.POST else None), refusal)


def _list_page(request: HttpRequest, form: SandboxForm, refusal: Refusal | None = None) -> HttpResponse:
    actor = actor_of(request)
    original = _original(actor)
    here = actor.organisation_id
    entered = {one.id for one in organisations_of(cast("int", actor.user_id))}
    shown = {
        "title": _("Sandboxes"),
        "lead": _("Organisations to try things in: their own members and books, and a clock you move."),
        "rows": [_row(one, here) for one in sandboxes_of(original.id)],
        "original": original,
        "is_here": original.id == here,
        "may_return": original.id in entered and original.id != here,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "console/sandboxes.html", shown, status=422 if form.errors else 200)


def _row(one: Organisation, here: int) -> dict[str, Any]:
    return {
        "one": one,
        "now": clock.wall() + one.clock_shift,
        "is_ahead": bool(one.clock_shift),
        "is_here": one.id == here,
    }


def _original(actor: Actor) -> Organisation:
    """The live organisation behind the one at work: itself, or what the sandbox was made of."""
    here = organisation(actor.organisation_id)
    return here.copied_from or here


@require_POST
@allows(roles=BUILDERS, to="make sandboxes")
@refusals_shown_by(sandbox_list_shown)
def make_sandbox(request: HttpRequest) -> HttpResponse:
    """Make a sandbox with the programmes in force, and go into it."""
    actor = actor_of(request)
    form = SandboxForm(request.POST)
    if not form.is_valid():
        with in_organisation(actor.organisation_id):
            return _list_page(request, form)
    original = _original(actor)
    made = _made(actor, original, form.cleaned_data["name"], f"{original.name}: {form.cleaned_data['name']}")
    words = _("{name} is ready, with the programmes in force.").format(name=made.name)
    return _go_in(request, original, made, words)


def _made(actor: Actor, original: Organisation, word: str, name: str) -> Organisation:
    """A new sandbox with the programmes in force; `word` is what its short name ends with."""
    made = create_organisation(
        _free_slug(original.slug, word), name=name, sandbox_of=original.id, actor=actor.ref
    )
    copy_programmes(original.id, made.id, actor=actor.ref)
    return made


def _free_slug(original: str, name: str) -> str:
    """A short name nobody has. Of two made at once by one name, the second is refused and can be made again."""
    wanted = f"{original[:20]}-{slugify(name)[:20] or 'sandbox'}".strip("-")
    taken = set(Organisation.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(one for one in numbered if one not in taken)


@require_POST
@allows(roles=BUILDERS, to="enter sandboxes")
@refusals_shown_by(sandbox_list_shown)
def enter_sandbox(request: HttpRequest, sandbox: str) -> HttpResponse:
    """Go into a sandbox, with the roles one holds in the original."""
    original, found = _named(actor_of(request), sandbox)
    return _go_in(request, original, found, _("You are in {name} now.").format(name=found.name))


@require_POST
@allows(roles=BUILDERS, to="copy programmes into sandboxes")
@refusals_shown_by(sandbox_list_shown)
def copy_settings(request: HttpRequest, sandbox: str) -> HttpResponse:
    """Put the programmes in force into a sandbox again, whatever was tried there meanwhile."""
    actor = actor_of(request)
    original, found = _named(actor, sandbox)
    copied = copy_programmes(original.id, found.id, actor=actor.ref)
    told = _("In {name} the programmes are as in force now: {keys}.")
    messages.success(request, told.format(name=found.name, keys=", ".join(copied) or _("none")))
    return HttpResponseRedirect(reverse("console:sandboxes"))


@require_POST
@allows(roles=BUILDERS, to="begin sandboxes anew")
@refusals_shown_by(sandbox_list_shown)
def reset_sandbox(request: HttpRequest, sandbox: str) -> HttpResponse:
    """Close a sandbox and make one of the same name in its place: no members, no points, the real time."""
    actor = actor_of(request)
    original, found = _named(actor, sandbox)
    made = _made(actor, original, found.name.rpartition(": ")[2], found.name)
    close_sandbox(original.id, found.id, actor=actor.ref)
    words = _("{name} begins anew, with the programmes in force.").format(name=made.name)
    return _go_in(request, original, made, words)


@require_POST
@allows(roles=BUILDERS, to="delete sandboxes")
@refusals_shown_by(sandbox_list_shown)
def delete_sandbox(request: HttpRequest, sandbox: str) -> HttpResponse:
    """Close a sandbox for good. Whoever stands in it is led back to the real organisation."""
    actor = actor_of(request)
    original, found = _named(actor, sandbox)
    was_here = found.id == actor.organisation_id
    if was_here:
        enter_organisation(request, original.id)
    close_sandbox(original.id, found.id, actor=actor.ref)
    messages.success(request, _("{name} is gone, with its keys and ways in.").format(name=found.name))
    return HttpResponseRedirect(reverse("console:sandboxes"))


def _named(actor: Actor, code: str) -> tuple[Organisation, Organisation]:
    """The original, and its sandbox of this code. Raises `NotFound`."""
    original = _original(actor)
    found = next((one for one in sandboxes_of(original.id) if one.code == code), None)
    if found is None:
        raise NotFound(kind="sandbox", ref=code)
    return original, found


def _go_in(request: HttpRequest, original: Organisation, sandbox: Organisation, words: str) -> HttpResponse:
    actor = actor_of(request)
    join_sandbox(original.id, sandbox.id, user_id=cast("int", actor.user_id), actor=actor.ref)
    enter_organisation(request, sandbox.id)
    messages.success(request, words)
    return HttpResponseRedirect(reverse("console:clock"))


@require_POST
@allows(roles=BUILDERS, to="leave a sandbox")
def leave_sandbox(request: HttpRequest) -> HttpResponse:
    """Go back to the organisation the sandbox was made of."""
    original = _original(actor_of(request))
    enter_organisation(request, original.id)
    messages.info(request, _("You are in {name} again. What you do here is real.").format(name=original.name))
    return HttpResponseRedirect(reverse("console:sandboxes"))
