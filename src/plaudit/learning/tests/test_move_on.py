"""When a unit is satisfied: the whole truth table of moveOn, and what statements come to.

cmi5, Quartz 1st edition (AICC, 2016): the values of moveOn in section 13.1.4 and of the launch data in 10.2.4, the verbs
in 9.3, what results say in 9.5, and the categories in 9.6.2.1 and 9.6.2.2. "Waived" (9.3.7) meets any of them.
"""

from __future__ import annotations

from itertools import product

import pytest

from plaudit.learning.definitions import MoveOn
from plaudit.learning.rules.move_on import CATEGORY, MOVES_ON, Attempt, Heard, attempt_of
from plaudit.learning.tests.saying import ADL

ABANDONED = "https://w3id.org/xapi/adl/verbs/abandoned"
WAIVED = "https://w3id.org/xapi/adl/verbs/waived"
DEFINED = frozenset({CATEGORY, MOVES_ON})

# By (completed, passed): which of the five are satisfied where nothing was waived.
TABLE = {
    (False, False): {"NotApplicable"},
    (True, False): {"NotApplicable", "Completed", "CompletedOrPassed"},
    (False, True): {"NotApplicable", "Passed", "CompletedOrPassed"},
    (True, True): {"NotApplicable", "Completed", "Passed", "CompletedOrPassed", "CompletedAndPassed"},
}


@pytest.mark.parametrize("move_on", list(MoveOn))
@pytest.mark.parametrize("completed, passed, failed, waived", [*product((False, True), repeat=4)])
def test_the_truth_table_of_move_on(move_on, completed, passed, failed, waived):
    attempt = Attempt("", completed, passed, failed, waived)

    assert attempt.satisfies(move_on) == (waived or move_on.value in TABLE[completed, passed])


def test_there_are_five_values_and_no_more():
    assert {one.value for one in MoveOn} == TABLE[True, True]


@pytest.mark.parametrize(
    "verbs, session, what",
    [
        ([], "", set()),
        (["launched"], "launched", set()),
        (["launched", "initialized"], "initialized", set()),
        (["launched", "initialized", "completed"], "initialized", {"completed"}),
        (["launched", "initialized", "failed", "terminated"], "terminated", {"failed"}),
        (["launched", "initialized", "terminated", "initialized"], "terminated", set()),
        (["launched", "initialized", "terminated", "launched", "initialized"], "initialized", set()),
        (["launched", "initialized", "failed", "passed", "completed", "terminated"], "terminated",
         {"failed", "passed", "completed"}),
    ],
)  # fmt: skip
def test_a_session_is_where_its_statements_say(verbs, session, what):
    attempt = attempt_of(Heard(f"{ADL}{verb}", DEFINED, in_session=True) for verb in verbs)

    assert attempt.session == session
    assert {name for name in ("completed", "passed", "failed", "waived") if getattr(attempt, name)} == what


def test_an_abandoned_session_ends_and_a_waived_unit_is_satisfied():
    assert attempt_of([Heard(f"{ADL}launched"), Heard(ABANDONED)]).session == "abandoned"
    assert attempt_of([Heard(WAIVED, DEFINED)]).satisfies(MoveOn.COMPLETED_AND_PASSED)


@pytest.mark.parametrize(
    "categories, in_session, counts",
    [
        (DEFINED, True, True),
        (DEFINED, False, True),
        ({CATEGORY}, True, False),  # defined, but with no result that moves on (9.6.2.2)
        (set(), True, False),  # allowed beside, in the session, and never counted (7.1.3)
        (set(), False, True),  # nothing to do with cmi5
    ],
)
def test_only_what_is_marked_to_move_on_does_so_under_cmi5(categories, in_session, counts):
    attempt = attempt_of([Heard(f"{ADL}passed", frozenset(categories), in_session)])

    assert attempt.satisfies(MoveOn.PASSED) is counts
