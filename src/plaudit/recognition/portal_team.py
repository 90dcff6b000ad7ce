"""A supervisor's pages: who deserves notice now, one person of theirs, and their private notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import clock
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.told import told
from plaudit.ledger.units import units_by_key
from plaudit.people.models import Member
from plaudit.people.queries import member, member_id_of
from plaudit.people.reach import themselves
from plaudit.recognition.actions.recognise import Giving, recognise
from plaudit.recognition.actions.seeing_to import (
    NOTE_MAX,
    PLAN_DAYS_MAX,
    keep_plan,
    led_moment,
    must_lead,
    put_away_moment,
    share_note,
    snooze_moment,
    write_note,
)
from plaudit.recognition.definitions import NOTICE_DAYS, PROMPTLY_DAYS, Standard
from plaudit.recognition.models import Note
from plaudit.recognition.portal import since
from plaudit.recognition.portal_posts import drawn, me
from plaudit.recognition.published import standards
from plaudit.recognition.queries.feed import recognitions
from plaudit.recognition.queries.limits import left_of
from plaudit.recognition.queries.moments import OpenMoment, open_moments
from plaudit.recognition.queries.notes import notes_by
from plaudit.recognition.queries.noticing import (
    Promptness,
    Spotting,
    by_source,
    coverage,
    plan_of,
    promptness,
)
from plaudit.recognition.queries.people import Colleague, colleagues
from plaudit.recognition.wording import SOURCES

RECEIVED_SHOWN = 10


@require_GET
@allows(roles=[RoleName.SUPERVISOR], objects=themselves(), to="see your team")
def today(request: HttpRequest) -> HttpResponse:
    """Who deserves notice now: moments with their evidence, and whom the supervisor has not noticed lately."""
    return today_shown(request)


def today_shown(request: HttpRequest, *, refusal: Refusal | None = None, **_about: str) -> HttpResponse:
    """The same, with what was refused on it."""
    organisation_id, leader_id = actor_of(request).organisation_id, me(request)
    known = standards(organisation_id)
    standard = known[0] if known else None
    people = colleagues(organisation_id, leader_id, led=True)
    goal = standard.notice_days if standard is not None else NOTICE_DAYS
    spotting = plan_of(organisation_id, leader_id, default=goal)
    waiting = [one for one in people if _is_due(one, spotting)]
    shown = {
        "title": _("My team today"),
        "refusal": refusal,
        "standard": standard,
        "moments": [_moment(one, known) for one in open_moments(organisation_id, leader_id)],
        "people": [_person(one) for one in people],
        "waiting": [_person(one) for one in waiting],
        "spotting": spotting,
        "focus": _behaviour_name(standard, spotting.behaviour),
        "behaviours": standard.behaviours if standard is not None else (),
        "days_max": PLAN_DAYS_MAX,
        **_figures(organisation_id, leader_id, standard, people, spotting),
    }
    return render(request, "recognition/team_today.html", shown, status=refusal.status if refusal else 200)


def _is_due(one: Colleague, spotting: Spotting) -> bool:
    noticed = one.noticed_by_giver_at
    return noticed is None or noticed <= clock.now() - timedelta(days=spotting.every_days)


def _person(one: Colleague) -> dict[str, Any]:
    reference = show("mem", one.id)
    return {
        "name": one.name or reference,
        "reference": reference,
        "since": since(one),
        "noticed_at": one.noticed_at,
        "team": one.team,
        "give": f"{reverse('portal:give')}?person={reference}",
        "page": reverse("portal:team-person", args=[reference]),
    }


def _moment(one: OpenMoment, known: Sequence[Standard]) -> dict[str, Any]:
    standard = next((each for each in known if each.programme == one.programme), None)
    reference, person = show("mom", one.id), show("mem", one.member_id)
    behaviour = _behaviour_name(standard, one.behaviour)
    return {
        "one": one,
        "name": told(one.name),
        "who": one.member or person,
        "more": one.alike - 1,
        "reference": reference,
        "behaviour": behaviour,
        "key": uuid4(),
        "at_once": bool(behaviour),
        "give": f"{reverse('portal:give')}?person={person}&behaviour={one.behaviour}&moment={reference}",
        "note": f"{reverse('portal:team-person', args=[person])}?moment={reference}",
    }


def _behaviour_name(standard: Standard | None, key: str) -> str:
    found = standard.behaviour(key) if standard is not None and key else None
    return found.name if found is not None else ""


def _figures(
    organisation_id: int,
    leader_id: UUID,
    standard: Standard | None,
    people: Sequence[Colleague],
    spotting: Spotting,
) -> dict[str, Any]:
    """How well it goes: promptness beside its goal, coverage week by week, whose the recognitions are."""
    teams = {one.team_id: one.team for one in people}
    weeks = coverage(organisation_id, leader_id, [one.id for one in people], spotting)
    came = by_source(organisation_id, teams=teams)
    figures: dict[str, Any] = {
        "mine": _promptly(promptness(organisation_id, giver_id=leader_id)),
        "teams": [
            {"name": name, **_promptly(promptness(organisation_id, team_id=team_id))}
            for team_id, name in sorted(teams.items(), key=lambda one: one[1])
        ],
        "goal": _span(timedelta(days=standard.promptly_days if standard is not None else PROMPTLY_DAYS)),
        "weeks": weeks,
        "covered": weeks[-1],
        "covered_share": Decimal(weeks[-1].noticed) / weeks[-1].people if weeks[-1].people else None,
        "share": came.supervisors if came.in_all else None,
        "in_all": came.in_all,
        "sources": [
            {"words": SOURCES[source], "count": count} for source, count in came.counts.items() if count
        ],
    }
    if standard is not None:
        left = left_of(organisation_id, standard, leader_id)
        unit = units_by_key(organisation_id).get(standard.unit)
        figures["left_words"] = unit.say(left.left) if unit is not None and left.allowance else ""
    return figures


def _promptly(found: Promptness) -> dict[str, Any]:
    return {
        "known": found.known,
        "median": _span(found.median) if found.median is not None else "",
        "ninetieth": _span(found.ninetieth) if found.ninetieth is not None else "",
    }


def _span(span: timedelta) -> str:
    """A length of time in the largest unit that says something: minutes, hours or days, rounded down."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    if minutes < 48 * 60:
        return ngettext("{n} hour", "{n} hours", minutes // 60).format(n=minutes // 60)
    days = minutes // (24 * 60)
    return ngettext("{n} day", "{n} days", days).format(n=days)


@require_POST
@allows(roles=[RoleName.SUPERVISOR], objects=themselves(), to="recognise somebody you lead")
@refusals_shown_by(today_shown)
def at_once(request: HttpRequest, reference: str) -> HttpResponse:
    """Recognise for a moment with one tap: its person, its behaviour, its deed."""
    actor, moment_id = actor_of(request), read("mom", reference, kind="moment")
    with in_organisation(actor.organisation_id):
        moment = led_moment(actor.organisation_id, moment_id, me(request))
    made = recognise(
        actor.organisation_id,
        Giving(
            recipients=[moment.member_id],
            behaviour=moment.behaviour,
            programme=moment.programme,
            moment=moment_id,
            with_points=request.POST.get("points") != "no",
        ),
        giver_id=me(request),
        actor=actor.ref,
    )
    return HttpResponseRedirect(f"{reverse('portal:recognition', args=[show('rcg', made.id)])}?done=1")


@require_POST
@allows(roles=[RoleName.SUPERVISOR], objects=themselves(), to="put a moment off")
def later(request: HttpRequest, reference: str) -> HttpResponse:
    """Let it come again tomorrow."""
    actor = actor_of(request)
    moment_id = read("mom", reference, kind="moment")
    snooze_moment(actor.organisation_id, moment_id, leader_id=me(request), actor=actor.ref)
    messages.success(request, _("It comes again tomorrow."))
    return HttpResponseRedirect(reverse("portal:team"))


@require_POST
@allows(roles=[RoleName.SUPERVISOR], objects=themselves(), to="put a moment away")
def put_away(request: HttpRequest, reference: str) -> HttpResponse:
    """See it no more."""
    actor = actor_of(request)
    moment_id = read("mom", reference, kind="moment")
    put_away_moment(actor.organisation_id, moment_id, leader_id=me(request), actor=actor.ref)
    messages.success(request, _("Put away."))
    return HttpResponseRedirect(reverse("portal:team"))


@require_POST
@allows(roles=[RoleName.SUPERVISOR], objects=themselves(), to="plan to notice")
@refusals_shown_by(today_shown)
def plan(request: HttpRequest) -> HttpResponse:
    """Keep how often everybody is to be noticed, and what to look for."""
    actor = actor_of(request)
    said = request.POST.get("every", "")
    keep_plan(
        actor.organisation_id,
        leader_id=me(request),
        every_days=int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0,
        behaviour=request.POST.get("behaviour", "")[:50],
        actor=actor.ref,
    )
    messages.success(request, _("Your plan is kept."))
    return HttpResponseRedirect(reverse("portal:team"))


@require_GET
@allows(roles=[RoleName.SUPERVISOR], objects=themselves(), to="see somebody you lead")
def person(request: HttpRequest, member_id: str) -> HttpResponse:
    """One of theirs: what they were recognised for, and the supervisor's own notes."""
    return person_shown(request, member_id)


def person_shown(request: HttpRequest, member_id: str, *, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    organisation_id, leader_id = actor_of(request).organisation_id, me(request)
    whom = _led(organisation_id, leader_id, member_id)
    known = standards(organisation_id)
    units = units_by_key(organisation_id)
    found = recognitions(organisation_id, member_id=whom.id, limit=RECEIVED_SHOWN)
    shown = {
        "title": whom.name or _("somebody"),
        "refusal": refusal,
        "reference": show("mem", whom.id),
        "posts": [drawn(one, known, units, leader_id) for one in found if one.ended_at is None],
        "notes": [
            {"one": one, "reference": show("nte", one.id)}
            for one in notes_by(organisation_id, leader_id, about=whom.id)
        ],
        "moment": request.GET.get("moment", ""),
        "words": request.POST.get("words", "")[:NOTE_MAX] if refusal else "",
        "note_max": NOTE_MAX,
        "give": f"{reverse('portal:give')}?person={show('mem', whom.id)}",
    }
    return render(request, "recognition/team_person.html", shown, status=refusal.status if refusal else 200)


def _led(organisation_id: int, leader_id: UUID, reference: str) -> Member:
    """Somebody whom they lead now. Raises `NotFound`."""
    with in_organisation(organisation_id):
        found = member_id_of(organisation_id, reference)
        must_lead(organisation_id, leader_id, found)
        return member(organisation_id, found)


@require_POST
@allows(roles=[RoleName.SUPERVISOR], objects=themselves(), to="write a note")
@refusals_shown_by(person_shown)
def note(request: HttpRequest, member_id: str) -> HttpResponse:
    """Note something, for oneself or shared at once."""
    actor = actor_of(request)
    moment = request.POST.get("moment", "")
    with in_organisation(actor.organisation_id):
        whom = member_id_of(actor.organisation_id, member_id)
    write_note(
        actor.organisation_id,
        author_id=me(request),
        member_id=whom,
        words=request.POST.get("words", ""),
        moment_id=read("mom", moment, kind="moment") if moment else None,
        share=request.POST.get("share") == "yes",
        actor=actor.ref,
    )
    messages.success(request, _("Noted."))
    return HttpResponseRedirect(reverse("portal:team-person", args=[member_id]))


@require_POST
@allows(roles=[RoleName.SUPERVISOR], objects=themselves(), to="share a note")
def share(request: HttpRequest, reference: str) -> HttpResponse:
    """Let whom it is about read a note, for good."""
    actor = actor_of(request)
    note_id = read("nte", reference, kind="note")
    share_note(actor.organisation_id, note_id, author_id=me(request), actor=actor.ref)
    messages.success(request, _("Shared. They can read it now."))
    return HttpResponseRedirect(reverse("portal:coaching"))


@require_GET
@allows(roles=[RoleName.SUPERVISOR], objects=themselves(), to="see your notes")
def coaching(request: HttpRequest) -> HttpResponse:
    """Every note the supervisor wrote by whom it is about, whoever has the newest first."""
    organisation_id = actor_of(request).organisation_id
    notes: dict[UUID, list[Note]] = {}
    for note in notes_by(organisation_id, me(request)):
        notes.setdefault(note.member_id, []).append(note)
    names = dict(
        Member.objects.filter(organisation_id=organisation_id, id__in=notes).values_list("id", "name")
    )
    shown = {
        "title": _("My notes"),
        "people": [
            {
                "name": names.get(member_id) or _("somebody"),
                "page": reverse("portal:team-person", args=[show("mem", member_id)]),
                "notes": [{"one": one, "reference": show("nte", one.id)} for one in theirs],
            }
            for member_id, theirs in notes.items()
        ],
    }
    return render(request, "recognition/team_coaching.html", shown)
