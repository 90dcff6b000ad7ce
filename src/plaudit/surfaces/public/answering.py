"""The public page on which somebody answers a survey: behind a link of their own, on a phone, without script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plaudit.foundation.access.declarations import public
from plaudit.foundation.access.wording import said, way_on
from plaudit.foundation.exact import decode, encode
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.sealing import seal, unseal
from plaudit.people.models import Organisation
from plaudit.surfaces.public.place import at_place, shown
from plaudit.surveys.actions.answering import complete, save_draft
from plaudit.surveys.asked import survey_of
from plaudit.surveys.definitions import Answered, Question, Survey
from plaudit.surveys.links import invitation_behind
from plaudit.surveys.models import Invitation
from plaudit.surveys.queries.invitations import open_invitation
from plaudit.surveys.refusals import AnsweredAlready
from plaudit.surveys.rules.asking import WORDS_MAX, is_asked, read_answer, to_ask

_CHOOSE = gettext_lazy("Choose an answer.")


class Asking(forms.Form):
    """The questions of one page."""

    def __init__(self, questions: Sequence[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in questions:
            self.fields[one.key] = _field(one)


def _field(one: Question) -> forms.Field:
    words = one.spoken(get_language() or "")
    required = not one.optional
    errors = {"required": _CHOOSE, "invalid_choice": _CHOOSE}
    if one.answered is Answered.TEXT:
        return forms.CharField(
            label=words.ask,
            required=required,
            max_length=WORDS_MAX,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": gettext_lazy("Write something.")},
        )
    if one.answered is Answered.SCALE:
        ends = {one.lowest: words.low, one.highest: words.high}
        choices = [
            (str(point), f"{point} – {ends[point]}" if ends.get(point) else str(point))
            for point in range(one.lowest, one.highest + 1)
        ]
    else:
        choices = [(str(place), name) for place, name in enumerate(words.choices)]
    if one.several:
        return forms.MultipleChoiceField(
            label=words.ask,
            required=required,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            error_messages=errors,
        )
    return forms.ChoiceField(
        label=words.ask, required=required, choices=choices, widget=forms.RadioSelect, error_messages=errors
    )


@dataclass
class _Page:
    """Where somebody is in a survey: what they answered so far, and what this page asks."""

    invitation: Invitation
    survey: Survey
    answers: dict[str, Any]

    def questions(self) -> Sequence[Question]:
        """What comes next; nothing where all is answered."""
        left = to_ask(self.survey, self.answers)
        return left if self.survey.one_page else left[:1]

    def step_back(self) -> None:
        """Forget the answer that was given last, so that it is asked once more."""
        if self.answers:
            self.answers.popitem()

    def take(self, form: Asking) -> None:
        """Take what the form says into the answers."""
        for one in self.questions():
            given = form.cleaned_data.get(one.key)
            self.answers[one.key] = read_answer(one, given if isinstance(given, list) else [given or ""])


@require_http_methods(["GET", "HEAD", "POST"])
@public
def survey_page(request: HttpRequest, slug: str, secret: str) -> HttpResponseBase:
    """Ask what comes next, until nothing does. Opening the link changes nothing: mail programs open links."""
    with at_place(slug) as place:
        try:
            page = _page(request, place, secret)
        except Refusal as refusal:
            return _ended(request, place, refusal)
        if request.method != "POST":
            return _ask(request, place, page)
        if request.POST.get("back"):
            page.step_back()
            return _ask(request, place, page)
        form = Asking(page.questions(), request.POST)
        if not form.is_valid():
            return _ask(request, place, page, form)
        page.take(form)
        goes_on = bool(page.questions())
    # The acts open their own transactions; what was read above belongs to the page alone.
    try:
        if goes_on:
            save_draft(place.id, page.invitation.id, page.answers)
        else:
            complete(place.id, page.invitation.id, page.answers)
    except Refusal as refusal:
        with at_place(slug) as place:
            return _ended(request, place, refusal)
    with at_place(slug) as place:
        return _ask(request, place, page) if goes_on else _thanks(request, place, page.survey)


def _page(request: HttpRequest, place: Organisation, secret: str) -> _Page:
    invitation = open_invitation(place.id, invitation_behind(place.id, secret))
    _surveys, survey = survey_of(place.id, invitation.programme, invitation.survey)
    answers = _carried(request, invitation) if request.method == "POST" else dict(invitation.draft or {})
    known = {one.key for one in survey.questions}
    return _Page(invitation, survey, {key: value for key, value in answers.items() if key in known})


def _carried(request: HttpRequest, invitation: Invitation) -> dict[str, Any]:
    """The answers of the pages before, which the form carries: of an anonymous survey they are nowhere else."""
    try:
        opened = unseal(_purpose(invitation), request.POST.get("so_far", "").encode())
    except InvalidToken:
        return dict(invitation.draft or {})
    answers: dict[str, Any] = decode(opened)
    return answers


def _purpose(invitation: Invitation) -> str:
    return f"answers so far {invitation.id}"


def _ask(
    request: HttpRequest, place: Organisation, page: _Page, form: Asking | None = None
) -> HttpResponseBase:
    survey, questions = page.survey, page.questions()
    context = {
        "title": survey.name,
        "lead": survey.intro,
        "form": form or Asking(questions),
        "survey": survey,
        "so_far": seal(_purpose(page.invitation), encode(page.answers)).decode(),
        "is_first": not page.answers,
        "is_last": _is_last(page, questions),
        "number": len([one for one in survey.questions if one.key in page.answers]) + 1,
        "of": len(survey.questions),
    }
    status = 422 if form is not None and form.errors else 200
    return shown(request, "public/survey.html", place, context, kept=False, status=status)


def _is_last(page: _Page, questions: Sequence[Question]) -> bool:
    """Whether nothing can come after this page, whatever is answered on it."""
    known = {*page.answers, *(one.key for one in questions)}
    return all(one.key in known or is_asked(one, page.answers) is False for one in page.survey.questions)


def _thanks(request: HttpRequest, place: Organisation, survey: Survey) -> HttpResponseBase:
    context = {"title": _("Thank you"), "survey": survey, "earns": survey.earn is not None}
    return shown(request, "public/survey_done.html", place, context, kept=False)


def _ended(request: HttpRequest, place: Organisation, refusal: Refusal) -> HttpResponseBase:
    title = _("Thank you") if isinstance(refusal, AnsweredAlready) else _("This survey cannot be answered")
    context = {"title": title, "said": said(refusal), "way_on": way_on(refusal)}
    return shown(request, "public/survey_done.html", place, context, kept=False, status=refusal.status)
