"""Recognition in the console: what was given and may have to be taken back, what was reported, what programmes say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.refusals import Refusal
from plaudit.insights.names import names_of
from plaudit.ledger.units import units_by_key
from plaudit.recognition.actions.linking import end_link
from plaudit.recognition.actions.moderating import decide_report, take_report
from plaudit.recognition.actions.taking_back import take_back
from plaudit.recognition.definitions import Source
from plaudit.recognition.models import Reply, Report, ReportState
from plaudit.recognition.published import standards
from plaudit.recognition.queries.feed import Seen, recognitions
from plaudit.recognition.queries.links import standing_links
from plaudit.recognition.queries.noticing import BySource, by_source
from plaudit.recognition.queries.talk import reports
from plaudit.recognition.wording import SOURCES
from plaudit.surfaces.console.listing import pages

READS_RECOGNITION = (RoleName.MANAGER, RoleName.AUDITOR)
RUNS_RECOGNITION = (RoleName.MANAGER,)
PER_PAGE = 20

_STATES = {
    ReportState.WAITING: (gettext_lazy("Waiting"), "warn"),
    ReportState.HIDDEN: (gettext_lazy("Hidden"), "bad"),
    ReportState.KEPT: (gettext_lazy("Left as it is"), "good"),
}


def parts_of(current: str) -> list[dict[str, object]]:
    """The pages about recognition, as tabs."""
    named = (
        ("noticing", _("Given")),
        ("nominated", _("Nominations")),
        ("reports", _("Reported")),
        ("behaviours", _("What is recognised")),
    )
    return [
        {"label": label, "url": reverse(f"console:{name}"), "current": name == current}
        for name, label in named
    ]


@require_GET
@allows(roles=READS_RECOGNITION, to="see recognitions")
def given(request: HttpRequest) -> HttpResponse:
    """What was given, the newest first, also what was taken back."""
    return given_shown(request)


def given_shown(request: HttpRequest, reference: str = "", refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    before = read_cursor(request.GET.get("after"), one_id)
    wanted = request.GET.get("source", "")
    source = wanted if wanted in set(Source) else None
    found = recognitions(actor.organisation_id, source=source, before=before, limit=PER_PAGE + 1)
    came = by_source(actor.organisation_id)
    rows = found[:PER_PAGE]
    shown = {
        "title": _("Recognition"),
        "lead": _("Who was noticed, by whom, for what. What was wrong is taken back with a reason."),
        "parts": parts_of("noticing"),
        "came": came,
        "sources": _sources(came, source),
        "rows": [_row(actor.organisation_id, one) for one in rows],
        "may_run": actor.has_role(*RUNS_RECOGNITION),
        "refusal": refusal,
        "refused": reference,
        "pages": pages(
            request, write_cursor(rows[-1].id) if len(found) > PER_PAGE else None, shown=len(rows)
        ),
    }
    return render(request, "console/noticing.html", shown, status=refusal.status if refusal else 200)


def _sources(came: BySource, current: str | None) -> list[dict[str, object]]:
    """From whom they came, each with how many, as tabs."""
    everything = {"label": _("All"), "url": "?", "current": current is None, "count": came.in_all}
    return [
        everything,
        *(
            {"label": words, "url": f"?source={one}", "current": one == current, "count": came.counts[one]}
            for one, words in SOURCES.items()
        ),
    ]


def _row(organisation_id: int, one: Seen) -> dict[str, Any]:
    units = units_by_key(organisation_id)
    names = {(each.programme, b.key): b.name for each in standards(organisation_id) for b in each.behaviours}
    return {
        "one": one,
        "reference": ids.show("rcg", one.id),
        "from": one.giver or SOURCES[Source(one.source)],
        "source": SOURCES[Source(one.source)],
        "to": ", ".join(each.name or ids.show("mem", each.id) for each in one.recipients),
        "behaviour": names.get((one.programme, one.behaviour), one.behaviour) or _("Thank you"),
        "points": units[one.unit].say(one.points) if one.points and one.unit in units else "",
    }


@require_POST
@allows(roles=RUNS_RECOGNITION, to="take recognitions back")
@refusals_shown_by(given_shown)
def take_it_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back what it gave, with the reason that its recipients read."""
    actor = actor_of(request)
    recognition_id = ids.read("rcg", reference, kind="recognition")
    take_back(actor.organisation_id, recognition_id, reason=request.POST.get("reason", ""), actor=actor.ref)
    messages.success(request, _("Taken back. Its points are taken back exactly, and its people read why."))
    return HttpResponseRedirect(reverse("console:noticing"))


@require_GET
@allows(roles=READS_RECOGNITION, to="see reports")
def report_list(request: HttpRequest) -> HttpResponse:
    """What members found wrong and waits for a decision, the oldest first; and what was decided."""
    return reports_shown(request)


