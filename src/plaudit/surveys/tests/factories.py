"""Makes companies that ask people, for tests: plain values, the real actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from plaudit.earning.actions.publish import publish
from plaudit.earning.definitions import Definition, Rule, Stacking
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.balances import balances
from plaudit.ledger.models import Unit
from plaudit.people.models import Member, Organisation
from plaudit.people.tests.factories import make_member, make_organisation, make_team
from plaudit.surveys.actions.answering import GivenElsewhere, complete, take_in_answers
from plaudit.surveys.actions.invite import invite
from plaudit.surveys.actions.publish_surveys import publish_surveys
from plaudit.surveys.asked import survey_of
from plaudit.surveys.definitions import Answered, Condition, Kind, Question, Survey, Surveys, Wording
from plaudit.surveys.links import secret_of
from plaudit.surveys.models import Answer, Invitation, Voice
from plaudit.surveys.queries.results import Results, results_of

ACTOR = "usr_0"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = datetime(2100, 1, 2, tzinfo=UTC)
SCORE = Question("score", "How satisfied are you?", low="not at all", high="very", wordings=(
    Wording("de", "Wie zufrieden sind Sie?", "gar nicht", "sehr"),
))  # fmt: skip
WHY = Question("why", "What went wrong?", Answered.CHOICE, choices=("price", "waiting", "advice"), several=True,
               when=Condition("score", "<=", "2"))  # fmt: skip
WORDS = Question("words", "Anything else?", Answered.TEXT, optional=True)

CALL = Survey(
    "call", "How was our call?", Kind.CSAT, (SCORE, WHY, WORDS), about_somebody=True, earn=Decimal(10)
)
MOOD = Survey(
    "mood", "How are you?", Kind.PULSE, (Question("mood", "How are you?"), WORDS), audience=("staff",),
    anonymous=True, earn=Decimal(5), closes=date(2099, 12, 31), remind_days=3,
)  # fmt: skip
LOYAL = Survey(
    "loyal", "Would you recommend us?", Kind.NPS, (Question("likely", "How likely?", lowest=0, highest=10),),
    quota=5, remind_days=3,
)  # fmt: skip

SURVEYS = Surveys("main", "UTC", (CALL, MOOD, LOYAL))

_numbers = count(1)


@dataclass
class Asking:
    """A company that asks: 10 points for saying how a call was, 20 for whoever served where it was five."""

    organisation: Organisation
    members: dict[str, Member] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.organisation.id

    def member(self, name: str, kind: str = "customer") -> UUID:
        """Somebody of that name, made when first named."""
        if name not in self.members:
            self.members[name] = make_member(self.id, name=name, kind=kind)
        return self.members[name].id

    def team(self, name: str, size: int) -> list[UUID]:
        """A team of so many of the staff."""
        people = [self.member(f"{name}-{number}", "staff") for number in range(size)]
        make_team(self.id, key=name.lower(), members=list(self.members.values())[-size:], since=NOON)
        return people

    def invites(
        self, member_id: UUID, survey: str = "call", *, about: UUID | None = None, contact: str = ""
    ) -> Invitation:
        if survey == "call" and about is None:
            about = self.member("Tim", "staff")
        return invite(
            self.id,
            programme="main",
            survey=survey,
            member_id=member_id,
            about_id=about,
            contact=contact,
            actor=ACTOR,
        )

    def answers(self, invitation: Invitation, **answers: Any) -> Survey:
        return complete(self.id, invitation.id, answers or {"score": 5})

    def says(self, member_id: UUID, survey: str, **answers: Any) -> None:
        """Invite somebody and let them answer."""
        self.answers(self.invites(member_id, survey, contact=f"contact-{next(_numbers)}"), **answers)

    def takes_in(self, *given: tuple[str, str, int], survey: str = "call") -> int:
        """Answers of a telephone: contact, who served, score."""
        return take_in_answers(
            self.id,
            programme="main",
            survey=survey,
            given=[
                GivenElsewhere(contact, self.member(name, "staff"), {"score": score} | _why(score), NOON)
                for contact, name, score in given
            ],
            actor=ACTOR,
        )

    def link(self, invitation: Invitation) -> str:
        """Where whoever is invited answers."""
        return f"/public/{self.organisation.slug}/survey/{secret_of(self.id, invitation.id)}"

    def results(self, survey: str) -> Results:
        with in_organisation(self.id):
            return results_of(self.id, "main", survey_of(self.id, "main", survey)[1])

    def kept(self, table: type[Answer | Voice], survey: str) -> list[Mapping[str, Any]]:
        """What answers of a survey are in a table."""
        with in_organisation(self.id):
            return list(table.objects.filter(survey=survey).values_list("answers", flat=True))

    def points(self, name: str) -> int:
        with in_organisation(self.id):
            return sum(one.available for one in balances(self.id, self.members[name].id))


def _why(score: int) -> dict[str, Any]:
    return {"why": ["waiting"]} if score <= 2 else {}


def make_asking(surveys: Surveys = SURVEYS) -> Asking:
    """A company that asks this, and pays for completing a survey and for being rated well."""
    asking = Asking(make_organisation())
    with in_organisation(asking.id):
        Unit.objects.create(
            organisation_id=asking.id,
            key="points",
            names={"one": "point", "other": "points"},
            currency="USD",
            value_minor_per_million=1_000_000,
            may_owe=True,
        )
        publish_surveys(asking.id, surveys.programme, surveys)
        rules = (
            *(
                Rule(
                    one.key,
                    one.name,
                    "survey.answered",
                    "points",
                    when=f"survey = '{one.key}'",
                    earn=str(one.earn),
                )
                for one in surveys.surveys
                if one.earn is not None
            ),
            Rule("served", "Served well", "survey.rated", "points", when="score = 5", earn="20"),
        )
        publish(asking.id, Definition("main", ZoneInfo("UTC"), Stacking.ADD, rules))
    return asking
