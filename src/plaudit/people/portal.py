"""A person's own pages: getting in and out, their details, where they are signed in, their organisations."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plaudit.foundation import ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, public
from plaudit.foundation.access.roles import EVERYBODY
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.people import devices
from plaudit.people.actions.signing_in import end_other_sessions, end_session
from plaudit.people.models import Organisation
from plaudit.people.providers import provider_of
from plaudit.people.queries import every_organisation, organisations_of, sessions, ways_in_shown
from plaudit.people.queries import member as member_of
from plaudit.people.role_words import ROLE_WORDS
from plaudit.people.signing_in import (
    ask_for_link,
    current_session,
    enter_organisation,
    forget_browser,
    is_vouched_for,
    opens,
    sign_in_by_link,
)
from plaudit.people.signing_in import sign_out as end_this_session

NEXT = "after_signing_in"


class AddressForm(forms.Form):
    """Asks for the address that a link is sent to."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Enter your e-mail address."),
            "invalid": gettext_lazy("Enter an e-mail address such as name@example.com."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@public
def sign_in(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Ask for an address and send it a link. The answer is the same whoever it belongs to."""
    if actor_of(request).is_known and request.method != "POST":
        return HttpResponseRedirect(next_page(request.GET.get("next", ""), request))
    organisation = organisation_named(slug)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ask_for_link(
            request, email=form.cleaned_data["email"], slug=organisation.slug if organisation else ""
        )
        return HttpResponseRedirect(reverse("portal:link-sent"))
    wanted = next_page(request.GET.get("next", ""), request)
    if wanted != reverse("portal:home"):
        # The link may be opened in this browser; then the person goes on where they wanted to be.
        request.session[NEXT] = wanted
    shown = {
        "form": form,
        "organisation": organisation,
        "title": _("Sign in"),
        "provider": provider_of(organisation.id) if organisation else None,
    }
    return render(request, "people/portal_sign_in.html", shown, status=422 if form.errors else 200)


def organisation_named(slug: str) -> Organisation | None:
    """The organisation in the address; else the only one there is, whose members are known by their address."""
    organisations = every_organisation()
    if slug:
        found = next((one for one in organisations if one.slug == slug), None)
        if found is None:
            raise NotFound(kind="organisation", ref=slug)
        return found
    return organisations[0] if len(organisations) == 1 else None


@require_GET
@public
def link_sent(request: HttpRequest) -> HttpResponse:
    """Say that a link is on its way, to everybody alike."""
    return render(request, "people/portal_link_sent.html", {"title": _("Look at your e-mail")})


@require_http_methods(["GET", "HEAD", "POST"])
@public
def use_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind a link. Only its button uses the link up: mail programs open links by themselves."""
    if request.method != "POST":
        shown = {
            "title": _("Sign in"),
            "is_known": actor_of(request).is_known,
            "name": actor_of(request).name,
        }
        return render(request, "people/portal_use_link.html", shown)
    wanted = request.session.get(NEXT, "")
    if sign_in_by_link(request, secret) is None:
        return HttpResponseRedirect(reverse("portal:code-step"))
    return HttpResponseRedirect(next_page(wanted, request))


def next_page(wanted: str, request: HttpRequest) -> str:
    """The address to go on to: a path of ours, or the first page."""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else reverse("portal:home")


@require_POST
@public
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End this browser's session, whether or not there is one any more."""
    end_this_session(request)
    return forget_browser(HttpResponseRedirect(reverse("portal:signed-out")))


@require_GET
@public
def signed_out(request: HttpRequest) -> HttpResponse:
    """Say that nobody is signed in any more."""
    return render(request, "people/portal_signed_out.html", {"title": _("You are signed out")})


@require_GET
@allows(roles=EVERYBODY, to="see your organisations")
def organisations(request: HttpRequest) -> HttpResponse:
    """The organisations this person may enter."""
    actor = actor_of(request)
    found = [one for one in organisations_of(cast("int", actor.user_id)) if opens(request, one)]
    shown = {"title": _("Your organisations"), "organisations": found, "here": actor.organisation_id}
    return render(request, "people/portal_organisations.html", shown)


@require_POST
@allows(roles=EVERYBODY, to="enter an organisation")
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Go on in another organisation of theirs; any other is not there, known or not."""
    theirs = organisations_of(cast("int", actor_of(request).user_id))
    found = next((one for one in theirs if one.code == code and opens(request, one)), None)
    if found is None:
        raise NotFound(kind="organisation", ref=code)
    enter_organisation(request, found.id)
    return HttpResponseRedirect(reverse("portal:home"))


@require_GET
@allows(roles=EVERYBODY, to="see your details")
def profile(request: HttpRequest) -> HttpResponse:
    """What is known of the person, and the look they chose."""
    actor = actor_of(request)
    member = member_of(actor.organisation_id, actor.member_id) if actor.member_id is not None else None
    shown = {
        "title": _("My details"),
        "person": actor,
        "member": member,
        "reference": ids.show("mem", member.id) if member else "",
        "identities": list(member.identities.order_by("source", "external_id")) if member else [],
        "roles": sorted(_(ROLE_WORDS[role]) for role in actor.roles),
    }
    return render(request, "people/portal_profile.html", shown)


@require_GET
@allows(roles=EVERYBODY, to="see your sessions")
def security(request: HttpRequest) -> HttpResponse:
    """How the person can get in, and where they are."""
    return security_shown(request)


def security_shown(request: HttpRequest, *, refusal: Refusal | None = None, **_about: str) -> HttpResponse:
    """The same, with what was refused on it."""
    here, vouched_for = current_session(request), is_vouched_for(request)
    found = [
        {
            "reference": ids.show("ses", session.id),
            "device": devices.describe(session.device),
            "organisation": session.signed_in_to.name if session.signed_in_to else "",
            "address": session.address,
            "began_at": session.began_at,
            "last_seen_at": session.last_seen_at,
            "is_here": session.id == here,
        }
        for session in sessions(cast("int", actor_of(request).user_id))
        if not vouched_for or session.signed_in_to_id == actor_of(request).organisation_id
    ]
    shown = {
        "title": _("Ways in"),
        "sessions": found,
        "others": len(found) > 1,
        "refusal": refusal,
        "here_device": devices.describe(request.headers.get("User-Agent", "")),
        "vouched_for": vouched_for,
        **({} if vouched_for else ways_in_shown(cast("int", actor_of(request).user_id))),
    }
    return render(request, "people/portal_security.html", shown, status=refusal.status if refusal else 200)


@require_POST
@allows(roles=EVERYBODY, to="end a session")
def end_one(request: HttpRequest, reference: str) -> HttpResponse:
    """End one session; this browser's own counts as signing out."""
    session_id = ids.read("ses", reference, kind="session")
    here = session_id == current_session(request)
    end_session(cast("int", actor_of(request).user_id), session_id=session_id, only_in=_only_in(request))
    if here:
        return HttpResponseRedirect(reverse("portal:signed-out"))
    messages.success(request, _("That browser is signed out."))
    return HttpResponseRedirect(reverse("portal:security"))


@require_POST
@allows(roles=EVERYBODY, to="end your sessions")
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session but this browser's."""
    ended = end_other_sessions(
        cast("int", actor_of(request).user_id), but=current_session(request), only_in=_only_in(request)
    )
    messages.success(request, _("{count} other sessions ended.").format(count=ended))
    return HttpResponseRedirect(reverse("portal:security"))


def _only_in(request: HttpRequest) -> int | None:
    """The organisation whose sessions alone are theirs to end who came by a provider's word."""
    return actor_of(request).organisation_id if is_vouched_for(request) else None
