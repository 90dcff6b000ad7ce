"""Who else may see what somebody is recognised for: as they chose, else as the programme says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from plaudit.people.chosen import Choice
from plaudit.recognition.definitions import Visible

SHOWN_TO_TEAM = "recognition/team"
SHOWN_TO_EVERYONE = "recognition/everyone"


def choices_for(visible: Visible) -> dict[str, bool]:
    """What a member chooses who wants what they are recognised for to be seen so far."""
    return {SHOWN_TO_TEAM: visible >= Visible.TEAM, SHOWN_TO_EVERYONE: visible >= Visible.EVERYONE}


def chosen_from(choices: Mapping[str, bool]) -> Visible | None:
    """What these choices say; None where nothing was chosen."""
    if choices.get(SHOWN_TO_EVERYONE):
        return Visible.EVERYONE
    if choices.get(SHOWN_TO_TEAM):
        return Visible.TEAM
    return Visible.PRIVATE if SHOWN_TO_TEAM in choices else None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far something is seen, and whether its recipient said so."""

    visible: Visible
    chosen: bool


def visible_for(organisation_id: int, members: Collection[UUID], default: Visible) -> Mapping[UUID, Reach]:
    """How far what each of these is recognised for is seen."""
    rows = Choice.objects.filter(
        organisation_id=organisation_id,
        member_id__in=list(members),
        name__in=(SHOWN_TO_TEAM, SHOWN_TO_EVERYONE),
    )
    chosen: dict[UUID, dict[str, bool]] = {one: {} for one in members}
    for member_id, name, yes in rows.values_list("member_id", "name", "chosen"):
        chosen[member_id][name] = yes
    said = {one: chosen_from(choices) for one, choices in chosen.items()}
    return {
        one: Reach(default, chosen=False) if visible is None else Reach(visible, chosen=True)
        for one, visible in said.items()
    }
