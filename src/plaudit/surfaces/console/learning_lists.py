"""Lists of who completed something, in the console: sent in, looked at, chosen, counted, followed and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.earning.uploads import keep_upload
from plaudit.foundation import clock, ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.rolls import (
    choose_likely,
    commit_roll,
    read_again,
    reverse_roll,
    roll_id_of,
    roll_ref,
    stage_roll,
    stop_roll,
)
from plaudit.learning.lists import Columns
from plaudit.learning.offered import all_learning, day_of, offering_of
from plaudit.learning.queries.rolls import groups_of, names_of, outcomes_of, roll, rolls, rows_of
from plaudit.learning.roll_models import Roll, RollRow, RollState
from plaudit.learning.rules.meaning import Group
from plaudit.learning.tasks import count_list, take_back_list
from plaudit.ledger.units import units_by_key
from plaudit.surfaces.console.learning import READS_LEARNING, RUNS_LEARNING, parts_of, trail
from plaudit.surfaces.console.listing import csv_answer

SHOWN = 50
_MILLION = 1_000_000

STATES = {
    RollState.STAGED: (gettext_lazy("Being looked at"), "info"),
    RollState.COMMITTING: (gettext_lazy("Being counted"), "info"),
    RollState.STOPPED: (gettext_lazy("Stopped"), "warn"),
    RollState.DONE: (gettext_lazy("Counted"), "good"),
    RollState.REVERSING: (gettext_lazy("Being taken back"), "warn"),
    RollState.REVERSED: (gettext_lazy("Taken back"), "neutral"),
}
SAYS = {
    "name": gettext_lazy("Whole name"),
    "first": gettext_lazy("First name"),
    "last": gettext_lazy("Last name"),
    "email": gettext_lazy("E-mail address"),
    "id": gettext_lazy("Number"),
}
GROUPS = {
    Group.SURE: gettext_lazy("Sure"),
    Group.LIKELY: gettext_lazy("Likely"),
    Group.UNKNOWN: gettext_lazy("Unknown"),
    Group.DUPLICATE: gettext_lazy("Duplicate"),
}


class ListForm(forms.Form):
    """A file, what those in it completed, and when."""

    what = forms.ChoiceField(
        label=gettext_lazy("What was completed"),
        error_messages={"required": gettext_lazy("Choose what was completed.")},
    )
    day = forms.DateField(
        label=gettext_lazy("On which day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Enter the day."),
            "invalid": gettext_lazy("Enter a day, such as 2026-03-02."),
        },
    )
    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy("CSV or XLSX with a heading: names, e-mail addresses or numbers."),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
            "missing": gettext_lazy("Choose a file."),
        },
    )


def _form(actor: Actor, *data: Any) -> ListForm:
    offered = all_learning(actor.organisation_id)
    today = day_of(offered[0], clock.now()) if offered else clock.now().date()
    form = ListForm(*data)
    form.initial = {"day": today}
    field = form.fields["what"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [
        (f"{learning.programme}/{one.key}", one.name)
        for learning in offered
        for one in learning.offerings
        if not one.steps
    ]
    return form


@require_GET
@allows(roles=READS_LEARNING, to="see lists")
def lists(request: HttpRequest) -> HttpResponse:
    """Every list that was sent in, the newest first, and the form for another."""
    return lists_shown(request)


def lists_shown(
    request: HttpRequest, refusal: Refusal | None = None, form: ListForm | None = None
) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    may_run = actor.has_role(*RUNS_LEARNING)
    shown = {
        "title": _("Lists of who came"),
        "lead": _("Send in a list; nothing is counted before you say so."),
        "parts": parts_of("learning-lists"),
        "rows": [_listed(one) for one in rolls(actor.organisation_id, limit=SHOWN)],
        "form": (form or _form(actor)) if may_run else None,
        "refusal": refusal,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "console/learning_lists.html", shown, status=status)


def _listed(one: Roll) -> dict[str, Any]:
    words, kind = STATES[RollState(one.state)]
    return {
        "one": one,
        "url": reverse("console:learning-list", args=[roll_ref(one.id)]),
        "state": words,
        "state_kind": kind,
    }


@require_POST
@allows(roles=RUNS_LEARNING, to="send lists in")
@refusals_shown_by(lists_shown)
def look(request: HttpRequest) -> HttpResponse:
    """Keep the file and find whom its rows mean."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        form = _form(actor, request.POST, request.FILES)
        if not form.is_valid():
            return lists_shown(request, form=form)
    programme, _slash, offering = form.cleaned_data["what"].partition("/")
    file = form.cleaned_data["file"]
    path = keep_upload(actor.organisation_id, file.name or "", file.chunks())
    made = stage_roll(
        actor.organisation_id,
        path=path,
        name=Path(file.name or "list").name[:200],
        programme=programme,
        offering=offering,
        held_on=form.cleaned_data["day"],
        actor=actor.ref,
    )
    return HttpResponseRedirect(reverse("console:learning-list", args=[roll_ref(made.id)]))


