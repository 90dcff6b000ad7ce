"""A member's level on each ladder: what it brings, until when it is sure, what keeps or raises it, and how it came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import NotFound
from plaudit.insights.because import because_of_standing
from plaudit.insights.levels import Ranked, levels_of
from plaudit.people.models import Member
from plaudit.people.queries import member
from plaudit.people.reach import themselves
from plaudit.surfaces.design.writing import day
from plaudit.surfaces.portal.panels import panel
from plaudit.targeting.definitions import Keep, Ladder

ONE_DAY = timedelta(days=1)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your level")
def tier(request: HttpRequest) -> HttpResponse:
    """Where the member stands. There is no such page where no programme has a ladder for them."""
    actor = actor_of(request)
    assert actor.member_id is not None
    me = member(actor.organisation_id, actor.member_id)
    found = levels_of(actor.organisation_id, me)
    if not found:
        raise NotFound(kind="page", ref="tier")
    title = found[0].ladder.name if len(found) == 1 else _("Levels")
    return render(
        request, "portal/tier.html", {"title": title, "ladders": [_drawn(me, one) for one in found]}
    )


def _drawn(me: Member, one: Ranked) -> dict[str, Any]:
    unit: Mapping[str, object] | object = one.unit or {
        "one": one.activity or _("counted"),
        "other": _("counted"),
    }
    levels = [level for level in one.ladder.levels if level.reached_from > 0]
    return {
        "one": one,
        "key": one.ladder.key,
        "reason": panel(because_of_standing(me.organisation_id, me.id, one.reference), linked=False),
        "level": one.level.name if one.level else _("No level yet"),
        "unit": unit,
        "steps": [{"at": level.reached_from, "name": level.name} for level in levels],
        "counts": _counts(one),
        "keeping": _keeping(one),
        "raising": _raising(one),
        "keep_rule": _keep_rule(one.ladder),
        "history": [
            {
                "name": change.level.name if change.level else _("No level"),
                "day": change.day,
                "rose": change.rose,
            }
            for change in one.history[:12]
        ],
        "levels": [
            {
                "name": level.name,
                "from": one.said(level.reached_from) if level.reached_from > 0 else _("everybody"),
                "benefits": level.benefits,
                "is_mine": level == one.level,
            }
            for level in one.ladder.levels
        ],
    }


def _counts(one: Ranked) -> str:
    """What counts, and since when."""
    what = (
        _("What counts is what you earn: spending it takes nothing away.")
        if one.unit is not None
        else _("What counts: {activity}.").format(activity=one.activity.lower())
    )
    if one.counts_from is None:
        return what
    return format_html("{} {}", what, format_html(_("Counted since {}."), day(one.counts_from)))


def _keeping(one: Ranked) -> str:
    """Until when the level is sure, and what keeps it."""
    if one.level is None:
        return ""
    if one.falls_on is None:
        return _("It stays yours.")
    last = format_html(_("Yours through {}."), day(one.falls_on - ONE_DAY))
    if one.keeps is None:
        after = (
            _("After that: {level}.").format(level=one.falls_to.name)
            if one.falls_to
            else _("After that: no level.")
        )
        return format_html("{} {} {}", last, after, _("What you do from then on counts anew."))
    more = _("{amount} more by then keep it.").format(amount=one.said(one.keeps))
    otherwise = (
        _("Otherwise {level} follows.").format(level=one.falls_to.name)
        if one.falls_to
        else _("Otherwise no level follows.")
    )
    return format_html("{} {} {}", last, more, otherwise)


def _raising(one: Ranked) -> str:
    if one.next_level is None:
        return _("There is no higher level.") if one.level else ""
    return _("{amount} more for {level}.").format(amount=one.said(one.missing), level=one.next_level.name)


def _keep_rule(ladder: Ladder) -> str:
    """How long a level is kept, as the programme declares it."""
    words = {
        Keep.WHILE_IT_LASTS: _("A level is kept while what counts is enough for it."),
        Keep.END_OF_YEAR: _("A level is kept to the end of the year in which it was last reached."),
        Keep.END_OF_NEXT_YEAR: _(
            "A level is kept to the end of the year after the one in which it was last reached."
        ),
        Keep.MONTHS: ngettext(
            "A level is kept for {n} month after the last day on which it was reached.",
            "A level is kept for {n} months after the last day on which it was reached.",
            ladder.keep_months,
        ).format(n=ladder.keep_months),
    }[ladder.keep]
    if not ladder.grace_days:
        return words
    grace = ngettext(
        "Then there is {n} day of grace.", "Then there are {n} days of grace.", ladder.grace_days
    )
    return f"{words} {grace.format(n=ladder.grace_days)}"
