"""Members in the console: found by any of their names, listed with what they have, and one with everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation import ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.roles import READS_ALL_MEMBERS, RoleName
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.written import labels
from plaudit.insights.groups import found_in, segment, segments
from plaudit.insights.lines import told_lines
from plaudit.ledger.balances import Balance, balances, balances_of_members
from plaudit.ledger.statements import statement
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.people.actions.saved_views import QUERY_MAX, remove_view, save_view
from plaudit.people.models import Member, MemberKind, MemberState
from plaudit.people.queries import Page, external_reference, led_by, member, members, team_history
from plaudit.people.reach import member_in_reach
from plaudit.people.saved_views import saved_views
from plaudit.rewards.queries import redemptions
from plaudit.surfaces.console.goodwill import ADJUSTS
from plaudit.surfaces.console.listing import CSV_ROWS_MAX, csv_answer, pages, wants_csv
from plaudit.surfaces.console.panels import drawn_lines

LOOKS_AT_MEMBERS = READS_ALL_MEMBERS | {RoleName.SUPERVISOR}

LINES = 10
PAGE = "members"
_CSV_PAGE = 200


@require_GET
@allows(roles=LOOKS_AT_MEMBERS, to="see members")
def member_list(request: HttpRequest) -> HttpResponse:
    """Members in the order of enrolment, found by name, e-mail address or any id; a supervisor's own team only."""
    actor = actor_of(request)
    asked = _asked(request)
    units = units_by_key(actor.organisation_id)
    if wants_csv(request):
        header = ["id", "name", "kind", "state", "email", "external_ids", *units]
        return csv_answer("members", header, _csv_rows(actor, asked, units))
    page = _page(actor, asked, after=read_cursor(request.GET.get("after"), one_id))
    shown = {
        "title": _("Members"),
        "lead": None if actor.has_role(*READS_ALL_MEMBERS) else _("The teams you lead."),
        "rows": _rows(actor.organisation_id, page.members, units),
        "units": list(units.values()),
        "asked": asked,
        "kinds": labels(MemberKind.choices),
        "states": labels(MemberState.choices),
        "is_filtered": any(asked.values()),
        **_views(actor, asked),
        "pages": pages(request, write_cursor(page.after) if page.after else None, shown=len(page.members)),
    }
    return render(request, "console/members.html", shown)


def _asked(request: HttpRequest) -> dict[str, str]:
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    return {
        "search": request.GET.get("search", "").replace("\0", "")[:200].strip(),
        "kind": kind if kind in MemberKind.values else "",
        "state": state if state in MemberState.values else "",
        "segment": request.GET.get("segment", "").replace("\0", "")[:120],
    }


def _views(actor: Actor, asked: dict[str, str]) -> dict[str, Any]:
    """The segments to choose from, the views kept of this list, and how this one is asked for."""
    everybody = actor.has_role(*READS_ALL_MEMBERS)
    known = segments(actor.organisation_id) if everybody else []
    query = urlencode({name: value for name, value in asked.items() if value})
    return {
        "segments": [(f"{one.programme}/{one.definition.key}", one.definition.name) for one in known],
        "views": saved_views(actor.organisation_id, PAGE, user_id=actor.user_id or 0),
        "query": query,
        "may_share": actor.has_role(RoleName.MANAGER),
    }


def _page(actor: Actor, asked: dict[str, str], *, after: UUID | None, limit: int = 50) -> Page:
    if not actor.has_role(*READS_ALL_MEMBERS):
        return _team_page(actor, asked, after, limit)
    if asked["search"].startswith(("mem_", "ext:")):
        return _referred(actor, asked["search"])
    wanted = {name: value for name, value in asked.items() if name != "segment"}
    programme, _slash, key = asked["segment"].partition("/")
    if key:
        inside = segment(actor.organisation_id, programme, key)
        return found_in(actor.organisation_id, inside.id, **wanted, after=after, limit=limit)
    return members(actor.organisation_id, **wanted, after=after, limit=limit)


def _referred(actor: Actor, reference: str) -> Page:
    """The one member behind a reference, if there is one."""
    found = Member.objects.filter(organisation_id=actor.organisation_id)
    if reference.startswith("mem_"):
        try:
            found = found.filter(id=ids.read("mem", reference, kind="member"))
        except NotFound:
            found = found.none()
    else:
        source, _colon, external_id = reference.removeprefix("ext:").partition(":")
        found = found.filter(identities__source=source, identities__external_id=external_id)
    return Page(list(found.prefetch_related("identities")), None)


def _team_page(actor: Actor, asked: dict[str, str], after: UUID | None, limit: int) -> Page:
    """The members of the teams a supervisor leads; nobody where they lead none."""
    mine = led_by(actor.organisation_id, actor.member_id) if actor.member_id else []
    found = Member.objects.filter(organisation_id=actor.organisation_id, id__in=mine)
    if asked["search"]:
        found = found.filter(name__istartswith=asked["search"])
    if asked["kind"]:
        found = found.filter(kind=asked["kind"])
    if asked["state"]:
        found = found.filter(state=asked["state"])
    if after is not None:
        found = found.filter(id__gt=after)
    page = list(found.order_by("id").prefetch_related("identities")[: limit + 1])
    return Page(page[:limit], page[limit - 1].id if len(page) > limit else None)


