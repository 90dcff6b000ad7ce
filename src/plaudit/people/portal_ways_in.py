"""Pages of the ways in beside the link: passkeys, and codes from an app as a second step."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from plaudit.foundation import ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, public, refusals_shown_by
from plaudit.foundation.access.roles import EVERYBODY
from plaudit.foundation.access.wording import said, way_on
from plaudit.foundation.drawn_codes import drawn_code
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.people import code_apps, passkeys, signing_in
from plaudit.people.actions import ways_in
from plaudit.people.models import Passkey, User
from plaudit.people.portal import NEXT, next_page, security_shown
from plaudit.people.queries import asks_for_code, secret_begun
from plaudit.people.tasks import tell_of_way_in


class CodeForm(forms.Form):
    """Asks for a code of the app."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Enter the six digits that your app shows now.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@public
def code_step(request: HttpRequest) -> HttpResponse:
    """The step after the link for whoever has an app: its code, or a recovery code."""
    if not signing_in.is_half_way(request):
        return HttpResponseRedirect(reverse("portal:sign-in"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = request.session.get(NEXT, "")
        try:
            signing_in.sign_in_by_code(request, form.cleaned_data["code"])
            return HttpResponseRedirect(next_page(wanted, request))
        except Refusal as refusal:
            form.add_error("code", f"{said(refusal)} {way_on(refusal)}")
    shown = {"title": _("One more step"), "form": form}
    return render(request, "people/portal_code_step.html", shown, status=422 if form.errors else 200)


@require_POST
@public
def ask_for_passkey(request: HttpRequest) -> JsonResponse:
    """What the browser is asked for, to sign in by a passkey."""
    return JsonResponse(signing_in.ask_for_passkey(request))


@require_POST
@public
def use_passkey(request: HttpRequest) -> HttpResponse:
    """Sign in by what the browser brought."""
    wanted = request.session.get(NEXT, "")
    signing_in.sign_in_by_passkey(request, request.POST.get("answer", ""))
    return HttpResponseRedirect(next_page(wanted, request))


@require_POST
@allows(roles=EVERYBODY, to="add a passkey")
def ask_to_make(request: HttpRequest) -> JsonResponse:
    """What the browser is asked for, to make a passkey."""
    signing_in.must_be_their_own(request)
    user = _user(request)
    known = [bytes(one) for one in Passkey.objects.filter(user=user).values_list("credential", flat=True)]
    options, state = passkeys.ask_to_make(
        signing_in.origin_of(request), user_id=user.id, name=user.name or user.email, known=known
    )
    signing_in.keep_question(request, state)
    return JsonResponse(options)


@require_POST
@allows(roles=EVERYBODY, to="add a passkey")
@refusals_shown_by(security_shown)
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Keep the passkey that the browser made."""
    signing_in.must_be_their_own(request)
    actor, user = actor_of(request), _user(request)
    state = signing_in.take_question(request)
    made = passkeys.read_made(signing_in.origin_of(request), state, request.POST.get("answer", ""))
    with in_organisation(actor.organisation_id):
        kept = ways_in.add_passkey(
            actor.organisation_id,
            user_id=user.id,
            made=made,
            name=request.POST.get("name", ""),
            actor=actor.ref,
        )
        _tell(request, "passkey_added")
    messages.success(request, _("“{name}” is a way in from now on.").format(name=kept.name))
    return HttpResponseRedirect(reverse("portal:security"))


@require_POST
@allows(roles=EVERYBODY, to="remove a passkey")
@refusals_shown_by(security_shown)
def remove_passkey(request: HttpRequest, reference: str) -> HttpResponse:
    """Accept a passkey no longer."""
    signing_in.must_be_their_own(request)
    actor, user = actor_of(request), _user(request)
    passkey_id = ids.read("pky", reference, kind="passkey")
    with in_organisation(actor.organisation_id):
        ways_in.remove_passkey(actor.organisation_id, user_id=user.id, passkey_id=passkey_id, actor=actor.ref)
        _tell(request, "passkey_removed")
    messages.success(request, _("That passkey is no way in any more. Delete it on your device as well."))
    return HttpResponseRedirect(reverse("portal:security"))


@require_http_methods(["GET", "HEAD", "POST"])
@allows(roles=EVERYBODY, to="set up an app for codes")
def code_app(request: HttpRequest) -> HttpResponse:
    """Set up an app: its secret as a picture and as text, until a code of it was seen; then recovery codes, once."""
    signing_in.must_be_their_own(request)
    actor, user = actor_of(request), _user(request)
    if asks_for_code(user.id):
        return HttpResponseRedirect(reverse("portal:security"))
    form, codes = CodeForm(request.POST if "code" in request.POST else None), []
    secret = secret_begun(user.id)
    if request.method == "POST" and (secret is None or "begin" in request.POST):
        secret = ways_in.begin_code_app(user.id)
    elif form.is_valid():
        try:
            with in_organisation(actor.organisation_id):
                codes = ways_in.confirm_code_app(
                    actor.organisation_id, user_id=user.id, code=form.cleaned_data["code"], actor=actor.ref
                )
                _tell(request, "code_app_added")
        except Refusal as refusal:
            form.add_error("code", f"{said(refusal)} {way_on(refusal)}")
    issuer = actor.organisation.name if actor.organisation else "Plaudit"
    shown = {
        "title": _("Recovery codes") if codes else _("Codes from an app"),
        "form": form,
        "codes": codes,
        "secret": secret,
        "picture": drawn_code(code_apps.address_of(secret, account=user.email, issuer=issuer))
        if secret
        else "",
    }
    return render(request, "people/portal_code_app.html", shown, status=422 if form.errors else 200)


@require_POST
@allows(roles=EVERYBODY, to="remove an app for codes")
@refusals_shown_by(security_shown)
def remove_code_app(request: HttpRequest) -> HttpResponse:
    """Ask for codes no longer; takes one."""
    signing_in.must_be_their_own(request)
    actor, user = actor_of(request), _user(request)
    with in_organisation(actor.organisation_id):
        ways_in.remove_code_app(
            actor.organisation_id, user_id=user.id, code=request.POST.get("code", ""), actor=actor.ref
        )
        _tell(request, "code_app_removed")
    messages.success(request, _("From now on the link alone signs you in."))
    return HttpResponseRedirect(reverse("portal:security"))


def _tell(request: HttpRequest, what: str) -> None:
    """Have the person told by mail, so that a stranger's change is noticed."""
    actor = actor_of(request)
    tell_of_way_in(
        actor.organisation_id,
        user_id=cast("int", actor.user_id),
        what=what,
        base_url=signing_in.origin_of(request),
    )


def _user(request: HttpRequest) -> User:
    return User.objects.get(id=cast("int", actor_of(request).user_id))
