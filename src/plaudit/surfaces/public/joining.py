"""The public pages on which somebody enrols: the form, the message with its link, and the yes behind the link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plaudit.foundation.access.declarations import public
from plaudit.foundation.access.limits import SIGN_IN_BY_ADDRESS, Limit, count
from plaudit.foundation.access.refusals import TooManyRequests
from plaudit.foundation.access.wording import said, way_on
from plaudit.foundation.requests import client_address
from plaudit.insights.openly import OpenProgramme, fees_today, open_programme
from plaudit.membership.definitions import Scheme
from plaudit.membership.selling import today_of
from plaudit.people.models import Organisation
from plaudit.people.signing_in import origin_of
from plaudit.planning.actions.enrolling import Enrolled, enrol_openly
from plaudit.planning.enrolment import (
    Wish,
    digest_of_consent,
    open_to_join,
    opened_wish,
    sealed_wish,
)
from plaudit.planning.refusals import EnrolmentNotValid, JoiningClosed
from plaudit.planning.tasks import send_enrolment
from plaudit.surfaces.public.place import at_place, shown

BY_RECIPIENT = Limit("enrolment", quota=3, window=3600, burst=3)
"""Messages to one address, so that nobody fills somebody else's mailbox."""


class JoinForm(forms.Form):
    """Who wants to join; for a membership also for how long and as what."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Enter your name.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("We send a link there; with it you join."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Enter your e-mail address."),
            "invalid": gettext_lazy("Enter an e-mail address such as name@example.com."),
        },
    )
    term = forms.ChoiceField(
        label=gettext_lazy("For how long"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose for how long."),
            "invalid_choice": gettext_lazy("Choose for how long."),
        },
    )
    role = forms.ChoiceField(
        label=gettext_lazy("What you work as"),
        help_text=gettext_lazy("It decides your level."),
        error_messages={
            "required": gettext_lazy("Choose what you work as."),
            "invalid_choice": gettext_lazy("Choose what you work as."),
        },
    )
    consent = forms.BooleanField(
        error_messages={"required": gettext_lazy("Tick the box if you agree; without that you cannot join.")}
    )

    def __init__(self, *args: Any, page: OpenProgramme, place: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scheme = scheme_of(page)
        if scheme is None:
            del self.fields["term"], self.fields["role"]
        else:
            choices = [(one.key, one.name) for one in scheme.terms]
            _choices(self.fields["term"], choices)
            _choices(self.fields["role"], [("", _("Choose")), *roles_of(scheme)])
        self.fields["consent"].label = consent_words(page, place)


def scheme_of(page: OpenProgramme) -> Scheme | None:
    """What memberships are sold by; None where there are none."""
    scheme = page.programme.membership
    return scheme if scheme is not None and scheme.terms else None


def roles_of(scheme: Scheme) -> list[tuple[str, str]]:
    """Every title that decides a level, with the level; the levels themselves where no title does."""
    titles = [(f"role:{role}", f"{role} – {one.name}") for one in scheme.levels for role in one.roles]
    return titles or [(f"level:{one.key}", one.name) for one in scheme.levels]


def consent_words(page: OpenProgramme, place: Organisation) -> str:
    """What whoever joins agrees to."""
    own = page.programme.public.consent if page.programme.public is not None else ""
    return own or _(
        "I agree that {organisation} keeps my name, my e-mail address and what I do in {programme}, to run it."
    ).format(organisation=place.name, programme=page.programme.name)


def _choices(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


@require_http_methods(["GET", "HEAD", "POST"])
@public
def join_page(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    """Ask for name, address and consent, with the fees where there are any; or say that joining is closed."""
    with at_place(slug) as place:
        page = open_programme(place.id, key)
        if not page.takes_in:
            return _page(request, place, page, None)
        form = JoinForm(request.POST or None, page=page, place=place)
        if request.method != "POST" or not form.is_valid():
            return _page(request, place, page, form)
        _count(request, form.cleaned_data["email"])
        _send(request, place, page, form.cleaned_data)
    return HttpResponseRedirect(reverse("public:join-sent", args=[slug, key]))


def _page(
    request: HttpRequest, place: Organisation, page: OpenProgramme, form: JoinForm | None
) -> HttpResponseBase:
    scheme = scheme_of(page)
    context = {
        "title": _("Join {programme}").format(programme=page.programme.name),
        "page": page,
        "form": form,
        "fees": fees_today(scheme, today_of(scheme)) if scheme is not None else [],
        "currency": scheme.currency if scheme is not None else "",
        "levels": len(scheme.levels) if scheme is not None else 0,
        "welcome": [one for one in page.opened.of("rule") if "join" in one.words.casefold()],
        "contact": page.programme.public.contact if page.programme.public is not None else "",
    }
    status = 422 if form is not None and form.errors else 200
    return shown(request, "public/join.html", place, context, key=page.key, kept=form is None, status=status)


def _count(request: HttpRequest, email: str) -> None:
    """Refuse whoever asks too often, and what goes to one address too often."""
    for limit, who in ((SIGN_IN_BY_ADDRESS, client_address(request)), (BY_RECIPIENT, email.lower())):
        standing = count(limit, who)
        if not standing.allowed:
            raise TooManyRequests(retry_after=standing.seconds)


def _send(request: HttpRequest, place: Organisation, page: OpenProgramme, given: dict[str, Any]) -> None:
    kind, _colon, chosen = given.get("role", "").partition(":")
    wish = Wish(
        place.id,
        page.key,
        name=given["name"].strip(),
        email=given["email"].strip().lower(),
        agreed=digest_of_consent(consent_words(page, place)),
        term=given.get("term", ""),
        role=chosen if kind == "role" else "",
        level=chosen if kind == "level" else "",
    )
    at = reverse("public:confirm", args=[place.slug, page.key, sealed_wish(wish)])
    send_enrolment.later(
        place.id,
        email=wish.email,
        programme=page.programme.name,
        link=f"{origin_of(request)}{at}",
        language=get_language() or "",
    )


@require_safe
@public
def sent(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    """Say that a link is on its way, to everybody alike."""
    with at_place(slug) as place:
        page = open_programme(place.id, key)
        context = {"title": _("Look at your e-mail"), "page": page}
        return shown(request, "public/join_sent.html", place, context, key=key, kept=False)


@require_http_methods(["GET", "HEAD", "POST"])
@public
def confirm(request: HttpRequest, slug: str, key: str, secret: str) -> HttpResponseBase:
    """The page behind the link. Only its button joins: mail programs open links by themselves."""
    with at_place(slug) as place:
        page = open_programme(place.id, key)
        try:
            wish = opened_wish(secret, organisation_id=place.id, programme=key)
            open_to_join(place.id, key)
        except (EnrolmentNotValid, JoiningClosed) as refusal:
            context = {"title": said(refusal), "lead": way_on(refusal), "page": page}
            return shown(
                request,
                "public/join_refused.html",
                place,
                context,
                key=key,
                kept=False,
                status=refusal.status,
            )
        if request.method != "POST":
            title = _("Join {programme}").format(programme=page.programme.name)
            context = {"title": title, "page": page, "wish": wish}
            return shown(request, "public/join_confirm.html", place, context, key=key, kept=False)
    # The act opens its own transaction; what was read above belongs to the page alone.
    done = enrol_openly(wish)
    with at_place(slug) as place:
        return _joined(request, place, page, done)


def _joined(
    request: HttpRequest, place: Organisation, page: OpenProgramme, done: Enrolled
) -> HttpResponseBase:
    context = {
        "title": _("You are a member already") if done.was_known else _("You have joined"),
        "page": page,
        "done": done,
        "sign_in": reverse("portal:sign-in-to", args=[place.slug]),
        "contact": page.programme.public.contact if page.programme.public is not None else "",
    }
    return shown(request, "public/join_done.html", place, context, key=page.key, kept=False)
