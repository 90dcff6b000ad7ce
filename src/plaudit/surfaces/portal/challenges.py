"""What keeps a member going: their challenges, streaks, competitions and offers, and the badges they hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.engagement.definitions import Kind
from plaudit.engagement.queries.progress import HeldBadge, RoundSeen, badges_declared, badges_of, round_of
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.bringing import open_to
from plaudit.insights.offered import Made, offers_made
from plaudit.insights.pursuits import Seen, places_won, pursuit, pursuits_of, said_count, what_counted
from plaudit.insights.wording import last_day
from plaudit.people.actions.choosing import choose
from plaudit.people.choices import BY_NAME, choices_of, hidden, who_chose
from plaudit.people.models import Member
from plaudit.people.queries import member
from plaudit.people.reach import themselves
from plaudit.surfaces.design.writing import number
from plaudit.surfaces.portal.panels import page_of
from plaudit.surfaces.portal.pursuing import badge_words, drawn, period_words
from plaudit.targeting.actions.offering import accept_offer

NEIGHBOURS = 2


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your challenges")
def challenges(request: HttpRequest) -> HttpResponse:
    """Everything that is asked of the member and offered to them now, but what they hid."""
    return challenges_shown(request)


def challenges_shown(request: HttpRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    me = _me(request)
    everything = pursuits_of(me.organisation_id, me)
    chosen = choices_of(me.organisation_id, me.id)
    away = {seen.id for seen in everything if chosen.get(hidden(seen.id))}
    with_hidden = request.GET.get("show") == "all"
    shown = [seen for seen in everything if with_hidden or seen.id not in away]
    context = {
        "title": _("Challenges"),
        "lead": _(
            "What there is to do beside the day to day, and how far you are. You take part by doing it."
        ),
        "parts": parts_of("challenges", me),
        "offers": [_offer(one) for one in offers_made(me.organisation_id, me)],
        "groups": _groups(shown, away),
        "hidden": len(away),
        "with_hidden": with_hidden,
        "refusal": refusal,
    }
    return render(request, "portal/challenges.html", context)


def parts_of(current: str, me: Member) -> list[dict[str, object]]:
    """The pages of what there is to do, as tabs; that of friends where the member can bring any."""
    friends = [
        {"label": _("Friends"), "url": reverse("portal:refer"), "current": current == "refer"}
        for _one in open_to(me)[:1]
    ]
    return [
        {"label": _("Ways to earn"), "url": reverse("portal:earn"), "current": current == "earn"},
        {"label": _("Challenges"), "url": reverse("portal:challenges"), "current": current == "challenges"},
        {"label": _("Badges"), "url": reverse("portal:badges"), "current": current == "badges"},
        *friends,
    ]


def _groups(shown: Iterable[Seen], away: set[int]) -> list[dict[str, Any]]:
    titles = {
        Kind.CHALLENGE: ("challenges", _("Challenges")),
        Kind.STREAK: ("streaks", _("Streaks")),
        Kind.COMPETITION: ("competitions", _("Competitions")),
    }
    cards: dict[Kind, list[dict[str, Any]]] = {}
    for seen in shown:
        cards.setdefault(seen.part.kind, []).append({**drawn(seen), "hidden": seen.id in away})
    return [
        {"id": id, "title": title, "cards": cards[kind]}
        for kind, (id, title) in titles.items()
        if kind in cards
    ]


def _offer(one: Made) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "programme": one.programme,
        "key": one.key,
        "can_accept": one.accept and one.accepted_at is None,
        "accepted_at": one.accepted_at,
        "last": last_day(one.ends_at, get_current_timezone()) if one.ends_at else None,
        "ways": one.ways,
    }


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="accept an offer")
@refusals_shown_by(challenges_shown)
def accept(request: HttpRequest) -> HttpResponse:
    """Take an offer that was made to the member."""
    actor = actor_of(request)
    assert actor.member_id is not None
    accept_offer(
        actor.organisation_id,
        request.POST.get("programme", "")[:100],
        request.POST.get("offer", "")[:100],
        member_id=actor.member_id,
    )
    messages.success(request, _("Accepted. It holds from now on."))
    return HttpResponseRedirect(reverse("portal:challenges"))


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see a challenge")
def challenge(request: HttpRequest, part_id: int) -> HttpResponse:
    """One of them: its goals, what counts, what counted, and in a competition who stands beside the member."""
    me = _me(request)
    seen = pursuit(me.organisation_id, me, part_id)
    chosen = choices_of(me.organisation_id, me.id)
    counted = what_counted(me.organisation_id, me, seen)
    context = {
        "title": seen.part.name,
        **drawn(seen),
        "counted": [
            {"title": one.title, "when": one.happened_at, "url": page_of(show("act", one.event_id))}
            for one in counted
        ],
        "earlier": [
            {"period": period_words(period), "amount": number(said_count(seen.part.kind, amount))}
            for period, amount in seen.earlier[:6]
        ],
        "is_hidden": bool(chosen.get(hidden(part_id))),
        "is_competition": seen.part.kind is Kind.COMPETITION,
    }
    if seen.part.kind is Kind.COMPETITION:
        context |= _standing(me, seen, by_name=bool(chosen.get(BY_NAME)))
    return render(request, "portal/challenge.html", context)


def _standing(me: Member, seen: Seen, *, by_name: bool) -> dict[str, Any]:
    """The member among their neighbours; others by name where they chose it, and never further down."""
    found = round_of(
        me.organisation_id,
        seen.programme_key,
        seen.part.key,
        period=seen.period,
        member_id=me.id,
        neighbours=NEIGHBOURS,
        limit=1,
    )
    named = who_chose(me.organisation_id, BY_NAME, [one.member_id for one in found.neighbours])
    return {
        "neighbours": [
            {
                "place": one.place,
                "name": _("You") if one.member_id == me.id else named.get(one.member_id) or _("Somebody"),
                "is_me": one.member_id == me.id,
                "amount": number(said_count(seen.part.kind, one.amount)),
                "since": one.last_at,
            }
            for one in found.neighbours
        ],
        "decided_at": found.decided_at,
        "ties": _tie_words(found),
        "by_name": by_name,
        "won": [
            {"period": period_words(period), "place": number(place)}
            for period, place in places_won(me.organisation_id, me, seen.id)
        ],
    }


def _tie_words(found: RoundSeen) -> list[str]:
    """What is declared of those who have the same, and of when it is decided."""
    words = [
        _("Two who have the same share the place, and the next place is left out.")
        if found.part.shares_places
        else _("Of two who have the same, the one who got there first is ahead.")
    ]
    if found.part.wait_days:
        words.append(
            _("It is decided {days} days after its end, so that what comes late still counts.").format(
                days=number(found.part.wait_days)
            )
        )
    words.append(_("Once it is decided the places stand."))
    return words


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="hide a challenge")
def hide(request: HttpRequest) -> HttpResponse:
    """See one of them no longer, or all of them, or all of them again. What was done goes on counting."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        me = _member(actor)
        wanted = _wanted(request, me)
    on = request.POST.get("hide") != "no"
    choose(
        actor.organisation_id,
        member_id=me.id,
        choices={hidden(part_id): on for part_id in wanted},
        actor=actor.ref,
    )
    messages.success(request, _("Hidden. What you do still counts.") if on else _("Shown again."))
    return HttpResponseRedirect(reverse("portal:challenges"))


