"""Groups of members in the console: segments and who is in them, ladders and who stands on which level."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from plaudit.foundation import clock, ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.roles import READS_ALL_MEMBERS
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.insights.groups import LadderHeld, ladders, members_of, on_level, segment, segments, snapshots
from plaudit.people.models import Member
from plaudit.surfaces.console.listing import CSV_ROWS_MAX, csv_answer, pages, wants_csv
from plaudit.surfaces.console.programmes import READS

PREVIEW = 50
FALLS_WITHIN = timedelta(days=30)


@require_GET
@allows(roles=READS, to="see segments")
def segment_list(request: HttpRequest) -> HttpResponse:
    """Every segment with whom it is for, how many are in it, and what is made to it."""
    actor = actor_of(request)
    shown = {
        "title": _("Segments"),
        "lead": _("Members who are alike in some way, kept up to date by themselves."),
        "segments": segments(actor.organisation_id),
        "may_see_members": actor.has_role(*READS_ALL_MEMBERS),
    }
    return render(request, "console/segments.html", shown)


@require_GET
@allows(roles=READS_ALL_MEMBERS, to="see who is in a segment")
def segment_page(request: HttpRequest, key: str, segment_key: str) -> HttpResponse:
    """One segment: its condition, who is in it and since when, and who was at the moments that were kept."""
    organisation_id = actor_of(request).organisation_id
    one = segment(organisation_id, key, segment_key)
    if wants_csv(request):
        rows, _after = members_of(organisation_id, one.id, after=None, limit=CSV_ROWS_MAX)
        lines = [[ids.show("mem", who.id), who.name, who.kind, since.isoformat()] for who, since in rows]
        return csv_answer(f"segment-{segment_key}", ["id", "name", "kind", "since"], lines)
    after = read_cursor(request.GET.get("after"), one_id)
    rows, onward = members_of(organisation_id, one.id, after=after, limit=PREVIEW)
    shown = {
        "title": one.definition.name,
        "trail": [
            {"label": _("Segments"), "url": reverse("console:segments")},
            {"label": one.definition.name, "url": ""},
        ],
        "one": one,
        "rows": [{**_named(who), "since": since} for who, since in rows],
        "snapshots": snapshots(organisation_id, one.id),
        "pages": pages(request, write_cursor(onward) if onward else None, shown=len(rows)),
    }
    return render(request, "console/segment.html", shown)


@require_GET
@allows(roles=READS, to="see tiers")
def ladder_list(request: HttpRequest) -> HttpResponse:
    """Every ladder with how many stand on each level, and how many fall soon."""
    actor = actor_of(request)
    until = (clock.now() + FALLS_WITHIN).date()
    may_see = actor.has_role(*READS_ALL_MEMBERS)
    found = ladders(actor.organisation_id, until=until)
    shown = {
        "title": _("Tiers"),
        "lead": _("The ladders members climb, and how many stand on each level."),
        "ladders": [
            {"one": one, "chart": _chart(one), "levels": _levels(one, linked=may_see)} for one in found
        ],
    }
    return render(request, "console/tiers.html", shown)


def _levels(one: LadderHeld, *, linked: bool) -> list[dict[str, object]]:
    """The levels with the way to who stands on each, for those who may see members."""

    def at(level: str) -> str:
        return reverse("console:level", args=[one.programme, one.definition.key, level]) if linked else ""

    return [{"level": level, "url": at(level.key)} for level in one.levels]


def _chart(one: LadderHeld) -> dict[str, object]:
    """How many stand where, from the lowest level up."""
    many = [(_("No level"), one.on_none), *((level.name, level.members) for level in one.levels)]
    most = max(many, key=lambda pair: pair[1])
    return {
        "id": f"ladder-{one.programme}-{one.definition.key}",
        "title": _("Most members: {level}").format(level=most[0])
        if most[1]
        else _("Nobody stands on it yet"),
        "measure": _("Members on each level"),
        "categories": [name for name, _members in many],
        "category_name": _("Level"),
        "series": [{"name": _("Members"), "values": [members for _name, members in many]}],
        "level": 3,
    }


@require_GET
@allows(roles=READS_ALL_MEMBERS, to="see who is on a level")
def level_page(request: HttpRequest, key: str, ladder: str, level: str) -> HttpResponse:
    """The first of those on one level, with the day until which they keep it."""
    organisation_id = actor_of(request).organisation_id
    held = on_level(organisation_id, key, ladder, level, limit=PREVIEW)
    found = next(
        one for one in ladders(organisation_id, until=clock.now().date())
        if (one.programme, one.definition.key) == (key, ladder)
    )  # fmt: skip
    name = next((one.name for one in found.definition.levels if one.key == level), level)
    shown = {
        "title": _("{level} in {ladder}").format(level=name, ladder=found.definition.name),
        "trail": [{"label": _("Tiers"), "url": reverse("console:tiers")}, {"label": name, "url": ""}],
        "rows": [{**_named(who), "until": until} for who, until in held],
        "is_full": len(held) == PREVIEW,
    }
    return render(request, "console/level.html", shown)


def _named(who: Member) -> dict[str, object]:
    reference = ids.show("mem", who.id)
    return {
        "name": who.name or _("(no name)"),
        "url": reverse("console:member", args=[reference]),
        "kind": who.get_kind_display(),
        "reference": reference,
    }
