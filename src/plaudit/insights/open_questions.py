"""Questions and answers about a public programme, made from the rules in force: nobody has to keep them true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from plaudit.earning.words import in_sentence
from plaudit.insights.file_words import people
from plaudit.insights.openly import OpenProgramme
from plaudit.insights.wording import list_words

EXAMPLES_MAX = 3


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answer, under its topic; `more` names the page that says the rest."""

    topic: str
    asked: str
    answer: str
    more: str = ""

    def fits(self, words: str) -> bool:
        """Whether every one of these words stands in it."""
        text = f"{self.topic} {self.asked} {self.answer}".casefold()
        return all(word in text for word in words.casefold().split())

    def nearness(self, words: str) -> int:
        """How many of these words stand in it."""
        text = f"{self.topic} {self.asked} {self.answer}".casefold()
        return sum(word in text for word in words.casefold().split())


def questions_of(page: OpenProgramme) -> list[Question]:
    """Every question the rules have an answer to."""
    return [*_joining(page), *_earning(page), *_spending(page), *_keeping(page), *_changing()]


def found_among(questions: list[Question], words: str) -> tuple[list[Question], bool]:
    """The questions with these words; where none has all of them, the nearest, and that they only are near."""
    fitting = [one for one in questions if one.fits(words)]
    if fitting or not words.strip():
        return fitting, False
    near = sorted(questions, key=lambda one: -one.nearness(words))
    return [one for one in near if one.nearness(words)][:3], True


def _joining(page: OpenProgramme) -> Iterator[Question]:
    topic = _("Joining")
    yield Question(
        topic,
        _("Who is it for?"),
        _("For {people}.").format(people=people(page.programme.audience)),
    )
    yield Question(
        topic,
        _("Can I join by myself?"),
        _("Yes: with your name and your e-mail address.")
        if page.takes_in
        else _("Not at present: joining is closed."),
        "join" if page.takes_in else "",
    )
    scheme = page.programme.membership
    if scheme is not None and scheme.terms:
        yield Question(
            topic,
            _("Does it cost anything?"),
            _("Yes. There is a fee for each level and term; the page about joining has them all."),
            "join",
        )


def _earning(page: OpenProgramme) -> Iterator[Question]:
    topic = _("Earning")
    rules = page.opened.of("rule")
    if rules:
        yield Question(
            topic, _("What earns?"), " ".join(rule.words for rule in rules[:EXAMPLES_MAX]), "rules"
        )
    for rule in rules:
        parts = [rule.words, *(f"{fact}." for fact in rule.facts)]
        if rule.example:
            parts.append(_("For example: {example}.").format(example=rule.example))
        yield Question(topic, _("How does “{rule}” work?").format(rule=rule.name), " ".join(parts))
    for limit in page.opened.of("limit"):
        yield Question(topic, _("Is there a limit to what I can earn?"), limit.words)
    for thing in page.opened.of("challenge", "streak", "competition"):
        said = " ".join([thing.words, *(f"{fact}." for fact in thing.facts)])
        yield Question(topic, _("What is “{name}”?").format(name=thing.name), said)


def _spending(page: OpenProgramme) -> Iterator[Question]:
    topic = _("Rewards")
    rewards = page.opened.of("reward")
    if not rewards:
        return
    names = [reward.name for reward in rewards]
    shown = names if len(names) <= 8 else [*names[:8], _("more")]
    yield Question(topic, _("What can I get?"), _("{rewards}.").format(rewards=list_words(shown)), "rules")
    for reward in rewards:
        said = " ".join([reward.words, *(f"{fact}." for fact in reward.facts)])
        yield Question(topic, _("What does “{reward}” cost?").format(reward=reward.name), said)


def _keeping(page: OpenProgramme) -> Iterator[Question]:
    topic = _("Keeping")
    for unit in page.opened.of("expiry"):
        yield Question(topic, _("How long do {units} last?").format(units=in_sentence(unit.name)), unit.words)
    for ladder in page.opened.of("level"):
        said = " ".join([ladder.words, *(f"{fact}." for fact in ladder.facts)])
        yield Question(topic, _("How does {ladder} work?").format(ladder=ladder.name), said)
    yield Question(
        topic,
        _("What happens when I give something back?"),
        _(
            "What it earned is taken back, exactly that and nothing else. Your statement says so, line by line."
        ),
    )


def _changing() -> Iterator[Question]:
    topic = _("Being sure")
    yield Question(
        topic,
        _("Why did I get what I got?"),
        _("Every line of your statement has a why: what was counted, by which rule, with the sums."),
    )
    yield Question(
        topic,
        _("Can the rules change?"),
        _("For the future only. What you have earned stays. The page of rules says what changed and when."),
        "rules",
    )
