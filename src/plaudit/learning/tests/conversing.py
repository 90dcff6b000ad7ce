"""A scenario for tests: a customer misses points, and four ways lead through it."""

from __future__ import annotations

from uuid import UUID

from msgspec.structs import replace

from plaudit.learning.actions.practising import practise
from plaudit.learning.conversations import Choice, Scenario, Taught, Turn
from plaudit.learning.definitions import Learning
from plaudit.learning.rules.playing import Played
from plaudit.learning.tests.factories import ACTOR, LEARNING, Academy, make_academy

BEST = ("look", "explain")
WORST = ("shrug", "sorry", "no-idea")
ROUND = ("shrug", "again", "look", "explain")

MISSING = Scenario(
    key="missing",
    name="My points are missing",
    intro="A customer is on the telephone.",
    pass_percent=80,
    turns=(
        Turn(
            "hello",
            "Where are my points?",
            (
                Choice("look", "I look at once.", 3, "You say what you do.", "found"),
                Choice("shrug", "They come when they come.", 0, "Nobody calls to hear that.", "angry"),
            ),
        ),
        Turn(
            "angry",
            "That is no answer.",
            (
                Choice("sorry", "I am sorry. I look at once.", 2, "", "found"),
                Choice("again", "Tell me once more.", 0, "", "hello"),
            ),
        ),
        Turn(
            "found",
            "And what are they worth?",
            (
                Choice("explain", "A point is a cent.", 2, "So it is."),
                Choice("no-idea", "No idea.", 0, "It stands on the page."),
            ),
        ),
    ),
    taught=(Taught("purchases", "Points for buying", "purchase earns 1 point", "first"),),
)


def changed(digest: str = "second") -> Scenario:
    """The same, once the rule it teaches is another."""
    return replace(MISSING, taught=(replace(MISSING.taught[0], digest=digest),))


def teaching(*scenarios: Scenario) -> Learning:
    """What an academy offers, with these scenarios."""
    return replace(LEARNING, scenarios=scenarios or (MISSING,))


def make_practice() -> Academy:
    """An academy with the scenario."""
    return make_academy(learning=teaching())


def plays(academy: Academy, member_id: UUID, *way: str) -> Played:
    """Let a member play it to its end."""
    return practise(
        academy.id, member_id=member_id, programme="academy", scenario="missing", way=way, actor=ACTOR
    )
