"""Programmes in the console: their rules as sentences, their files and versions, and a new version planned and applied."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.activity.types import DeclaredType
from plaudit.earning.definitions import Definition, Rule
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.languages import ENGLISH
from plaudit.foundation.refusals import Refusal
from plaudit.insights.names import names_of
from plaudit.insights.open_words import declared_by
from plaudit.insights.rule_words import limits_words, rule_words
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.planning.actions.apply import apply
from plaudit.planning.actions.lifecycle import pause, resume
from plaudit.planning.comparing import compare_versions
from plaudit.planning.plans import Plan, plan
from plaudit.planning.programme_file.definitions import definition_of
from plaudit.planning.programme_file.engaging_rules import own_activities
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.translating import coverage_of
from plaudit.planning.queries import (
    programme_behind,
    programme_row,
    programmes,
    version_row,
    versions,
)
from plaudit.planning.templates import templates
from plaudit.surfaces.console.listening_beside import wanted_beside

READS = (
    RoleName.MANAGER,
    RoleName.SUPERVISOR,
    RoleName.FINANCE,
    RoleName.AUDITOR,
    RoleName.DEVELOPER,
    RoleName.DESK,
)
APPLIES = (RoleName.MANAGER,)


class FileForm(forms.Form):
    """A programme file, and why it changes."""

    source = forms.CharField(
        label=gettext_lazy("The programme file"),
        validators=[MaxLengthValidator(500_000)],
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "mono"}),
        error_messages={"required": gettext_lazy("Write a programme file.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it changes"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Stands beside the version for ever."),
    )

    def clean_source(self) -> str:
        """The file with the line ends of a file: browsers send others."""
        return str(self.cleaned_data["source"]).replace("\r\n", "\n")


@require_GET
@allows(roles=READS, to="see programmes")
def programme_list(request: HttpRequest) -> HttpResponse:
    """Every programme with its state and newest version."""
    actor = actor_of(request)
    found = programmes(actor.organisation_id)
    shown = {
        "title": _("Programmes"),
        "lead": _("What earns points, under which conditions, and what points buy."),
        "programmes": found,
        "templates": templates() if not found else [],
        "may_apply": actor.has_role(*APPLIES),
    }
    return render(request, "console/programmes.html", shown)


@require_GET
@allows(roles=READS, to="see programmes")
def programme_page(request: HttpRequest, key: str) -> HttpResponse:
    """One programme: its rules in force as sentences, its file, its versions."""
    return programme_page_shown(request, key)


def programme_page_shown(request: HttpRequest, key: str, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    row = programme_row(actor.organisation_id, key)
    known = versions(actor.organisation_id, key)
    newest = version_row(actor.organisation_id, key) if known else None
    programme = programme_behind(newest) if newest else None
    people = names_of(actor.organisation_id, {one.published_by for one in known})
    own = (actor.organisation.language if actor.organisation else "") or ENGLISH
    rules, shared = _rules(actor.organisation_id, programme) if programme else ([], [])
    wanted = wanted_beside(actor, key) if programme else None
    beside = wanted["by_rule"] if wanted else {}
    shown = {
        "title": row.name or key,
        "lead": programme.description if programme else None,
        "trail": _trail(row.name or key),
        "row": row,
        "version": newest,
        "rules": [{**rule, "wanted": beside.get(rule["key"], [])} for rule in rules],
        "wanted": wanted,
        "shared_limits": shared,
        "audience": ", ".join(programme.audience) if programme else "",
        "written_in": language_name(programme.language or own) if programme else "",
        "languages": _languages(programme) if programme else [],
        "versions": [{"one": one, "by": people.get(one.published_by, "")} for one in known],
        "may_apply": actor.has_role(*APPLIES),
        "may_test": actor.has_role(*APPLIES, RoleName.DEVELOPER),
        "refusal": refusal,
    }
    return render(request, "console/programme.html", shown)


def _languages(programme: Programme) -> list[dict[str, Any]]:
    """The languages of its texts: the one it is written in, and how far each further one is."""
    return [
        {
            "name": language_name(one.language),
            "translated": one.translated,
            "texts": one.texts,
            "missing": [
                {"place": place.strip("/").replace("/", " › "), "text": text} for place, text in one.missing
            ],
        }
        for one in coverage_of(programme)
    ]


def language_name(code: str) -> str:
    """What a language is called in the reader's language; its code where it is not known."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _trail(last: str, key: str = "", middle: str = "") -> list[dict[str, str]]:
    trail = [{"label": _("Programmes"), "url": reverse("console:programmes")}]
    if key:
        trail.append({"label": middle or key, "url": reverse("console:programme", args=[key])})
    return [*trail, {"label": last, "url": ""}]


