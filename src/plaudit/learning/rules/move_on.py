"""When a unit of learning is satisfied, by what was said of one attempt at it.

After cmi5, Quartz 1st edition (AICC, 2016): moveOn is defined in section 13.1.4 and kept in the launch data of
section 10.2.4; the verbs are those of section 9.3, and the category that marks what moves on is that of 9.6.2.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plaudit.learning.definitions import MoveOn

CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
MOVES_ON = "https://w3id.org/xapi/cmi5/context/categories/moveon"
_ADL = "http://adlnet.gov/expapi/verbs/"
_VERBS = {
    f"{_ADL}launched": "launched",
    f"{_ADL}initialized": "initialized",
    f"{_ADL}completed": "completed",
    f"{_ADL}passed": "passed",
    f"{_ADL}failed": "failed",
    f"{_ADL}terminated": "terminated",
    "https://w3id.org/xapi/adl/verbs/abandoned": "abandoned",
    "https://w3id.org/xapi/adl/verbs/waived": "waived",
    "https://w3id.org/xapi/adl/verbs/satisfied": "satisfied",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One statement about a unit: its verb, the categories it says it is of, and whether it is of a cmi5 session."""

    verb: str
    categories: frozenset[str] = frozenset()
    in_session: bool = False

    @property
    def is_cmi5(self) -> bool:
        """Whether it was made under cmi5: defined by it, or allowed beside (7.1.3)."""
        return self.in_session or CATEGORY in self.categories

    @property
    def may_move_on(self) -> bool:
        """Whether it counts towards moving on (9.6.2.2); a statement that has nothing to do with cmi5 does."""
        return not self.is_cmi5 or {CATEGORY, MOVES_ON} <= self.categories


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was said of one registration for a unit, and where its session is: "" before it was launched."""

    session: str = ""
    completed: bool = False
    passed: bool = False
    failed: bool = False
    waived: bool = False

    def satisfies(self, move_on: MoveOn) -> bool:
        """Whether that is enough to move on. What was waived is satisfied whatever it asks for."""
        if self.waived or move_on is MoveOn.NOT_APPLICABLE:
            return True
        return {
            MoveOn.PASSED: self.passed,
            MoveOn.COMPLETED: self.completed,
            MoveOn.COMPLETED_AND_PASSED: self.completed and self.passed,
            MoveOn.COMPLETED_OR_PASSED: self.completed or self.passed,
        }[move_on]


def attempt_of(heard: Iterable[Heard]) -> Attempt:
    """What these statements of one registration come to, in the order in which they were made.

    A session that was terminated or abandoned stays so until the unit is launched again.
    """
    session, said = "", set()
    for one in heard:
        word = _VERBS.get(one.verb, "")
        if word in ("launched", "initialized", "terminated", "abandoned"):
            if word != "initialized" or session not in ("terminated", "abandoned"):
                session = word
        elif word and one.may_move_on:
            said.add(word)
    return Attempt(
        session,
        completed="completed" in said,
        passed="passed" in said,
        failed="failed" in said,
        waived="waived" in said,
    )
