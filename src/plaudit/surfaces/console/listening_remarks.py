"""Remarks in the console: taken in, searched, and a sample of them coded by two people."""

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

from plaudit.foundation import ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.api.cursors import read_cursor, write_cursor
from plaudit.foundation.refusals import Problem, Refusal
from plaudit.listening.actions.coding import code_texts, draw_sample
from plaudit.listening.actions.remarks import take_in_remarks
from plaudit.listening.api.remarks import a_place
from plaudit.listening.definitions import LANGUAGES, SAMPLE_MAX, CodeMeaning, by_key
from plaudit.listening.files import FILE_BYTES_MAX, remarks_in
from plaudit.listening.models import Collection
from plaudit.listening.queries.coding import State, coding, codings, states_of, texts
from plaudit.listening.queries.remarks import (
    categories,
    collection,
    collections,
    count_remarks,
    place_after,
    remarks,
)
from plaudit.listening.rules.agreement import thousandths
from plaudit.surfaces.console.listening import READS_LISTENING, RUNS_LISTENING, pairs_in, parts_of, trail
from plaudit.surfaces.console.listing import pages

CODES = (RoleName.MANAGER, RoleName.DESK)
PER_PAGE = 50
_LANGUAGES = {
    "english": gettext_lazy("English"),
    "german": gettext_lazy("German"),
    "simple": gettext_lazy("Another: words as they stand"),
}
_RELIABLE = 800


class FileForm(forms.Form):
    """A file of remarks."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        error_messages={"required": gettext_lazy("Give it a title.")},
    )
    file = forms.FileField(
        label=gettext_lazy("A CSV file"),
        help_text=gettext_lazy("In UTF-8, plain or gzip, with a line of headings."),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Column with the words"),
        max_length=100,
        error_messages={"required": gettext_lazy("Name the column.")},
    )
    about = forms.CharField(
        label=gettext_lazy("Column with what it is about"), max_length=100, required=False
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[(one, _LANGUAGES[one]) for one in LANGUAGES]
    )


@require_GET
@allows(roles=READS_LISTENING, to="read remarks")
def remark_list(request: HttpRequest) -> HttpResponse:
    """What was taken in, and a form to take in more."""
    return remark_list_shown(request)


def remark_list_shown(
    request: HttpRequest, refusal: Refusal | None = None, form: FileForm | None = None
) -> HttpResponse:
    """The same as it was filled in, with what was refused on it."""
    actor = actor_of(request)
    if form is None and refusal is not None:
        form = FileForm(request.POST)
    shown = {
        "title": _("Remarks"),
        "lead": _("What customers wrote, to be searched and sorted."),
        "parts": parts_of("remarks"),
        "rows": [{"one": one, "url": _address(one)} for one in collections(actor.organisation_id)],
        "form": (form or FileForm()) if actor.has_role(*RUNS_LISTENING) else None,
        "faulty": form if form is not None and refusal is None and form.errors else None,
        "refusal": refusal,
    }
    status = 422 if shown["faulty"] else refusal.status if refusal else 200
    return render(request, "console/listening_remarks.html", shown, status=status)


def _address(one: Collection) -> str:
    return reverse("console:remark-collection", args=[ids.show("rmc", one.id)])


@require_POST
@allows(roles=RUNS_LISTENING, to="take in remarks")
@refusals_shown_by(remark_list_shown)
def take_in(request: HttpRequest) -> HttpResponse:
    """Take in a file."""
    actor = actor_of(request)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return remark_list_shown(request, form=form)
    asked = form.cleaned_data
    made = take_in_remarks(
        actor.organisation_id,
        title=asked["title"],
        language=asked["language"],
        remarks=remarks_in(
            asked["file"].read(FILE_BYTES_MAX + 1), words=asked["words"], category=asked["about"]
        ),
        actor=actor.ref,
    )
    messages.success(request, _("Taken in."))
    return HttpResponseRedirect(_address(made))


@require_GET
@allows(roles=READS_LISTENING, to="read remarks")
def remark_page(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Remarks that hold some words, the most fitting first."""
    return remark_page_shown(request, collection_id=collection_id)


def remark_page_shown(
    request: HttpRequest, refusal: Refusal | None = None, *, collection_id: str
) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    one = collection(actor.organisation_id, ids.read("rmc", collection_id, kind="collection"))
    search, category = request.GET.get("search", "")[:200], request.GET.get("category", "").replace("\0", "")
    place = read_cursor(request.GET.get("after"), a_place)
    found = remarks(one, search=search, category=category, after=place, limit=PER_PAGE + 1)
    rows = found[:PER_PAGE]
    onward = write_cursor(*place_after(rows[-1])) if len(found) > PER_PAGE else None
    shown = {
        "title": one.title,
        "trail": trail((_("Remarks"), reverse("console:remarks")), (one.title, "")),
        "one": one,
        "reference": collection_id,
        "rows": rows,
        "search": search,
        "category": category,
        "categories": categories(actor.organisation_id, one.id),
        "count": count_remarks(one, search=search, category=category),
        "pages": pages(request, onward, shown=len(rows)),
        "may_run": actor.has_role(*RUNS_LISTENING),
        "given": request.POST,
        "size_max": SAMPLE_MAX,
        "refusal": refusal,
    }
    return render(request, "console/listening_search.html", shown, status=refusal.status if refusal else 200)