def _wanted(request: HttpRequest, me: Member) -> list[int]:
    """The one that was named, which must be for this member, or all of them."""
    named = request.POST.get("challenge", "")
    if named.isascii() and named.isdigit() and len(named) < 10:
        return [pursuit(me.organisation_id, me, int(named)).id]
    return [seen.id for seen in pursuits_of(me.organisation_id, me)]


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="be seen by name in competitions")
def by_name(request: HttpRequest) -> HttpResponse:
    """Be seen by name by those beside one in competitions, or no longer."""
    actor = actor_of(request)
    assert actor.member_id is not None
    on = request.POST.get("by_name") == "yes"
    choose(actor.organisation_id, member_id=actor.member_id, choices={BY_NAME: on}, actor=actor.ref)
    messages.success(
        request, _("Those beside you see your name.") if on else _("Nobody sees your name in competitions.")
    )
    part = request.POST.get("challenge", "")
    known = part.isascii() and part.isdigit() and len(part) < 10
    page = reverse("portal:challenge", args=[int(part)]) if known else reverse("portal:challenges")
    return HttpResponseRedirect(page)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your badges")
def badges(request: HttpRequest) -> HttpResponse:
    """The badges the member holds, for what and since when, and those there are to get."""
    me = _me(request)
    held = badges_of(me.organisation_id, me.id)
    mine = {one.badge for one in held}
    everything = pursuits_of(me.organisation_id, me)
    names = {(seen.part.kind, seen.part.key): seen.part.name for seen in everything}
    context = {
        "title": _("Badges"),
        "parts": parts_of("badges", me),
        "held": [
            {
                "name": badge_words(those[0].badge, those[0].name),
                "what": those[0].description or names.get((those[0].kind, those[0].key), ""),
                "times": len(those),
                "last": those[0].since,
            }
            for those in _by_badge(held)
        ],
        "open": [
            {**drawn(seen), "name": badge_words(goal.badge, goal.badge_name)}
            for seen in everything
            for goal in seen.goals
            if goal.badge and goal.badge not in mine
        ],
        "others": [
            {"name": part.name, "what": part.description}
            for _programme, part in badges_declared(me.organisation_id)
            if part.when and part.key not in mine and (not part.audience or me.kind in part.audience)
        ],
    }
    return render(request, "portal/badges.html", context)


def _by_badge(held: Sequence[HeldBadge]) -> list[list[HeldBadge]]:
    """The same badges together, the one got last first."""
    found: dict[tuple[str, str], list[HeldBadge]] = {}
    for one in held:
        found.setdefault((one.programme, one.badge), []).append(one)
    return list(found.values())


def _me(request: HttpRequest) -> Member:
    return _member(actor_of(request))


def _member(actor: Actor) -> Member:
    assert actor.member_id is not None, "`themselves` admits members alone"
    return member(actor.organisation_id, actor.member_id)