def reports_shown(request: HttpRequest, reference: str = "", refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    waiting = reports(actor.organisation_id, waiting=True)
    decided = reports(actor.organisation_id, waiting=False)
    about = _about(actor.organisation_id, [*waiting, *decided])
    people = names_of(actor.organisation_id, [one.owner for one in waiting if one.owner])
    shown = {
        "title": _("Reported"),
        "lead": _("Somebody takes it, hears both sides, and hides it with a reason or leaves it as it is."),
        "parts": parts_of("reports"),
        "waiting": [_report(one, about, people, actor.ref) for one in waiting],
        "decided": [_report(one, about, people, actor.ref) for one in decided],
        "may_run": actor.has_role(*RUNS_RECOGNITION),
        "refusal": refusal,
        "refused": reference,
        "answer": request.POST.get("answer", "")[:500] if refusal else "",
    }
    return render(request, "console/reports.html", shown, status=refusal.status if refusal else 200)


def _about(organisation_id: int, found: Iterable[Report]) -> Mapping[UUID, str]:
    """What each of these is about, in the words that were reported."""
    wanted = list(found)
    lines = Reply.objects.filter(
        organisation_id=organisation_id, id__in=[one.reply_id for one in wanted if one.reply_id]
    )
    said = dict(lines.values_list("id", "words"))
    given_by_id = {
        one.id: one
        for one in recognitions(
            organisation_id, among=[one.recognition_id for one in wanted], limit=len(wanted) + 1
        )
    }
    about = {}
    for one in wanted:
        what = given_by_id.get(one.recognition_id)
        words = said.get(one.reply_id, "") if one.reply_id else what.words if what is not None else ""
        about[one.id] = words or _("without words")
    return about


def _report(one: Report, about: Mapping[UUID, str], people: Mapping[str, str], me: str) -> dict[str, Any]:
    words, kind = _STATES[ReportState(one.state)]
    return {
        "one": one,
        "reference": ids.show("rpt", one.id),
        "about": about[one.id],
        "what": _("A reply") if one.reply_id else _("A recognition"),
        "owner": _("you") if one.owner == me else people.get(one.owner, one.owner),
        "is_mine": one.owner == me,
        "state": words,
        "state_kind": kind,
    }


@require_POST
@allows(roles=RUNS_RECOGNITION, to="look into reports")
@refusals_shown_by(reports_shown)
def take_it(request: HttpRequest, reference: str) -> HttpResponse:
    """Own it from now on."""
    actor = actor_of(request)
    take_report(actor.organisation_id, ids.read("rpt", reference, kind="report"), actor=actor.ref)
    messages.success(request, _("It is yours."))
    return HttpResponseRedirect(reverse("console:reports"))


@require_POST
@allows(roles=RUNS_RECOGNITION, to="decide reports")
@refusals_shown_by(reports_shown)
def decide_it(request: HttpRequest, reference: str) -> HttpResponse:
    """Hide what was reported, or leave it."""
    actor = actor_of(request)
    hide = request.POST.get("then") == "hide"
    decide_report(
        actor.organisation_id,
        ids.read("rpt", reference, kind="report"),
        hide=hide,
        answer=request.POST.get("answer", ""),
        actor=actor.ref,
        decider_id=actor.member_id,
    )
    messages.success(request, _("Hidden from others.") if hide else _("Left as it is."))
    return HttpResponseRedirect(reverse("console:reports"))


@require_GET
@allows(roles=READS_RECOGNITION, to="see what is recognised")
def behaviours(request: HttpRequest) -> HttpResponse:
    """What the programmes in force say of recognition, and every address that leads in from outside."""
    actor = actor_of(request)
    units = units_by_key(actor.organisation_id)
    links = standing_links(actor.organisation_id)
    who = names_of(actor.organisation_id, [one.made_by for one in links])
    shown = {
        "title": _("What is recognised"),
        "lead": _("It stands in each programme's file, under recognition, and is changed there."),
        "parts": parts_of("behaviours"),
        "standards": [
            {
                "one": one,
                "edit": reverse("console:edit-programme", args=[one.programme]),
                "behaviours": [
                    (each, units[one.unit].say(each.points) if each.points else "") for each in one.behaviours
                ],
                "supervisors": units[one.unit].say(one.supervisors) if one.supervisors else "",
                "colleagues": units[one.unit].say(one.colleagues) if one.colleagues else "",
                "thanks": units[one.unit].say(one.customers.points)
                if one.customers and one.customers.points
                else "",
                "up_to": units[one.unit].say(one.nominations.up_to) if one.nominations else "",
                "budget": units[one.unit].say(one.nominations.budget) if one.nominations else "",
            }
            for one in standards(actor.organisation_id)
        ],
        "links": [
            {"one": one, "reference": ids.show("lnk", one.id), "made_by": who.get(one.made_by, one.made_by)}
            for one in links
        ],
        "may_run": actor.has_role(*RUNS_RECOGNITION),
    }
    return render(request, "console/behaviours.html", shown)


@require_POST
@allows(roles=RUNS_RECOGNITION, to="end links")
def end_it(request: HttpRequest, reference: str) -> HttpResponse:
    """Let an address lead nowhere."""
    actor = actor_of(request)
    end_link(actor.organisation_id, ids.read("lnk", reference, kind="link"), actor=actor.ref)
    messages.success(request, _("It leads nowhere any more."))
    return HttpResponseRedirect(reverse("console:behaviours"))
