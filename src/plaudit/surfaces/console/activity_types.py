"""The kinds of activity that may be reported: their fields, a sample of each, and a sample held against them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.activity.events import EventError, decode_cloudevents
from plaudit.activity.samples import sample_event
from plaudit.activity.types import DeclaredType, declared_types
from plaudit.earning.actions.answering import rehearse_events
from plaudit.earning.compiling import field_type
from plaudit.earning.expressions.schema import json_schema
from plaudit.foundation import clock
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import NotFound, Problem, Refusal
from plaudit.foundation.tenancy import in_organisation

READS = (RoleName.DEVELOPER, RoleName.OPERATOR, RoleName.MANAGER)


class SampleForm(forms.Form):
    """An activity as a program would send it."""

    body = forms.CharField(
        label=gettext_lazy("An activity, as your program would send it"),
        validators=[MaxLengthValidator(20_000)],
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "mono"}),
        error_messages={"required": gettext_lazy("Write an activity.")},
    )


@require_GET
@allows(roles=READS, to="see kinds of activity")
def type_list(request: HttpRequest) -> HttpResponse:
    """Every kind of activity that may be reported."""
    found = declared_types(actor_of(request).organisation_id)
    shown = {
        "title": _("Activity types"),
        "lead": _("What may be reported. Programme files declare it; the API gives its JSON Schema."),
        "types": [found[name] for name in sorted(found)],
    }
    return render(request, "console/types.html", shown)


@require_GET
@allows(roles=READS, to="see kinds of activity")
def type_page(request: HttpRequest, type_name: str) -> HttpResponse:
    """One kind: its fields, its schema, and a sample to change and to check."""
    return _page(request, type_name)


def type_page_shown(request: HttpRequest, type_name: str, refusal: Refusal | None = None) -> HttpResponse:
    """The same as it was filled in, with what was refused on it."""
    return _page(request, type_name, refusal=refusal)


def _page(
    request: HttpRequest,
    type_name: str,
    *,
    refusal: Refusal | None = None,
    told: dict[str, Any] | None = None,
) -> HttpResponse:
    declared = _named(actor_of(request).organisation_id, type_name)
    sample = sample_event(declared, key="order-1", at=clock.now())
    written = json.dumps(sample, indent=2, ensure_ascii=False)
    form = SampleForm(request.POST) if request.method == "POST" else SampleForm(initial={"body": written})
    fields = {name: field_type(stored) for name, stored in declared.fields.items()}
    schema = json_schema(fields, extra=declared.extra_fields, title=declared.title)
    shown = {
        "title": declared.title or declared.name,
        "trail": [
            {"label": _("Activity types"), "url": reverse("console:types")},
            {"label": declared.name, "url": ""},
        ],
        "declared": declared,
        "fields": list(_fields(declared)),
        "schema": json.dumps(schema, indent=2, ensure_ascii=False),
        "form": form,
        "told": told,
        "refusal": refusal,
    }
    return render(request, "console/type.html", shown, status=422 if form.errors else 200)


def _fields(declared: DeclaredType) -> Iterator[dict[str, Any]]:
    kinds = {
        "integer": _("whole number"),
        "decimal": _("number"),
        "text": _("text"),
        "boolean": _("yes or no"),
        "date": _("day"),
        "timestamp": _("moment"),
    }
    for name, stored in declared.fields.items():
        limits = [
            _("at most {n} decimals").format(n=stored["scale"]) if stored.get("scale") else "",
            _("at least {n}").format(n=stored["minimum"]) if stored.get("minimum") is not None else "",
            _("at most {n}").format(n=stored["maximum"]) if stored.get("maximum") is not None else "",
            _("one of {all}").format(all=", ".join(stored["choices"])) if stored.get("choices") else "",
        ]
        yield {
            "name": name,
            "label": stored.get("label", ""),
            "kind": kinds[stored["kind"]],
            "needed": not stored.get("nullable", False),
            "limits": "; ".join(limit for limit in limits if limit),
        }


@require_POST
@allows(roles=READS, to="check a sample")
@refusals_shown_by(type_page_shown)
def check_sample(request: HttpRequest, type_name: str) -> HttpResponse:
    """Take the sample in by the path it would really take, and undo it: what is wrong with it, or what it earns."""
    actor = actor_of(request)
    form = SampleForm(request.POST)
    with in_organisation(actor.organisation_id):
        if not form.is_valid():
            return _page(request, type_name)
        _named(actor.organisation_id, type_name)
        (event,) = decode_cloudevents(form.cleaned_data["body"].encode(), "application/cloudevents+json")
        if isinstance(event, EventError):
            errors = [
                {"pointer": one.pointer, "code": one.code, "detail": one.sentence} for one in event.problems
            ]
            raise Problem(_("This is no event that can be taken."), errors=errors)
        (taken,) = rehearse_events(actor.organisation_id, [event], explained=True)
        taken.refuse()
        assert taken.explanation is not None
        return _page(request, type_name, told={"sentence": taken.explanation.sentence()})


def _named(organisation_id: int, name: str) -> DeclaredType:
    found = declared_types(organisation_id).get(name)
    if found is None:
        raise NotFound(kind="activity type", ref=name)
    return found
