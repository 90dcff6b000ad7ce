"""Which news a member can be told by mail, under the category they choose it by, and whom it is about. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "levels": ("tier.reached", "tier.will_leave", "tier.left"),
    "challenges": ("challenge.completed", "streak.reached", "competition.decided"),
    "offers": ("offer.made",),
    "rewards": ("redemption.fulfilled",),
}
"""What can be chosen, each with the news it stands for."""

CATEGORY_OF = {topic: category for category, topics in CATEGORIES.items() for topic in topics}


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
