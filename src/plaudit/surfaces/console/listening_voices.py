"""Focus groups and ideas in the console, and what is told of what was done about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.listening.actions.coding import code_focus_group
from plaudit.listening.actions.focus_groups import PLACES_MAX, invite, note_said, open_focus_group
from plaudit.listening.actions.ideas import source_behind, tell_change
from plaudit.listening.definitions import WORDS_MAX
from plaudit.listening.models import Reply, Source
from plaudit.listening.published import newest_version, programmes
from plaudit.listening.queries.baselines import baselines
from plaudit.listening.queries.coding import codings
from plaudit.listening.queries.remarks import collections
from plaudit.listening.queries.voices import changes, focus_group, focus_groups, ideas, invitations, said_in
from plaudit.people.models import Member
from plaudit.people.queries import member_ids_of
from plaudit.surfaces.console.listening import READS_LISTENING, RUNS_LISTENING, parts_of, trail
from plaudit.surfaces.console.listening_remarks import codes_in, coding_address

_REPLIES = {
    Reply.COMING: (gettext_lazy("Comes"), "good"),
    Reply.DECLINED: (gettext_lazy("Does not come"), "neutral"),
    Reply.INVITED: (gettext_lazy("Has not replied"), "warn"),
}


class GroupForm(forms.Form):
    """When and where a focus group is, and for how many."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        error_messages={"required": gettext_lazy("Give it a title.")},
    )
    programme = forms.ChoiceField(label=gettext_lazy("Programme"))
    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Enter the day."),
            "invalid": gettext_lazy("Enter a day, such as 2026-03-02."),
        },
    )
    begins = forms.TimeField(
        label=gettext_lazy("Begins"),
        widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={
            "required": gettext_lazy("Enter when it begins."),
            "invalid": gettext_lazy("Enter a time such as 09:30."),
        },
    )
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=200)
    places = forms.IntegerField(
        label=gettext_lazy("Places"),
        min_value=1,
        max_value=PLACES_MAX,
        error_messages={"required": gettext_lazy("Enter how many places there are.")},
    )


def _form(organisation_id: int, *data: Any) -> GroupForm:
    form = GroupForm(*data)
    field = form.fields["programme"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(one, one) for one in programmes(organisation_id)]
    return form


@require_GET
@allows(roles=READS_LISTENING, to="see focus groups")
def group_list(request: HttpRequest) -> HttpResponse:
    """Every focus group, and a form to plan one."""
    return group_list_shown(request)


def group_list_shown(
    request: HttpRequest, refusal: Refusal | None = None, form: GroupForm | None = None
) -> HttpResponse:
    """The same as it was filled in, with what was refused on it."""
    actor = actor_of(request)
    if form is None and refusal is not None:
        form = _form(actor.organisation_id, request.POST)
    shown = {
        "title": _("Focus groups"),
        "lead": _("Conversations with a few, noted without names and sorted by themes."),
        "parts": parts_of("focus-groups"),
        "rows": [{"one": one, "url": _address(one.id)} for one in focus_groups(actor.organisation_id)],
        "form": (form or _form(actor.organisation_id)) if actor.has_role(*RUNS_LISTENING) else None,
        "faulty": form if form is not None and form.errors else None,
        "refusal": refusal,
    }
    status = 422 if shown["faulty"] else refusal.status if refusal else 200
    return render(request, "console/listening_groups.html", shown, status=status)


def _address(group_id: UUID) -> str:
    return reverse("console:focus-group", args=[ids.show("fcg", group_id)])


