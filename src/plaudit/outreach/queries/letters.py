"""What news says to whom it is about: a sentence, and the page on which there is more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plaudit.engagement.definitions import Kind
from plaudit.engagement.published import published_sets
from plaudit.foundation import written
from plaudit.foundation.ids import read
from plaudit.foundation.told import as_written, told
from plaudit.learning.definitions import Learning
from plaudit.learning.offered import learning_of
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.people.models import Member
from plaudit.rewards.models import Redemption
from plaudit.surveys.asked import all_surveys
from plaudit.targeting.definitions import Level, read_ladder, read_offer
from plaudit.targeting.models import Ladder, Offer

Facts = Mapping[str, Any]

_LEARNED = ("session.", "certificate.", "scenario.")


class Names:
    """What the things of several pieces of news are called now, each kind looked up once for all of them."""

    def __init__(self, organisation_id: int, told: Sequence[tuple[str, Facts]]) -> None:
        self.organisation_id = organisation_id
        self._told = told

    def _all(self, name: str, *topics: str) -> set[str]:
        return {facts[name] for topic, facts in self._told if name in facts and topic.startswith(topics)}

    @cached_property
    def _ladders(self) -> dict[tuple[str, str], tuple[Level, ...]]:
        rows = Ladder.objects.filter(organisation_id=self.organisation_id)
        with as_written():
            return {(row.programme, row.key): read_ladder(row.definition).levels for row in rows}

    @cached_property
    def _offers(self) -> dict[tuple[str, str], str]:
        keys = self._all("offer", "offer.")
        rows = Offer.objects.filter(organisation_id=self.organisation_id, key__in=keys)
        with as_written():
            return {(row.programme, row.key): read_offer(row.definition).name for row in rows}

    @cached_property
    def _learning(self) -> dict[str, Learning]:
        found = {key: learning_of(self.organisation_id, key) for key in self._all("programme", *_LEARNED)}
        return {key: one for key, one in found.items() if one is not None}

    @cached_property
    def _rewards(self) -> dict[UUID, str]:
        ids = [read("rdm", one, kind="redemption") for one in self._all("redemption", "redemption.")]
        rows = Redemption.objects.filter(organisation_id=self.organisation_id, id__in=ids)
        return dict(rows.values_list("id", "reward__name"))

    @cached_property
    def _surveys(self) -> dict[tuple[str, str], str]:
        return {
            (surveys.programme, one.key): one.name
            for surveys in all_surveys(self.organisation_id)
            for one in surveys.surveys
        }

    @cached_property
    def _members(self) -> dict[UUID, str]:
        ids = [read("mem", one, kind="member") for one in self._all("member", "approval.")]
        rows = Member.objects.filter(organisation_id=self.organisation_id, id__in=ids)
        return dict(rows.values_list("id", "name"))

    @cached_property
    def _units(self) -> dict[str, UnitPolicy]:
        return units_by_key(self.organisation_id)

    def level(self, facts: Facts, key: str) -> str:
        """A level of the ladder that the facts name."""
        levels = self._ladders.get((facts["programme"], facts["ladder"]), ())
        return next((told(one.name) for one in levels if one.key == key), key)

    def part(self, facts: Facts, kind: Kind) -> str:
        """A challenge, streak or competition."""
        for one, part in published_sets(self.organisation_id).newest_forms.values():
            if (one.programme, part.kind, part.key) == (facts["programme"], kind, facts[kind.value]):
                return told(part.name)
        return str(facts[kind.value])

    def offer(self, facts: Facts) -> str:
        """An offer."""
        return told(self._offers.get((facts["programme"], facts["offer"])) or str(facts["offer"]))

    def offering(self, facts: Facts) -> str:
        """Something to learn."""
        learning = self._learning.get(facts["programme"])
        found = learning.offering(facts["offering"]) if learning is not None else None
        return found.name if found is not None else str(facts["offering"])

    def scenario(self, facts: Facts) -> str:
        """A conversation to practise."""
        learning = self._learning.get(facts["programme"])
        found = learning.scenario(facts["scenario"]) if learning is not None else None
        return found.name if found is not None else str(facts["scenario"])

    def beginning(self, facts: Facts) -> datetime:
        """When a session begins, where its programme is."""
        learning = self._learning.get(facts["programme"])
        starts_at = datetime.fromisoformat(facts["starts_at"])
        return starts_at.astimezone(ZoneInfo(learning.time_zone)) if learning is not None else starts_at

    def reward(self, facts: Facts) -> str:
        """The reward of a redemption."""
        return told(self._rewards[read("rdm", facts["redemption"], kind="redemption")])

    def survey(self, facts: Facts) -> str:
        """A survey, by its key where it is asked no more."""
        return self._surveys.get((facts["programme"], facts["survey"])) or str(facts["survey"])

    def member(self, facts: Facts) -> str:
        """A member, by their reference where they have no name."""
        return self._members.get(read("mem", facts["member"], kind="member")) or str(facts["member"])

    def points(self, facts: Facts) -> str:
        """An amount of a unit."""
        return self._units[facts["unit"]].say(abs(facts["amount"]))


def said(names: Names, topic: str, facts: Facts) -> tuple[str, str]:
    """The sentence and the path of the page, in the language that is spoken. Ask inside `in_organisation`."""
    say, page = _SAID[topic]
    return say(names, facts), page.format(**facts)


def sentence_of(organisation_id: int, topic: str, facts: Facts) -> tuple[str, str]:
    """The same for one piece of news alone."""
    return said(Names(organisation_id, [(topic, facts)]), topic, facts)


def members_of_redemptions(organisation_id: int, references: list[str]) -> dict[str, Any]:
    """Whose these redemptions are, by their references."""
    ids = {read("rdm", reference, kind="redemption"): reference for reference in references}
    rows = Redemption.objects.filter(organisation_id=organisation_id, id__in=list(ids))
    return {ids[id]: member_id for id, member_id in rows.values_list("id", "member_id")}


def _reached(names: Names, facts: Facts) -> str:
    return _("You have reached a level: {level}.").format(level=names.level(facts, facts["level"]))


def _will_leave(names: Names, facts: Facts) -> str:
    last = date.fromisoformat(facts["falls_on"]) - timedelta(days=1)
    return _("Your level {level} is yours through {day}, unless more counts until then.").format(
        level=names.level(facts, facts["level"]), day=written.day(last)
    )


def _left(names: Names, facts: Facts) -> str:
    if not facts["level"]:
        return _("You stand on no level any more.")
    return _("Your level is {level} from now on.").format(level=names.level(facts, facts["level"]))


def _completed(names: Names, facts: Facts) -> str:
    return _("You have reached a goal: {name}.").format(name=names.part(facts, Kind.CHALLENGE))


def _in_a_row(names: Names, facts: Facts) -> str:
    return _("{length} in a row: {name}.").format(name=names.part(facts, Kind.STREAK), length=facts["length"])


def _won(names: Names, facts: Facts) -> str:
    return _("You came to place {place}: {name}.").format(
        name=names.part(facts, Kind.COMPETITION), place=facts["place"]
    )


def _offered(names: Names, facts: Facts) -> str:
    return _("Something is offered to you: {name}.").format(name=names.offer(facts))


def _fulfilled(names: Names, facts: Facts) -> str:
    return _("Your reward is on its way, or there: {reward}.").format(reward=names.reward(facts))


def _expiring(names: Names, facts: Facts) -> str:
    return _("{points} can be spent until {day}.").format(
        points=names.points(facts), day=written.day(date.fromisoformat(facts["last_day"]))
    )


def _tomorrow(names: Names, facts: Facts) -> str:
    name, begins = names.offering(facts), written.minute(names.beginning(facts))
    if facts["state"] == "waiting":
        return _("Tomorrow at {time} is {name}, and you are still on the waiting list.").format(
            name=name, time=begins
        )
    if facts["place"]:
        return _("Tomorrow at {time}: {name}, {place}.").format(name=name, time=begins, place=facts["place"])
    return _("Tomorrow at {time}: {name}.").format(name=name, time=begins)


def _place_free(names: Names, facts: Facts) -> str:
    return _("You have a place now: {name}.").format(name=names.offering(facts))


def _called_off(names: Names, facts: Facts) -> str:
    day = written.day(names.beginning(facts).date())
    return _("Called off: {name} on {day}.").format(name=names.offering(facts), day=day)


def _certificate_ends(names: Names, facts: Facts) -> str:
    day = written.day(date.fromisoformat(facts["last_day"]))
    return _("Your certificate {name} holds through {day}.").format(name=names.offering(facts), day=day)


def _certificate_ended(names: Names, facts: Facts) -> str:
    return _("Your certificate {name} has ended.").format(name=names.offering(facts))


def _refresher(names: Names, facts: Facts) -> str:
    return _("A rule has changed. Please practise once more: {name}.").format(name=names.scenario(facts))


def _refresher_open(names: Names, facts: Facts) -> str:
    return _("Still to practise once more, for a rule has changed: {name}.").format(
        name=names.scenario(facts)
    )


def _invited(names: Names, facts: Facts) -> str:
    return _("You are asked for your opinion: {survey}").format(survey=names.survey(facts))


def _reminded(names: Names, facts: Facts) -> str:
    return _("Your opinion is still missing: {survey}").format(survey=names.survey(facts))


def _answered(_names: Names, _facts: Facts) -> str:
    return _("Your question is answered.")


def _settled(_names: Names, _facts: Facts) -> str:
    return _("Your question is settled.")


def _about_points(words: str) -> Callable[[Names, Facts], str]:
    def say(names: Names, facts: Facts) -> str:
        return _(words).format(points=names.points(facts), name=names.member(facts))

    return say


def _nominated(_names: Names, facts: Facts) -> str:
    if facts["state"] == "approved" and facts["granted"] != facts["points"]:
        return _("Your nomination was given, with other points than you asked for.")
    return {
        "approved": _("Your nomination was given."),
        "declined": _("Your nomination was declined."),
        "expired": _("Nobody decided about your nomination in time."),
    }.get(facts["state"], _("Your nomination is withdrawn."))


_SAID: Mapping[str, tuple[Callable[[Names, Facts], str], str]] = {
    "tier.reached": (_reached, "/tier"),
    "tier.will_leave": (_will_leave, "/tier"),
    "tier.left": (_left, "/tier"),
    "challenge.completed": (_completed, "/challenges"),
    "streak.reached": (_in_a_row, "/challenges"),
    "competition.decided": (_won, "/challenges"),
    "offer.made": (_offered, "/challenges"),
    "nomination.decided": (_nominated, "/nominations"),
    "session.tomorrow": (_tomorrow, "/learning"),
    "session.place_free": (_place_free, "/learning"),
    "session.cancelled": (_called_off, "/learning"),
    "certificate.ending": (_certificate_ends, "/learning"),
    "certificate.ended": (_certificate_ended, "/learning"),
    "scenario.refresher": (_refresher, "/learning/scenarios/{programme}/{scenario}"),
    "scenario.refresher_open": (_refresher_open, "/learning/scenarios/{programme}/{scenario}"),
    "redemption.fulfilled": (_fulfilled, "/redemptions/{redemption}"),
    "points.expiring": (_expiring, "/expiry"),
    "survey.invited": (_invited, "/have-your-say"),
    "survey.reminded": (_reminded, "/have-your-say"),
    "case.answered": (_answered, "/cases/{case}"),
    "case.settled": (_settled, "/cases/{case}"),
    "approval.asked": (
        _about_points(gettext_noop("Waits for a second person: {points} for {name}.")),
        "/console/approvals",
    ),
    "approval.approved": (
        _about_points(gettext_noop("Approved: {points} for {name}.")),
        "/console/approvals",
    ),
    "approval.declined": (
        _about_points(gettext_noop("Declined: {points} for {name}.")),
        "/console/approvals",
    ),
    "approval.expired": (
        _about_points(gettext_noop("Nobody decided in time: {points} for {name}.")),
        "/console/approvals",
    ),
}
