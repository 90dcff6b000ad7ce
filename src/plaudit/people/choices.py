"""What members chose for themselves, and the names that choices have."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from plaudit.people.chosen import Choice
from plaudit.people.models import Member

BY_NAME = "competitions/by-name"
"""Whether others in a competition see who one is; nobody does who did not choose it."""


def hidden(part_id: int) -> str:
    """The choice not to see a challenge, streak or competition any more."""
    return f"hidden/{part_id}"


def news_by_mail(category: str) -> str:
    """The choice to be told by mail what is new of this kind."""
    return f"mail/{category}"


def news_by_push(category: str) -> str:
    """The choice to be told on one's devices what is new of this kind."""
    return f"push/{category}"


IN_WORDS = "push/in-words"
"""The choice that what appears on a locked screen says what is new, and not only that there is something."""


AT_WORK = "push/at-work"
"""The choice of a member who also works here that their devices tell of what waits for them there."""


def choices_of(organisation_id: int, member_id: UUID) -> dict[str, bool]:
    """What a member chose, by name. Ask inside `in_organisation`."""
    mine = Choice.objects.filter(organisation_id=organisation_id, member_id=member_id)
    return dict(mine.values_list("name", "chosen"))


def who_chose(organisation_id: int, name: str, members: Collection[UUID]) -> dict[UUID, str]:
    """Those of these members who said yes to this, each with their name."""
    said_yes = Choice.objects.filter(
        organisation_id=organisation_id, name=name, chosen=True, member_id__in=list(members)
    )
    named = Member.objects.filter(
        organisation_id=organisation_id, id__in=said_yes.values("member_id"), state="active"
    )
    return dict(named.values_list("id", "name"))
