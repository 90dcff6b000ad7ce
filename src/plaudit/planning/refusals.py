"""The ways planning says no."""

from __future__ import annotations

from collections.abc import Sequence

from plaudit.foundation.refusals import Conflict, Problem, Refusal
from plaudit.foundation.worded import worded_count
from plaudit.planning.programme_file.problems import FileProblem


class ProgrammeFileRefused(Problem):
    """A programme file has faults, or asks for what cannot be; every one of them, with its line."""

    code = "programme_file_refused"

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = tuple(problems)
        summary = worded_count(
            len(self.problems),
            "The programme file has one problem.",
            "The programme file has {n} problems.",
        )
        super().__init__(summary, errors=[problem.as_error() for problem in self.problems])


class ProgrammeMovedOn(Conflict):
    """Somebody applied another version since the plan was made."""

    code = "programme_moved_on"
    sentence = "Version {live} of {programme} is live, not version {expected}."
    way_forward = "Look at the plan again; it may now change other things."

    def __init__(self, *, programme: str, live: int, expected: int) -> None:
        super().__init__(programme=programme, live=live, expected=expected)


class ProgrammeRetired(Conflict):
    """A retired programme stays retired."""

    code = "programme_retired"
    sentence = "{programme} is retired, for good."
    way_forward = "Give the file another programme key, and it is a new programme."

    def __init__(self, *, programme: str) -> None:
        super().__init__(programme=programme)


class ProgrammeNotInState(Conflict):
    """What was asked fits another state of the programme."""

    code = "programme_not_in_state"
    sentence = "{programme} is {state}, so it cannot be {act}."

    def __init__(self, *, programme: str, state: str, act: str) -> None:
        super().__init__(programme=programme, state=state, act=act)


class NotPublic(Refusal):
    """Whether there is such a programme, or it only is nobody else's business, is not told."""

    code = "not_public"
    status = 404
    exit_code = 3
    sentence = "Nothing is public at this address yet."
    way_forward = (
        "Check the address. Members of a programme sign in as before; what it is, they can read there."
    )


class JoiningClosed(Conflict):
    """The programme takes nobody in who comes by themselves."""

    code = "joining_closed"
    sentence = "Joining {programme} is closed at present."
    way_forward = "Ask whoever runs the programme when it opens."

    def __init__(self, *, programme: str) -> None:
        super().__init__(programme=programme)


class EnrolmentNotValid(Refusal):
    """A link to enrol that nobody made here, that is too old, or whose programme is not there any more."""

    code = "enrolment_not_valid"
    status = 422
    sentence = "This link does not work any more, or never did."
    way_forward = "Fill the form in again; the link in the message works for a day."


class SimulationEnded(Conflict):
    """A replay that is over cannot be cancelled."""

    code = "simulation_ended"
    sentence = "{ref} is {state} already."
    way_forward = "What it found stays to be read; nothing was changed by it."

    def __init__(self, *, ref: str, state: str) -> None:
        super().__init__(ref=ref, state=state)
