"""Makes companies that listen, for tests: plain values, the real actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from plaudit.earning.tests.factories import Story, make_rule, make_story
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.listening.actions.baselines import answer, close_baseline, open_baseline
from plaudit.listening.actions.coding import draw_sample
from plaudit.listening.actions.focus_groups import invite, open_focus_group
from plaudit.listening.actions.ideas import write_idea
from plaudit.listening.actions.remarks import take_in_remarks
from plaudit.listening.definitions import Answers, CodeMeaning, Deed, Reward, Written
from plaudit.listening.models import Baseline, Coding, Collection, FocusGroup, Idea
from plaudit.listening.rules.designs import design_for
from plaudit.people.models import Member
from plaudit.people.tests.factories import ACTOR, make_member, make_team

DEEDS = (
    Deed("Calms a caller", "calm"),
    Deed("Helps a colleague"),
    Deed("Smiles", "smile"),
    Deed("Is on time"),
)
DEEDS_OF_NO_RULE = tuple(Deed(one.name) for one in DEEDS)
REWARDS = (Reward("Nothing", 0), Reward("A little", 20), Reward("A lot", 100))
CODES = (CodeMeaning("praise", "Praise", "Somebody is thanked."), CodeMeaning("blame", "Blame"))
WROTE = (
    Written("Very good service, thanks", "Returns"),
    Written("The delivery was late and nobody called", "Order"),
    Written("late, late, late delivery", "Order"),
    Written("I was called back at once", "Refund"),
    Written("<b>Good</b> & quick", "Returns"),
)
WHEN = datetime(2050, 3, 9, 14, tzinfo=UTC)
_numbers = count(1)


@dataclass
class Company:
    """A company in which two rules pay, 5 points for calming and 50 for a smile, with staff to ask."""

    story: Story

    @property
    def id(self) -> int:
        """The organisation's id."""
        return self.story.organisation.id

    def staff(self, number: int = 1, *, kind: str = "staff") -> list[UUID]:
        """So many people who work here."""
        return [make_member(self.id, name=f"Staff {next(_numbers)}", kind=kind).id for _ in range(number)]

    def team(self, *people: UUID) -> int:
        """A team of these people."""
        with in_organisation(self.id):
            members = list(Member.objects.filter(organisation_id=self.id, id__in=people))
        return make_team(self.id, members=members, led_by=[], since=clock.now() - timedelta(days=30)).id

    def asks(self, title: str = "Spring", *, audience: Sequence[str] = ("staff",)) -> Baseline:
        """Everybody is asked."""
        return open_baseline(
            self.id, programme="main", title=title, deeds=DEEDS, rewards=REWARDS, unit="points",
            audience=audience, actor=ACTOR,
        )  # fmt: skip

    def answers(self, asked: Baseline, person: UUID, *, ratings: Sequence[int] = (1, 1, 0, 2)) -> None:
        """Somebody says what each deed deserves, and values a deed the more the later it stands."""
        answer(self.id, baseline_id=asked.id, member_id=person, answers=make_answers(ratings))

    def closes(self, asked: Baseline) -> Baseline:
        """No more answers are taken."""
        return close_baseline(self.id, baseline_id=asked.id, actor=ACTOR)

    def takes_in(
        self, title: str = "Survey", *, remarks: Sequence[Written] = WROTE, language: str = "english"
    ) -> Collection:
        """What customers wrote is taken in."""
        return take_in_remarks(self.id, title=title, language=language, remarks=remarks, actor=ACTOR)

    def draws(self, of: Collection, *, size: int = 3, seed: str = "one", title: str = "Sample") -> Coding:
        """A sample of it is to be coded."""
        return draw_sample(
            self.id, title=title, collection_id=of.id, seed=seed, size=size, codes=CODES, actor=ACTOR
        )

    def invites(self, *people: UUID, places: int = 2, title: str = "Round table") -> FocusGroup:
        """A focus group to which these are invited."""
        made = open_focus_group(
            self.id, programme="main", title=title, starts_at=WHEN, places=places,
            place="Room 1", actor=ACTOR,
        )  # fmt: skip
        if people:
            invite(self.id, group_id=made.id, members=set(people), actor=ACTOR)
        return made

    def has_idea(self, person: UUID, words: str = "More for calming") -> Idea:
        """Somebody has an idea."""
        return write_idea(self.id, member_id=person, programme="main", words=words, actor=ACTOR)


def make_answers(ratings: Sequence[int] = (1, 1, 0, 2)) -> Answers:
    """Answers to everything that is asked about these deeds."""
    blocks = enumerate(design_for(len(DEEDS)).blocks)
    return Answers(dict(enumerate(ratings)), {number: (max(block), min(block)) for number, block in blocks})


def make_company() -> Company:
    """A company that asks nobody yet."""
    return Company(
        make_story(make_rule("calm", earn="5", name="Calm"), make_rule("smile", earn="50", name="Smile"))
    )