def _rules(organisation_id: int, programme: Programme) -> tuple[list[dict[str, Any]], list[str]]:
    """Every rule as a sentence with its own limits, as the version says them, and the limits all share."""
    definition = definition_of(programme)
    units = units_by_key(organisation_id)
    activities = {one.key: declared_by(one) for one in (*programme.activities, *own_activities(programme))}
    campaigns = {rule.key: campaign.name for rule, campaign in programme.all_rules() if campaign is not None}
    rules = [
        _rule(
            rule,
            definition,
            activities[rule.on],
            units[rule.unit],
            campaigns.get(rule.key, ""),
            programme.audience,
        )
        for rule in definition.rules
    ]
    shared = _shared_limits(rules)
    return [
        {**one, "limits": [limit for limit in one["limits"] if limit not in shared]} for one in rules
    ], shared


def _shared_limits(rules: list[dict[str, Any]]) -> list[str]:
    """The limits that stand on every rule, to be said once; none where there is one rule alone."""
    if len(rules) < 2:
        return []
    return [limit for limit in rules[0]["limits"] if all(limit in one["limits"] for one in rules)]


def _rule(
    rule: Rule,
    definition: Definition,
    declared: DeclaredType,
    unit: UnitPolicy,
    campaign: str,
    own_audience: tuple[str, ...],
) -> dict[str, Any]:
    return {
        "key": rule.key,
        "name": rule.name,
        "words": rule_words(rule, definition, declared, unit),
        "limits": limits_words(rule, unit),
        "campaign": campaign,
        "starts_at": rule.starts_at,
        "ends_at": rule.ends_at,
        "pending_days": rule.pending_days,
        "audience": ", ".join(rule.audience) if rule.audience != own_audience else "",
    }


