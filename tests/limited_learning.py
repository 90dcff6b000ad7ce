"""The part of the register of limited things that learning fills."""

from __future__ import annotations

from tests.limiting import Limited

_RACES = "src/plaudit/learning/tests/test_races.py::test_"

_TAKEN = "src/plaudit/credentials/tests/test_credentials.py::test_"

LEARNING = (
    Limited(
        "credential of something held",
        (
            "a_credential_is_given_once",
            "a_link_opens_one_credential",
            "a_place_is_one_credentials",
            "credentials_credential.place",
        ),
        (f"{_TAKEN}a_credential_asked_for_by_many_at_once_is_one",),
    ),
    Limited(
        "key that signs credentials",
        ("one_key_signs",),
        (f"{_TAKEN}a_key_renewed_by_many_at_once_leaves_one_that_signs",),
    ),
    Limited(
        "place in a session",
        ("a_session_is_never_overfull", "one_registration_a_session", "learning_session.taken"),
        (
            f"{_RACES}of_twenty_who_register_for_five_places_five_have_one_and_the_others_wait",
            f"{_RACES}a_member_checked_in_by_many_at_once_is_there_once",
        ),
    ),
    Limited(
        "session",
        ("one_key_one_session", "the lock on the session"),
        (
            f"{_RACES}a_session_opened_with_one_key_by_many_at_once_is_one_session",
            f"{_RACES}a_session_closed_by_many_at_once_counts_everybody_once",
        ),
    ),
    Limited(
        "completion of a period",
        ("a_completion_counts_once_a_period", "learning_certificate.completion"),
        (
            f"{_RACES}a_completion_reported_by_many_at_once_counts_once_a_period",
            f"{_RACES}the_last_steps_of_a_certification_taken_at_once_certify_once",
        ),
    ),
    Limited(
        "claim of what was learned",
        ("one_key_one_learning_claim", "a_decided_claim_says_when", "the lock on the claim"),
        (f"{_RACES}a_claim_made_and_decided_by_many_at_once_counts_once",),
    ),
    Limited(
        "list of who completed something",
        ("a_row_of_a_list_stands_once", "the lock on the list"),
        (f"{_RACES}a_list_counted_and_taken_back_by_many_at_once_is_so_once",),
    ),
    Limited(
        "version of what there is to learn",
        ("an_offer_to_learn_is_published_once",),
        (f"{_RACES}an_offer_published_by_many_at_once_is_one_version",),
    ),
    Limited(
        "revision of a scenario that a member passed",
        (
            "a_scenario_has_one_revision",
            "a_member_stands_once_with_a_scenario",
            "only_who_passed_is_refreshed",
            "a_score_is_of_a_hundred",
        ),
        (
            f"{_RACES}a_scenario_passed_by_one_member_many_times_at_once_is_passed_once",
            f"{_RACES}whoever_passes_while_a_rule_changes_has_passed_the_new_one_or_is_asked_for_a_refresher",
        ),
    ),
    Limited(
        "document of a course",
        (
            "a_document_stands_once",
            "a_document_is_of_a_learner_or_of_an_activity",
            "the lock on the documents of a place",
        ),
        (
            f"{_RACES}a_document_changed_by_many_at_once_takes_in_what_each_of_them_says",
            f"{_RACES}the_last_document_of_a_place_is_put_by_one_of_many_at_once",
        ),
    ),
    Limited(
        "room for files of statements",
        ("a_file_is_attached_once", "the lock on the files of an organisation"),
        (f"{_RACES}the_room_for_one_more_file_is_taken_by_one_of_many_at_once",),
    ),
    Limited(
        "statement under its id",
        ("one_id_one_statement", "who_is_spoken_of_is_kept_once"),
        (f"{_RACES}a_statement_sent_by_many_at_once_is_kept_and_counted_once",),
    ),
)
