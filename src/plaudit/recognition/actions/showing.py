"""What giver and recipient may still do with a recognition: add a line to it, and say who sees it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act
from plaudit.people.actions.choosing import choose
from plaudit.people.merging import everybody_who_is
from plaudit.recognition.actions.recognise import WORDS_MAX
from plaudit.recognition.definitions import Visible
from plaudit.recognition.models import Received, Recognition
from plaudit.recognition.refusals import NotTheGiver, WordsStand
from plaudit.recognition.visibility import choices_for

WORDS_HOURS = 24


def add_words(organisation_id: int, recognition_id: UUID, *, giver_id: UUID, words: str, actor: str) -> None:
    """Add the line that was left out, within a day; one that stands is never changed.

    Raises `NotFound`, `NotTheGiver` for a recipient, `Problem` and `WordsStand`.
    """
    words = words.strip()

    def step() -> None:
        made = Recognition.objects.filter(
            organisation_id=organisation_id, id=recognition_id, ended_at__isnull=True
        ).first()
        rows = Received.objects.filter(organisation_id=organisation_id, recognition_id=recognition_id)
        if made is not None and made.giver_id != giver_id and rows.filter(member_id=giver_id).exists():
            raise NotTheGiver
        if made is None or made.giver_id != giver_id:
            raise NotFound(kind="recognition", ref=show("rcg", recognition_id))
        if not words or len(words) > WORDS_MAX:
            raise Problem(f"A line has from 1 to {WORDS_MAX} characters.")
        late = clock.now() >= made.given_at + timedelta(hours=WORDS_HOURS)
        if late or not rows.filter(words="").update(words=words):
            raise WordsStand(hours=WORDS_HOURS)
        audit.note(actor=actor, act="recognition.words_added", subject=show("rcg", recognition_id))

    act(organisation_id, step)


def show_to(
    organisation_id: int, recognition_id: UUID, *, member_id: UUID, visible: Visible, actor: str
) -> None:
    """Let this recognition be seen so far, as its recipient wants. Raises `NotFound`."""

    def step() -> None:
        rows = Received.objects.filter(
            organisation_id=organisation_id,
            recognition_id=recognition_id,
            member_id__in=everybody_who_is(organisation_id, member_id),
        )
        if not rows.exclude(visible=visible, chosen=True).update(visible=visible, chosen=True):
            if not rows.exists():
                raise NotFound(kind="recognition", ref=show("rcg", recognition_id))
            return
        details = {"visible": visible.name.lower()}
        audit.note(
            actor=actor, act="recognition.shown_to", subject=show("rcg", recognition_id), details=details
        )

    act(organisation_id, step)


def show_all_to(organisation_id: int, *, member_id: UUID, visible: Visible, actor: str) -> None:
    """Let everything a member is recognised for be seen so far: what they have, and what they will get.

    Raises `NotFound` and `MemberErased`.
    """

    def step() -> None:
        choose(organisation_id, member_id=member_id, choices=choices_for(visible), actor=actor)
        mine = everybody_who_is(organisation_id, member_id)
        Received.objects.filter(organisation_id=organisation_id, member_id__in=mine).update(
            visible=visible, chosen=True
        )

    act(organisation_id, step)
