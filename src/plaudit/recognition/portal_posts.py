"""How recognitions look on a member's pages: from whom, to whom, for what, and what others said to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.ids import show
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.recognition.definitions import Standard, Visible
from plaudit.recognition.models import ReactionKind
from plaudit.recognition.published import standards
from plaudit.recognition.queries.feed import Seen
from plaudit.recognition.queries.talk import Talk, talk_of

REACTIONS = {
    ReactionKind.THANKS: (gettext_lazy("Thank you"), "hand-heart"),
    ReactionKind.BRAVO: (gettext_lazy("Well done"), "award"),
    ReactionKind.SEEN: (gettext_lazy("I saw it too"), "circle-check"),
}


def me(request: HttpRequest) -> UUID:
    """The member who asks."""
    member_id = actor_of(request).member_id
    assert member_id is not None, "`themselves` admits members alone"
    return member_id


def posts(organisation_id: int, found: Sequence[Seen], member_id: UUID) -> list[dict[str, Any]]:
    """These as a page draws them, with what was said to them."""
    known, units = standards(organisation_id), units_by_key(organisation_id)
    talk = talk_of(organisation_id, [one.id for one in found], member_id) if found else {}
    return [
        {**drawn(one, known, units, member_id), "reactions": _reactions(talk[one.id]), "talk": talk[one.id]}
        for one in found
    ]


def _reactions(talk: Talk) -> list[dict[str, Any]]:
    """What can be tapped: tapped already, the tap takes it away."""
    return [
        {
            "label": f"{words} {talk.counts[kind]}" if talk.counts[kind] else words,
            "icon": icon,
            "value": f"-{kind.value}" if kind in talk.mine else kind.value,
            "pressed": "true" if kind in talk.mine else "false",
        }
        for kind, (words, icon) in REACTIONS.items()
    ]


def drawn(
    one: Seen, known: Sequence[Standard], units: dict[str, UnitPolicy], member_id: UUID | None
) -> dict[str, Any]:
    """One recognition for a page: from whom, to whom, for what, in which words, with how many points."""
    standard = next((each for each in known if each.programme == one.programme), None)
    behaviour = standard.behaviour(one.behaviour) if standard is not None else None
    mine = next((each for each in one.recipients if each.id == member_id), None)
    return {
        "one": one,
        "reference": show("rcg", one.id),
        "from": giver_words(one, member_id),
        "to": [_("you") if each.id == member_id else each.name or _("somebody") for each in one.recipients],
        "behaviour": behaviour.name if behaviour is not None else one.behaviour or _("Thank you"),
        "means": behaviour.means if behaviour is not None else "",
        "points": units[one.unit].say(one.points) if one.points and one.unit in units else "",
        "is_mine": mine is not None,
        "is_given": one.giver_id is not None and one.giver_id == member_id,
        "visible": Visible(mine.visible).name.lower() if mine is not None else "",
    }


def giver_words(one: Seen, member_id: UUID | None) -> str:
    """Who gave it, as whoever asks is told."""
    if one.giver_id is None:
        return _("A customer") if one.source == "customer" else _("The programme")
    return _("You") if one.giver_id == member_id else one.giver or _("Somebody")
