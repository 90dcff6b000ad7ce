"""Single sign-on in the console: who vouches for the organisation's people, whom it may let in, and its end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import Problem, Refusal
from plaudit.people.actions.single_sign_on import remove_provider, set_provider
from plaudit.people.asking_provider import discover
from plaudit.people.providers import GRANTED_AT_FIRST, OtherWays, Provider, provider_of
from plaudit.people.queries import organisation
from plaudit.people.refusals import ProviderUnreachable
from plaudit.people.single_sign_on import return_address
from plaudit.surfaces.console.colleagues import ROLES, RUNS

_ROLES = [
    (RoleName.MEMBER, gettext_lazy("Member: collects points, and sees their own")),
    *((role, words) for role, words in ROLES if role in GRANTED_AT_FIRST),
]


class ProviderForm(forms.Form):
    """Who vouches, for whom, and what that is worth."""

    name = forms.CharField(
        label=gettext_lazy("What do your people call it?"),
        max_length=50,
        help_text=gettext_lazy("It stands on the button: Sign in with …"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say what it is called.")},
    )
    issuer = forms.URLField(
        label=gettext_lazy("Issuer"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy(
            "Its address, exactly as it names itself, such as https://id.harbour.example."
        ),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Enter its issuer."),
            "invalid": gettext_lazy("Enter an address such as https://id.harbour.example."),
        },
    )
    client_id = forms.CharField(
        label=gettext_lazy("Client id"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Enter the client id it gave you.")},
    )
    client_secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        max_length=2_000,
        required=False,
        help_text=gettext_lazy(
            "It is kept encrypted and never shown again. Leave it empty to keep the one there is."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("Enter the client secret it gave you.")},
    )
    domains = forms.CharField(
        label=gettext_lazy("Domains of your people's addresses"),
        max_length=10_000,
        help_text=gettext_lazy("One a line, such as harbour.example. Nobody else is let in by it."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Name at least one domain.")},
    )
    creates = forms.ChoiceField(
        label=gettext_lazy("Somebody signs in whom nobody has invited"),
        choices=[
            ("no", gettext_lazy("They are turned away")),
            ("yes", gettext_lazy("They are let in, with the role below")),
        ],
        widget=forms.RadioSelect,
        initial="no",
        error_messages={"required": gettext_lazy("Choose what happens then.")},
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Their role"),
        choices=[(role.value, words) for role, words in _ROLES],
        initial=RoleName.MEMBER.value,
    )
    other_ways = forms.ChoiceField(
        label=gettext_lazy("Who may still sign in by a link or a passkey?"),
        choices=[
            (OtherWays.EVERYBODY.value, gettext_lazy("Everybody")),
            (
                OtherWays.MEMBERS.value,
                gettext_lazy("Members only: who works here signs in with the provider"),
            ),
            (OtherWays.NOBODY.value, gettext_lazy("Nobody")),
        ],
        widget=forms.RadioSelect,
        initial=OtherWays.EVERYBODY.value,
        error_messages={"required": gettext_lazy("Choose who may.")},
    )

    def clean_domains(self) -> list[str]:
        """Each domain by itself."""
        return str(self.cleaned_data["domains"]).replace(",", " ").split()


@require_GET
@allows(roles=RUNS, to="see who vouches for people")
def provider_page(request: HttpRequest) -> HttpResponse:
    """Who vouches for the organisation's people; nothing filled in where nobody does."""
    provider = provider_of(actor_of(request).organisation_id)
    return _page(request, _form(provider, initial=_told(provider)), provider)


def provider_page_shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The same as it was filled in, with what was refused on it."""
    provider = provider_of(actor_of(request).organisation_id)
    form = _form(provider, request.POST)
    if isinstance(refusal, Problem):
        for fault in refusal.errors:
            form.add_error(str(fault["pointer"]).strip("/"), str(fault["detail"]))
        refusal = None
    return _page(request, form, provider, refusal)


def _form(provider: Provider | None, *filled: Any, **how: Any) -> ProviderForm:
    """The form, as it was filled in; the first time it needs the secret."""
    form = ProviderForm(*filled, **how)
    form.fields["client_secret"].required = provider is None
    return form


def _page(
    request: HttpRequest, form: ProviderForm, provider: Provider | None, refusal: Refusal | None = None
) -> HttpResponse:
    here = organisation(actor_of(request).organisation_id)
    shown = {
        "title": _("Single sign-on"),
        "lead": _("Your people sign in with the account they have at work (OpenID Connect)."),
        "trail": [
            {"label": _("People"), "url": reverse("console:people")},
            {"label": _("Single sign-on"), "url": ""},
        ],
        "form": form,
        "provider": provider,
        "return_address": return_address(request, here),
        "sign_in_address": request.build_absolute_uri(reverse("portal:sign-in-to", args=[here.slug])),
        "refusal": refusal,
    }
    return render(request, "console/single_sign_on.html", shown, status=422 if form.errors else 200)


def _told(provider: Provider | None) -> dict[str, str]:
    if provider is None:
        return {}
    return {
        "name": provider.name,
        "issuer": provider.issuer,
        "client_id": provider.client_id,
        "domains": "\n".join(provider.domains),
        "creates": "yes" if provider.creates else "no",
        "role": provider.role,
        "other_ways": provider.other_ways,
    }


@require_POST
@allows(roles=RUNS, to="change who vouches for people")
@refusals_shown_by(provider_page_shown)
def save_provider(request: HttpRequest) -> HttpResponse:
    """Let this provider vouch for the organisation's people, and look whether it answers."""
    actor = actor_of(request)
    before = provider_of(actor.organisation_id)
    form = _form(before, request.POST)
    if not form.is_valid():
        return _page(request, form, before)
    told = form.cleaned_data
    provider = set_provider(
        actor.organisation_id,
        **{name: told[name] for name in ("name", "issuer", "client_id", "client_secret", "domains", "role")},
        creates=told["creates"] == "yes",
        other_ways=told["other_ways"],
        actor=actor.ref,
    )
    try:
        discover(provider.name, provider.issuer)
        messages.success(request, _("{name} is set, and answers.").format(name=provider.name))
    except ProviderUnreachable as refusal:
        messages.warning(request, _("It is set, but nobody gets in by it yet.") + f" {refusal.say()}")
    return HttpResponseRedirect(reverse("console:provider"))


@require_POST
@allows(roles=RUNS, to="change who vouches for people")
def end_provider(request: HttpRequest) -> HttpResponse:
    """Let nobody vouch for people any more."""
    actor = actor_of(request)
    remove_provider(actor.organisation_id, actor=actor.ref)
    messages.success(request, _("Single sign-on is off: everybody signs in by a link or a passkey."))
    return HttpResponseRedirect(reverse("console:provider"))
