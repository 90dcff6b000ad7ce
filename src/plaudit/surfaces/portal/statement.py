"""The statement: every line with the balance before and after it, by kind and period, on paper and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from plaudit.earning.words import in_sentence
from plaudit.foundation import clock, ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import NotFound
from plaudit.insights.because import because, because_of_event
from plaudit.insights.happenings import happenings
from plaudit.insights.lines import ToldLine, told_lines
from plaudit.ledger.places import Kind
from plaudit.ledger.statements import LINES_MAX, LotUse, statement, transfer_chain
from plaudit.ledger.units import UnitPolicy, unit_named
from plaudit.people.reach import themselves
from plaudit.surfaces.design.parts.tables import query_with
from plaudit.surfaces.portal.panels import drawn_lines, page_of, panel
from plaudit.surfaces.portal.wallets import holdings, unit_tabs

PAGE = 20
LOTS_SHOWN = 20

KINDS = {
    "earned": (gettext_lazy("Earned"), (Kind.ACCRUAL, Kind.ACTIVATION, Kind.OPENING)),
    "spent": (gettext_lazy("Spent on rewards"), (Kind.HOLD, Kind.CAPTURE, Kind.RELEASE)),
    "expired": (gettext_lazy("Expired"), (Kind.EXPIRY,)),
    "taken-back": (gettext_lazy("Taken back"), (Kind.REVERSAL, Kind.DEDUCTION, Kind.WRITE_OFF)),
    "by-hand": (
        gettext_lazy("By hand and moved"),
        (Kind.ADJUSTMENT, Kind.MERGE, Kind.UNMERGE, Kind.EXTENSION),
    ),
}
PERIODS = {
    "this-month": gettext_lazy("This month"),
    "last-month": gettext_lazy("Last month"),
    "this-year": gettext_lazy("This year"),
    "last-year": gettext_lazy("Last year"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines somebody asked for; anything they made up counts as not asked for."""

    kind: str
    period: str

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return KINDS[self.kind][1] if self.kind else ()

    def span(self) -> tuple[datetime | None, datetime | None]:
        """The half-open span of the period, in the reader's time zone."""
        here = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
        month, year = here.replace(day=1), here.replace(month=1, day=1)
        match self.period:
            case "this-month":
                return month, None
            case "last-month":
                return _month_before(month), month
            case "this-year":
                return year, None
            case "last-year":
                return year.replace(year=year.year - 1), year
        return None, None


def _month_before(month: datetime) -> datetime:
    if month.month == 1:
        return month.replace(year=month.year - 1, month=12)
    return month.replace(month=month.month - 1)


def _wanted(request: HttpRequest) -> Wanted:
    kind, period = request.GET.get("kind", ""), request.GET.get("period", "")
    return Wanted(kind if kind in KINDS else "", period if period in PERIODS else "")


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your statement")
def lines(request: HttpRequest) -> HttpResponse:
    """The statement, a page of it, or all of it as CSV."""
    actor = actor_of(request)
    found, wanted = holdings(actor, request), _wanted(request)
    if request.GET.get("format") == "csv" and found.unit is not None:
        return _as_csv(actor, found.unit, wanted)
    before = request.GET.get("after", "")
    told, older = [], None
    if found.unit is not None and actor.member_id is not None:
        since, until = wanted.span()
        page = statement(
            actor.organisation_id,
            actor.member_id,
            found.unit.key,
            before_line=int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None,
            limit=PAGE,
            kinds=wanted.kinds,
            since=since,
            until=until,
        )
        told, older = told_lines(actor.organisation_id, page.lines), page.older
    shown = {
        "title": _("Statement"),
        "parts": _parts("statement"),
        "found": found,
        "unit": found.unit,
        "tabs": unit_tabs(found, reverse("portal:statement")),
        "lines": drawn_lines(told, found.unit) if found.unit else [],
        "wanted": wanted,
        "kinds": [(key, words) for key, (words, _kinds) in KINDS.items()],
        "periods": list(PERIODS.items()),
        "pages": _pages(request, before, older),
    }
    return render(request, "portal/statement.html", shown)


def _parts(current: str) -> list[dict[str, object]]:
    return [
        {"label": _("Every line"), "url": reverse("portal:statement"), "current": current == "statement"},
        {"label": _("What you did"), "url": reverse("portal:done"), "current": current == "done"},
    ]


def _pages(request: HttpRequest, before: str, older: int | None) -> Mapping[str, str]:
    """Newest first, a page at a time: on to the older ones, or back to the newest."""
    if not before and older is None:
        return {}
    return {
        "previous": query_with(request, after=None) if before else "",
        "next": query_with(request, after=str(older)) if older is not None else "",
        "summary": _("Older lines") if before else _("The newest lines"),
    }


