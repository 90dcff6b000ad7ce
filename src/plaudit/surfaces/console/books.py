"""The ledger in the console: every transfer, one with its chain and its why, and the list as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from plaudit.earning.published import published_rule
from plaudit.foundation import ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import ObjectRule, allows
from plaudit.foundation.access.roles import READS_ALL_MEMBERS, RoleName
from plaudit.foundation.api.cursors import read_cursor, write_cursor
from plaudit.foundation.refusals import NotFound
from plaudit.insights.because import because
from plaudit.insights.names import names_of
from plaudit.ledger.overview import BookLine, transfers
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.statements import LotUse, StatementLine, transfer_chain
from plaudit.ledger.units import UnitPolicy, unit_named, units_by_id
from plaudit.people.models import Member
from plaudit.people.queries import member_id_of
from plaudit.people.reach import may_reach
from plaudit.surfaces.console.listing import csv_answer, pages, wants_csv
from plaudit.surfaces.console.members import LOOKS_AT_MEMBERS
from plaudit.surfaces.console.panels import panel

READS_BOOK = (RoleName.MANAGER, RoleName.FINANCE, RoleName.AUDITOR)

PAGE = 50
_CSV_PAGE = 10_000
_CSV_PAGES = 5


def kind_words(kind: Kind) -> str:
    """Why points moved, in a word or two."""
    return {
        Kind.ACCRUAL: _("Earned"),
        Kind.DEDUCTION: _("Taken by a rule"),
        Kind.ADJUSTMENT: _("By hand"),
        Kind.HOLD: _("Set aside"),
        Kind.CAPTURE: _("Redeemed"),
        Kind.RELEASE: _("Given back"),
        Kind.REVERSAL: _("Taken back"),
        Kind.EXPIRY: _("Expired"),
        Kind.ACTIVATION: _("Became spendable"),
        Kind.OPENING: _("Brought along"),
        Kind.MERGE: _("Merged"),
        Kind.UNMERGE: _("Separated"),
        Kind.EXTENSION: _("Extended"),
        Kind.WRITE_OFF: _("Written off"),
    }[kind]


def place_words(place: Place) -> str:
    """Where points can be, as the books call it."""
    return {
        Place.AVAILABLE: _("available"),
        Place.PENDING: _("pending"),
        Place.HELD: _("set aside"),
        Place.ISSUED: _("issued"),
        Place.REDEEMED: _("redeemed"),
        Place.EXPIRED: _("expired"),
        Place.ADJUSTED: _("adjusted"),
        Place.MOVED: _("moved"),
    }[place]


@require_GET
@allows(roles=READS_BOOK, to="read the ledger")
def ledger(request: HttpRequest) -> HttpResponse:
    """Every transfer, last recorded first, of a kind, a member and a period."""
    actor = actor_of(request)
    asked = _asked(request)
    faults: list[str] = []
    wanted = _wanted(actor, asked, faults)
    if wants_csv(request) and not faults:
        header = ["transfer", "occurred_at", "recorded_at", "member", "unit", "kind", "from", "to", "amount"]
        return csv_answer("ledger", [*header, "available_after", "rule", "by", "reason"], _csv(actor, wanted))
    before = read_cursor(request.GET.get("after"), _place)
    page = transfers(actor.organisation_id, **wanted, before=before, limit=PAGE) if not faults else None
    lines = page.lines if page else []
    older = write_cursor(page.older[0].isoformat(), *page.older[1:]) if page and page.older else None
    shown = {
        "title": _("Ledger"),
        "lead": _("Every transfer of points, from one place to another. Nothing here is ever changed."),
        "rows": _rows(actor.organisation_id, lines),
        "asked": asked,
        "kinds": [(kind.name.lower(), kind_words(kind)) for kind in Kind],
        "is_filtered": any(asked.values()),
        "faults": faults,
        "pages": pages(request, older, shown=len(lines)),
    }
    return render(request, "console/ledger.html", shown, status=422 if faults else 200)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:100].strip() for name in ("kind", "member", "since", "until")}


def _wanted(actor: Actor, asked: dict[str, str], faults: list[str]) -> dict[str, Any]:
    """The filters as the query has them; what cannot be read is named in `faults`."""
    assert actor.organisation is not None
    zone = ZoneInfo(actor.organisation.time_zone)
    wanted: dict[str, Any] = {}
    kinds = [kind for kind in Kind if kind.name.lower() == asked["kind"]]
    if asked["kind"]:
        wanted["kinds"] = kinds
    if asked["member"]:
        try:
            wanted["member_id"] = member_id_of(actor.organisation_id, asked["member"])
        except NotFound:
            faults.append(
                _("There is no member {ref}. Write a reference such as mem_… or ext:crm:1042.").format(
                    ref=asked["member"]
                )
            )
    for name, after in (("since", 0), ("until", 1)):
        if asked[name]:
            try:
                day = date.fromisoformat(asked[name]) + timedelta(days=after)
                wanted[name] = datetime.combine(day, time(), zone)
            except (ValueError, OverflowError):
                faults.append(_("Write the day as in 2026-03-31. You wrote {text}.").format(text=asked[name]))
    return wanted


def _place(parts: list[object]) -> tuple[datetime, int, int]:
    """The shape of a cursor in the ledger: recorded when, in which wallet, on which line."""
    at, wallet_id, line = parts
    if not isinstance(at, str) or type(wallet_id) is not int or type(line) is not int:
        raise TypeError
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None or not (0 <= wallet_id < 1 << 63 and 0 <= line < 1 << 31):
        raise ValueError
    return moment, wallet_id, line


def _rows(organisation_id: int, lines: Sequence[BookLine]) -> list[dict[str, Any]]:
    """Rows of the table, everybody's and everything's names asked for at once."""
    units = units_by_id(organisation_id)
    names = _member_names(organisation_id, {line.member_id for line in lines})
    people = names_of(organisation_id, {line.actor for line in lines})
    return [
        {
            "line": line,
            "unit": units[line.unit_id],
            "kind": kind_words(line.kind),
            "source": place_words(line.source),
            "target": place_words(line.target),
            "member": names.get(line.member_id, ""),
            "member_url": reverse("console:member", args=[ids.show("mem", line.member_id)]),
            "why": _why(organisation_id, line, people),
        }
        for line in lines
    ]


def _member_names(organisation_id: int, wanted: set[UUID]) -> dict[UUID, str]:
    rows = Member.objects.filter(organisation_id=organisation_id, id__in=wanted).values_list("id", "name")
    return {member_id: name or ids.show("mem", member_id) for member_id, name in rows}


def _why(organisation_id: int, line: BookLine, people: dict[str, str]) -> str:
    """The rule or the person behind a transfer."""
    if line.rule_id is not None:
        rule = published_rule(organisation_id, line.rule_id)
        return _("{rule}, version {version}").format(rule=rule.rule.name, version=rule.version)
    who = people.get(line.actor or "", "")
    return ": ".join(part for part in (who, line.reason or "") if part)


def _csv(actor: Actor, wanted: dict[str, Any]) -> Iterator[list[object]]:
    before = None
    units = units_by_id(actor.organisation_id)
    for _round in range(_CSV_PAGES):
        page = transfers(actor.organisation_id, **wanted, before=before, limit=_CSV_PAGE)
        people = names_of(actor.organisation_id, {line.actor for line in page.lines})
        for line in page.lines:
            yield [
                line.reference,
                line.occurred_at.isoformat(),
                line.recorded_at.isoformat(),
                ids.show("mem", line.member_id),
                units[line.unit_id].key,
                line.kind.name.lower(),
                line.source.name.lower(),
                line.target.name.lower(),
                line.amount,
                line.after,
                published_rule(actor.organisation_id, line.rule_id).rule.key if line.rule_id else "",
                people.get(line.actor or "", ""),
                line.reason or "",
            ]
        before = page.older
        if before is None:
            return


def _check_reach(actor: Actor, arguments: Mapping[str, Any]) -> None:
    reference = arguments["reference"]
    if not may_reach(actor, transfer_chain(actor.organisation_id, reference).member_id):
        raise NotFound(kind="transfer", ref=reference)


_IN_REACH = ObjectRule("transfers of members within reach: one's team's, or all, by role", _check_reach)


@require_GET
@allows(roles=READS_ALL_MEMBERS, objects=_IN_REACH, to="read a transfer")
def transfer(request: HttpRequest, reference: str) -> HttpResponse:
    """One transfer: why it was made, what it undoes and what undoes it, and which points it spent."""
    actor = actor_of(request)
    chain = transfer_chain(actor.organisation_id, reference)
    unit = unit_named(actor.organisation_id, chain.unit)
    line = chain.line
    name = _member_names(actor.organisation_id, {chain.member_id}).get(chain.member_id, "")
    people = names_of(actor.organisation_id, {line.actor, line.approver})
    facts = [
        (_("Recorded"), line.recorded_at),
        (_("Happened"), line.occurred_at),
        (_("By"), people.get(line.actor or "", "")),
        (_("Approved by"), people.get(line.approver or "", "")),
        (_("Reason"), line.reason or ""),
        (_("Expires"), line.expires_at),
        (_("Activity"), ids.show("act", line.event_id) if line.event_id else ""),
    ]
    shown = {
        "title": _("{kind}: {points}").format(kind=kind_words(line.kind), points=unit.say(line.amount)),
        "trail": [
            {"label": _("Ledger"), "url": reverse("console:ledger") if actor.has_role(*READS_BOOK) else ""},
            {"label": line.reference, "url": ""},
        ],
        "line": line,
        "unit": unit,
        "member_name": name,
        "member_reference": ids.show("mem", chain.member_id),
        "source": place_words(line.source),
        "target": place_words(line.target),
        "facts": [
            {"term": term, "value": value, "is_moment": isinstance(value, datetime)}
            for term, value in facts
            if value
        ],
        "reason": panel(because(actor.organisation_id, reference)),
        "near": [
            *([_near(chain.undoes, unit, _("Undoes or settles"))] if chain.undoes else []),
            *(_near(one, unit, _("Undone or settled by")) for one in chain.undone_by),
        ],
        "burned": [_use(one, unit) for one in chain.burned],
        "spent_by": [_use(one, unit) for one in chain.spent_by],
    }
    return render(request, "console/transfer.html", shown)


def _near(line: StatementLine, unit: UnitPolicy, how: str) -> dict[str, Any]:
    return {
        "how": how,
        "reference": line.reference,
        "kind": kind_words(line.kind),
        "amount": unit.say(line.amount),
        "at": line.occurred_at,
    }


def _use(use: LotUse, unit: UnitPolicy) -> dict[str, Any]:
    return {**_near(use.other, unit, ""), "amount": unit.say(use.amount)}


@require_GET
@allows(roles=LOOKS_AT_MEMBERS, objects=_IN_REACH, to="read a transfer")
def why(request: HttpRequest, reference: str) -> HttpResponse:
    """The reason behind a transfer: its panel alone where a page fetches it, a page of its own without script."""
    actor = actor_of(request)
    found = because(actor.organisation_id, reference)
    htmx = getattr(request, "htmx", False)
    shown = {
        "title": _("Why?"),
        "reason": panel(found),
        "panel_id": f"why-{reference}",
        "trail": [
            {"label": _("Members"), "url": reverse("console:members")},
            {"label": reference, "url": ""},
        ],
    }
    return render(request, "console/why_panel.html" if htmx else "console/why.html", shown)
