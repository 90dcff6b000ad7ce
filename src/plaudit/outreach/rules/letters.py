"""Which news people are told, under the category they choose it by, and whom it is about. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "levels": ("tier.reached", "tier.will_leave", "tier.left"),
    "challenges": ("challenge.completed", "streak.reached", "competition.decided"),
    "offers": ("offer.made",),
    "rewards": ("redemption.fulfilled",),
    "expiry": ("points.expiring",),
    "recognition": ("nomination.decided",),
    "learning": (
        "session.tomorrow",
        "session.place_free",
        "session.cancelled",
        "certificate.ending",
        "certificate.ended",
        "scenario.refresher",
        "scenario.refresher_open",
    ),
    "surveys": ("survey.invited", "survey.reminded"),
}
"""What can be chosen, each with the news it stands for."""

CATEGORY_OF = {topic: category for category, topics in CATEGORIES.items() for topic in topics}

ALWAYS = ("case.answered", "case.settled")
"""What members are told without a choice; their mail has its own way."""

TO_APPROVE = "approval.asked"
"""A colleague asks for a second person: told to all who may be it."""

DECIDED = ("approval.approved", "approval.declined", "approval.expired")
"""What became of it, told to whoever asked."""

TOLD = (*CATEGORY_OF, *ALWAYS, TO_APPROVE, *DECIDED)
"""Every topic that reaches an inbox."""

WAITS: Mapping[str, str] = {
    TO_APPROVE: "/console/approvals",
    **dict.fromkeys(DECIDED, "/console/approvals"),
    "case.opened": "/console/cases",
    "nomination.made": "/nominations",
    "recognition.reported": "/console/noticing/reports",
}
"""What waits for a colleague, which their devices tell of, and the page on which it does."""

READ = (*TOLD, *(topic for topic in WAITS if topic not in TOLD))
"""Every topic that somebody is told of, in an inbox or on a device."""

WARNED_DAYS = (7, 30)
"""So many days before points expire their member is warned."""


def days_before(expires_at: datetime, now: datetime) -> int:
    """The nearest distance at which an expiry is: 7 within a week of it, else 30."""
    return next((days for days in WARNED_DAYS if expires_at - timedelta(days=days) <= now), max(WARNED_DAYS))


def told_about(topic: str, payload: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Whom a piece of news is about, as references, each with the facts that concern them.

    News of a redemption names nobody: its member is looked up by whoever asks.
    """
    if topic == "offer.made":
        facts = {name: value for name, value in payload.items() if name != "members"}
        return [(member, facts) for member in payload["members"]]
    if topic == "competition.decided":
        facts = {name: value for name, value in payload.items() if name != "winners"}
        return [(one["member"], {**facts, "place": one["place"]}) for one in payload["winners"]]
    return [(payload["member"], dict(payload))] if "member" in payload else []
