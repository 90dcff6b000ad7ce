"""What the demo company asks: customers about a call and whether they recommend it, staff how they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.resolving import find_members
from plaudit.surfaces.cli.demo.people import MINA, Customer, staff
from plaudit.surveys.actions.answering import GivenElsewhere, complete, take_in_answers
from plaudit.surveys.actions.fall_due import settle
from plaudit.surveys.actions.invite import invite, invite_everyone
from plaudit.surveys.models import Invitation, Standing

ACTOR = "demo"
CUSTOMERS, STAFF = "points-basics", "service-desk"

# How many customers rated each at the telephone, and how many of ten of those were very satisfied.
_RATED = (("S02", 34, 7), ("S03", 28, 5), ("S04", 22, 6), ("S10", 25, 6), ("S05", 5, 4))
_SAID = (
    "Friendly, and quick.",
    "I was called back within the hour, as promised.",
    "At last somebody who read the whole thread.",
    "The parcel came the next day.",
)
_REASONS = (
    "The jacket kept me dry for a week.",
    "Returns are easy.",
    "A little dear, but it lasts.",
    "The delivery took too long.",
    "They know what they sell.",
)
_WISHES = (
    "Fewer tools open at once.",
    "A quiet hour for the hard calls.",
    "Rotas a week earlier.",
    "More of what Tom does: he says thank you.",
    "Time to learn the new returns page.",
)


def ask_around(organisation_id: int, people: Sequence[Customer], today: datetime) -> None:
    """Let people have been asked and have answered; a start that is gone on with asks nobody twice.

    `today` is the same day at every start.
    """
    today = today.replace(hour=12, minute=0, second=0, microsecond=0)
    asked = [("till", one.number) for one in people]
    with in_organisation(organisation_id):
        found = find_members(organisation_id, [*asked, *(("desk", one.number) for one in staff())])
    desk = {one.number: found[("desk", one.number)] for one in staff()}
    _rate(organisation_id, desk, today)
    _recommend(organisation_id, [found[each] for each in asked if found.get(each)], today)
    _ask_staff(organisation_id, today)
    for number, (served, ago) in enumerate((("S02", 1), ("S10", 3))):
        with clock.frozen_at(today - timedelta(days=ago)):
            invite(
                organisation_id,
                programme=CUSTOMERS,
                survey="after-call",
                member_id=found[("till", MINA.number)],
                about_id=desk[served],
                contact=f"call {number + 1}",
                actor=ACTOR,
            )


def _rate(organisation_id: int, desk: Mapping[str, UUID], today: datetime) -> None:
    take_in_answers(
        organisation_id,
        programme=CUSTOMERS,
        survey="after-call",
        given=list(_ratings(desk, today)),
        actor=ACTOR,
    )


def _ratings(desk: Mapping[str, UUID], today: datetime) -> Iterator[GivenElsewhere]:
    """The same every time, from three months ago to the day before yesterday."""
    for served, calls, satisfied in _RATED:
        for call in range(calls):
            turn = call * 7 % 10
            score = 5 if turn < satisfied else 4 if turn < 9 else 2
            answers: dict[str, Any] = {"score": score}
            if score <= 2:
                answers["why"] = ["the wait"] if call % 2 else ["the wait", "the answer"]
            if call % 5 == 0:
                answers["words"] = _SAID[call // 5 % len(_SAID)] if score > 2 else "I had to ask three times."
            at = today - timedelta(days=2 + call * 80 // calls, minutes=7 * call)
            yield GivenElsewhere(f"{served} {call}", desk[served], answers, at)


def _recommend(organisation_id: int, people: Sequence[UUID], today: datetime) -> None:
    with clock.frozen_at(today - timedelta(days=9)):
        invite_everyone(organisation_id, programme=CUSTOMERS, survey="recommend", actor=ACTOR)
    likely = (10, 9, 8, 10, 6, 9, 7, 10, 3, 9, 10, 8)
    answers = {
        member_id: {"likely": likely[turn % len(likely)]}
        | ({"words": _REASONS[turn // 3 % len(_REASONS)]} if turn % 3 == 0 else {})
        for turn, member_id in enumerate(people[1:37])
    }
    _answer(organisation_id, CUSTOMERS, "recommend", answers, today - timedelta(days=6))


def _ask_staff(organisation_id: int, today: datetime) -> None:
    with in_organisation(organisation_id):
        standing = Standing.objects.get(organisation_id=organisation_id, programme=STAFF, survey="mood")
    if standing.settled:
        return
    with clock.frozen_at(today - timedelta(days=21)):
        invite_everyone(organisation_id, programme=STAFF, survey="mood", actor=ACTOR)
    with in_organisation(organisation_id):
        invited = Invitation.objects.filter(organisation_id=organisation_id, programme=STAFF, survey="mood")
        members = list(invited.order_by("member_id").values_list("member_id", flat=True))
    moods, heard = (4, 5, 3, 4, 4, 2, 5, 4, 3, 5), (4, 4, 3, 5, 2, 4, 4)
    answers = {
        member_id: {"mood": moods[turn % len(moods)], "heard": heard[turn % len(heard)]}
        | ({"words": _WISHES[turn // 4 % len(_WISHES)]} if turn % 4 == 0 else {})
        for turn, member_id in enumerate(members[:21])
    }
    _answer(organisation_id, STAFF, "mood", answers, today - timedelta(days=18))
    settle(organisation_id)


def _answer(
    organisation_id: int,
    programme: str,
    survey: str,
    answers: Mapping[UUID, Mapping[str, Any]],
    at: datetime,
) -> None:
    """Let those answer who have not."""
    with in_organisation(organisation_id):
        waiting = Invitation.objects.filter(
            organisation_id=organisation_id,
            programme=programme,
            survey=survey,
            answered=False,
            contact="",
            member_id__in=answers,
        )
        found = list(waiting.order_by("member_id").values_list("id", "member_id"))
    for turn, (invitation_id, member_id) in enumerate(found):
        with clock.frozen_at(at + timedelta(minutes=37 * turn)):
            complete(organisation_id, invitation_id, answers[member_id])
