"""The manager's pages where a file is sent: uploaded, looked at under a mapping, and handed to a worker."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.activity.events import IncomingEvent
from plaudit.activity.files import IncomingMember, Preview, load_mapping, survey
from plaudit.earning.actions.import_file import reference, start_import
from plaudit.earning.console import IMPORTS, trail
from plaudit.earning.tasks import go_on_later
from plaudit.earning.uploads import keep_upload
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.foundation.tenancy import in_organisation

_KEPT = re.compile(r"[0-9a-f]{64}(\.[a-z]+){0,2}")


class UploadForm(forms.Form):
    """A file, and what to call it."""

    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy("CSV, TSV, XLSX, NDJSON or Parquet, plain or packed with gzip or zstd."),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
            "missing": gettext_lazy("Choose a file."),
        },
    )
    name = forms.CharField(
        label=gettext_lazy("What to call it"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("The file's own name, if you leave this empty."),
    )


class MappingForm(forms.Form):
    """A kept file under a mapping."""

    kept = forms.CharField(widget=forms.HiddenInput, max_length=100)
    name = forms.CharField(widget=forms.HiddenInput, max_length=200)
    mapping = forms.CharField(
        label=gettext_lazy("How its columns become activity"),
        validators=[MaxLengthValidator(100_000)],
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "mono"}),
        error_messages={"required": gettext_lazy("Write a mapping.")},
    )

    def clean_mapping(self) -> str:
        """The mapping with the line ends of a file: browsers send others."""
        return str(self.cleaned_data["mapping"]).replace("\r\n", "\n")


@require_GET
@allows(roles=IMPORTS, to="import files")
def new_import(request: HttpRequest) -> HttpResponse:
    """Choose a file."""
    return new_import_shown(request)


def new_import_shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    return _upload_page(request, UploadForm(), refusal)


def _upload_page(request: HttpRequest, form: UploadForm, refusal: Refusal | None = None) -> HttpResponse:
    shown = {
        "title": _("Import a file"),
        "lead": _("First a look at it: nothing is imported before you say so."),
        "trail": trail(_("New")),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "earning/console_import_new.html", shown, status=422 if form.errors else 200)


@require_POST
@allows(roles=IMPORTS, to="import files")
@refusals_shown_by(new_import_shown)
def look_at_upload(request: HttpRequest) -> HttpResponse:
    """Keep the file and show its first rows under a guessed mapping."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, form)
    file = form.cleaned_data["file"]
    path = keep_upload(actor_of(request).organisation_id, file.name or "", file.chunks())
    preview = survey(path)
    name = (form.cleaned_data["name"] or Path(file.name or "file").name)[:200]
    mapping = MappingForm(initial={"kept": path.name, "name": name, "mapping": preview.mapping_text})
    return _mapping_page(request, mapping, name, preview)


def mapping_again(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The mapping as it was written, with what is wrong with it."""
    return _mapping_page(request, MappingForm(request.POST), request.POST.get("name", ""), None, refusal)


def _mapping_page(
    request: HttpRequest,
    form: MappingForm,
    name: str,
    preview: Preview | None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    shown = {
        "title": _("Look at {name} first").format(name=name),
        "lead": _("Read the mapping, correct what is not so, and look again until every row is right."),
        "trail": trail(name),
        "form": form,
        "refusal": refusal,
        "preview": _previewed(preview) if preview else None,
    }
    return render(request, "earning/console_import_mapping.html", shown, status=422 if form.errors else 200)


@require_POST
@allows(roles=IMPORTS, to="import files")
@refusals_shown_by(mapping_again)
def look_again(request: HttpRequest) -> HttpResponse:
    """Show the first rows of a kept file under the mapping as it is now; or import it, if asked to."""
    form = MappingForm(request.POST)
    if not form.is_valid():
        return _mapping_page(request, form, request.POST.get("name", ""), None)
    actor = actor_of(request)
    path = _kept(actor.organisation_id, form.cleaned_data["kept"])
    text, name = form.cleaned_data["mapping"], form.cleaned_data["name"]
    mapping = load_mapping(text)
    if "import" not in request.POST:
        return _mapping_page(request, form, name, survey(path, mapping))
    with in_organisation(actor.organisation_id):
        batch = start_import(actor.organisation_id, path=path, mapping=text, actor=actor.ref, name=name)
        go_on_later(actor.organisation_id, batch.id, actor=actor.ref)
    return HttpResponseRedirect(reverse("console:import", args=[reference(batch)]))


def _kept(organisation_id: int, name: str) -> Path:
    """The kept file of that name: a digest, never a path."""
    path = Path(settings.HOME) / "uploads" / str(organisation_id) / name
    if not _KEPT.fullmatch(name) or not path.is_file():
        raise NotFound(kind="file", ref=name)
    return path


def _previewed(preview: Preview) -> dict[str, Any]:
    """The first rows and what they become."""
    rows = []
    for row, outcome in zip(preview.rows, preview.outcomes, strict=True):
        errors = [error.sentence for error in outcome] if isinstance(outcome, tuple) else []
        rows.append({"place": row.row, "becomes": _becomes(outcome), "errors": errors})
    return {
        "rows": rows,
        "groups": [_becomes(event) for event in preview.groups],
        "warnings": preview.warnings,
        "format": preview.format,
        "columns": [column.name for column in preview.columns],
        "wrong": sum(bool(row["errors"]) for row in rows),
    }


def _becomes(outcome: object) -> str:
    """What a row becomes, in a line."""
    if isinstance(outcome, IncomingEvent):
        data = ", ".join(f"{name} {value}" for name, value in outcome.data.items())
        whose = _("for {member}").format(member=outcome.subject) if outcome.subject else _("for nobody")
        return f"{outcome.type} {whose}, {outcome.time:%Y-%m-%d %H:%M} UTC: {data}"
    if isinstance(outcome, IncomingMember):
        return _("member {id}: {name}").format(id=outcome.external_id, name=outcome.name or outcome.kind)
    return "" if isinstance(outcome, tuple) else _("left out, as the mapping says")
