"""A member's own pages of recognition: giving in three taps, what one may see, and what one received."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import clock
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.people.choices import choices_of
from plaudit.people.queries import member_id_of
from plaudit.people.reach import themselves
from plaudit.recognition.actions.recognise import WORDS_MAX, Giving, recognise
from plaudit.recognition.actions.showing import WORDS_HOURS, add_words, show_all_to, show_to
from plaudit.recognition.actions.taking_back import undo
from plaudit.recognition.actions.talking import REPLY_MAX, REPORT_MAX
from plaudit.recognition.definitions import UNDO_MINUTES, Standard, Visible
from plaudit.recognition.portal_posts import me, posts
from plaudit.recognition.published import standards
from plaudit.recognition.queries.feed import Which, feed, seen
from plaudit.recognition.queries.limits import Left, left_of
from plaudit.recognition.queries.notes import notes_shared_with
from plaudit.recognition.queries.people import Colleague, colleagues, others_named
from plaudit.recognition.queries.reviews import asked_about, finding_ref
from plaudit.recognition.queries.talk import replies
from plaudit.recognition.visibility import chosen_from

SEARCH_MAX = 60
WAITED_MAX = timedelta(days=30)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see recognitions")
def recognitions(request: HttpRequest) -> HttpResponse:
    """What the member may see, what they received, or what they gave."""
    organisation_id, which = actor_of(request).organisation_id, _which(request)
    before = request.GET.get("before", "")
    found, more = feed(
        organisation_id,
        me(request),
        which,
        before=read("rcg", before, kind="recognition") if before else None,
    )
    known = standards(organisation_id)
    shown = {
        "title": known[0].name if known else _("Recognition"),
        "tabs": _tabs(which),
        "which": which.value,
        "posts": posts(organisation_id, found, me(request)),
        "more": f"?show={which}&before={show('rcg', more)}" if more else "",
        "can_give": bool(known),
        "owner": show("mem", me(request)),
        "visible": _visible(organisation_id, me(request), known) if which is Which.RECEIVED else None,
        "asked": _asked(organisation_id, me(request)) if which is Which.RECEIVED else (),
        "notes": notes_shared_with(organisation_id, me(request)) if which is Which.RECEIVED else (),
    }
    return render(request, "recognition/portal_feed.html", shown)


def _asked(organisation_id: int, member_id: UUID) -> list[dict[str, Any]]:
    """What the member is asked about, or was."""
    return [
        {"reference": finding_ref(one.id), "since": one.since, "until": one.until}
        for one in asked_about(organisation_id, member_id)
    ]


def _which(request: HttpRequest) -> Which:
    wanted = request.GET.get("show", "")
    return Which(wanted) if wanted in list(Which) else Which.SEEN


def _tabs(which: Which) -> list[dict[str, Any]]:
    page = reverse("portal:recognitions")
    words = {Which.SEEN: _("All I may see"), Which.RECEIVED: _("For me"), Which.GIVEN: _("From me")}
    return [
        {"label": label, "url": f"{page}?show={one.value}", "current": one is which}
        for one, label in words.items()
    ]


def _visible(organisation_id: int, member_id: UUID, known: Sequence[Standard]) -> str:
    chosen = chosen_from(choices_of(organisation_id, member_id))
    default = known[0].visible if known else Visible.TEAM
    return (default if chosen is None else chosen).name.lower()


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="recognise somebody")
def give(request: HttpRequest) -> HttpResponse:
    """Whom, for what, and that is all: a person, a behaviour, the button."""
    return give_shown(request)


def give_shown(request: HttpRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it and as it was filled in."""
    organisation_id, member_id = actor_of(request).organisation_id, me(request)
    known = standards(organisation_id)
    asked = request.POST if request.method == "POST" else request.GET
    search = asked.get("search", "").strip()[:SEARCH_MAX]
    standard = known[0] if known else None
    shown: dict[str, Any] = {
        "title": _("Recognise somebody"),
        "standard": standard,
        "owner": show("mem", member_id),
        "refusal": refusal,
        "search": search,
        "words": asked.get("words", "")[:WORDS_MAX],
        "words_max": WORDS_MAX,
        "key": asked.get("key") if refusal else uuid4(),
        "deed": asked.get("deed", ""),
        "without_points": asked.get("points") == "no",
        "moment": asked.get("moment", "")[:40],
    }
    if standard is not None:
        shown |= _choices(organisation_id, member_id, standard, asked.getlist("person"), search)
        shown["behaviours"] = _behaviours(
            standard, units_by_key(organisation_id).get(standard.unit), asked.get("behaviour", "")
        )
    return render(request, "recognition/portal_give.html", shown, status=refusal.status if refusal else 200)


