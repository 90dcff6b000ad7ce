"""Who may work here: people and their roles, invited by a link, changed, suspended, signed out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.access.routes import routes
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.people import devices
from plaudit.people.actions.roles import invite_user, set_roles
from plaudit.people.actions.signing_in import end_sessions_here
from plaudit.people.providers import other_way_is_open, provider_of
from plaudit.people.queries import colleague, people, sessions_here
from plaudit.people.role_words import ROLE_WORDS
from plaudit.people.signing_in import send_link

RUNS = (RoleName.OPERATOR,)
LISTED = 500

ROLES = [
    (RoleName.MANAGER, gettext_lazy("Manager: programmes, members and everything about them")),
    (RoleName.DESK, gettext_lazy("Service desk: answers members, gives goodwill")),
    (RoleName.FINANCE, gettext_lazy("Finance: the books, their proof and their cost")),
    (RoleName.AUDITOR, gettext_lazy("Auditor: reads everything, changes nothing, every look is on record")),
    (RoleName.SUPERVISOR, gettext_lazy("Supervisor: the teams they lead")),
    (RoleName.DEVELOPER, gettext_lazy("Developer: builds in sandboxes, sees keys and webhooks")),
    (RoleName.OPERATOR, gettext_lazy("Operator: keys, webhooks, jobs and who may work here")),
]


class RolesForm(forms.Form):
    """Which roles somebody holds."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("What are they here for?"),
        choices=[(role.value, words) for role, words in ROLES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one role.")},
    )


class InviteForm(RolesForm):
    """Who is invited."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("A link to sign in is sent there. It is good for a quarter of an hour, once."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Enter their e-mail address."),
            "invalid": gettext_lazy("Enter an e-mail address such as name@example.com."),
        },
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)

    field_order = ("email", "name", "roles")


@require_GET
@allows(roles=RUNS, to="see who may work here")
def people_list(request: HttpRequest) -> HttpResponse:
    """Everyone with a role, the roles side by side, and where they are signed in."""
    organisation_id = actor_of(request).organisation_id
    found = people(organisation_id)[:LISTED]
    signed_in = sessions_here(organisation_id, [one.user.id for one in found])
    columns = [role for role, _words in ROLES]
    shown = {
        "title": _("People"),
        "lead": _("Who works on the programme here, and what they may do."),
        "columns": [_(ROLE_WORDS[role]) for role in columns],
        "rows": [
            {
                "user": one.user,
                "held": [{"role": _(ROLE_WORDS[role]), "held": role in one.roles} for role in columns],
                "browsers": len(signed_in.get(one.user.id, [])),
            }
            for one in found
        ],
    }
    return render(request, "console/people.html", shown)


@require_GET
@allows(roles=RUNS, to="see what each role may do")
def role_matrix(request: HttpRequest) -> HttpResponse:
    """What each role may do, as every page declares it."""
    allowed: dict[str, set[str]] = {}
    for route in routes():
        if route.access is not None and route.access.roles:
            allowed.setdefault(route.access.to, set()).update(role.value for role in route.access.roles)
    columns = [*(role for role, _words in ROLES), RoleName.MEMBER]
    shown = {
        "title": _("What each role may do"),
        "trail": _trail(_("Roles")),
        "columns": [_(ROLE_WORDS[role]) for role in columns],
        "rows": [
            {
                "to": _(to),
                "may": [{"role": _(ROLE_WORDS[role]), "may": role.value in allowed[to]} for role in columns],
            }
            for to in sorted(allowed)
        ],
    }
    return render(request, "console/roles.html", shown)


@require_GET
@allows(roles=RUNS, to="invite people")
def invite_page(request: HttpRequest) -> HttpResponse:
    """The form that invites somebody."""
    return _invite_page(request, InviteForm())


def invite_page_shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The same as it was filled in, with what was refused on it."""
    return _invite_page(request, InviteForm(request.POST), refusal)


def _invite_page(request: HttpRequest, form: InviteForm, refusal: Refusal | None = None) -> HttpResponse:
    shown = {"title": _("Invite somebody"), "trail": _trail(_("New")), "form": form, "refusal": refusal}
    return render(request, "console/person_new.html", shown, status=422 if form.errors else 200)


@require_POST
@allows(roles=RUNS, to="invite people")
@refusals_shown_by(invite_page_shown)
def invite(request: HttpRequest) -> HttpResponse:
    """Let somebody work here, and have a link to sign in sent to them."""
    actor = actor_of(request)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _invite_page(request, form)
    told = form.cleaned_data
    with in_organisation(actor.organisation_id):
        user = invite_user(
            actor.organisation_id,
            email=told["email"],
            name=told["name"],
            roles=told["roles"],
            actor=actor.ref,
        )
        messages.success(request, _send(request, user.email, told["roles"]))
    return HttpResponseRedirect(reverse("console:person", args=[user.id]))