def _rows(
    organisation_id: int, found: Sequence[Member], units: dict[str, UnitPolicy]
) -> list[dict[str, Any]]:
    """Rows of the table: every member with their ids and what they have of each unit."""
    held = balances_of_members(organisation_id, [one.id for one in found])
    return [
        {
            "name": one.name or _("(no name)"),
            "url": reverse("console:member", args=[ids.show("mem", one.id)]),
            "kind": one.get_kind_display(),
            "state": one.get_state_display(),
            "state_kind": "good" if one.state == MemberState.ACTIVE else "neutral",
            "email": one.email,
            "identities": [f"{identity.source}: {identity.external_id}" for identity in one.identities.all()],
            "amounts": [_amount(held.get(one.id, []), unit) for unit in units.values()],
        }
        for one in found
    ]


def _amount(held: Sequence[Balance], unit: UnitPolicy) -> dict[str, Any]:
    return {"amount": next((one.available for one in held if one.unit == unit.key), 0), "unit": unit}


def _csv_rows(actor: Actor, asked: dict[str, str], units: dict[str, UnitPolicy]) -> Iterator[list[object]]:
    after, count = None, 0
    while count < CSV_ROWS_MAX:
        page = _page(actor, asked, after=after, limit=_CSV_PAGE)
        held = balances_of_members(actor.organisation_id, [one.id for one in page.members])
        for one in page.members:
            spendable = {balance.unit: balance.available for balance in held.get(one.id, [])}
            known_as = " ".join(external_reference(i.source, i.external_id) for i in one.identities.all())
            details = [ids.show("mem", one.id), one.name, one.kind, one.state, one.email, known_as]
            yield [*details, *(spendable.get(key, 0) for key in units)]
        count += len(page.members)
        after = page.after
        if after is None:
            return


@require_POST
@allows(roles=LOOKS_AT_MEMBERS, to="keep views of members")
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep how the list is asked for under a name: one's own, or a manager's for everybody."""
    actor = actor_of(request)
    query = request.POST.get("query", "")[:QUERY_MAX].replace("\0", "")
    save_view(
        actor.organisation_id,
        page=PAGE,
        name=request.POST.get("name", ""),
        query=query,
        user_id=actor.user_id or 0,
        shared=actor.has_role(RoleName.MANAGER) and request.POST.get("shared") == "yes",
        actor=actor.ref,
    )
    messages.success(request, _("The view is kept."))
    return HttpResponseRedirect(f"{reverse('console:members')}?{query}")


@require_POST
@allows(roles=LOOKS_AT_MEMBERS, to="remove views of members")
def drop_view(request: HttpRequest, view: int) -> HttpResponse:
    """Forget a view of one's own, or everybody's."""
    actor = actor_of(request)
    if view >= 1 << 31:
        raise NotFound(kind="view", ref=view)
    remove_view(actor.organisation_id, view_id=view, user_id=actor.user_id or 0, actor=actor.ref)
    messages.info(request, _("The view is gone."))
    return HttpResponseRedirect(reverse("console:members"))


@require_GET
@allows(roles=LOOKS_AT_MEMBERS, objects=member_in_reach(), to="see members")
def member_page(request: HttpRequest, member_id: str) -> HttpResponse:
    """One member: what they have, who they are, their last lines with the why of each, what they redeemed."""
    actor = actor_of(request)
    one = member(actor.organisation_id, member_id)
    units = units_by_key(actor.organisation_id)
    held = balances(actor.organisation_id, one.id)
    reference = ids.show("mem", one.id)
    shown = {
        "title": one.name or _("(no name)"),
        "trail": [
            {"label": _("Members"), "url": reverse("console:members")},
            {"label": one.name or reference, "url": ""},
        ],
        "member": one,
        "reference": reference,
        "holdings": [_holding(one, balance, units[balance.unit]) for balance in held],
        "facts": _facts(one, reference),
        "identities": list(one.identities.order_by("source", "external_id")),
        "attributes": sorted(one.attributes.items()),
        "stays": team_history(actor.organisation_id, one.id),
        "redemptions": redemptions(actor.organisation_id, member_id=one.id, limit=10),
        "may_adjust": actor.has_role(*ADJUSTS) and one.state == MemberState.ACTIVE,
        "may_read_book": actor.has_role(*READS_ALL_MEMBERS),
    }
    return render(request, "console/member.html", shown)


def _holding(one: Member, balance: Balance, unit: UnitPolicy) -> dict[str, Any]:
    """What they have of one unit with the last lines of its statement."""
    page = statement(one.organisation_id, one.id, unit.key, limit=LINES)
    sides = []
    if balance.pending:
        sides.append({"label": _("Pending"), "value": unit.say(balance.pending), "note": ""})
    if balance.held:
        note = _("for rewards on their way")
        sides.append({"label": _("Set aside"), "value": unit.say(balance.held), "note": note})
    return {
        "unit": unit,
        "available": balance.available,
        "sides": sides,
        "lines": drawn_lines(told_lines(one.organisation_id, page.lines), unit),
        "more": page.older is not None,
    }


def _facts(one: Member, reference: str) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (_("Kind"), one.get_kind_display()),
        (_("State"), one.get_state_display()),
        (_("Reference"), reference),
    ]
    return [*facts, (_("E-mail"), one.email)] if one.email else facts