@require_POST
@allows(roles=RUNS_LISTENING, to="plan focus groups")
@refusals_shown_by(group_list_shown)
def plan_group(request: HttpRequest) -> HttpResponse:
    """Plan one."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        form = _form(actor.organisation_id, request.POST)
        if not form.is_valid():
            return group_list_shown(request, form=form)
    asked = form.cleaned_data
    begins = datetime.combine(asked["day"], asked["begins"], timezone.get_current_timezone())
    made = open_focus_group(
        actor.organisation_id,
        programme=asked["programme"],
        title=asked["title"],
        starts_at=begins,
        places=asked["places"],
        place=asked["place"],
        actor=actor.ref,
    )
    return HttpResponseRedirect(_address(made.id))


@require_GET
@allows(roles=READS_LISTENING, to="see focus groups")
def group_page(request: HttpRequest, group_id: str) -> HttpResponse:
    """Who is invited and comes, what was said, and how it is sorted."""
    return group_page_shown(request, group_id=group_id)


def group_page_shown(request: HttpRequest, refusal: Refusal | None = None, *, group_id: str) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    one = focus_group(actor.organisation_id, ids.read("fcg", group_id, kind="focus group"))
    invited = invitations(actor.organisation_id, one.id)
    names = dict(
        Member.objects.filter(
            organisation_id=actor.organisation_id, id__in=[each.member_id for each in invited]
        ).values_list("id", "name")
    )
    shown = {
        "title": one.title,
        "trail": trail((_("Focus groups"), reverse("console:focus-groups")), (one.title, "")),
        "one": one,
        "reference": group_id,
        "invited": [
            {
                "who": names.get(each.member_id) or ids.show("mem", each.member_id),
                "reply": _REPLIES[Reply(each.reply)][0],
                "kind": _REPLIES[Reply(each.reply)][1],
            }
            for each in invited
        ],
        "said": said_in(actor.organisation_id, one.id),
        "codings": [
            {"title": each.title, "url": coding_address(ids.show("cdg", each.id))}
            for each in codings(actor.organisation_id)
            if each.group_id == one.id
        ],
        "may_run": actor.has_role(*RUNS_LISTENING),
        "given": request.POST,
        "words_max": WORDS_MAX,
        "refusal": refusal,
    }
    return render(request, "console/listening_group.html", shown, status=refusal.status if refusal else 200)


@require_POST
@allows(roles=RUNS_LISTENING, to="invite to focus groups")
@refusals_shown_by(group_page_shown)
def invite_some(request: HttpRequest, group_id: str) -> HttpResponse:
    """Invite members, by a reference on each line."""
    actor = actor_of(request)
    group = ids.read("fcg", group_id, kind="focus group")
    asked = request.POST.get("members", "").split()[:200]
    with in_organisation(actor.organisation_id):
        members = member_ids_of(actor.organisation_id, asked) if asked else {}
    invite(actor.organisation_id, group_id=group, members=set(members.values()), actor=actor.ref)
    return HttpResponseRedirect(_address(group))


@require_POST
@allows(roles=RUNS_LISTENING, to="note what was said")
@refusals_shown_by(group_page_shown)
def note(request: HttpRequest, group_id: str) -> HttpResponse:
    """Note what was said, a thing on each line."""
    actor = actor_of(request)
    group = ids.read("fcg", group_id, kind="focus group")
    said = request.POST.get("said", "").replace("\0", "").splitlines()
    note_said(actor.organisation_id, group_id=group, said=said, actor=actor.ref)
    return HttpResponseRedirect(_address(group))


@require_POST
@allows(roles=RUNS_LISTENING, to="draw texts to be coded")
@refusals_shown_by(group_page_shown)
def code_themes(request: HttpRequest, group_id: str) -> HttpResponse:
    """Let what was said in a focus group be sorted by themes."""
    actor = actor_of(request)
    made = code_focus_group(
        actor.organisation_id,
        title=request.POST.get("title", ""),
        group_id=ids.read("fcg", group_id, kind="focus group"),
        codes=codes_in(request.POST.get("codes", "")),
        actor=actor.ref,
    )
    return HttpResponseRedirect(coding_address(ids.show("cdg", made.id)))


@require_GET
@allows(roles=READS_LISTENING, to="see ideas")
def idea_list(request: HttpRequest) -> HttpResponse:
    """Ideas by their votes, and what was told of what was done."""
    return idea_list_shown(request)


def idea_list_shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    organisation_id = actor.organisation_id
    found = ideas(organisation_id)
    shown = {
        "title": _("Ideas"),
        "lead": _("What people would do otherwise, and what was done because they said so."),
        "parts": parts_of("ideas"),
        "rows": found,
        "changes": changes(organisation_id),
        "sources": [
            *({"value": ids.show("ide", one.id), "label": one.words[:80]} for one in found),
            *({"value": ids.show("bsl", one.id), "label": one.title} for one in baselines(organisation_id)),
            *(
                {"value": ids.show("fcg", one.id), "label": one.title}
                for one in focus_groups(organisation_id)
            ),
            *({"value": ids.show("rmc", one.id), "label": one.title} for one in collections(organisation_id)),
        ],
        "programmes": [
            {"key": one, "version": newest_version(organisation_id, one)}
            for one in programmes(organisation_id)
        ],
        "may_run": actor.has_role(*RUNS_LISTENING),
        "given": request.POST,
        "words_max": WORDS_MAX,
        "refusal": refusal,
    }
    return render(request, "console/listening_ideas.html", shown, status=refusal.status if refusal else 200)


_PREFIX = {Source.BASELINE: "bsl", Source.FOCUS_GROUP: "fcg", Source.IDEA: "ide", Source.REMARKS: "rmc"}


@require_POST
@allows(roles=RUNS_LISTENING, to="tell what was done")
@refusals_shown_by(idea_list_shown)
def tell(request: HttpRequest) -> HttpResponse:
    """You said, we did."""
    actor = actor_of(request)
    reference = request.POST.get("source", "")
    source = source_behind(reference)
    programme, _sign, version = request.POST.get("did_in", "").partition("@")
    tell_change(
        actor.organisation_id,
        source=source,
        source_id=ids.read(_PREFIX[source], reference, kind="source"),
        programme=programme,
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 7 else 0,
        said=request.POST.get("said", ""),
        did=request.POST.get("did", ""),
        actor=actor.ref,
    )
    messages.success(request, _("Told. Those who said it see it first."))
    return HttpResponseRedirect(reverse("console:ideas"))
