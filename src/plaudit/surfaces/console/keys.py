"""API keys in the console: which there are, one made or rotated with its secret shown once, one revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import clock, ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.access.scopes import SCOPES
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.insights.names import names_of
from plaudit.people.actions.keys import NewKey, create_key, key_ref, revoke_key, rotate_key
from plaudit.people.models import ApiKey
from plaudit.people.queries import keys as keys_of
from plaudit.people.reach import may_let_in, must_let_in

BUILDS = (RoleName.DEVELOPER, RoleName.OPERATOR)
SHOWN = 200
SOON = timedelta(days=14)


class KeyForm(forms.Form):
    """What a key is called, what it may do and until when."""

    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=100,
        help_text=gettext_lazy("The program that will use it, such as Till in Lisbon."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say what the key is for.")},
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What may it do?"),
        choices=[(scope, format_lazy("{}: {}", scope, gettext_lazy(says))) for scope, says in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("As little as it needs; the scopes of a key never change."),
        error_messages={"required": gettext_lazy("Choose at least one thing it may do.")},
    )
    days = forms.ChoiceField(
        label=gettext_lazy("How long is it good?"),
        choices=[
            ("", gettext_lazy("Until it is revoked")),
            ("30", gettext_lazy("30 days")),
            ("90", gettext_lazy("90 days")),
            ("365", gettext_lazy("A year")),
        ],
        required=False,
    )


@require_GET
@allows(roles=BUILDS, to="see keys")
def key_list(request: HttpRequest) -> HttpResponse:
    """Every key, newest first: by its beginning, what it may do, when it was last used."""
    actor = actor_of(request)
    rows = [_row(key) for key in keys_of(actor.organisation_id)[:SHOWN]]
    shown = {
        "title": _("Keys"),
        "lead": _("What programs show to use the API. A whole key is shown once, when it is made."),
        "rows": rows,
        "may_make": may_let_in(actor),
    }
    return render(request, "console/keys.html", shown)


def _row(key: ApiKey) -> dict[str, Any]:
    state, kind = _state(key)
    return {
        "key": key,
        "reference": key_ref(key.id),
        "state": state,
        "kind": kind,
        "works": kind in ("good", "warn"),
    }


def _state(key: ApiKey) -> tuple[str, str]:
    now = clock.wall()
    if key.revoked_at is not None:
        return _("Revoked"), "neutral"
    if key.expires_at is not None and key.expires_at <= now:
        return _("Ended"), "neutral"
    if key.expires_at is not None and key.expires_at <= now + SOON:
        return _("Ends soon"), "warn"
    return _("Works"), "good"


@require_GET
@allows(roles=BUILDS, to="make keys")
def new_key(request: HttpRequest) -> HttpResponse:
    """The form that makes a key."""
    return _new_key_page(request, KeyForm(initial={"scopes": request.GET.getlist("scope")}))


def new_key_shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The same as it was filled in, with what was refused on it."""
    return _new_key_page(request, KeyForm(request.POST), refusal)


def _new_key_page(request: HttpRequest, form: KeyForm, refusal: Refusal | None = None) -> HttpResponse:
    shown = {
        "title": _("Make a key"),
        "trail": _trail(_("New")),
        "form": form,
        "refusal": refusal,
        "may_make": may_let_in(actor_of(request)),
    }
    return render(request, "console/key_new.html", shown, status=422 if form.errors else 200)


@require_POST
@allows(roles=BUILDS, to="make keys")
@refusals_shown_by(new_key_shown)
def make_key(request: HttpRequest) -> HttpResponse:
    """Make a key and show it, this once."""
    actor = actor_of(request)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _new_key_page(request, form)
    must_let_in(actor)
    days = form.cleaned_data["days"]
    made = create_key(
        actor.organisation_id,
        name=form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        expires_at=clock.wall() + timedelta(days=int(days)) if days else None,
        actor=actor.ref,
    )
    return _made_page(request, made, _("{name}: your new key").format(name=made.key.name))


def _made_page(request: HttpRequest, made: NewKey, title: str) -> HttpResponse:
    shown = {
        "title": title,
        "trail": _trail(made.key.name),
        "key": made.key,
        "secret": made.secret,
        "base_url": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "console/key_made.html", shown, status=201)


@require_GET
@allows(roles=BUILDS, to="see keys")
def key_page(request: HttpRequest, key_id: str) -> HttpResponse:
    """One key: what it may do, how it was used, and how it ends."""
    return key_page_shown(request, key_id)


def key_page_shown(request: HttpRequest, key_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    key = _named(actor.organisation_id, key_id)
    replaced_by = ApiKey.objects.filter(organisation_id=actor.organisation_id, replaces=key).first()
    row = _row(key)
    shown = {
        **row,
        "title": key.name,
        "trail": _trail(key.name),
        "scopes": [
            {"name": scope, "says": _(SCOPES[scope]) if scope in SCOPES else ""} for scope in key.scopes
        ],
        "by": names_of(actor.organisation_id, [key.created_by]).get(key.created_by, ""),
        "replaced_by": key_ref(replaced_by.id) if replaced_by else "",
        "may_rotate": row["works"] and replaced_by is None and may_let_in(actor),
        "refusal": refusal,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "console/key.html", shown)


@require_POST
@allows(roles=BUILDS, to="rotate keys")
@refusals_shown_by(key_page_shown)
def rotate(request: HttpRequest, key_id: str) -> HttpResponse:
    """Make a key that does what this one does, and show it, this once. Both work for seven days."""
    actor = actor_of(request)
    found = _key_id(key_id)
    must_let_in(actor)
    made = rotate_key(actor.organisation_id, key_id=found, actor=actor.ref)
    return _made_page(request, made, _("{name}: its new key").format(name=made.key.name))


@require_POST
@allows(roles=BUILDS, to="revoke keys")
@refusals_shown_by(key_page_shown)
def revoke(request: HttpRequest, key_id: str) -> HttpResponse:
    """End a key at once. Whoever finds that one leaked need not look for an operator first."""
    actor = actor_of(request)
    reason = request.POST.get("reason", "").strip()[:300]
    key = revoke_key(actor.organisation_id, key_id=_key_id(key_id), actor=actor.ref, reason=reason)
    messages.success(request, _("{name} is revoked: it opens nothing any more.").format(name=key.name))
    return HttpResponseRedirect(reverse("console:key", args=[key_id]))


def _trail(last: str) -> list[dict[str, str]]:
    return [{"label": _("Keys"), "url": reverse("console:keys")}, {"label": last, "url": ""}]


def _key_id(reference: str) -> UUID:
    return ids.read("key", reference, kind="key")


def _named(organisation_id: int, reference: str) -> ApiKey:
    key = ApiKey.objects.filter(organisation_id=organisation_id, id=_key_id(reference)).first()
    if key is None:
        raise NotFound(kind="key", ref=reference)
    return key
