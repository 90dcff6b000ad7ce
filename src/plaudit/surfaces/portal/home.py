"""The first page: what I have, what it buys, what is next, and the last lines, each with its why."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from plaudit.foundation import clock
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.roles import EVERYBODY, RoleName
from plaudit.insights.lines import told_lines
from plaudit.insights.ways import ways_to_earn
from plaudit.insights.wording import last_day
from plaudit.ledger.statements import expiring, statement
from plaudit.ledger.units import UnitPolicy
from plaudit.people.models import Member
from plaudit.people.queries import member
from plaudit.people.reach import themselves
from plaudit.rewards.queries import offers
from plaudit.surfaces.design.writing import day
from plaudit.surfaces.portal.beside import beside
from plaudit.surfaces.portal.framing import CONSOLE
from plaudit.surfaces.portal.panels import drawn_lines
from plaudit.surfaces.portal.wallets import Holdings, holdings, unit_tabs

LINES = 5
STEPS = 4
SOON = timedelta(days=90)
REFRESHED = timedelta(seconds=30)


@require_GET
@allows(roles=EVERYBODY, to="see this page")
def home(request: HttpRequest) -> HttpResponse:
    """A member's home; whoever is no member goes on to where they work."""
    actor = actor_of(request)
    if actor.member_id is None:
        return HttpResponseRedirect(CONSOLE)
    me = member(actor.organisation_id, actor.member_id)
    found = holdings(actor, request)
    lines = _lines(me, found)
    shown = {
        "title": _("Hello, {name}").format(name=_first_name(me)) if me.name else _("Hello"),
        "tabs": unit_tabs(found, reverse("portal:home")),
        "steps": _ladder(me, found),
        **beside(me),
        **_standing(me, found, lines),
    }
    if not lines:
        shown["ways"] = ways_to_earn(actor.organisation_id, me)[:3]
    return render(request, "portal/home.html", shown)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your balance")
def home_live(request: HttpRequest) -> HttpResponse:
    """What has changed on the first page since; nothing at all where nothing has.

    `seen` is the mark of what the page shows; `at` when it was last true, in seconds; `unread` what its bell says.
    """
    actor = actor_of(request)
    assert actor.member_id is not None
    found = holdings(actor, request)
    newest = _newest(actor, found)
    mark, bell = _mark(found, newest), actor.unread != _number(request, "unread")
    if mark == request.GET.get("seen", ""):
        if not bell and _number(request, "at") + REFRESHED.total_seconds() > clock.wall().timestamp():
            return HttpResponse(status=204)
        shown = {"unit": found.unit, "bell": bell, **_moment(mark, newest)}
        return render(request, "portal/home_note.html", shown)
    me = member(actor.organisation_id, actor.member_id)
    lines = _lines(me, found)
    # New lines come before those there already, which stay as they are with whatever is open in them.
    seen = _number(request, "line")
    fresh = [line for line in lines if int(str(line["id"])) > seen] if seen else None
    return render(
        request, "portal/home_news.html", {"fresh": fresh, "bell": bell, **_standing(me, found, lines)}
    )


def _number(request: HttpRequest, name: str) -> int:
    """A whole number of the address; 0 for anything else."""
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 12 else 0


def _first_name(me: Member) -> str:
    return me.name.split()[0]


def _lines(me: Member, found: Holdings) -> list[dict[str, object]]:
    if found.unit is None:
        return []
    page = statement(me.organisation_id, me.id, found.unit.key, limit=LINES)
    return drawn_lines(told_lines(me.organisation_id, page.lines), found.unit)


def _standing(me: Member, found: Holdings, lines: list[dict[str, object]]) -> dict[str, object]:
    """What changes while the page is open: the balance with its sides, the last lines, and their mark."""
    newest = int(str(lines[0]["id"])) if lines else 0
    return {
        "found": found,
        "unit": found.unit,
        "lines": lines,
        "sides": _sides(me, found, found.unit) if found.unit else [],
        **_moment(_mark(found, newest), newest),
    }


def _newest(actor: Actor, found: Holdings) -> int:
    """The number of the newest line, 0 where there is none."""
    assert actor.member_id is not None
    if found.unit is None:
        return 0
    page = statement(actor.organisation_id, actor.member_id, found.unit.key, limit=1)
    return page.lines[0].line if page.lines else 0


def _mark(found: Holdings, newest: int) -> str:
    """Tells what one page shows from what another does: the balance and the newest line."""
    return hashlib.sha256(repr((found.unit and found.unit.key, found.balance, newest)).encode()).hexdigest()[
        :12
    ]


def _moment(mark: str, newest: int) -> dict[str, object]:
    """What a page says of the moment it was true, for the next question."""
    return {
        "mark": mark,
        "newest": newest,
        "updated_at": clock.now(),
        "at": int(clock.wall().timestamp()),
    }


def _sides(me: Member, found: Holdings, unit: UnitPolicy) -> list[dict[str, object]]:
    """What is pending, set aside, and what expires first within three months."""
    sides: list[dict[str, object]] = []
    if found.balance is not None and found.balance.pending:
        sides.append({"label": _("Pending"), "value": unit.say(found.balance.pending)})
    if found.balance is not None and found.balance.held:
        note = _("for rewards on their way")
        sides.append({"label": _("Set aside"), "value": unit.say(found.balance.held), "note": note})
    lots = expiring(me.organisation_id, me.id, unit.key, until=clock.now() + SOON)
    if lots:
        days = [
            (last_day(lot.expires_at, get_current_timezone()), lot.remaining)
            for lot in lots
            if lot.expires_at
        ]
        first = min(last for last, _amount in days)
        amount = sum(amount for last, amount in days if last == first)
        note = format_html(_("good until {}"), day(first))
        sides.append({"label": _("Expires soon"), "value": unit.say(amount), "note": note})
    elif found.amount > 0:
        sides.append({"label": _("Expires soon"), "value": _("nothing within 3 months")})
    return sides


def _ladder(me: Member, found: Holdings) -> list[dict[str, object]]:
    """A few rewards around what the member has: the dearest within reach, and the next ones."""
    if found.unit is None:
        return []
    mine = [
        one
        for one in offers(me.organisation_id, kind=me.kind, available=found.available)
        if one.unit.id == found.unit.id and one.left != 0
    ]
    mine.sort(key=lambda one: one.price)
    beyond = next((place for place, one in enumerate(mine) if one.price > found.amount), len(mine))
    start = max(0, min(beyond - 2, len(mine) - STEPS))
    return [
        {"at": one.price, "name": one.name, "url": reverse("portal:reward", args=[one.id])}
        for one in mine[start : start + STEPS]
    ]
