"""What changes from one version of a programme to another, one plain sentence for each thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TypeVar

from plaudit.earning.expressions.types import FieldType
from plaudit.planning.programme_file.definitions import KeyedLimit, limits_of
from plaudit.planning.programme_file.difference_birthdays import birthday_changes
from plaudit.planning.programme_file.difference_engaging import badge_changes, pursuit_changes, pursuits
from plaudit.planning.programme_file.difference_offers import offer_changes
from plaudit.planning.programme_file.difference_recognition import recognition_changes
from plaudit.planning.programme_file.difference_referrals import referral_changes
from plaudit.planning.programme_file.difference_rewards import reward_changes
from plaudit.planning.programme_file.difference_rules import rule_changes
from plaudit.planning.programme_file.difference_segments import segment_changes
from plaudit.planning.programme_file.difference_tiers import tier_changes
from plaudit.planning.programme_file.difference_translations import translation_changes
from plaudit.planning.programme_file.engaging import Badge, Pursuit
from plaudit.planning.programme_file.learning_changes import learning_changes
from plaudit.planning.programme_file.membership_changes import membership_changes
from plaudit.planning.programme_file.offers import Offer
from plaudit.planning.programme_file.phrases import count_text, expiry_text
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
    amount,
    field_type_words,
    fields_words,
    limit_sentence,
    listed,
    money,
    people,
    unit_words,
    window_words,
)


class Act(StrEnum):
    """What happens to a part of a programme."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: to which part, where it stands in the file, and what it means, as a sentence."""

    act: Act
    part: str
    key: str
    sentence: str
    path: Path = ()


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
            yield Change(
                Act.ADDED,
                "programme",
                self.newer.key,
                f"New programme {self.newer.key}: {self.newer.name}, for {people(self.newer.audience)}.",
            )
        else:
            yield from self.head()
        for sentence in public_changes(self.older.public, self.newer.public):
            yield Change(Act.CHANGED, "public", "", sentence, ("public",))
        yield from self.objectives()
        yield from self.each("units", "unit", self.older.units, self.newer.units, self.unit)
        yield from self.each(
            "activities", "activity", self.older.activities, self.newer.activities, self.activity
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
                "The examples are different; they only test the rules.",
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

    def head(self) -> Iterator[Change]:
        """Name, description, audience, time zone, currency and stacking."""
        older, newer = self.older, self.newer
        said = {
            "name": (older.name, newer.name, f"The programme is now called {newer.name}, not {older.name}."),
            "description": (older.description, newer.description, "The programme has another description."),
            "audience": (
                older.audience,
                newer.audience,
                f"The programme is for {people(newer.audience)}, not for {people(older.audience)}.",
            ),
            "time_zone": (
                older.time_zone,
                newer.time_zone,
                f"Days begin at midnight in {newer.time_zone}, not in {older.time_zone}; limits count by the new days at once.",
            ),
            "currency": (
                older.currency,
                newer.currency,
                f"Money is in {newer.currency or 'no currency'}, not in {older.currency or 'none'}.",
            ),
            "stacking": (
                older.stacking,
                newer.stacking,
                f"Several multipliers on one event now combine by {newer.stacking}, not by {older.stacking}.",
            ),
        }
        for key, (was, now, sentence) in said.items():
            if was != now:
                yield Change(Act.CHANGED, "programme", key, sentence, (key,))

    def objectives(self) -> Iterator[Change]:
        was = {objective.key: objective.name for objective in self.older.objectives}
        now = {objective.key: objective.name for objective in self.newer.objectives}
        for key, act in _acts(was, now):
            path: Path = ("objectives", key)
            name = now.get(key) or was[key]
            words = {
                Act.ADDED: f"New objective {key}: {name}.",
                Act.CHANGED: f"Objective {key} now says: {name}.",
                Act.REMOVED: f"Objective {key} is gone.",
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
        for key, act in _acts(before, after):
            for sentence in say(before.get(key), after.get(key)):
                yield Change(act, part, key, sentence, (place, key))

    def unit(self, was: Unit | None, now: Unit | None) -> Iterator[str]:
        if was is None and now is not None:
            yield f"New unit {now.key} (1 {now.one}, 2 {now.other}): {unit_words(now, self.newer.currency)}."
        elif was is not None and now is None:
            yield f"Unit {was.key} is no longer used here; what members hold of it stays."
        elif was is not None and now is not None:
            yield from self.unit_changes(was, now)

    def unit_changes(self, was: Unit, now: Unit) -> Iterator[str]:
        if (was.one, was.other) != (now.one, now.other):
            yield f"Unit {now.key} is now called {now.one} and {now.other}, not {was.one} and {was.other}."
        if was.precision != now.precision:
            yield f"Unit {now.key} now has {now.precision} decimals, not {was.precision}."
        if was.worth != now.worth or (
            now.worth is not None and self.older.currency != self.newer.currency and self.older.currency
        ):
            old = money(was.worth, self.older.currency) if was.worth is not None else "nothing"
            new = money(now.worth, self.newer.currency) if now.worth is not None else "nothing"
            yield f"One {now.one} is worth {new}, not {old}; so is what members hold already."
        if was.expiry != now.expiry:
            yield (
                f"{now.other.capitalize()} earned from now on expire {expiry_text(now.expiry)}, not {expiry_text(was.expiry)}; "
                "those earned already keep their date."
            ).replace("expire never", "never expire")
        if was.may_owe != now.may_owe:
            yield f"A correction can {'now' if now.may_owe else 'no longer'} leave a member owing {now.other}."
        if was.writes_off != now.writes_off:
            done = "written off" if now.writes_off else "no longer written off"
            yield f"{now.other.capitalize()} that a correction finds spent are {done}."
        if was.approval_from != now.approval_from:
            if now.approval_from is None:
                yield f"Manual adjustments of {now.other} no longer need a second person."
            else:
                yield f"Manual adjustments need a second person from {amount(now.approval_from, now)} on."

    def activity(self, was: Activity | None, now: Activity | None) -> Iterator[str]:
        if was is None and now is not None:
            carried = f", with {fields_words(now.fields.items())}" if now.fields else ""
            corrects = f", which corrects {now.corrects}" if now.corrects else ""
            yield f"New activity {now.key} ({now.title}){corrects}{carried}."
        elif was is not None and now is None:
            yield f"Activity {was.key} is no longer in the file: its events are still recorded, and earn nothing here."
        elif was is not None and now is not None:
            yield from self.activity_changes(was, now)

    def activity_changes(self, was: Activity, now: Activity) -> Iterator[str]:
        start = f"Activity {now.key}"
        if was.title != now.title:
            yield f"{start} is now called {now.title}, not {was.title}."
        if was.description != now.description:
            yield f"{start} has another description."
        if (was.corrects, was.part) != (now.corrects, now.part):
            how = f"{now.corrects or 'nothing'}{f' by {now.part}' if now.part else ''}"
            yield f"{start} now corrects {how}; corrections recorded already stay as they are."
        if was.extra_fields != now.extra_fields:
            yield f"{start} {'takes' if now.extra_fields else 'refuses'} fields that are not declared."
        if was.enrols != now.enrols:
            kind = now.enrols or "of the programme's audience"
            yield f"{start}: somebody it names for the first time becomes {kind}; nobody who is known changes."
        for sentence in field_changes(was.fields, now.fields):
            yield f"{start}: {sentence}"

    def member_fields(self) -> Iterator[Change]:
        was, now = self.older.member_fields, self.newer.member_fields
        for key, act in _acts(was, now):
            words = {
                Act.ADDED: f"Rules may now know of a member's {key}.",
                Act.CHANGED: f"A member's {key} is now {field_type_words(now[key])}." if key in now else "",
                Act.REMOVED: f"Rules no longer know of a member's {key}.",
            }
            yield Change(act, "member field", key, words[act], ("member_fields", key))

    def campaign(self, was: Campaign | None, now: Campaign | None) -> Iterator[str]:
        if was is None and now is not None:
            yield f"New campaign {now.key} ({now.name}), {window_words(now.window)}, with {count_text(len(now.rules), 'rule')}."
        elif was is not None and now is None:
            yield f"Campaign {was.key} ({was.name}) is gone; what it gave stays."
        elif was is not None and now is not None:
            if was.name != now.name:
                yield f"Campaign {now.key} is now called {now.name}, not {was.name}."
            if was.description != now.description:
                yield f"Campaign {now.key} has another description."
            if was.window != now.window:
                yield f"Campaign {now.key} is now {window_words(now.window)}, not {window_words(was.window)}."

    def rules(self) -> Iterator[Change]:
        was = {rule.key: (rule, campaign) for rule, campaign in self.older.all_rules()}
        now = {rule.key: (rule, campaign) for rule, campaign in self.newer.all_rules()}
        for key, act in _acts(was, now):
            rule, campaign = now.get(key) or was[key]
            for sentence in rule_changes(self.older, self.newer, was.get(key), now.get(key)):
                yield Change(act, "rule", key, sentence, path_of(rule, campaign))
        common = [key for key in was if key in now]
        if common != [key for key in now if key in was]:
            yield Change(Act.CHANGED, "rules", "", "The rules are asked in another order.", ("rules",))

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
            counts = "" if self.is_new else "; it counts from now on"
            return f"New limit on {_held(now)}: {limit_sentence(self.newer, now)}{counts}."
        if was is not None and now is None:
            return f"No longer a limit on {_held(was)}: {limit_sentence(self.older, was)}."
        assert was is not None and now is not None
        before, after = limit_sentence(self.older, was), limit_sentence(self.newer, now)
        if before != after:
            return f"The limit on {_held(now)} is {after}, not {before}; what is used of it stays used."
        if _held(was) != _held(now):
            return f"The limit ({after}) holds {_held(now)}, not {_held(was)}."
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


def _acts(was: Mapping[str, object], now: Mapping[str, object]) -> Iterator[tuple[str, Act]]:
    """The keys that differ, those still there first, with what happened to each."""
    for key, one in now.items():
        if key not in was:
            yield key, Act.ADDED
        elif was[key] != one:
            yield key, Act.CHANGED
    yield from ((key, Act.REMOVED) for key in was if key not in now)


def field_changes(was: Mapping[str, FieldType], now: Mapping[str, FieldType]) -> Iterator[str]:
    """What changes for senders of an activity, as the rest of a sentence."""
    for name, act in _acts(was, now):
        if act is Act.REMOVED:
            yield f"{name} is no longer read."
        elif act is Act.ADDED:
            must = (
                "may be sent" if now[name].nullable else "must be sent from now on, or the event is refused"
            )
            yield f"{name} ({field_type_words(now[name])}) is new and {must}."
        else:
            yield f"{name} is now {field_type_words(now[name])}, not {field_type_words(was[name])}."


def _held(keyed: KeyedLimit) -> str:
    """What a limit holds: its rule, its campaign or the programme."""
    if keyed.path[0] == "limits":
        return "the whole programme"
    if keyed.path[0] == "referrals":
        return "what referring friends earns"
    if "rules" not in keyed.path:
        return f"campaign {keyed.path[1]}"
    return f"rule {listed(rule.key for rule in keyed.rules if '.' not in rule.key)}"