def _every_line(actor: Actor, unit: UnitPolicy, wanted: Wanted) -> Iterator[ToldLine]:
    """All the lines that were asked for, newest first."""
    assert actor.member_id is not None
    since, until = wanted.span()
    before: int | None = None
    while True:
        page = statement(
            actor.organisation_id,
            actor.member_id,
            unit.key,
            before_line=before,
            limit=LINES_MAX,
            kinds=wanted.kinds,
            since=since,
            until=until,
        )
        yield from told_lines(actor.organisation_id, page.lines)
        before = page.older
        if before is None:
            return


def _as_csv(actor: Actor, unit: UnitPolicy, wanted: Wanted) -> HttpResponse:
    """Every line, not the page: moments in ISO 8601 and UTC, numbers plain."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(
        ["reference", "occurred_at", "recorded_at", "kind", "what", "unit", "amount", "before", "after"]
    )
    for one in _every_line(actor, unit, wanted):
        line = one.line
        table.writerow(
            [
                line.reference,
                _iso(line.occurred_at),
                _iso(line.recorded_at),
                in_sentence(_(line.kind.label)),
                _harmless(one.title),
                unit.key,
                *(_plain(amount, unit) for amount in (line.change, line.before, line.after)),
            ]
        )
    response = HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="statement-{unit.key}.csv"'
    return response


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _plain(amount: int, unit: UnitPolicy) -> str:
    return format(Decimal(amount).scaleb(-unit.precision), "f")


def _harmless(text: str) -> str:
    """Text that a spreadsheet would take for a formula is marked as text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your activity")
def done(request: HttpRequest) -> HttpResponse:
    """What the member did, with what each earned, and why where it earned nothing."""
    actor = actor_of(request)
    assert actor.member_id is not None
    after = request.GET.get("after", "")
    page = happenings(
        actor.organisation_id,
        actor.member_id,
        before=ids.read("act", after, kind="activity") if after else None,
    )
    pages = {}
    if after or page.older is not None:
        pages = {
            "previous": reverse("portal:done") if after else "",
            "next": query_with(request, after=ids.show("act", page.older)) if page.older else "",
            "summary": _("Older activity") if after else _("The newest activity"),
        }
    shown = {
        "title": _("What you did"),
        "lead": _(
            "Everything about you that reached the programme, what it earned, and why where it earned nothing."
        ),
        "parts": _parts("done"),
        "happenings": page.happenings,
        "pages": pages,
    }
    return render(request, "portal/done.html", shown)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see this line")
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One line or one activity, fully explained; its panel alone where a page asks for it in place."""
    actor = actor_of(request)
    if reference.startswith("act_"):
        return _activity(request, actor, reference)
    chain = transfer_chain(actor.organisation_id, reference)
    if chain.member_id != actor.member_id:
        raise NotFound(kind="transfer", ref=reference)
    reason = because(actor.organisation_id, reference)
    if getattr(request, "htmx", False):
        return render(
            request, "portal/panel.html", {"reason": panel(reason), "id": f"why-{chain.line.line}-panel"}
        )
    unit = unit_named(actor.organisation_id, chain.unit)
    told = told_lines(actor.organisation_id, [chain.line])[0]
    uses = chain.burned or chain.spent_by
    shown = {
        "title": told.title,
        "drawn": drawn_lines([told], unit)[0],
        "unit": unit,
        "line": chain.line,
        "reason": panel(reason, linked=False),
        "links": [{"label": link.label, "url": page_of(link.reference)} for link in reason.links],
        "lots": _lots(actor.organisation_id, uses[:LOTS_SHOWN]),
        "lots_more": max(0, len(uses) - LOTS_SHOWN),
    }
    return render(request, "portal/line.html", shown)


def _lots(organisation_id: int, uses: Sequence[LotUse]) -> list[dict[str, object]]:
    """Where the points came from, or where they went: the lines at the other end of each lot used."""
    told = told_lines(organisation_id, [use.other for use in uses])
    return [
        {
            "title": other.title,
            "when": other.line.occurred_at,
            "amount": abs(use.amount),
            "url": page_of(other.line.reference),
        }
        for use, other in zip(uses, told, strict=True)
    ]


def _activity(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    reason = because_of_event(actor.organisation_id, ids.read("act", reference, kind="activity"))
    if reason.member_id != actor.member_id:
        raise NotFound(kind="activity", ref=reference)
    if getattr(request, "htmx", False):
        return render(request, "portal/panel.html", {"reason": panel(reason), "id": "why-activity-panel"})
    shown = {
        "title": reason.inputs[0].label,
        "happened_at": reason.happened_at,
        "reason": panel(reason, linked=False),
        "links": [{"label": link.label, "url": page_of(link.reference)} for link in reason.links],
        "rules": reason.rules,
    }
    return render(request, "portal/activity.html", shown)
