"""What changes from one version of a programme to another, one plain sentence for each thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

from plaudit.foundation.worded import listed, worded
from plaudit.planning.programme_file.change import Act, Change, acts_between
from plaudit.planning.programme_file.definitions import KeyedLimit, limits_of
from plaudit.planning.programme_file.difference_activities import activity_changes
from plaudit.planning.programme_file.difference_birthdays import birthday_changes
from plaudit.planning.programme_file.difference_engaging import badge_changes, pursuit_changes, pursuits
from plaudit.planning.programme_file.difference_head import head_changes, new_programme
from plaudit.planning.programme_file.difference_offers import offer_changes
from plaudit.planning.programme_file.difference_recognition import recognition_changes
from plaudit.planning.programme_file.difference_referrals import referral_changes
from plaudit.planning.programme_file.difference_rewards import reward_changes
from plaudit.planning.programme_file.difference_rules import rule_changes
from plaudit.planning.programme_file.difference_segments import segment_changes
from plaudit.planning.programme_file.difference_tiers import tier_changes
from plaudit.planning.programme_file.difference_translations import translation_changes
from plaudit.planning.programme_file.difference_units import unit_changes
from plaudit.planning.programme_file.engaging import Badge, Pursuit
from plaudit.planning.programme_file.learning_changes import learning_changes
from plaudit.planning.programme_file.membership_changes import membership_changes
from plaudit.planning.programme_file.offers import Offer
from plaudit.planning.programme_file.phrase_words import counted
from plaudit.planning.programme_file.programme import (
    Activity,
    Campaign,
    Path,
    Programme,
    Reward,
    Unit,
    path_of,
)
from plaudit.planning.programme_file.public import public_changes
from plaudit.planning.programme_file.scenario_changes import scenario_changes
from plaudit.planning.programme_file.segments import Segment
from plaudit.planning.programme_file.survey_changes import survey_changes
from plaudit.planning.programme_file.tiers import Ladder
from plaudit.planning.programme_file.wording import (
    field_type_words,
    limit_sentence,
    window_words,
)

K = TypeVar("K", Unit, Activity, Campaign, Reward, Pursuit, Badge, Ladder, Segment, Offer)


def changes_between(older: Programme, newer: Programme, *, is_new: bool = False) -> list[Change]:
    """Every change, in the order of the file; of a new programme, all that it brings."""
    return list(_Comparison(older, newer, is_new=is_new).changes())


class _Comparison:
    def __init__(self, older: Programme, newer: Programme, *, is_new: bool) -> None:
        self.older = older
        self.newer = newer
        self.is_new = is_new

    def changes(self) -> Iterator[Change]:
        if self.is_new:
            yield Change(Act.ADDED, "programme", self.newer.key, new_programme(self.newer))
        else:
            yield from head_changes(self.older, self.newer)
        for sentence in public_changes(self.older.public, self.newer.public):
            yield Change(Act.CHANGED, "public", "", sentence, ("public",))
        yield from self.objectives()
        yield from self.each(
            "units", "unit", self.older.units, self.newer.units, partial(unit_changes, self.older, self.newer)
        )
        yield from self.each(
            "activities", "activity", self.older.activities, self.newer.activities, activity_changes
        )
        yield from self.member_fields()
        yield from self.each(
            "campaigns", "campaign", self.older.campaigns, self.newer.campaigns, self.campaign
        )
        yield from self.rules()
        yield from self.limits()
        yield from self.each("rewards", "reward", self.older.rewards, self.newer.rewards, self.reward)
        for place, part, was, now in pursuits(self.older, self.newer):
            yield from self.each(
                place, part, was, now, partial(pursuit_changes, self.older, self.newer, part)
            )
        yield from self.each("badges", "badge", self.older.badges, self.newer.badges, badge_changes)
        yield from self.occasions()
        yield from self.membership()
        yield from self.each("tiers", "ladder", self.older.tiers, self.newer.tiers, self.ladder)
        yield from self.each("segments", "segment", self.older.segments, self.newer.segments, segment_changes)
        yield from self.each("offers", "offer", self.older.offers, self.newer.offers, offer_changes)
        for language, sentence in translation_changes(self.older, self.newer):
            where: Path = ("translations", language) if language else ("language",)
            yield Change(Act.CHANGED, "translations", language, sentence, where)
        if not self.is_new and self.examples_differ():
            yield Change(
                Act.CHANGED,
                "examples",
                "",
                worded("The examples are different; they only test the rules."),
                ("examples",),
            )

    def occasions(self) -> Iterator[Change]:
        """How friends are brought, birthdays celebrated, people noticed and things learned: sections of which there is one."""
        older, newer = self.older, self.newer
        for part, was, now, changes in (
            ("referrals", older.referrals, newer.referrals, referral_changes),
            ("birthdays", older.birthdays, newer.birthdays, birthday_changes),
            ("recognition", older.recognition, newer.recognition, recognition_changes),
            ("learning", older.learning, newer.learning, learning_changes),
            ("learning", older.learning, newer.learning, scenario_changes),
            ("surveys", older.surveys, newer.surveys, survey_changes),
        ):
            act = Act.ADDED if was is None else Act.CHANGED if now is not None else Act.REMOVED
            yield from (Change(act, part, "", sentence, (part,)) for sentence in changes(older, newer))

    def membership(self) -> Iterator[Change]:
        """What is sold otherwise, and who is approved."""
        was, now = self.older.membership, self.newer.membership
        for part, key, sentence in membership_changes(was, now):
            yield Change(
                Act.CHANGED, part, key, sentence, ("partners" if part == "partner" else "membership",)
            )

    def objectives(self) -> Iterator[Change]:
        was = {objective.key: objective.name for objective in self.older.objectives}
        now = {objective.key: objective.name for objective in self.newer.objectives}
        for key, act in acts_between(was, now):
            path: Path = ("objectives", key)
            name = now.get(key) or was[key]
            words = {
                Act.ADDED: worded("New objective {key}: {name}.", key=key, name=name),
                Act.CHANGED: worded("Objective {key} now says: {name}.", key=key, name=name),
                Act.REMOVED: worded("Objective {key} is gone.", key=key),
            }
            yield Change(act, "objective", key, words[act], path)

    def each(
        self,
        place: str,
        part: str,
        was: Iterable[K],
        now: Iterable[K],
        say: Callable[[K | None, K | None], Iterable[str]],
    ) -> Iterator[Change]:
        """Changes of things with keys; `say` puts one of them into sentences."""
        before, after = {one.key: one for one in was}, {one.key: one for one in now}
        for key, act in acts_between(before, after):
            for sentence in say(before.get(key), after.get(key)):
                yield Change(act, part, key, sentence, (place, key))

    def member_fields(self) -> Iterator[Change]:
        was, now = self.older.member_fields, self.newer.member_fields
        for key, act in acts_between(was, now):
            words = {
                Act.ADDED: worded("Rules may now know of a member's {key}.", key=key),
                Act.CHANGED: worded(
                    "A member's {key} is now {field_type}.", key=key, field_type=field_type_words(now[key])
                )
                if key in now
                else "",
                Act.REMOVED: worded("Rules no longer know of a member's {key}.", key=key),
            }
            yield Change(act, "member field", key, words[act], ("member_fields", key))

    def campaign(self, was: Campaign | None, now: Campaign | None) -> Iterator[str]:
        if was is None and now is not None:
            yield worded(
                "New campaign {key} ({name}), {window}, with {rules}.",
                key=now.key,
                name=now.name,
                window=window_words(now.window),
                rules=counted(len(now.rules), "rule"),
            )
        elif was is not None and now is None:
            yield worded("Campaign {key} ({name}) is gone; what it gave stays.", key=was.key, name=was.name)
        elif was is not None and now is not None:
            if was.name != now.name:
                yield worded(
                    "Campaign {key} is now called {name}, not {was_name}.",
                    key=now.key,
                    name=now.name,
                    was_name=was.name,
                )
            if was.description != now.description:
                yield worded("Campaign {key} has another description.", key=now.key)
            if was.window != now.window:
                yield worded(
                    "Campaign {key} is now {window}, not {window_was}.",
                    key=now.key,
                    window=window_words(now.window),
                    window_was=window_words(was.window),
                )

    def rules(self) -> Iterator[Change]:
        was = {rule.key: (rule, campaign) for rule, campaign in self.older.all_rules()}
        now = {rule.key: (rule, campaign) for rule, campaign in self.newer.all_rules()}
        for key, act in acts_between(was, now):
            rule, campaign = now.get(key) or was[key]
            for sentence in rule_changes(self.older, self.newer, was.get(key), now.get(key)):
                yield Change(act, "rule", key, sentence, path_of(rule, campaign))
        common = [key for key in was if key in now]
        if common != [key for key in now if key in was]:
            yield Change(
                Act.CHANGED, "rules", "", worded("The rules are asked in another order."), ("rules",)
            )

    def limits(self) -> Iterator[Change]:
        was = {keyed.key: keyed for keyed in limits_of(self.older)}
        now = {keyed.key: keyed for keyed in limits_of(self.newer)}
        for key in (*now, *(key for key in was if key not in now)):
            sentence = self.limit(was.get(key), now.get(key))
            act = Act.ADDED if key not in was else Act.CHANGED if key in now else Act.REMOVED
            if sentence:
                yield Change(act, "limit", key, sentence, (now.get(key) or was[key]).path)

    def limit(self, was: KeyedLimit | None, now: KeyedLimit | None) -> str:
        if was is None and now is not None:
            counts = "" if self.is_new else worded("; it counts from now on")
            return worded(
                "New limit on {held}: {limit}{counts}.",
                held=_held(now),
                limit=limit_sentence(self.newer, now),
                counts=counts,
            )
        if was is not None and now is None:
            return worded(
                "No longer a limit on {held}: {limit}.",
                held=_held(was),
                limit=limit_sentence(self.older, was),
            )
        assert was is not None and now is not None
        before, after = limit_sentence(self.older, was), limit_sentence(self.newer, now)
        if before != after:
            return worded(
                "The limit on {held} is {after}, not {before}; what is used of it stays used.",
                held=_held(now),
                after=after,
                before=before,
            )
        if _held(was) != _held(now):
            return worded(
                "The limit ({after}) holds {held}, not {held_was}.",
                after=after,
                held=_held(now),
                held_was=_held(was),
            )
        return ""

    def reward(self, was: Reward | None, now: Reward | None) -> Iterator[str]:
        yield from reward_changes(self.older, self.newer, was, now)

    def ladder(self, was: Ladder | None, now: Ladder | None) -> Iterator[str]:
        yield from tier_changes(self.newer, was, now)

    def examples_differ(self) -> bool:
        """Whether the examples of the programme, or of any rule that stays, are others."""
        was = {rule.key: rule.examples for rule, _ in self.older.all_rules()}
        now = {rule.key: rule.examples for rule, _ in self.newer.all_rules()}
        others = any(was[key] != now[key] for key in was.keys() & now.keys())
        return others or self.older.examples != self.newer.examples


def _held(keyed: KeyedLimit) -> str:
    """What a limit holds: its rule, its campaign or the programme."""
    if keyed.path[0] == "limits":
        return worded("the whole programme")
    if keyed.path[0] == "referrals":
        return worded("what referring friends earns")
    if "rules" not in keyed.path:
        return worded("campaign {key}", key=keyed.path[1])
    return worded("rule {rules}", rules=listed(rule.key for rule in keyed.rules if "." not in rule.key))
