"""What stands beside the balance on the first page: one challenge, and where the member stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from plaudit.engagement.definitions import Kind
from plaudit.insights.levels import glance_at_levels
from plaudit.insights.pursuits import Seen, pursuits_of
from plaudit.membership.models import State
from plaudit.membership.queries import memberships
from plaudit.membership.selling import kept_scheme
from plaudit.people.choices import choices_of, hidden
from plaudit.people.models import Member
from plaudit.surfaces.design.writing import day
from plaudit.surfaces.portal.pursuing import drawn

ONE_DAY = timedelta(days=1)


def beside(me: Member) -> dict[str, object]:
    """One challenge that is nearest to its goal, the member's levels and their membership, where there are any."""
    nearest = _nearest(me)
    return {"challenge": drawn(nearest) if nearest else None, "places": [*_levels(me), *_memberships(me)]}


def _nearest(me: Member) -> Seen | None:
    """Of what runs and is not hidden, what has most of its way behind it."""
    open_now = [
        seen
        for seen in pursuits_of(me.organisation_id, me)
        if seen.begins_at is None and seen.part.kind is not Kind.COMPETITION and seen.next_goal is not None
    ]
    if not open_now:
        return None
    chosen = choices_of(me.organisation_id, me.id)
    mine = [seen for seen in open_now if not chosen.get(hidden(seen.id))]
    return max(mine, key=lambda seen: seen.share, default=None)


def _levels(me: Member) -> list[dict[str, Any]]:
    return [
        {
            "what": one.ladder,
            "words": one.level,
            "url": reverse("portal:tier"),
            "note": format_html(_("through {}"), day(one.falls_on - ONE_DAY)) if one.falls_on else "",
        }
        for one in glance_at_levels(me.organisation_id, me)
    ]


def _memberships(me: Member) -> list[dict[str, Any]]:
    found = []
    for one in memberships(me.organisation_id, member_id=me.id):
        if one.state != State.CANCELLED:
            level = kept_scheme(me.organisation_id, one.programme).level(one.level)
            note = format_html(_("paid through {}"), day(one.ends_on - ONE_DAY)) if one.ends_on else ""
            found.append(
                {
                    "what": _("Membership"),
                    "words": level.name if level else one.level,
                    "url": reverse("portal:membership"),
                    "note": note,
                }
            )
    return found
