"""What is held of a member, why and how long; a copy of it, a correction, and erasing it for good."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.activity.queries import EVENTS_MAX, booked_events
from plaudit.cases.queries import cases
from plaudit.credentials.queries import credentials
from plaudit.earning.words import in_sentence
from plaudit.engagement.queries.progress import badges_of
from plaudit.foundation import clock, ids
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.exact import encode
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.queries.own_copy import attached_of, kept_of, statements_of
from plaudit.ledger.balances import balances
from plaudit.ledger.statements import LINES_MAX, statement
from plaudit.ledger.units import units_by_key
from plaudit.membership.actions.erase import erase_member
from plaudit.outreach.queries.devices import devices_of
from plaudit.outreach.queries.inbox import Reader, inbox
from plaudit.people.actions.members import update_member
from plaudit.people.choices import choices_of
from plaudit.people.exporting import export_members
from plaudit.people.merging import everybody_who_is
from plaudit.people.queries import member
from plaudit.people.reach import themselves
from plaudit.people.rules import Faults
from plaudit.people.signing_in import forget_browser
from plaudit.people.signing_in import sign_out as end_this_session
from plaudit.rewards.queries import redemptions_of

NOTICES_MAX = 10_000
"""More than anybody is told in the year for which it is kept."""


class NotConfirmed(Refusal):
    code = "not_confirmed"
    status = 422
    sentence = "Nothing was erased: the word was not typed."
    way_forward = "Type the word exactly as it stands, if you are sure."


HELD = (
    (
        gettext_lazy("Your name, address and numbers"),
        gettext_lazy("so that what you do is counted for you"),
        gettext_lazy("until you are erased"),
    ),
    (
        gettext_lazy("What you did, as it was reported"),
        gettext_lazy("so that every point can be explained"),
        gettext_lazy("kept; without you once you are erased"),
    ),
    (
        gettext_lazy("Points earned and spent"),
        gettext_lazy("because the books of points are only ever added to"),
        gettext_lazy("kept; without you once you are erased"),
    ),
    (
        gettext_lazy("Rewards, and where they were sent"),
        gettext_lazy("so that they reach you"),
        gettext_lazy("addresses until you are erased"),
    ),
    (
        gettext_lazy("Your questions and what was answered"),
        gettext_lazy("so that somebody answers"),
        gettext_lazy("words until you are erased"),
    ),
    (
        gettext_lazy("What you chose: which news reaches you, what you hid"),
        gettext_lazy("so that it is as you chose"),
        gettext_lazy("until you are erased"),
    ),
    (
        gettext_lazy("What you were told in your inbox"),
        gettext_lazy("so that you find it again"),
        gettext_lazy("a year, or until you are erased"),
    ),
    (
        gettext_lazy("Devices on which you want to be told"),
        gettext_lazy("so that news reaches you there"),
        gettext_lazy("until you end them, or the browser does"),
    ),
    (
        gettext_lazy("Certificates and badges that you took with you"),
        gettext_lazy("so that whoever you show them to can check them"),
        gettext_lazy("until you are erased"),
    ),
    (
        gettext_lazy("What courses said of you, and what they keep of where you are in them"),
        gettext_lazy("so that what you learn counts, and you go on where you stopped"),
        gettext_lazy("what they said is kept, without you once you are erased; the rest until then"),
    ),
    (
        gettext_lazy("Where you are signed in"),
        gettext_lazy("so that you can end what is not yours"),
        gettext_lazy("thirty days after it ended"),
    ),
)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see what is held of you")
def privacy(request: HttpRequest) -> HttpResponse:
    """What is held, why and how long, and what can be done about it."""
    return privacy_shown(request)


def privacy_shown(request: HttpRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    me = member(actor.organisation_id, _me(actor))
    shown = {
        "title": _("Privacy"),
        "lead": _("What is held of you, and what you can do about it."),
        "held": HELD,
        "name": request.POST.get("name", me.name),
        "refusal": refusal,
    }
    return render(request, "portal/privacy.html", shown, status=refusal.status if refusal else 200)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="have a copy of your data")
def export(request: HttpRequest) -> HttpResponse:
    """Everything held of the member in one file that programs read; that it left is noted."""
    actor = actor_of(request)
    (details,) = export_members(actor.organisation_id, actor=actor.ref, only=[_me(actor)])
    with in_organisation(actor.organisation_id):
        copy = {
            "organisation": actor.organisation.name if actor.organisation else "",
            "made_at": _iso(clock.now()),
            "member": details,
            "chosen": choices_of(actor.organisation_id, _me(actor)),
            "activity": _activity(actor),
            "points": _points(actor),
            "rewards": _rewards(actor),
            "badges": [
                {"badge": one.badge, "for": one.key, "period": one.period, "since": _iso(one.since)}
                for one in badges_of(actor.organisation_id, _me(actor))
            ],
            "credentials": [
                one.document
                for one in credentials(
                    actor.organisation_id,
                    members=everybody_who_is(actor.organisation_id, _me(actor)),
                    limit=1_000,
                )
            ],
            "learning": _learning(actor),
            "questions": _questions(actor),
            "inbox": [
                {"told_at": _iso(one.told_at), "type": one.topic, "sentence": one.sentence}
                for one in inbox(actor.organisation_id, Reader(member_id=_me(actor)), limit=NOTICES_MAX)
            ],
            "devices": [
                {"name": one.name, "added_at": _iso(one.added_at)}
                for one in devices_of(actor.organisation_id, _me(actor))
            ],
        }
    response = HttpResponse(encode(copy), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


def _learning(actor: Actor) -> dict[str, Any]:
    me = everybody_who_is(actor.organisation_id, _me(actor))
    return {
        "statements": statements_of(actor.organisation_id, me),
        "documents": kept_of(actor.organisation_id, me),
        "files": attached_of(actor.organisation_id, me),
    }


def _activity(actor: Actor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    before: UUID | None = None
    while True:
        page = booked_events(actor.organisation_id, member_id=_me(actor), before=before, limit=EVENTS_MAX)
        found += [
            {
                "id": ids.show("act", one.id),
                "source": one.source,
                "source_id": one.key,
                "type": one.type,
                "occurred_at": _iso(one.occurred_at),
                "recorded_at": _iso(one.recorded_at),
                "corrects": one.corrects_key,
                "data": one.data,
            }
            for one in page.events
        ]
        before = page.older
        if before is None:
            return found


def _points(actor: Actor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for unit in units_by_key(actor.organisation_id):
        before: int | None = None
        while True:
            page = statement(actor.organisation_id, _me(actor), unit, before_line=before, limit=LINES_MAX)
            found += [
                {
                    "reference": one.reference,
                    "unit": unit,
                    "kind": in_sentence(_(one.kind.label)),
                    "amount": one.amount,
                    "change": one.change,
                    "after": one.after,
                    "occurred_at": _iso(one.occurred_at),
                }
                for one in page.lines
            ]
            before = page.older
            if before is None:
                break
    return found


def _rewards(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "reference": one.reference,
            "reward": one.reward,
            "points": one.points,
            "unit": one.unit.key,
            "state": one.state,
            "ordered_at": _iso(one.ordered_at),
        }
        for one in redemptions_of(actor.organisation_id, _me(actor), limit=10_000)
    ]


def _questions(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "about": one.about,
            "messages": [
                {"kind": message.kind, "words": message.words, "said_at": _iso(message.said_at)}
                for message in one.messages.order_by("id")
            ],
        }
        for one in cases(actor.organisation_id, member_id=_me(actor), limit=1_000)
    ]


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="correct your name")
@refusals_shown_by(privacy_shown)
def correct(request: HttpRequest) -> HttpResponse:
    """Be called as one is called."""
    actor, name = actor_of(request), request.POST.get("name", "")[:300].strip()
    faults = Faults()
    if not name:
        faults.add("/name", "missing", "Enter your name.")
    faults.refuse("The member cannot be changed like this.")
    update_member(actor.organisation_id, member_id=_me(actor), name=name, actor=actor.ref)
    messages.success(request, _("Your name is corrected."))
    return HttpResponseRedirect(reverse("portal:privacy"))


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="be erased")
def check_erasing(request: HttpRequest) -> HttpResponse:
    """What goes and what stays, before it does."""
    return erasing_shown(request)


def erasing_shown(request: HttpRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    units = units_by_key(actor.organisation_id)
    held = balances(actor.organisation_id, _me(actor))
    shown = {
        "title": _("Erase everything about me"),
        "points": [units[one.unit].say(one.available) for one in held if one.available > 0],
        "roles": sorted(role.value for role in actor.roles if role != RoleName.MEMBER),
        "word": _("erase me"),
        "refusal": refusal,
    }
    return render(request, "portal/erase.html", shown, status=refusal.status if refusal else 200)


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="be erased")
@refusals_shown_by(erasing_shown)
def erase(request: HttpRequest) -> HttpResponseBase:
    """Erase the member for good, where the word was typed, and sign them out."""
    actor = actor_of(request)
    if " ".join(request.POST.get("word", "").casefold().split()) != _("erase me").casefold():
        raise NotConfirmed
    erase_member(
        actor.organisation_id, member_id=_me(actor), reason="The member asked for it.", actor=actor.ref
    )
    end_this_session(request)
    return forget_browser(HttpResponseRedirect(reverse("portal:signed-out")))


def _me(actor: Actor) -> UUID:
    assert actor.member_id is not None, "`themselves` admits members alone"
    return actor.member_id
