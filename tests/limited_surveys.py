"""The part of the register of limited things that surveys fill."""

from __future__ import annotations

from tests.limiting import Limited

_RACES = "src/plaudit/surveys/tests/test_races.py::test_"

SURVEYS = (
    Limited(
        "answer of an invitation",
        ("a_member_answers_once_about_a_contact", "the lock on the invitation"),
        (f"{_RACES}a_link_used_by_many_at_once_is_answered_once",),
    ),
    Limited(
        "quota of a survey",
        ("a_survey_takes_no_more_than_its_quota", "survey_standing.taken", "survey_standing.at_most"),
        (f"{_RACES}of_twenty_who_answer_with_five_wanted_five_are_taken",),
    ),
    Limited(
        "invitation to a survey",
        ("a_member_is_asked_once_about_a_contact",),
        (f"{_RACES}a_member_asked_by_many_at_once_is_asked_once",),
    ),
    Limited(
        "answer given elsewhere",
        ("a_contact_is_answered_elsewhere_once",),
        (f"{_RACES}an_answer_taken_in_by_many_at_once_counts_once",),
    ),
    Limited(
        "answers without names that wait",
        ("the lock on the urn",),
        (f"{_RACES}answers_without_names_given_at_once_all_wait_in_the_urn_and_all_come_out",),
    ),
    Limited(
        "version of surveys",
        ("a_survey_is_published_once",),
        (f"{_RACES}surveys_published_by_many_at_once_are_one_version",),
    ),
)
