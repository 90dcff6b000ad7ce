"""The ways surveys say no."""

from __future__ import annotations

from plaudit.foundation.refusals import Conflict, Refusal


class NoSurvey(Refusal):
    code = "no_survey"
    status = 404
    exit_code = 3
    sentence = "The programme {programme} has no survey {survey}."
    way_forward = "Add it to the section surveys: of its file."

    def __init__(self, *, programme: str, survey: str) -> None:
        super().__init__(programme=programme, survey=survey)


class LinkNotValid(Refusal):
    code = "survey_link_not_valid"
    status = 404
    exit_code = 3
    sentence = "This link leads to no survey."
    way_forward = "Open it from the message once more, whole."


class AnsweredAlready(Conflict):
    code = "survey_answered_already"
    sentence = "You have answered this survey already."
    way_forward = "There is nothing more to do."


class SurveyClosed(Conflict):
    code = "survey_closed"
    sentence = "This survey is closed."
    way_forward = "There is nothing more to do."


class SurveyFull(Conflict):
    code = "survey_full"
    sentence = "Enough people have answered this survey."
    way_forward = "There is nothing more to do."


class AnswerNotPossible(Refusal):
    code = "answer_not_possible"
    sentence = "“{given}” is no answer to the question {question}."
    way_forward = "Choose one of the answers it offers."

    def __init__(self, *, question: str, given: str) -> None:
        super().__init__(question=question, given=given[:80])


class AnswerMissing(Refusal):
    code = "answer_missing"
    sentence = "The question {question} is not answered."
    way_forward = "Answer it."

    def __init__(self, *, question: str) -> None:
        super().__init__(question=question)


class AboutNobody(Refusal):
    code = "survey_about_nobody"
    sentence = "The survey {survey} is about somebody: say about whom."
    way_forward = "Name the member who served."

    def __init__(self, *, survey: str) -> None:
        super().__init__(survey=survey)


class NotAskedOfMany(Conflict):
    code = "survey_not_asked_of_many"
    sentence = "The survey {survey} is about one person each, so it is not sent to everybody at once."
    way_forward = "Invite to it after each contact."

    def __init__(self, *, survey: str) -> None:
        super().__init__(survey=survey)


class NotTakenInFromOutside(Conflict):
    code = "survey_not_taken_in"
    sentence = "Answers to the anonymous survey {survey} come through its links alone."
    way_forward = "Invite people, or ask in a survey that is not anonymous."

    def __init__(self, *, survey: str) -> None:
        super().__init__(survey=survey)
