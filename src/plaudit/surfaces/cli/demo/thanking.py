"""What the demo's customers and colleagues add to recognition: thanks through a link, taps, replies, nominations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.models import Team
from plaudit.recognition.actions.linking import Whose, open_link
from plaudit.recognition.actions.nominating import Wish, approve_nomination, nominate
from plaudit.recognition.actions.seeing_to import keep_plan, write_note
from plaudit.recognition.actions.showing import show_all_to
from plaudit.recognition.actions.talking import react, reply
from plaudit.recognition.actions.thanking import thank
from plaudit.recognition.definitions import Visible
from plaudit.recognition.models import LinkKind, Nomination, Note, ReactionKind, Received
from plaudit.surfaces.cli.demo.noticing import Step, desk_ids, given
from plaudit.surfaces.cli.demo.people import TEAMS

ACTOR = "demo"
LEAD = "S01"

# Who is thanked through whose link, "" for the whole team's; how many days ago; for what; and in which words.
_THANKS = (
    ("S02", 40, "stays-calm", "I was not easy to talk to, and you stayed kind."),
    ("S02", 12, "solves-it", "It works. I had given up on it."),
    ("", 5, "", "Whoever picked up on Saturday: thank you!"),
    ("S02", 2, "solves-it", "The tent arrived in time for our trip. The children say hello."),
)
_REPLIES = ("That made my week.", "You would have done the same.", "Thank you! I will pass it on.")
_SHOWN = ("S02", "S03", "S04", "S05")


def thanks_and_nominations(organisation_id: int, today: datetime) -> Iterator[Step]:
    """All of it, each with its moment; a start that is gone on with does nothing twice.

    `today` is the same day at every start.
    """
    desk = desk_ids(organisation_id)
    today = today.replace(hour=11, minute=0, second=0, microsecond=0)
    links = _links(organisation_id, desk, today - timedelta(days=400))
    yield from given(organisation_id, today)
    yield from _thanks(organisation_id, links, today)
    yield from _nominations(organisation_id, desk, today)
    for number in _SHOWN:
        yield (
            today - timedelta(days=380),
            partial(
                show_all_to, organisation_id, member_id=desk[number], visible=Visible.EVERYONE, actor=ACTOR
            ),
        )
    plan = partial(
        keep_plan, organisation_id, leader_id=desk[LEAD], every_days=7, behaviour="helps-others", actor=ACTOR
    )
    yield today - timedelta(days=90), plan
    yield today - timedelta(days=4), partial(_note, organisation_id, desk[LEAD], desk["S04"])
    yield today, partial(_talk, organisation_id, desk)


def _note(organisation_id: int, author_id: UUID, member_id: UUID) -> None:
    with in_organisation(organisation_id):
        noted = Note.objects.filter(organisation_id=organisation_id, author_id=author_id).exists()
    if not noted:
        write_note(
            organisation_id,
            author_id=author_id,
            member_id=member_id,
            words="Asked twice before answering, and the caller felt it. Let her listen in on a few of Asha's.",
            actor=ACTOR,
        )


def _links(organisation_id: int, desk: dict[str, UUID], at: datetime) -> dict[str, str]:
    """What customers were handed: the team's link and Asha's, by its number; and the wall beside them."""
    with in_organisation(organisation_id):
        team_id = Team.objects.values_list("id", flat=True).get(
            organisation_id=organisation_id, key=next(iter(TEAMS))
        )
    team, asha = Whose(team_id=team_id), Whose(member_id=desk["S02"])
    with clock.frozen_at(at):
        open_link(organisation_id, LinkKind.WALL, team, actor=ACTOR)
        return {
            "": open_link(organisation_id, LinkKind.THANKS, team, actor=ACTOR).secret,
            "S02": open_link(organisation_id, LinkKind.THANKS, asha, name="Asha", actor=ACTOR).secret,
        }


def _thanks(organisation_id: int, links: dict[str, str], today: datetime) -> Iterator[Step]:
    for number, (whose, ago, behaviour, words) in enumerate(_THANKS):
        yield (
            today - timedelta(days=ago),
            partial(
                thank, organisation_id, links[whose], behaviour=behaviour, words=words, key=f"demo-{number}"
            ),
        )


def _talk(organisation_id: int, desk: dict[str, UUID]) -> None:
    """Colleagues tap, and whoever was recognised says a line."""
    with in_organisation(organisation_id):
        shown = Received.objects.filter(
            organisation_id=organisation_id, member_id__in=[desk[one] for one in _SHOWN], stands=True
        ).exclude(giver_id=None)
        last = list(shown.order_by("-given_at").values_list("recognition_id", "member_id", "given_at")[:5])
    kinds = (ReactionKind.BRAVO, ReactionKind.THANKS, ReactionKind.SEEN)
    for turn, (recognition_id, member_id, given_at) in enumerate(last):
        with clock.frozen_at(given_at + timedelta(hours=2)):
            for place, number in enumerate(("S06", "S07", "S08")[: 3 - turn % 3]):
                kind = kinds[(turn + place) % len(kinds)]
                react(organisation_id, recognition_id, member_id=desk[number], kind=kind)
            if turn < len(_REPLIES):
                words = _REPLIES[turn]
                reply(organisation_id, recognition_id, member_id=member_id, words=words, actor=ACTOR)


def _nominations(organisation_id: int, desk: dict[str, UUID], today: datetime) -> Iterator[Step]:
    """Two wait, one for Tom's desk; one was given two days later, with other points than asked for."""
    asked = (
        ("S03", "S02", 25, "solves-it", 200, "She wrote to the carrier every day for two weeks, until 40 parcels were found."),
        ("S06", "S05", 3, "helps-others", 150, "He trained the two new colleagues on his own calls, unasked."),
        ("S11", "S10", 2, "speaks-up", 120, "He told us that the returns page promised what we cannot keep."),
    )  # fmt: skip
    for number, (who, whom, ago, behaviour, points, words) in enumerate(asked):
        wish = Wish(
            member_id=desk[whom], behaviour=behaviour, words=words, points=points, key=f"demo-{number}"
        )
        ask = partial(nominate, organisation_id, wish, nominator_id=desk[who], actor=ACTOR)
        yield today - timedelta(days=ago), ask
        if number == 0:
            yield today - timedelta(days=ago - 2), partial(_approve, organisation_id, desk[LEAD], ask)


def _approve(organisation_id: int, decider_id: UUID, ask: Callable[[], Nomination]) -> None:
    """Give what was asked for: asked again by its key, it is the same nomination."""
    approve_nomination(
        organisation_id,
        ask().id,
        actor=ACTOR,
        decider_id=decider_id,
        points=250,
        answer="The whole desk was spared those calls: a little more, then.",
    )