@require_POST
@allows(roles=RUNS_LISTENING, to="draw texts to be coded")
@refusals_shown_by(remark_page_shown)
def draw(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Draw a sample to be coded."""
    actor = actor_of(request)
    size = request.POST.get("size", "")
    if not size.isascii() or not size.isdigit() or len(size) > 4:
        raise Problem("Write how many to draw as a whole number.")
    made = draw_sample(
        actor.organisation_id,
        title=request.POST.get("title", ""),
        collection_id=ids.read("rmc", collection_id, kind="collection"),
        seed=request.POST.get("seed", ""),
        size=int(size),
        codes=codes_in(request.POST.get("codes", "")),
        actor=actor.ref,
    )
    return HttpResponseRedirect(coding_address(ids.show("cdg", made.id)))


def codes_in(text: str) -> list[CodeMeaning]:
    """The code book in a text: a code on each line, with when it is chosen after `=`."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines()[:100])):
        ((name, means),) = pairs_in(line)
        found.append(CodeMeaning(name.casefold()[:50], name[:200], means[:500]))
    return found


def coding_address(reference: str) -> str:
    """Where texts are coded."""
    return reverse("console:coding", args=[reference])


@require_GET
@allows(roles=READS_LISTENING, to="see what is coded")
def coding_list(request: HttpRequest) -> HttpResponse:
    """Everything that was drawn, how far the two are, and how far they agree."""
    organisation_id = actor_of(request).organisation_id
    shown = {
        "title": _("Coding"),
        "lead": _("Texts that two people sort by one code book, to see whether it means the same to both."),
        "parts": parts_of("codings"),
        "rows": [_row(state) for state in states_of(organisation_id, codings(organisation_id))],
    }
    return render(request, "console/listening_codings.html", shown)


def _row(state: State) -> dict[str, Any]:
    return {
        "one": state.coding,
        "url": coding_address(ids.show("cdg", state.coding.id)),
        "coded": [count for _who, count in state.coders],
        **_alpha(state),
    }


def _alpha(state: State) -> dict[str, Any]:
    """Alpha in words: from 0.800 on conclusions may be drawn, as Krippendorff asks for (2004, page 241)."""
    found = state.agreement
    if found is None or found.alpha is None:
        return {"alpha": "", "agreement": found}
    good = found.alpha * 1_000 >= _RELIABLE
    return {
        "alpha": thousandths(found.alpha),
        "agreement": found,
        "observed": thousandths(found.observed),
        "expected": thousandths(found.expected),
        "judgement": _("Reliable") if good else _("Not reliable yet"),
        "judgement_kind": "good" if good else "warn",
    }


@require_GET
@allows(roles=READS_LISTENING, to="see what is coded")
def coding_page(request: HttpRequest, coding_id: str) -> HttpResponse:
    """The texts, to be coded without seeing what the other chose."""
    return coding_page_shown(request, coding_id=coding_id)


def coding_page_shown(
    request: HttpRequest, refusal: Refusal | None = None, *, coding_id: str
) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    one = coding(actor.organisation_id, ids.read("cdg", coding_id, kind="coding"))
    (state,) = states_of(actor.organisation_id, [one])
    after = _number_in(request)
    found = texts(one, state, actor=actor.ref, after=after, limit=PER_PAGE + 1)
    rows = found[:PER_PAGE]
    named = by_key(one.codes)
    shown = {
        "title": one.title,
        "trail": trail((_("Coding"), reverse("console:codings")), (one.title, "")),
        "one": one,
        "reference": coding_id,
        "rows": [
            {"one": row, "mine": named.get(row.mine, ""), "other": named.get(row.other, "")} for row in rows
        ],
        "coded": [count for _who, count in state.coders],
        "may_code": _may_code(actor, state),
        "after": after,
        "pages": pages(request, str(rows[-1].number) if len(found) > PER_PAGE else None, shown=len(rows)),
        "refusal": refusal,
        **_alpha(state),
    }
    return render(request, "console/listening_coding.html", shown, status=refusal.status if refusal else 200)


def _number_in(request: HttpRequest) -> int:
    after = request.GET.get("after", request.POST.get("after", ""))
    return int(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0


def _may_code(actor: Actor, state: State) -> bool:
    """Whether they have a seat, or one is free."""
    seated = actor.ref in {who for who, _count in state.coders}
    return actor.has_role(*CODES) and not state.is_done and (seated or len(state.coders) < 2)


@require_POST
@allows(roles=CODES, to="code texts")
@refusals_shown_by(coding_page_shown)
def code(request: HttpRequest, coding_id: str) -> HttpResponse:
    """Give the texts of a page the codes that were chosen."""
    actor = actor_of(request)
    given = {
        int(name[1:]): str(value)
        for name, value in request.POST.items()
        if name[:1] == "t" and name[1:].isascii() and name[1:].isdigit() and len(name) < 6 and value
    }
    code_texts(
        actor.organisation_id,
        coding_id=ids.read("cdg", coding_id, kind="coding"),
        codes=given,
        actor=actor.ref,
    )
    messages.success(request, _("Kept."))
    onward = f"?after={_number_in(request)}" if _number_in(request) else ""
    return HttpResponseRedirect(f"{coding_address(coding_id)}{onward}")
