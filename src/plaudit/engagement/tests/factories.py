"""Makes small programmes that keep people going, for tests: plain values, the real actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from plaudit.earning.actions.publish import publish
from plaudit.earning.definitions import Definition as Earning
from plaudit.earning.definitions import Every, Limit, Rule, Stacking
from plaudit.earning.tests.factories import Story, make_rule, make_story
from plaudit.engagement.actions.follow_on import follow_on
from plaudit.engagement.actions.publish_engagement import publish_engagement
from plaudit.engagement.actions.referring import give_code, redeem_code
from plaudit.engagement.definitions import Birthdays, Definition, Kind, Part, Step, counted
from plaudit.engagement.models import Birthday, Progress, Reached, Referral
from plaudit.engagement.own_activities import (
    BIRTHDAY,
    CHALLENGE_COMPLETED,
    FRIEND_WELCOMED,
    REFERRAL_QUALIFIED,
    STREAK_EXTENDED,
    STREAK_REACHED,
)
from plaudit.engagement.queries.referrals import invites_of
from plaudit.foundation import clock
from plaudit.foundation.jobs import run_due
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.models import Member
from plaudit.people.resolving import find_members
from plaudit.people.tests.factories import ACTOR, make_member


@dataclass
class Keeping:
    """An organisation whose programme keeps people going, and short ways to ask about it."""

    story: Story

    @property
    def organisation(self) -> int:
        """The organisation's id."""
        return self.story.organisation.id

    def ask(self, *parts: Part, programme: str = "main", time_zone: str = "UTC") -> None:
        """Publish these parts as all that the programme asks."""
        publish_engagement(self.organisation, Definition(programme, time_zone, parts))

    def follow(self, *, at_most: int = 100) -> int:
        """Follow the book to its end."""
        return follow_on(self.organisation, at_most=at_most)

    def member(self, name: str) -> UUID:
        """The id of a member who did something."""
        with in_organisation(self.organisation):
            return find_members(self.organisation, [("till", name)])[("till", name)]

    def live_in(self, name: str, time_zone: str) -> None:
        """Let a member's attributes say where they live."""
        with in_organisation(self.organisation):
            Member.objects.filter(id=self.member_of(name)).update(attributes={"time_zone": time_zone})

    def progress(self, name: str) -> dict[str, int]:
        """How far a member is in whole numbers, by period, where they are anywhere."""
        with in_organisation(self.organisation):
            rows = Progress.objects.filter(organisation_id=self.organisation, member_id=self.member_of(name))
            return {row.period: row.amount // 100 for row in rows.order_by("period") if row.amount}

    def reached(self, name: str) -> list[tuple[str, int, bool, int]]:
        """What a member reached: (period, step, whether it stands, how many times)."""
        with in_organisation(self.organisation):
            rows = Reached.objects.filter(organisation_id=self.organisation, member_id=self.member_of(name))
            return [(row.period, row.step, row.stands, row.times) for row in rows.order_by("period", "step")]

    def member_of(self, name: str) -> UUID:
        """The same, inside the organisation."""
        return find_members(self.organisation, [("till", name)])[("till", name)]


def make_challenge(*targets: int, key: str = "five", badge: str = "", **parts: Any) -> Part:
    """A challenge of so many purchases, ever unless told otherwise."""
    given: dict[str, Any] = {"name": key, "on": "purchase", **parts}
    steps = tuple(Step(counted(target), badge) for target in targets or (5,))
    return Part(kind=Kind.CHALLENGE, key=key, steps=steps, **given)


def make_keeping(*parts: Part, rules: tuple[Rule, ...] = (), time_zone: str = "UTC") -> Keeping:
    """An organisation that asks these parts; a purchase earns nothing, a challenge completed 50 points."""
    keeping = Keeping(make_story(make_rule("nothing", earn="0")))
    keeping.ask(*parts, time_zone=time_zone)
    done = make_rule("done", on=CHALLENGE_COMPLETED.name, earn="50")
    with in_organisation(keeping.organisation):
        publish(keeping.organisation, Earning("main", ZoneInfo(time_zone), Stacking.ADD, (done, *rules)))
    return keeping


def make_streak(*lengths: int, **parts: Any) -> Part:
    """A streak of so many days with a purchase, three unless told otherwise."""
    given: dict[str, Any] = {"name": "daily", "on": "purchase", "unit": "points", **parts}
    return Part(kind=Kind.STREAK, key="daily", steps=tuple(map(Step, lengths or (3,))), **given)


def make_daily(*parts: Part) -> Keeping:
    """As `make_keeping`, where a purchase earns a point a unit, and a length reached 100 points."""
    return make_keeping(
        *parts,
        rules=(
            make_rule("reached", on=STREAK_REACHED.name, earn="100"),
            make_rule("extra", on=STREAK_EXTENDED.name, earn="floor(extra)"),
            make_rule("purchases"),
        ),
    )


def make_competition(**parts: Any) -> Part:
    """A competition for the most spent in a month, with three places."""
    given: dict[str, Any] = {"name": "top", "on": "purchase", "sum": "amount", "every": Every.MONTH, **parts}
    return Part(kind=Kind.COMPETITION, key="top", steps=(Step(1, "gold"), Step(2), Step(3)), **given)


@dataclass
class Celebrating(Keeping):
    """A programme that gives 30 points for a birthday."""

    def born(self, name: str, day: str, time_zone: str = "", **details: Any) -> UUID:
        """Enrol somebody whom the till knows by name."""
        attributes = {"birth_date": day} | ({"time_zone": time_zone} if time_zone else {})
        return make_member(
            self.organisation,
            name=name,
            external_ids=[("till", name)],
            attributes=attributes,
            **details,
        ).id

    def given_at(self, *moments: str) -> dict[str, list[str]]:
        """Who is given something at each of these moments, when all that is due by then is done."""
        found: dict[str, list[str]] = {}
        before: set[tuple[UUID, int]] = set()
        for text in moments:
            moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
            with clock.frozen_at(moment):
                run_due(self.organisation)
            with in_organisation(self.organisation):
                all_kept = Birthday.objects.filter(organisation_id=self.organisation)
                kept = {(one.member_id, one.year) for one in all_kept}
                names = dict(
                    Member.objects.filter(organisation_id=self.organisation).values_list("id", "name")
                )
            found[text] = sorted(names[member_id] for member_id, _ in kept - before)
            before = kept
        return found


def make_celebrating(**parts: Any) -> Celebrating:
    """An organisation that celebrates birthdays, in New York unless members live elsewhere."""
    celebrating = Celebrating(make_story(make_rule("nothing", earn="0")))
    given = Birthdays("Happy birthday", **parts)
    with clock.frozen_at(datetime(2026, 1, 1, tzinfo=UTC)):
        publish_engagement(celebrating.organisation, Definition("main", "America/New_York", birthdays=given))
    with in_organisation(celebrating.organisation):
        rules = (make_rule("birthday", on=BIRTHDAY.name, earn="30"),)
        publish(celebrating.organisation, Earning("main", ZoneInfo("America/New_York"), Stacking.ADD, rules))
    return celebrating


def make_referrals(**parts: Any) -> Part:
    """Referrals by a purchase of 25 or more within thirty days."""
    given: dict[str, Any] = {
        "name": "Bring a friend",
        "on": "purchase",
        "sum": "amount",
        "within_days": 30,
        "link": "https://shop.example/join?friend={code}",
        **parts,
    }
    return Part(kind=Kind.REFERRAL, key="referrals", steps=(Step(counted(25)),), **given)


@dataclass
class Referring(Keeping):
    """A programme in which friends are referred: 50 points for who refers, 20 for who comes."""

    def enrols(self, name: str, **details: Any) -> UUID:
        """Enrol somebody whom the till knows by name."""
        return make_member(self.organisation, name=name, external_ids=[("till", name)], **details).id

    def code_of(self, member_id: UUID, *, device: str = "") -> str:
        """A member's code."""
        return give_code(
            self.organisation, member_id=member_id, programme="main", device=device, actor=ACTOR
        ).code

    def joins(self, friend_id: UUID, code: str, *, device: str = "") -> Referral:
        """Let a friend join with a code."""
        return redeem_code(self.organisation, code=code, member_id=friend_id, device=device, actor=ACTOR)

    def invites(self, member_id: UUID) -> list[str]:
        """How far those are whom a member referred, the last first."""
        with in_organisation(self.organisation):
            return [one.state.value for one in invites_of(self.organisation, member_id, limit=50)]


def make_referring(*, limits: tuple[Limit, ...] = (), **parts: Any) -> Referring:
    """An organisation whose members refer friends."""
    referring = Referring(make_story(make_rule("nothing", earn="0")))
    referring.ask(make_referrals(**parts))
    rules = (
        make_rule("referrer", on=REFERRAL_QUALIFIED.name, earn="50", limits=limits),
        make_rule("friend", on=FRIEND_WELCOMED.name, earn="20"),
    )
    with in_organisation(referring.organisation):
        publish(referring.organisation, Earning("main", ZoneInfo("UTC"), Stacking.ADD, rules))
    return referring
