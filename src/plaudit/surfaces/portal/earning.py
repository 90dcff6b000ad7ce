"""Ways to earn, and what expires when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from plaudit.foundation import clock
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.roles import RoleName
from plaudit.insights.asked import how_long_words
from plaudit.insights.lines import told_lines
from plaudit.insights.ways import Way, ways_to_earn
from plaudit.insights.wording import last_day
from plaudit.ledger.statements import OpenLot, lots_of
from plaudit.ledger.units import UnitPolicy
from plaudit.people.queries import member
from plaudit.people.reach import themselves
from plaudit.surfaces.portal.challenges import parts_of
from plaudit.surfaces.portal.panels import page_of
from plaudit.surfaces.portal.wallets import holdings, unit_tabs

LOTS_SHOWN = 12
SPANS = (30, 60, 90)
YEAR = timedelta(days=365)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see the ways to earn")
def ways(request: HttpRequest) -> HttpResponse:
    """The rules in force for this member, as sentences."""
    actor = actor_of(request)
    assert actor.member_id is not None
    me = member(actor.organisation_id, actor.member_id)
    found = ways_to_earn(actor.organisation_id, me)
    shown = {
        "title": _("Ways to earn"),
        "lead": _("The rules in force for you, as they are applied."),
        "parts": parts_of("earn", me),
        "programmes": _by_programme(found),
    }
    return render(request, "portal/earn.html", shown)


def _by_programme(found: Sequence[Way]) -> list[dict[str, Any]]:
    names = list(dict.fromkeys((way.programme, way.version) for way in found))
    return [
        {"name": name, "version": version, "ways": [way for way in found if way.programme == name]}
        for name, version in names
    ]


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see what expires")
def expiry(request: HttpRequest) -> HttpResponse:
    """What expires when, day by day, with the lines it comes from, and what stops it."""
    actor = actor_of(request)
    assert actor.member_id is not None
    found = holdings(actor, request)
    unit = found.unit
    lots = lots_of(actor.organisation_id, actor.member_id, unit.key) if unit else []
    shown = {
        "title": _("What expires when"),
        "found": found,
        "unit": unit,
        "tabs": unit_tabs(found, reverse("portal:expiry")),
        "policy": how_long_words(unit) if unit else "",
        "spans": _spans(lots),
        "days": _days(actor.organisation_id, lots),
        "lasting": sum(lot.remaining for lot in lots if lot.expires_at is None),
        "is_quiet": not any(lot.expires_at and lot.expires_at <= clock.now() + YEAR for lot in lots),
        "forecast": _forecast(unit, lots) if unit else None,
    }
    return render(request, "portal/expiry.html", shown)


def _forecast(unit: UnitPolicy, lots: Sequence[OpenLot]) -> dict[str, Any] | None:
    """What goes in each of the next twelve months if nothing is spent, as a chart; none for a single month."""
    zone, today = get_current_timezone(), timezone.localdate()
    months = [
        date(today.year + (today.month - 1 + n) // 12, (today.month - 1 + n) % 12 + 1, 1) for n in range(13)
    ]
    goes = dict.fromkeys(months, 0)
    for lot in lots:
        if lot.expires_at is not None:
            first = last_day(lot.expires_at, zone).replace(day=1)
            if first in goes:
                goes[first] += lot.remaining
    if sum(amount > 0 for amount in goes.values()) < 2:
        return None
    most = max(goes, key=lambda month: goes[month])
    return {
        "id": "forecast",
        "title": _("Most expires in {month}: {amount}, if nothing is spent before").format(
            month=formats.date_format(most, "F Y"), amount=unit.say(goes[most])
        ),
        "categories": [formats.date_format(month, "M y") for month in months],
        "series": [{"name": _("Expires"), "values": list(goes.values())}],
        "category_name": _("Month"),
        "highlight": formats.date_format(most, "M y"),
        "unit": unit,
    }


def _spans(lots: Sequence[OpenLot]) -> list[dict[str, int]]:
    """How much expires within 30, 60 and 90 days, if nothing is spent before."""
    now = clock.now()
    return [
        {
            "days": days,
            "amount": sum(
                lot.remaining
                for lot in lots
                if lot.expires_at and lot.expires_at <= now + timedelta(days=days)
            ),
        }
        for days in SPANS
    ]


def _days(organisation_id: int, lots: Sequence[OpenLot]) -> list[dict[str, Any]]:
    """The lots together by the last day they can be spent on."""
    by_day: dict[date, list[OpenLot]] = {}
    for lot in lots:
        if lot.expires_at is not None:
            by_day.setdefault(last_day(lot.expires_at, get_current_timezone()), []).append(lot)
    return [
        {
            "last": last,
            "amount": sum(lot.remaining for lot in mine),
            "lots": _told(organisation_id, mine[:LOTS_SHOWN]),
            "others": len(mine) - LOTS_SHOWN if len(mine) > LOTS_SHOWN else 0,
        }
        for last, mine in by_day.items()
    ]


def _told(organisation_id: int, lots: Sequence[OpenLot]) -> list[dict[str, Any]]:
    told = told_lines(organisation_id, [lot.line for lot in lots])
    return [
        {
            "title": one.title,
            "when": one.line.occurred_at,
            "left": lot.remaining,
            "of": lot.line.amount,
            "url": page_of(one.line.reference),
        }
        for lot, one in zip(lots, told, strict=True)
    ]
