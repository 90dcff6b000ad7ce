"""The console's first page: how the programme does this month, and whether its books hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from plaudit.activity.imports import imports
from plaudit.earning.console import import_rows
from plaudit.foundation import clock
from plaudit.foundation.access.actors import AtWork, actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.roles import COLLEAGUES
from plaudit.insights.budgets import Budget, budgets
from plaudit.ledger.console import last_verification
from plaudit.ledger.months import Month, months
from plaudit.ledger.overview import Outstanding, outstanding
from plaudit.ledger.units import UnitPolicy, units_by_id
from plaudit.people.queries import count_members
from plaudit.planning.queries import programmes

MONTHS = 12
IMPORTS = 5
BUDGETS = 8


@require_GET
@allows(roles=COLLEAGUES, to="open the console")
def home(request: HttpRequest) -> HttpResponse:
    """Members, points and their worth, month by month, for each unit; the latest imports; the books' state."""
    actor = actor_of(request)
    assert actor.organisation is not None
    place, organisation_id = actor.organisation, actor.organisation_id
    counts = count_members(organisation_id)
    known = programmes(organisation_id)
    shown = {
        "title": place.name,
        "lead": _("How the programme does this month."),
        "units": _units(place, members=sum(counts.values())),
        "members": sum(counts.values()),
        "by_kind": counts,
        "programmes": known,
        "budgets": [_budget(one) for one in budgets(organisation_id)[:BUDGETS]],
        "imports": import_rows(imports(organisation_id, limit=IMPORTS)),
        "verification": last_verification(organisation_id),
    }
    return render(request, "console/home.html", shown)


def _budget(one: Budget) -> dict[str, object]:
    """One budget as a row: what was given of it, what it allows, and in which time."""
    times = {
        "day": _("today"),
        "week": _("this week"),
        "month": _("this month"),
        "quarter": _("this quarter"),
        "year": _("this year"),
        "lifetime": _("in all"),
    }
    return {
        "one": one,
        "when": times[one.every.value],
        "kind": "bad" if one.share >= 1 else "warn" if one.share >= Decimal("0.8") else "good",
        "used": one.unit.say(one.used),
        "at_most": one.unit.say(one.at_most),
    }


def _units(place: AtWork, *, members: int) -> list[dict[str, object]]:
    """The figures of every unit that was ever granted, the most held first."""
    zone = ZoneInfo(place.time_zone)
    names = _last_months(clock.now().astimezone(zone))
    units = units_by_id(place.id)
    held = {one.unit_id: one for one in outstanding(place.id)}
    found: dict[int, list[Month]] = {}
    for month in months(place.id, first=names[0], time_zone=place.time_zone):
        found.setdefault(month.unit_id, []).append(month)
    rows = [
        _unit(units[unit_id], held[unit_id], found.get(unit_id, []), names, members=members)
        for unit_id in held
    ]
    return sorted(rows, key=lambda row: -int(str(row["holding"])))


def _unit(
    unit: UnitPolicy, held: Outstanding, found: Iterable[Month], names: list[str], *, members: int
) -> dict[str, object]:
    by_name = {one.month: one for one in found}
    none = Month(unit.id, "", 0, 0, 0, 0)
    this, before = by_name.get(names[-1], none), by_name.get(names[-2], none)
    year_issued = sum(one.issued for one in by_name.values())
    year_redeemed = sum(one.redeemed for one in by_name.values())
    worth = round(Decimal(held.points) * unit.value_minor_per_million / 1_000_000)
    return {
        "unit": unit,
        "issued": unit.say(this.issued),
        "before": unit.say(before.issued),
        "redeemed": unit.say(this.redeemed),
        "redeemed_share": Decimal(year_redeemed) / year_issued if year_issued else None,
        "held": unit.say(held.points),
        "worth": worth if unit.value_minor_per_million else None,
        "holding": held.members,
        "earning": this.members,
        "share": Decimal(this.members) / members if members else Decimal(0),
        "chart": _chart(unit, [by_name.get(name, none) for name in names], names),
    }


def _last_months(now: datetime) -> list[str]:
    """The last twelve months up to this one, such as 2026-03."""
    count = now.year * 12 + now.month - 1
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(count - MONTHS + 1, count + 1)]


def _chart(unit: UnitPolicy, found: list[Month], names: list[str]) -> dict[str, object]:
    most = max(found, key=lambda one: one.issued)
    many = unit.names.get("other", unit.key)
    labels = [date_format(datetime.strptime(name, "%Y-%m"), "M Y") for name in names]  # noqa: DTZ007  # a month's name
    return {
        "id": f"months-{unit.key}",
        "title": _("{amount} issued in the best month").format(amount=unit.say(most.issued)),
        "measure": _("{points} issued and redeemed in each month").format(points=many.capitalize()),
        "categories": labels,
        "category_name": _("Month"),
        "series": [
            {"name": _("Issued"), "values": [one.issued for one in found]},
            {"name": _("Redeemed"), "values": [one.redeemed for one in found]},
        ],
        "unit": unit,
        "note": _("Net of what was taken back. This month is not over."),
        "level": 3,
    }