def _choices(
    organisation_id: int, member_id: UUID, standard: Standard, wanted: Sequence[str], search: str
) -> dict[str, Any]:
    """The people to choose from, teams first; what is left of the allowance."""
    near = [one for one in colleagues(organisation_id, member_id) if one.kind in standard.audience]
    people = [
        {"id": show("mem", one.id), "name": one.name or show("mem", one.id), "since": since(one)}
        for one in near
    ]
    there = {one["id"] for one in people}
    if search:
        found = others_named(organisation_id, member_id, search, standard.audience)
        people += [
            {"id": show("mem", member_id), "name": name, "since": ""}
            for member_id, name in found
            if show("mem", member_id) not in there
        ]
    left = left_of(organisation_id, standard, member_id)
    unit = units_by_key(organisation_id).get(standard.unit)
    return {
        "people": [{**one, "chosen": one["id"] in wanted} for one in people],
        "teams": _teams(near, wanted),
        "left": left,
        "left_words": unit.say(left.left) if unit and left.allowance else "",
        "renews": _renewal(left),
    }


def since(one: Colleague) -> str:
    """How long ago the giver noticed somebody, in few words; "" for never, of whom nothing is said."""
    if one.noticed_by_giver_at is None:
        return _("not yet by you")
    days = (clock.now() - one.noticed_by_giver_at).days
    return _("today") if days == 0 else _("{days} d ago").format(days=days)


def _teams(near: Sequence[Colleague], wanted: Sequence[str]) -> list[dict[str, Any]]:
    names = {one.team_id: one.team for one in near}
    sizes = {team_id: sum(1 for one in near if one.team_id == team_id) for team_id in names}
    return [
        {
            "value": f"team-{team_id}",
            "name": name,
            "size": sizes[team_id],
            "chosen": f"team-{team_id}" in wanted,
        }
        for team_id, name in names.items()
        if sizes[team_id] > 1
    ]


def _behaviours(standard: Standard, unit: UnitPolicy | None, chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "key": one.key,
            "name": one.name,
            "means": one.means,
            "examples": one.examples,
            "points": unit.say(one.points) if unit and one.points else "",
            "chosen": one.key == chosen,
        }
        for one in standard.behaviours
    ]


def _renewal(left: Left) -> str:
    return left.period


_DEEDS = {"": None, "now": timedelta(0), "today": timedelta(hours=4), "yesterday": timedelta(days=1)}


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="recognise somebody")
@refusals_shown_by(give_shown)
def send(request: HttpRequest) -> HttpResponse:
    """Give it, once for the key in the form."""
    actor = actor_of(request)
    made = recognise(
        actor.organisation_id,
        Giving(
            recipients=_people(actor.organisation_id, me(request), request.POST.getlist("person")),
            behaviour=request.POST.get("behaviour", "")[:50],
            words=request.POST.get("words", ""),
            with_points=request.POST.get("points") != "no",
            deed_at=_deed(request.POST.get("deed", ""), waited=_waited(request.POST.get("waited", ""))),
            moment=_moment(request.POST.get("moment", "")),
            key=_key(request),
        ),
        giver_id=me(request),
        actor=actor.ref,
    )
    return HttpResponseRedirect(f"{reverse('portal:recognition', args=[show('rcg', made.id)])}?done=1")


def _people(organisation_id: int, giver_id: UUID, chosen: Sequence[str]) -> tuple[UUID, ...]:
    """The people that were ticked, and everybody of the teams that were."""
    with in_organisation(organisation_id):
        teams = {one for one in chosen if one.startswith("team-")}
        found = {member_id_of(organisation_id, one) for one in chosen if one not in teams}
        if teams:
            near = colleagues(organisation_id, giver_id)
            found |= {one.id for one in near if f"team-{one.team_id}" in teams}
    return tuple(sorted(found))


def _deed(said: str, *, waited: timedelta) -> datetime | None:
    """When the deed was, as near as somebody said it so long ago; unsaid it does not count for promptness."""
    ago = _DEEDS.get(said)
    return clock.now() - ago - waited if ago is not None else None


