"""Cases in the console: what waits for an answer, and one case with its history and its correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.activity.types import DeclaredType
from plaudit.cases.actions.answering import ANSWERS, answer, take
from plaudit.cases.correcting import Correction, Missing, Points
from plaudit.cases.models import Case, CaseKind, CaseState, Message, MessageKind
from plaudit.cases.queries import case, cases, claimable, queue, today, waiting_of
from plaudit.foundation import ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import READS_ALL_MEMBERS
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.refusals import Problem, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.names import names_of
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.people.models import Member

PAGE = 50

_STATES = {
    CaseState.OPEN: "warn",
    CaseState.ANSWERED: "info",
    CaseState.SETTLED: "good",
    CaseState.WITHDRAWN: "neutral",
}
_ICONS = {
    MessageKind.OPENED: "circle-question-mark",
    MessageKind.SAID: "user",
    MessageKind.TAKEN: "headset",
    MessageKind.ANSWERED: "headset",
    MessageKind.ASKED: "hourglass",
    MessageKind.DECLINED: "x",
    MessageKind.WITHDRAWN: "undo-2",
}


def case_rows(organisation_id: int, found: Sequence[Case]) -> list[dict[str, Any]]:
    """Cases as tables draw them: whose, who owns them, whether their day is past."""
    members = Member.objects.filter(
        organisation_id=organisation_id, id__in={one.member_id for one in found}
    ).in_bulk()
    people = names_of(organisation_id, [one.owner for one in found])
    now = today(organisation_id) if found else None
    return [
        {
            "one": one,
            "url": reverse("console:case", args=[ids.show("cse", one.id)]),
            "kind": _(CaseKind(one.kind).label),
            "state": _(CaseState(one.state).label),
            "state_kind": _STATES[CaseState(one.state)],
            "member": members[one.member_id].name or ids.show("mem", one.member_id),
            "owner": people.get(one.owner, ""),
            "is_late": one.state == CaseState.OPEN and now is not None and one.due_on < now,
        }
        for one in found
    ]


@require_GET
@allows(roles=READS_ALL_MEMBERS, to="see cases")
def case_list(request: HttpRequest) -> HttpResponse:
    """Cases that wait, those due first; or one's own, or those in another state, newest first."""
    actor = actor_of(request)
    wanted = request.GET.get("state", "open")
    wanted = wanted if wanted in _tab_words() else "open"
    after = request.GET.get("after")
    if wanted in ("open", "mine"):
        owner = actor.ref if wanted == "mine" else None
        found, more = queue(actor.organisation_id, owner=owner, limit=200), False
    else:
        found = cases(
            actor.organisation_id,
            state="" if wanted == "all" else wanted,
            before=read_cursor(after, one_id),
            limit=PAGE + 1,
        )
        found, more = found[:PAGE], len(found) > PAGE
    onward = f"?state={wanted}&after={write_cursor(found[-1].id)}" if more else ""
    shown = {
        "title": _("Cases"),
        "lead": _("Questions and claims, each with the day by which it is answered."),
        "tabs": [
            {"label": label, "url": f"?state={key}", "current": key == wanted, "count": None}
            for key, label in _tab_words().items()
        ],
        "state": wanted,
        "rows": case_rows(actor.organisation_id, found),
        "pages": {"previous": f"?state={wanted}" if after else "", "next": onward, "summary": ""}
        if after or more
        else None,
    }
    return render(request, "console/cases.html", shown)


def _tab_words() -> dict[str, str]:
    return {
        "open": _("To answer"),
        "mine": _("Mine"),
        "answered": _("Answered"),
        "settled": _("Settled"),
        "withdrawn": _("Withdrawn"),
        "all": _("All"),
    }


