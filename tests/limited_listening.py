"""The part of the register of limited things that listening fills."""

from __future__ import annotations

from tests.limiting import Limited

_RACES = "src/plaudit/listening/tests/test_races.py::test_"

LISTENING = (
    Limited(
        "answer of a member to what is asked",
        ("the key of who took part", "the lock on what is asked"),
        (f"{_RACES}a_member_who_answers_many_times_at_once_is_counted_once_and_none_after_the_closing",),
    ),
    Limited(
        "seat of one who codes",
        ("a_coder_sits_once", "two_people_code", "the lock on the coding"),
        (f"{_RACES}of_twenty_who_want_to_code_two_do",),
    ),
    Limited(
        "place in a focus group",
        ("a_focus_group_is_never_overfull", "the lock on the focus group"),
        (f"{_RACES}of_twenty_who_come_to_five_places_five_do_and_a_place_given_back_is_free",),
    ),
    Limited(
        "vote for an idea",
        ("the key of a vote", "the lock on the member"),
        (f"{_RACES}twenty_votes_of_one_member_are_one",),
    ),
    Limited(
        "title of what is asked, taken in, coded or told",
        (
            "a_baseline_has_one_title",
            "a_collection_has_one_title",
            "a_coding_has_one_title",
            "a_focus_group_has_one_title",
            "a_member_has_an_idea_once",
            "a_thing_said_is_noted_once",
            "what_was_done_is_told_once",
        ),
        (f"{_RACES}what_is_called_so_is_there_once_however_many_bring_it_at_once",),
    ),
)