def _waited(seconds: str) -> timedelta:
    """How long a form waited in a browser without a network before it was sent."""
    given = timedelta(seconds=int(seconds)) if seconds.isdecimal() and len(seconds) < 9 else timedelta(0)
    return min(given, WAITED_MAX)


def _moment(reference: str) -> UUID | None:
    return read("mom", reference, kind="moment") if reference else None


def _key(request: HttpRequest) -> str:
    """The form's key. A form without one was not made by us: it counts as a page that is not there."""
    try:
        return str(UUID(request.POST.get("key", "")))
    except ValueError:
        raise NotFound(kind="form", ref=_("without a key")) from None


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see a recognition")
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One that the member may see, with what was said to it; right after it was given, its confirmation with the undo."""
    return one_shown(request, reference)


def one_shown(request: HttpRequest, reference: str, *, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    organisation_id = actor_of(request).organisation_id
    found = seen(organisation_id, read("rcg", reference, kind="recognition"), me(request))
    known = standards(organisation_id)
    standard = next((each for each in known if each.programme == found.programme), None)
    minutes = standard.undo_minutes if standard is not None else UNDO_MINUTES
    undo_until = found.given_at + timedelta(minutes=minutes)
    (post,) = posts(organisation_id, [found], me(request))
    now, stands = clock.now(), found.ended_at is None
    shown = {
        "title": post["behaviour"],
        "post": post,
        "refusal": refusal,
        "just_done": request.GET.get("done") == "1" and post["is_given"] and stands,
        "undo_until": undo_until if post["is_given"] and stands and now < undo_until else None,
        "can_add_words": post["is_given"]
        and stands
        and not found.words
        and now < found.given_at + timedelta(hours=WORDS_HOURS),
        "words_max": WORDS_MAX,
        "replies": [
            {"one": each, "reference": show("rpl", each.id), "is_mine": each.member_id == me(request)}
            for each in replies(organisation_id, found.id, me(request))
        ],
        "reply_max": REPLY_MAX,
        "report_max": REPORT_MAX,
    }
    return render(request, "recognition/portal_one.html", shown, status=refusal.status if refusal else 200)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="undo a recognition")
@refusals_shown_by(one_shown)
def take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Undo what was just given."""
    actor = actor_of(request)
    recognition_id = read("rcg", reference, kind="recognition")
    undo(actor.organisation_id, recognition_id, giver_id=me(request), actor=actor.ref)
    messages.success(request, _("Undone. It is as if it had never been given."))
    return HttpResponseRedirect(reverse("portal:recognition", args=[reference]))


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="add a line")
@refusals_shown_by(one_shown)
def say_more(request: HttpRequest, reference: str) -> HttpResponse:
    """Add the line that was left out."""
    actor = actor_of(request)
    add_words(
        actor.organisation_id,
        read("rcg", reference, kind="recognition"),
        giver_id=me(request),
        words=request.POST.get("words", ""),
        actor=actor.ref,
    )
    messages.success(request, _("Your line is there."))
    return HttpResponseRedirect(reverse("portal:recognition", args=[reference]))


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="say who sees a recognition")
def let_see(request: HttpRequest, reference: str) -> HttpResponse:
    """Let others see this one, or no longer."""
    actor = actor_of(request)
    show_to(
        actor.organisation_id,
        read("rcg", reference, kind="recognition"),
        member_id=me(request),
        visible=_wanted(request),
        actor=actor.ref,
    )
    messages.success(request, _("Kept. It holds from now on."))
    return HttpResponseRedirect(reverse("portal:recognition", args=[reference]))


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="say who sees recognitions")
def let_see_all(request: HttpRequest) -> HttpResponse:
    """Let others see everything the member is recognised for, or no longer."""
    actor = actor_of(request)
    show_all_to(actor.organisation_id, member_id=me(request), visible=_wanted(request), actor=actor.ref)
    messages.success(request, _("Kept. It holds for what you have and what you will get."))
    return HttpResponseRedirect(f"{reverse('portal:recognitions')}?show=received")


def _wanted(request: HttpRequest) -> Visible:
    """Who may see it; the narrowest where it is not said."""
    said = request.POST.get("visible", "").upper()
    return Visible[said] if said in Visible.__members__ else Visible.PRIVATE