def _send(request: HttpRequest, email: str, roles: Collection[str]) -> str:
    """Have a link sent, unless whoever has these roles gets in by the provider alone; what to say of it."""
    organisation = actor_of(request).organisation
    assert organisation is not None
    provider = provider_of(organisation.id)
    if provider is not None and not other_way_is_open(organisation.id, roles):
        return _("{email} can sign in with {provider} now.").format(email=email, provider=provider.name)
    send_link(request, email=email, slug=organisation.slug)
    return _("A link to sign in is on its way to {email}.").format(email=email)


@require_GET
@allows(roles=RUNS, to="see who may work here")
def person_page(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person: their roles, where they are signed in, and how they leave."""
    return person_page_shown(request, user_id)


def person_page_shown(request: HttpRequest, user_id: int, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    filled = request.method == "POST" and "roles" in request.POST
    return _person_page(request, user_id, RolesForm(request.POST) if filled else None, refusal)


def _person_page(
    request: HttpRequest, user_id: int, form: RolesForm | None, refusal: Refusal | None = None
) -> HttpResponse:
    actor = actor_of(request)
    one = colleague(actor.organisation_id, _in_range(user_id))
    found = sessions_here(actor.organisation_id, [one.user.id]).get(one.user.id, [])
    shown: dict[str, Any] = {
        "title": one.user.name or one.user.email,
        "lead": one.user.email if one.user.name else None,
        "trail": _trail(one.user.name or one.user.email),
        "user": one.user,
        "form": form or RolesForm(initial={"roles": list(one.roles)}),
        "is_me": one.user.id == actor.user_id,
        "sessions": [
            {"device": devices.describe(each.device), "address": each.address, "seen": each.last_seen_at}
            for each in found
        ],
        "refusal": refusal,
    }
    return render(request, "console/person.html", shown, status=422 if form and form.errors else 200)


def _in_range(user_id: int) -> int:
    # What no number of a person can be is nobody's.
    return user_id if user_id < 1 << 31 else 0


@require_POST
@allows(roles=RUNS, to="change roles")
@refusals_shown_by(person_page_shown)
def change_roles(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let somebody hold these roles and no others, from their next request on."""
    actor = actor_of(request)
    form = RolesForm(request.POST)
    with in_organisation(actor.organisation_id):
        one = colleague(actor.organisation_id, _in_range(user_id))
        if not form.is_valid():
            return _person_page(request, user_id, form)
        set_roles(
            actor.organisation_id, user_id=one.user.id, roles=form.cleaned_data["roles"], actor=actor.ref
        )
    messages.success(request, _("The roles are changed; they count from the next request on."))
    return _back(request, user_id)


@require_POST
@allows(roles=RUNS, to="suspend people")
@refusals_shown_by(person_page_shown)
def suspend(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take every role away and sign them out here. They can be invited again."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        one = colleague(actor.organisation_id, _in_range(user_id))
        set_roles(actor.organisation_id, user_id=one.user.id, roles=[], actor=actor.ref)
        end_sessions_here(actor.organisation_id, user_id=one.user.id, actor=actor.ref)
    who = one.user.name or one.user.email
    messages.success(request, _("{who} works here no more, and is signed out.").format(who=who))
    return HttpResponseRedirect(reverse("console:people"))


@require_POST
@allows(roles=RUNS, to="sign people out")
@refusals_shown_by(person_page_shown)
def end_sessions(request: HttpRequest, user_id: int) -> HttpResponse:
    """Sign somebody out of every browser in which they work here."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        one = colleague(actor.organisation_id, _in_range(user_id))
        ended = end_sessions_here(actor.organisation_id, user_id=one.user.id, actor=actor.ref)
    told = ngettext("{count} browser is signed out.", "{count} browsers are signed out.", ended)
    messages.success(request, told.format(count=ended))
    return _back(request, user_id)


@require_POST
@allows(roles=RUNS, to="invite people")
@refusals_shown_by(person_page_shown)
def send_again(request: HttpRequest, user_id: int) -> HttpResponse:
    """Send somebody another link to sign in."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        one = colleague(organisation_id, _in_range(user_id))
        messages.info(request, _send(request, one.user.email, one.roles))
    return _back(request, user_id)


def _back(request: HttpRequest, user_id: int) -> HttpResponse:
    """The person's page; the list for whoever just took their own place here away."""
    mine = user_id == cast("int", actor_of(request).user_id)
    return HttpResponseRedirect(
        reverse("console:home") if mine else reverse("console:person", args=[user_id])
    )


def _trail(last: str) -> list[dict[str, str]]:
    return [{"label": _("People"), "url": reverse("console:people")}, {"label": last, "url": ""}]
