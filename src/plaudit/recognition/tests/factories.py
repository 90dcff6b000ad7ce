"""Makes small companies whose people recognise one another, for tests: plain values, the real actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from plaudit.earning.definitions import Every
from plaudit.earning.tests.factories import NOON, Story, declare_type, make_rule, make_story
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.models import Member, Team
from plaudit.people.tests.factories import ACTOR, make_member, make_team
from plaudit.recognition.actions.publish_standard import publish_standard
from plaudit.recognition.actions.recognise import Giving, recognise
from plaudit.recognition.definitions import Behaviour, Customers, Nominations, Standard, Watch
from plaudit.recognition.models import Recognition
from plaudit.recognition.own_activities import RECEIVED
from plaudit.recognition.queries.limits import left_of

BEHAVIOURS = (
    Behaviour("calm", "Stays calm", "Keeps a hard conversation calm.", ("Calmed a caller",), 20),
    Behaviour("helps", "Helps others", "Helps without being asked.", (), 50),
    Behaviour("listens", "Listens", "Lets people finish."),
)


FIVE_STARS = Watch("five-stars", "Five stars", "rated", "rating = 5", "calm", ("rating",))


@dataclass
class Noticing:
    """A company where Sue leads Tim and Ann, and Pat is in a team of his own."""

    story: Story
    members: dict[str, Member] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)

    @property
    def organisation(self) -> int:
        """The organisation's id."""
        return self.story.organisation.id

    def id(self, name: str) -> UUID:
        """Somebody's id."""
        return self.members[name].id

    def give(
        self,
        giver: str | None,
        *recipients: str,
        behaviour: str = "calm",
        at: datetime = NOON,
        **more: Any,
    ) -> Recognition:
        """Let somebody recognise these people at a moment."""
        with clock.frozen_at(at):
            return recognise(
                self.organisation,
                Giving(recipients=[self.id(one) for one in recipients], behaviour=behaviour, **more),
                giver_id=self.id(giver) if giver else None,
                actor=ACTOR,
            )

    def left(self, giver: str, *, at: datetime = NOON) -> int:
        """What somebody can still give."""
        with clock.frozen_at(at), in_organisation(self.organisation):
            return left_of(self.organisation, self.standard, self.id(giver)).left

    @property
    def standard(self) -> Standard:
        """The standard these factories publish, with nothing changed."""
        return make_standard()

    def points(self, name: str) -> int:
        """What somebody can spend."""
        return self.story.available(name)


def make_standard(**parts: Any) -> Standard:
    """Three behaviours: 1,000 points a month for supervisors, 100 for colleagues."""
    given: dict[str, Any] = {
        "programme": "main",
        "time_zone": "UTC",
        "name": "Thanks",
        "unit": "points",
        "behaviours": BEHAVIOURS,
        "supervisors": 1_000,
        "colleagues": 100,
        "every": Every.MONTH,
        "customers": Customers(a_day=30, points=5),
        "nominations": Nominations(up_to=400, budget=1_000),
        **parts,
    }
    return Standard(**given)


def make_noticing(*, types: dict[str, dict[str, Any]] | None = None, **parts: Any) -> Noticing:
    """The company, with a standard in force since before `NOON`."""
    noticing = Noticing(make_story(make_rule("nothing", earn="0"), types=types))
    organisation_id = noticing.organisation
    publish_standard(organisation_id, "main", make_standard(**parts))
    noticing.story.publish(
        make_rule("nothing", earn="0"),
        make_rule("recognition", on=RECEIVED.name, when="points > 0", earn="floor(points)"),
    )
    since = NOON - timedelta(days=90)
    for name in ("Sue", "Tim", "Ann", "Pat"):
        noticing.members[name] = make_member(
            organisation_id, name=name, kind="staff", external_ids=[("till", name)], joined_at=since
        )
    tim, ann, sue, pat = (noticing.members[name] for name in ("Tim", "Ann", "Sue", "Pat"))
    noticing.teams["floor"] = make_team(
        organisation_id, key="floor", members=[tim, ann], led_by=[sue], since=since
    )
    noticing.teams["night"] = make_team(organisation_id, key="night", members=[pat], since=since)
    return noticing


def make_watching() -> Noticing:
    """A company in which five stars are a moment."""
    noticing = make_noticing(types={"rated": {"rating": {"kind": "integer"}, "words": {"kind": "text"}}})
    organisation_id = noticing.organisation
    with in_organisation(organisation_id):
        declare_type(organisation_id, "rated.withdrawn", {}, corrects="rated")
    publish_standard(organisation_id, "main", make_standard(watches=(FIVE_STARS,)))
    return noticing
