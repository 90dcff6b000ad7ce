"""What a model marks as though it were limited and is not, each with its reason."""

from __future__ import annotations

_SHAPE = "the shape of a row, which one writer alone decides"
_SHAPES = """
a_transfer_moves_something a_transfer_goes_somewhere_else a_transfer_touches_its_wallet
what_undoes_or_settles_says_what what_is_owed_is_not_written_off a_burn_takes_or_gives_back
what_is_settled_says_when a_simulation_has_its_result_when_done a_case_that_ended_says_when
a_claim_says_what_is_missing a_decided_request_says_when a_request_is_about_points an_invoice_asks
an_entry_is_of_something a_refund_is_of_a_payment a_discount_is_part_of_the_fee
a_refund_gives_something_back a_reward_costs_something a_recognition_never_takes_points
nobody_recognises_themselves a_plan_is_of_days a_link_is_of_a_team_or_a_person nobody_nominates_themselves
a_nomination_is_about_points a_stand_in_is_another a_stand_in_is_for_a_while
a_refund_gives_something_back a_reward_costs_something
minutes_are_never_negative completed_minutes_are_never_negative a_session_takes_time nobody_is_counted_unnamed
an_anonymous_answer_is_not_kept_halfway an_anonymous_answer_is_about_nobody
a_notice_is_one_persons a_device_is_somebodys
"""
_RANDOM = "made at random"
_TWIN = "found or made in one statement that waits for its twin"

NOT_LIMITED = {
    **dict.fromkeys(_SHAPES.split(), _SHAPE),
    "one_thing_is_said_of_a_member_by_a_name": "each thing has one who says it, and who says it again replaces it",
    "a_member_chooses_once_by_a_name": "the member's row is locked, and the last word is theirs",
    "a_shape_of_list_is_known_once": "the newer of two readings stands, and decides nothing by itself",
    "a_programme_has_one_row_of_translations": "it is what the newest version says, written under the lock of programmes",
    "a_view_is_kept_once_by_a_name": "the newer of two of one name stands, and loses nothing that counts",
    "people_passkey.last_used_at": "a moment for people to read; the last one stands",
    "only_a_sandbox_moves_its_clock": "the kind of an organisation never changes",
    "only_a_sandbox_is_a_copy": "the kind of an organisation never changes",
    "people_organisation.code": _RANDOM,
    "a_secret_opens_one_session": _RANDOM,
    "recognition_link.secret": _RANDOM,
    "people_api_key.secret_hash": _RANDOM,
    "people_sign_in_link.secret_hash": _RANDOM,
    "people_session.key_hash": _RANDOM,
    "people_api_key.last_used_at": "tells when, and decides nothing",
    "a_part_is_named_once": _TWIN,
    "a_measure_is_counted_once": _TWIN,
    "a_team_key_is_unique": _TWIN,
    "an_organisation_has_one_provider": "set under the lock on the organisation; the later of two stands",
    "people_provider_link.last_used_at": "tells when, and decides nothing",
    **dict.fromkeys(("targeting_snapshot.taken_at", "targeting_snapshot.taken_by"), "decides nothing"),
    "listening_collection.taken_in_at": "tells when, and decides nothing",
    **dict.fromkeys(("a_ladder_has_one_key", "a_segment_has_one_key"), "the lock on programmes keeps them"),
    "an_offer_has_one_key": "published under the lock on programmes",
    "a_snapshot_is_taken_once": "taken under the lock on the segment",
}
"""Constraints and fields that keep nothing scarce, with the reason."""