@require_GET
@allows(roles=READS_ALL_MEMBERS, to="see cases")
def case_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One case: what it is about, everything that was said, and the answer with its correction."""
    return case_page_shown(request, reference)


def case_page_shown(request: HttpRequest, reference: str, refusal: Refusal | None = None) -> HttpResponse:
    """The same, as it was filled in, with what was refused on it."""
    actor = actor_of(request)
    one = case(actor.organisation_id, reference)
    (row,) = case_rows(actor.organisation_id, [one])
    member_reference = ids.show("mem", one.member_id)
    asked = waiting_of(actor.organisation_id, one.id)
    declared = claimable(actor.organisation_id).get(one.activity)
    desk = reverse("console:desk-member", args=[member_reference])
    runs = one.ended_at is None
    shown = {
        "title": one.about,
        "trail": [
            {"label": _("Cases"), "url": reverse("console:cases")},
            {"label": reference, "url": ""},
        ],
        **row,
        "reference": reference,
        "member_url": reverse("console:member", args=[member_reference]),
        "desk_url": f"{desk}?about={one.subject}" if one.subject else desk,
        "steps": _steps(one),
        "asked": ids.show("apr", asked.id) if asked else "",
        "may_answer": runs and actor.has_role(*ANSWERS),
        "is_mine": one.owner == actor.ref,
        "fields": _fields(declared, request.POST) if declared else [],
        "units": list(units_by_key(actor.organisation_id).values()),
        "given": request.POST,
        "key": request.POST.get("key") or ids.show("adj", ids.new_id()),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "console/case.html", shown, status=status)


def _steps(one: Case) -> list[dict[str, Any]]:
    """What was said and done, in order, for the `timeline` tag."""
    said = sorted(one.messages.all(), key=lambda message: message.id)
    people = names_of(
        one.organisation_id,
        [
            name
            for message in said
            for name in (message.said_by, message.reference if _is_person(message) else None)
        ],
    )
    return [
        {
            "title": _(MessageKind(message.kind).label),
            "detail": " ".join(
                part for part in (message.words, people.get(message.reference, message.reference)) if part
            ),
            "when": message.said_at,
            "who": people.get(message.said_by, ""),
            "icon": _ICONS.get(MessageKind(message.kind), "circle-check"),
        }
        for message in said
    ]


def _is_person(message: Message) -> bool:
    """Whether what came of it is that somebody was given the case."""
    return message.reference.startswith("usr_")


def _fields(declared: DeclaredType, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the missing activity carries, to be filled in from the proof."""
    return [
        {
            "name": f"field-{name}",
            "label": str(field.get("label") or name).replace("_", " ").capitalize(),
            "choices": field.get("choices") or (["yes", "no"] if field.get("kind") == "boolean" else []),
            "value": given.get(f"field-{name}", ""),
            "needed": not field.get("nullable"),
        }
        for name, field in declared.fields.items()
    ]


@require_POST
@allows(roles=ANSWERS, to="answer cases")
@refusals_shown_by(case_page_shown)
def take_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Make it one's own."""
    actor = actor_of(request)
    key = f"take:{request.POST.get('key', '')[:100]}:{reference}"
    take(actor.organisation_id, _id_of(reference), actor=actor.ref, key=key)
    messages.success(request, _("It is yours to answer."))
    return HttpResponseRedirect(reverse("console:case", args=[reference]))


@require_POST
@allows(roles=ANSWERS, to="answer cases")
@refusals_shown_by(case_page_shown)
def answer_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer it, put it right where that was asked, and settle it where that was pressed."""
    actor, given = actor_of(request), request.POST
    with in_organisation(actor.organisation_id):
        one = case(actor.organisation_id, reference)
        declared = claimable(actor.organisation_id).get(one.activity)
        correction = _correction(given, declared, units_by_key(actor.organisation_id))
    done = answer(
        actor.organisation_id,
        one.id,
        words=given.get("words", "")[:2_000],
        actor=actor.ref,
        key=f"answer:{given.get('key', '')[:100]}:{reference}",
        correction=correction,
        settles=given.get("then") == "settle",
    )
    says = {
        CaseState.SETTLED: _("Settled. The member is told by mail."),
        CaseState.ANSWERED: _("Answered. The member is told by mail."),
    }
    waits = _("Asked for. Somebody else decides, and the case is settled with it.")
    messages.success(request, says.get(CaseState(done.state), waits))
    return HttpResponseRedirect(reverse("console:case", args=[reference]))


def _id_of(reference: str) -> UUID:
    return ids.read("cse", reference, kind="case")


def _correction(
    given: Mapping[str, str], declared: DeclaredType | None, units: Mapping[str, UnitPolicy]
) -> Correction | None:
    """What is to be put right: nothing, points, or the missing activity. Raises `Problem` for what is neither."""
    amount, records = given.get("amount", "").strip(), given.get("record") == "yes" and declared
    if amount and records:
        raise Problem(_("Give points, or record what was missing: one of them."))
    if records:
        return Missing(_typed(given, records))
    if not amount:
        return None
    unit = units.get(given.get("unit", "")) or next(iter(units.values()), None)
    parts = _number(amount).scaleb(unit.precision) if unit else Decimal(0)
    if unit is None or not parts or parts != parts.to_integral_value() or abs(parts) > 10**15:
        raise Problem(_("Enter how many points, such as 50."))
    return Points(unit.key, int(parts))


def _typed(given: Mapping[str, str], declared: DeclaredType) -> dict[str, Any]:
    """What was filled in, as the activity's type declares it; what was left empty is not there."""
    typed: dict[str, Any] = {}
    for name, field in declared.fields.items():
        text = given.get(f"field-{name}", "").strip()
        if not text:
            continue
        if field.get("kind") == "boolean":
            typed[name] = text == "yes"
        elif field.get("kind") == "decimal":
            typed[name] = _number(text)
        elif field.get("kind") == "integer" and _number(text) == int(_number(text)):
            typed[name] = int(_number(text))
        else:
            typed[name] = text
    return typed


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "").replace("−", "-"))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(text) > 30:
        raise Problem(_("Enter a number, such as 50."))
    return number
