"""Bringing friends: the member's own code, the honest terms, and what became of whom they brought."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from plaudit.engagement.actions.referring import give_code
from plaudit.engagement.queries.referrals import ReferralState
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import Refusal
from plaudit.insights.bringing import Bringing, bringing
from plaudit.people.queries import member
from plaudit.people.reach import themselves
from plaudit.surfaces.portal.challenges import parts_of

_STATES = {
    ReferralState.WAITING: (gettext_lazy("Has joined; nothing counted yet"), "info"),
    ReferralState.QUALIFIED: (gettext_lazy("Counts: you both got yours"), "good"),
    ReferralState.WITHDRAWN: (gettext_lazy("Was taken back"), "neutral"),
    ReferralState.LATE: (gettext_lazy("The time is over"), "neutral"),
}


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="bring friends")
def refer(request: HttpRequest) -> HttpResponse:
    """The member's code in each programme that takes friends, with its terms."""
    return refer_shown(request)


def refer_shown(request: HttpRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    assert actor.member_id is not None
    me = member(actor.organisation_id, actor.member_id)
    shown = {
        "title": _("Bring a friend"),
        "parts": parts_of("refer", me),
        "programmes": [_drawn(one) for one in bringing(me)],
        "refusal": refusal,
    }
    return render(request, "portal/refer.html", shown, status=refusal.status if refusal else 200)


def _drawn(one: Bringing) -> dict[str, Any]:
    return {
        "one": one,
        "invites": [
            {
                "joined_at": invite.redeemed_at,
                "until": invite.until if invite.state is ReferralState.WAITING else None,
                "state": _STATES[invite.state][0],
                "kind": _STATES[invite.state][1],
            }
            for invite in one.invites
        ],
    }


@require_POST
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="bring friends")
@refusals_shown_by(refer_shown)
def own_code(request: HttpRequest) -> HttpResponse:
    """Make the member's code in a programme; the same for ever."""
    actor = actor_of(request)
    assert actor.member_id is not None
    give_code(
        actor.organisation_id,
        member_id=actor.member_id,
        programme=request.POST.get("programme", "")[:50],
        actor=actor.ref,
    )
    return HttpResponseRedirect(reverse("portal:refer"))