@require_GET
@allows(roles=READS_LEARNING, to="see lists")
def list_page(request: HttpRequest, roll_id: str) -> HttpResponse:
    """A list with its four groups, what counting it comes to, and how far it is."""
    return list_shown(request, roll_id)


def list_shown(request: HttpRequest, roll_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    one = _named(actor.organisation_id, roll_id)
    _learning, offering = offering_of(actor.organisation_id, one.programme, one.offering)
    group = request.GET.get("group", "")
    rows = rows_of(one, group=group if group in set(Group) else "", limit=SHOWN)
    likely = rows_of(one, group=Group.LIKELY, limit=500) if one.state == RollState.STAGED else []
    named = names_of(one.organisation_id, _everybody([*rows, *likely]))
    words, kind = STATES[RollState(one.state)]
    may_run = actor.has_role(*RUNS_LEARNING)
    shown = {
        "title": one.name,
        "trail": trail((_("Lists"), reverse("console:learning-lists")), (one.name, "")),
        "one": one,
        "reference": roll_ref(one.id),
        "offering": offering.name,
        "state": words,
        "state_kind": kind,
        "groups": _groups(one, group),
        "rows": [_row(row, named) for row in rows],
        "likely": [_row(row, named) for row in likely],
        "preview": _preview(one) if may_run and one.preview and one.state == RollState.STAGED else None,
        "can_choose": may_run and one.state == RollState.STAGED,
        "reading": _reading(one) if may_run and one.state == RollState.STAGED else None,
        "can_go_on": may_run and one.state == RollState.STOPPED,
        "can_reverse": may_run and one.state in (RollState.STOPPED, RollState.DONE),
        "job": _job(one, may_run=may_run) if one.state != RollState.STAGED else None,
        "refusal": refusal,
    }
    return render(request, "console/learning_list.html", shown)


def _named(organisation_id: int, reference: str) -> Roll:
    return roll(organisation_id, roll_id_of(reference), ref=reference)


def _everybody(rows: list[RollRow]) -> set[UUID]:
    meant = {row.member_id for row in rows if row.member_id is not None}
    return meant | {UUID(one) for row in rows for one in row.candidates}


def _groups(one: Roll, current: str) -> list[dict[str, object]]:
    counted = groups_of(one)
    everything = {"label": _("All"), "url": "?", "current": not current, "count": sum(counted.values())}
    return [
        everything,
        *(
            {"label": words, "url": f"?group={key}", "current": current == key, "count": counted[key]}
            for key, words in GROUPS.items()
        ),
    ]


def _row(row: RollRow, named: dict[UUID, Any]) -> dict[str, Any]:
    def name(member_id: UUID) -> str:
        found = named.get(member_id)
        return (found.name if found is not None else "") or ids.show("mem", member_id)

    return {
        "one": row,
        "said": " · ".join(part for part in (row.said_name, row.said_email, row.said_id) if part) or "–",
        "group": GROUPS[Group(row.group)],
        "kind": {"sure": "good", "likely": "warn", "unknown": "bad"}.get(row.group, "neutral"),
        "meant": name(row.member_id) if row.member_id is not None else "–",
        "candidates": [
            {"id": ids.show("mem", UUID(one)), "name": name(UUID(one)), "chosen": str(row.member_id) == one}
            for one in row.candidates
        ],
    }


def _reading(one: Roll) -> dict[str, Any]:
    """Which columns there are, and which of them are read as what."""
    says = [
        {
            "what": what,
            "words": words,
            "options": [(name, name == one.columns.get(what, "")) for name in one.headings],
        }
        for what, words in SAYS.items()
    ]
    return {
        "says": says,
        "known": bool(one.columns),
        "words": [f"{words}: {one.columns[what]}" for what, words in SAYS.items() if what in one.columns],
    }


def _preview(one: Roll) -> dict[str, Any]:
    """What counting comes to, in points and, where a unit has a worth, in money."""
    units = units_by_key(one.organisation_id)
    points: dict[str, int] = one.preview["points"]
    return {
        "people": one.preview["people"],
        "points": [
            {
                "words": units[key].say(amount),
                "worth": amount * units[key].value_minor_per_million // _MILLION,
                "currency": units[key].currency,
            }
            for key, amount in points.items()
        ],
    }


_ENDED = {RollState.STOPPED: "paused", RollState.REVERSED: "cancelled"}


def _job(one: Roll, *, may_run: bool) -> dict[str, Any]:
    outcomes = outcomes_of(one)
    total, waiting = sum(outcomes.values()), outcomes[""]
    moving = one.state in (RollState.COMMITTING, RollState.REVERSING)
    page = reverse("console:learning-list", args=[roll_ref(one.id)])
    return {
        "id": roll_ref(one.id),
        "title": _("Progress"),
        "state": "running" if moving else _ENDED.get(RollState(one.state), "done"),
        "done": total - waiting,
        "total": total,
        "noun": _("people"),
        "problems": [],
        "updated_at": clock.wall(),
        "url": f"{page}/progress",
        "cancel_url": f"{page}/stop" if may_run and one.state == RollState.COMMITTING else "",
        "rejects_url": f"{page}/rejects.csv",
    }


@require_POST
@allows(roles=RUNS_LEARNING, to="choose in lists")
@refusals_shown_by(list_shown)
def read_columns(request: HttpRequest, roll_id: str) -> HttpResponse:
    """Say which columns say who; lists with the same headings are read so from then on."""
    actor = actor_of(request)
    said = {what: request.POST.get(what, "")[:200] for what in SAYS}
    read_again(actor.organisation_id, roll_id=roll_id_of(roll_id), columns=Columns(**said), actor=actor.ref)
    messages.success(request, _("It is read so, and so is every list with the same headings."))
    return HttpResponseRedirect(reverse("console:learning-list", args=[roll_id]))


@require_POST
@allows(roles=RUNS_LEARNING, to="choose in lists")
@refusals_shown_by(list_shown)
def choose(request: HttpRequest, roll_id: str) -> HttpResponse:
    """Say whom the likely rows mean, all that the page showed at once."""
    actor = actor_of(request)
    choices: dict[int, UUID | None] = {}
    for name, value in request.POST.items():
        number = name.removeprefix("row-")
        if name.startswith("row-") and number.isascii() and number.isdigit() and len(number) <= 9:
            choices[int(number)] = ids.read("mem", str(value), kind="member") if value else None
    taken = choose_likely(
        actor.organisation_id, roll_id=roll_id_of(roll_id), choices=choices, actor=actor.ref
    )
    messages.success(request, _("{n} people are to be counted.").format(n=taken))
    return HttpResponseRedirect(reverse("console:learning-list", args=[roll_id]))


@require_POST
@allows(roles=RUNS_LEARNING, to="count lists")
@refusals_shown_by(list_shown)
def commit(request: HttpRequest, roll_id: str) -> HttpResponse:
    """Count everybody who is accepted; a worker does it, and the page follows."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        made = commit_roll(actor.organisation_id, roll_id=roll_id_of(roll_id), actor=actor.ref)
        count_list.after(f"list:{made.id}", actor.organisation_id, roll_id=str(made.id))
    return HttpResponseRedirect(reverse("console:learning-list", args=[roll_id]))


@require_POST
@allows(roles=RUNS_LEARNING, to="count lists")
@refusals_shown_by(list_shown)
def stop(request: HttpRequest, roll_id: str) -> HttpResponse:
    """Stop counting after the rows it is at; who is counted stays counted."""
    actor = actor_of(request)
    stop_roll(actor.organisation_id, roll_id=roll_id_of(roll_id), actor=actor.ref)
    messages.info(request, _("Stopped. Who was counted stays counted, until you take the list back."))
    return HttpResponseRedirect(reverse("console:learning-list", args=[roll_id]))


@require_POST
@allows(roles=RUNS_LEARNING, to="take lists back")
@refusals_shown_by(list_shown)
def reverse_it(request: HttpRequest, roll_id: str) -> HttpResponse:
    """Take back everything that a list counted; a worker does it, and the page follows."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        made = reverse_roll(
            actor.organisation_id,
            roll_id=roll_id_of(roll_id),
            reason=request.POST.get("reason", "")[:500],
            actor=actor.ref,
        )
        take_back_list.after(f"list:{made.id}", actor.organisation_id, roll_id=str(made.id))
    return HttpResponseRedirect(reverse("console:learning-list", args=[roll_id]))


@require_GET
@allows(roles=READS_LEARNING, to="see lists")
def progress(request: HttpRequest, roll_id: str) -> HttpResponse:
    """How far a list is, for the page itself to take in."""
    actor = actor_of(request)
    job = _job(_named(actor.organisation_id, roll_id), may_run=actor.has_role(*RUNS_LEARNING))
    return render(request, "console/learning_progress.html", {"job": job})


@require_GET
@allows(roles=READS_LEARNING, to="read lists")
def rejects(request: HttpRequest, roll_id: str) -> HttpResponse:
    """Everybody who was not counted, and why, as a file to repair and send in again."""
    one = _named(actor_of(request).organisation_id, roll_id)
    left = [row for row in rows_of(one, limit=20_000) if row.outcome != "counted"]
    header = ["Row", "Name", "Email", "ID", "Why"]
    lines = [[r.number, r.said_name, r.said_email, r.said_id, r.outcome or r.why] for r in left]
    return csv_answer(f"{roll_ref(one.id)}-rejects", header, lines)
