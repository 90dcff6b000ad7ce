"""What the demo company hears: what its staff expect, remarks, a focus group, ideas, and what was done about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.listening.actions.baselines import answer, close_baseline, open_baseline
from plaudit.listening.actions.coding import code_focus_group, code_texts, draw_sample
from plaudit.listening.actions.focus_groups import invite, note_said, open_focus_group, reply_to
from plaudit.listening.actions.ideas import tell_change, vote, write_idea
from plaudit.listening.actions.remarks import take_in_remarks
from plaudit.listening.definitions import Answers, CodeMeaning, Deed, Reward, Written
from plaudit.listening.models import CodedText, Source, TookPart
from plaudit.listening.rules.designs import design_for
from plaudit.people.models import User
from plaudit.people.standing import user_ref
from plaudit.surfaces.cli.demo.noticing import desk_ids
from plaudit.surfaces.cli.demo.people import DOMAIN

ACTOR = "demo"
PROGRAMME = "service-desk"

_DEEDS = (
    Deed("Gets five stars from a customer", "five-stars"),
    Deed("Solves it the first time", "resolved"),
    Deed("Learns something new", "training"),
    Deed("Calms somebody who is angry"),
    Deed("Takes a call for a colleague in trouble"),
    Deed("Says what is wrong for customers"),
    Deed("Is never late"),
)
# Which reward most think of for each, by its place among the rewards, and how far apart they are.
_WANTED = ((2, 1), (2, 0), (1, 1), (3, 0), (2, 1), (1, 1), (0, 1))
_REWARDS = (
    Reward("A word of thanks", 0),
    Reward("A little", 5),
    Reward("Something", 20),
    Reward("A lot", 60),
)

# What customers wrote, by what it was about, each with the code that most would give it.
_WROTE: Mapping[str, Sequence[tuple[str, str]]] = {
    "Delivery": (
        ("The parcel came a day early, thank you.", "praise"),
        ("Two weeks for a pair of socks is too long.", "waiting"),
        ("The driver left it in the rain.", "fault"),
        ("Delivered to my neighbour, and nobody told me.", "fault"),
        ("Quick, and well packed.", "praise"),
        ("I could not change the address once it was on its way.", "effort"),
    ),
    "Returns": (
        ("Sending it back took two minutes. Wonderful.", "praise"),
        ("The refund was a week late, and I had to write twice.", "waiting"),
        ("No printer at home, and no other way to get a label.", "effort"),
        ("You took the boots back although I had worn them once. Thank you.", "praise"),
        ("The form asked the same thing three times.", "effort"),
        ("My refund was less than what I paid, and nobody could say why.", "fault"),
    ),
    "Advice": (
        ("Clara knew exactly which tent we needed.", "praise"),
        ("I was passed on four times before somebody could answer.", "effort"),
        ("An honest answer: they told me to wait for the sale.", "praise"),
        ("The chat ended in the middle of my question.", "fault"),
        ("Somebody called me back in the evening, as I had asked.", "praise"),
        ("I was told two different things on two days.", "fault"),
    ),
    "Goods": (
        ("The jacket is dry after a week in the hills.", "praise"),
        ("The zip broke on the second day.", "fault"),
        ("Exactly as in the picture.", "praise"),
        ("Sizes are smaller than they were last year.", "fault"),
        ("The best stove I have had.", "praise"),
        ("A strap was missing, and came the next day.", "fault"),
    ),
}
_CODES = (
    CodeMeaning("praise", "Praise", "Somebody or something is thanked."),
    CodeMeaning("waiting", "Waiting", "It took too long, or nobody said when."),
    CodeMeaning("effort", "Effort", "It was more work for the customer than it should be."),
    CodeMeaning("fault", "Fault", "Something was broken, missing or wrong."),
)
_SAID = (
    ("I would rather have an hour to learn than ten more stars.", "time"),
    ("The wallboard shows calls, not what became of them.", "fairness"),
    ("When somebody thanks me by name, I remember it for a week.", "being-told"),
    ("Reopened tickets should not count against whoever picked them up.", "fairness"),
    ("We hear what changed from customers before we hear it from you.", "being-told"),
    ("The evening desk never gets the easy ones.", "fairness"),
    ("Let us swap shifts without asking three people.", "time"),
    ("A quiet room after a hard call.", "time"),
)
_THEMES = (
    CodeMeaning("fairness", "Fairness", "What counts, and for whom."),
    CodeMeaning("time", "Time", "To learn, to breathe, to plan."),
    CodeMeaning("being-told", "Being told", "Knowing what changes, and being seen."),
)
_IDEAS = (
    ("S03", "Count helping a colleague on a call as much as a call of one's own.", 9),
    ("S10", "A list of what changed this week, every Monday at nine.", 7),
    ("S06", "Let whoever solves a ticket close it for good, without a second look.", 3),
    ("S19", "Swap shifts within the desk, and tell the lead afterwards.", 6),
)


@dataclass(frozen=True, slots=True)
class _Room:
    """The company that is listened to: who works at its desk, who codes, and the day that is today."""

    organisation_id: int
    desk: Mapping[str, UUID]
    coders: tuple[str, str]
    today: datetime


def listen(organisation_id: int, today: datetime) -> None:
    """Let people have been heard; a start that is gone on with hears nothing twice.

    `today` is the same day at every start.
    """
    today = today.replace(hour=10, minute=0, second=0, microsecond=0)
    refs = {
        user.email: user_ref(user.id)
        for user in User.objects.filter(email__in=[f"priya@{DOMAIN}", f"yuki@{DOMAIN}"])
    }
    room = _Room(
        organisation_id,
        desk_ids(organisation_id),
        (refs[f"priya@{DOMAIN}"], refs[f"yuki@{DOMAIN}"]),
        today,
    )
    _expect(room)
    _remarks(room)
    _group(room)
    _ideas(room)


def _expect(room: _Room) -> None:
    """One asking has been answered and closed, another is open."""
    with clock.frozen_at(room.today - timedelta(days=45)):
        asked = open_baseline(
            room.organisation_id, programme=PROGRAMME, title="What good service deserves", deeds=_DEEDS,
            rewards=_REWARDS, unit="stars", actor=ACTOR,
        )  # fmt: skip
    if asked.closed_at is None:
        with in_organisation(room.organisation_id):
            taken = set(
                TookPart.objects.filter(
                    organisation_id=room.organisation_id, baseline_id=asked.id
                ).values_list("member_id", flat=True)
            )
        people = list(room.desk.values())[:20]
        with clock.frozen_at(room.today - timedelta(days=40)):
            for turn, member_id in enumerate(people):
                if member_id not in taken:
                    answer(
                        room.organisation_id, baseline_id=asked.id, member_id=member_id, answers=_paper(turn)
                    )
        with clock.frozen_at(room.today - timedelta(days=30)):
            close_baseline(room.organisation_id, baseline_id=asked.id, actor=ACTOR)
    with clock.frozen_at(room.today - timedelta(days=2)):
        open_baseline(
            room.organisation_id, programme=PROGRAMME, title="And in the busy weeks?", deeds=_DEEDS[:4],
            rewards=_REWARDS, unit="stars", actor=ACTOR,
        )  # fmt: skip


def _paper(turn: int) -> Answers:
    """What one says: near what most want, and best and worst as the ratings have it, the later deed on a tie."""
    ratings = {
        place: max(0, min(len(_REWARDS) - 1, wanted + (turn + place) % 3 - 1 if spread else wanted))
        for place, (wanted, spread) in enumerate(_WANTED)
    }
    choices = {}
    for number, block in enumerate(design_for(len(_DEEDS)).blocks):
        order = sorted(block, key=lambda deed: (ratings[deed], (deed + turn) % len(_DEEDS)))
        choices[number] = (order[-1], order[0])
    return Answers(ratings, choices)


def _remarks(room: _Room) -> None:
    """What customers wrote, a sample of which two have coded; where they differ is seen."""
    remarks = [Written(words, about) for about, several in _WROTE.items() for words, _ in several]
    with clock.frozen_at(room.today - timedelta(days=20)):
        taken_in = take_in_remarks(
            room.organisation_id, title="Notes on the spring parcels", language="english", remarks=remarks,
            actor=ACTOR,
        )  # fmt: skip
        coding = draw_sample(
            room.organisation_id, title="What they are about", collection_id=taken_in.id, seed="harbour",
            size=20, codes=_CODES, actor=ACTOR,
        )  # fmt: skip
    _code(room, coding.id, dict(one for several in _WROTE.values() for one in several), _CODES)


def _code(room: _Room, coding_id: UUID, fitting: Mapping[str, str], book: Sequence[CodeMeaning]) -> None:
    """The first gives each text the code that fits, the second another one of them now and then."""
    with in_organisation(room.organisation_id):
        texts = CodedText.objects.filter(organisation_id=room.organisation_id, coding_id=coding_id)
        first = {number: fitting[words] for number, words in texts.values_list("number", "words")}
    keys = [one.key for one in book]
    second = {
        number: keys[(keys.index(key) + 1) % len(keys)] if number % 9 == 3 else key
        for number, key in first.items()
    }
    with clock.frozen_at(room.today - timedelta(days=18)):
        for who, codes in zip(room.coders, (first, second), strict=True):
            code_texts(room.organisation_id, coding_id=coding_id, codes=codes, actor=who)


def _group(room: _Room) -> None:
    """One conversation was held, noted and coded; another is to come, and Asha has not answered yet."""
    people = list(room.desk.values())
    with clock.frozen_at(room.today - timedelta(days=24)):
        held = open_focus_group(
            room.organisation_id, programme=PROGRAMME, title="What tires us, what carries us",
            starts_at=room.today - timedelta(days=15), places=6, place="The quiet room", actor=ACTOR,
        )  # fmt: skip
        invite(room.organisation_id, group_id=held.id, members=people[2:20:2], actor=ACTOR)
        for turn, member_id in enumerate(people[2:16:2]):
            comes = turn != 3
            reply_to(room.organisation_id, group_id=held.id, member_id=member_id, comes=comes, actor=ACTOR)
    with clock.frozen_at(room.today - timedelta(days=15)):
        note_said(room.organisation_id, group_id=held.id, said=[words for words, _ in _SAID], actor=ACTOR)
        themes = code_focus_group(
            room.organisation_id, title="What tires us: themes", group_id=held.id, codes=_THEMES, actor=ACTOR
        )
    _code(room, themes.id, dict(_SAID), _THEMES)
    with clock.frozen_at(room.today - timedelta(days=1)):
        coming = open_focus_group(
            room.organisation_id, programme=PROGRAMME, title="The evening desk",
            starts_at=room.today + timedelta(days=12), places=8, place="The boathouse", actor=ACTOR,
        )  # fmt: skip
        invite(room.organisation_id, group_id=coming.id, members=people[1:9], actor=ACTOR)


def _ideas(room: _Room) -> None:
    """Four have ideas, others are for them, and of the first it is told what was done."""
    people = list(room.desk.items())
    made = []
    for turn, (who, words, others) in enumerate(_IDEAS):
        with clock.frozen_at(room.today - timedelta(days=60 - 11 * turn)):
            one = write_idea(
                room.organisation_id, member_id=room.desk[who], programme=PROGRAMME, words=words, actor=ACTOR
            )
            for number, member_id in people[turn : turn + others]:
                if number != who:
                    vote(room.organisation_id, idea_id=one.id, member_id=member_id, actor=ACTOR)
            made.append(one)
    with clock.frozen_at(room.today - timedelta(days=1)):
        tell_change(
            room.organisation_id,
            source=Source.IDEA,
            source_id=made[0].id,
            programme=PROGRAMME,
            version=1,
            said="Helping a colleague should count.",
            did="Helps others is a behaviour now: whoever sees it can give 10 stars for it.",
            actor=ACTOR,
        )