@require_GET
@allows(roles=READS, to="see programmes")
def version_page(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version: its file, and what it changed."""
    organisation_id = actor_of(request).organisation_id
    row = programme_row(organisation_id, key)
    version = version_row(organisation_id, key, number)
    older = [one.number for one in versions(organisation_id, key) if one.number < number]
    compared = compare_versions(organisation_id, key, older=older[0], newer=number) if older else None
    shown = {
        "title": _("{name}, version {number}").format(name=row.name or key, number=number),
        "trail": _trail(_("Version {number}").format(number=number), key, row.name),
        "version": version,
        "key": key,
        "by": names_of(organisation_id, {version.published_by}).get(version.published_by, ""),
        "older": older[0] if older else None,
        "changes": compared.changes if compared else (),
        "lines": compared.lines.splitlines()[2:] if compared else [],
    }
    return render(request, "console/version.html", shown)


@require_GET
@allows(roles=READS, to="download programme files")
def version_file(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The file of a version, exactly as it was applied."""
    version = version_row(actor_of(request).organisation_id, key, number)
    response = HttpResponse(version.source, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{key}-{number}.yaml"'
    return response


@require_GET
@allows(roles=APPLIES, to="change programmes")
def edit_page(request: HttpRequest, key: str = "") -> HttpResponse:
    """The newest file to be edited, or a file that comes with Plaudit to start from."""
    return _edit(request, FileForm(initial={"source": _starting_text(request, key)}), key)


def _starting_text(request: HttpRequest, key: str) -> str:
    if not key:
        wanted = request.GET.get("template", "")
        shipped = templates()
        return next(
            (one.source for one in shipped if one.key == wanted), shipped[0].source if shipped else ""
        )
    organisation_id = actor_of(request).organisation_id
    row = programme_row(organisation_id, key)
    return row.draft or version_row(organisation_id, key).source


def _edit(request: HttpRequest, form: FileForm, key: str, refusal: Refusal | None = None) -> HttpResponse:
    shown = {
        "title": _("Edit {key}").format(key=key) if key else _("Write a programme"),
        "lead": _("Nothing changes before you have seen the plan and applied it."),
        "trail": _trail(_("Edit"), key) if key else _trail(_("New")),
        "form": form,
        "key": key,
        "refusal": refusal,
    }
    return render(request, "console/programme_edit.html", shown, status=422 if form.errors else 200)


def file_again(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The file as it was sent, with everything that is wrong with it."""
    return _edit(request, FileForm(request.POST), "", refusal)


@require_POST
@allows(roles=APPLIES, to="change programmes")
@refusals_shown_by(file_again)
def plan_page(request: HttpRequest) -> HttpResponse:
    """What applying the file would change, in sentences; nothing is changed by asking."""
    form = FileForm(request.POST)
    if not form.is_valid() or "edit" in request.POST:
        return _edit(request, form, "")
    return shown_plan(request, form, plan(actor_of(request).organisation_id, form.cleaned_data["source"]))


def shown_plan(request: HttpRequest, form: FileForm, planned: Plan) -> HttpResponse:
    """The plan of a file that was read, with the way to apply it."""
    shown = {
        "title": _("What would change"),
        "lead": _as_what(planned),
        "trail": _trail(_("Plan"), planned.programme.key if planned.live else "", planned.programme.name),
        "form": form,
        "plan": planned,
        "expected": planned.live or 0,
    }
    return render(request, "console/programme_plan.html", shown)


def _as_what(planned: Plan) -> str:
    return _("This file becomes version {number} of {name}.").format(
        number=planned.next, name=planned.programme.name
    )


@require_POST
@allows(roles=APPLIES, to="apply programmes")
@refusals_shown_by(file_again)
def apply_file(request: HttpRequest) -> HttpResponse:
    """Publish the file that was planned, if no other version went live meanwhile."""
    form = FileForm(request.POST)
    if not form.is_valid() or "edit" in request.POST:
        return _edit(request, form, "")
    expected = request.POST.get("expected", "")
    actor = actor_of(request)
    applied = apply(
        actor.organisation_id,
        form.cleaned_data["source"],
        actor=actor.ref,
        reason=form.cleaned_data["reason"],
        expected_live=int(expected) if expected.isascii() and expected.isdigit() else None,
    )
    key = applied.plan.programme.key
    said = (
        _("Version {number} is in force.")
        if applied.published
        else _("Nothing changed: version {number} is this file.")
    )
    messages.success(request, said.format(number=applied.version))
    return HttpResponseRedirect(reverse("console:programme", args=[key]))


@require_POST
@allows(roles=APPLIES, to="pause programmes")
@refusals_shown_by(programme_page_shown)
def pause_programme(request: HttpRequest, key: str) -> HttpResponse:
    """Let nothing earn by its rules until it is resumed."""
    actor = actor_of(request)
    pause(actor.organisation_id, key, actor=actor.ref)
    messages.info(request, _("Paused. Nothing earns by these rules until you resume it."))
    return HttpResponseRedirect(reverse("console:programme", args=[key]))


@require_POST
@allows(roles=APPLIES, to="resume programmes")
@refusals_shown_by(programme_page_shown)
def resume_programme(request: HttpRequest, key: str) -> HttpResponse:
    """Let its rules be in force again."""
    actor = actor_of(request)
    resume(actor.organisation_id, key, actor=actor.ref)
    messages.success(request, _("Its rules are in force again."))
    return HttpResponseRedirect(reverse("console:programme", args=[key]))
