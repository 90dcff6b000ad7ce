"""The ways listening says no."""

from __future__ import annotations

from plaudit.foundation.refusals import Conflict, Refusal


class NoDesign(Refusal):
    code = "no_balanced_design"
    sentence = "There is no balanced way to ask about {deeds} deeds."
    way_forward = "Ask about as many as one of these: {sizes}."

    def __init__(self, *, deeds: int, sizes: str) -> None:
        super().__init__(deeds=deeds, sizes=sizes)


class TitleTaken(Conflict):
    code = "title_taken"
    sentence = "Something else is called {title} already."
    way_forward = "Choose another title."

    def __init__(self, *, title: str) -> None:
        super().__init__(title=title)


class BaselineClosed(Conflict):
    code = "baseline_closed"
    sentence = "Answers are no longer taken."
    way_forward = "What came of them stands among what was said."


class AnsweredAlready(Conflict):
    code = "answered_already"
    sentence = "You have taken part already."
    way_forward = "Nothing more is to be done: what you said cannot be told apart from what others said."


class NotAsked(Refusal):
    code = "not_asked"
    sentence = "Only some kinds of members are asked this."
    way_forward = "Write an idea instead."


class AnswersNotShown(Conflict):
    code = "answers_not_shown"
    sentence = "Answers of fewer than {least} people are not shown."
    way_forward = "Ask again when more can take part."

    def __init__(self, *, least: int) -> None:
        super().__init__(least=least)


class TwoCoders(Conflict):
    code = "two_coders"
    sentence = "Two others are coding these texts."
    way_forward = "Draw another sample to code it yourself."


class CodingDone(Conflict):
    code = "coding_done"
    sentence = "Both have coded every text, and see what the other chose."
    way_forward = "Draw another sample to see whether they agree better by now."


class FocusGroupFull(Conflict):
    code = "focus_group_full"
    sentence = "Every place in this focus group is taken."
    way_forward = "Write an idea instead, or wait for the next focus group."


class NotInvited(Conflict):
    code = "not_invited"
    sentence = "You are not invited to this focus group."
    way_forward = "Write an idea instead."


class VersionNotPublished(Conflict):
    code = "version_not_published"
    sentence = "Version {version} of programme {programme} was not published."
    way_forward = "Apply the programme file first; then say what was done."

    def __init__(self, *, programme: str, version: int) -> None:
        super().__init__(programme=programme, version=version)
