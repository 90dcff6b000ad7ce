"""The register of limited things: what there is only so much of, what keeps it, and the races that fight over it.

`tests/test_limited.py` holds it to the models: every constraint and every field whose name speaks of a
limit is kept by something here, or is said not to be a limit. `python -m bench.races` runs the races.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limited:
    """One thing that is limited.

    `kept_by` names constraints of the database and limited fields (`rewards_reward.stock`), or says which
    lock keeps it where no constraint can. `races` are tests, by file and name.
    """

    name: str
    kept_by: tuple[str, ...]
    races: tuple[str, ...]


_LEDGER = "src/plaudit/ledger/tests/test_races.py::test_"
_PEOPLE = "tests/races/test_people.py::test_"
_POINTS = "tests/races/test_points_and_rewards.py::test_"
_PROGRAMMES = "tests/races/test_programmes_and_webhooks.py::test_"
_IDEMPOTENCY = "src/plaudit/foundation/tests/test_idempotency.py::test_"
_LIMITS = "src/plaudit/earning/tests/test_limits_race.py::test_"
_IMPORTING = "src/plaudit/people/tests/test_importing.py::test_"
_MERGING = "src/plaudit/people/tests/test_merging.py::test_"
_MERGE = "src/plaudit/membership/tests/test_merge.py::test_"
_MEMBERSHIP = "src/plaudit/membership/tests/test_races.py::test_"
_TEAMS = "src/plaudit/people/tests/test_teams.py::test_"
_FOLLOWING = "src/plaudit/engagement/tests/test_following.py::test_"
_COMPETITIONS = "src/plaudit/engagement/tests/test_competitions.py::test_"
_CHALLENGES = "src/plaudit/engagement/tests/test_challenges.py::test_"
_CASES = "src/plaudit/cases/tests/test_cases.py::test_"
_REQUESTS = "src/plaudit/cases/tests/test_requests.py::test_"
_TIERS = "src/plaudit/targeting/tests/test_tiers.py::test_"
_REDEEM = "src/plaudit/rewards/tests/test_redeem.py::test_"

REGISTER = (
    Limited(
        "balance",
        ("wallet_never_overdrawn", "wallet_pending_never_negative", "wallet_held_never_negative"),
        (
            f"{_LEDGER}a_balance_worth_one_spend_is_spent_once",
            f"{_LEDGER}points_moved_to_and_fro_at_once_neither_deadlock_nor_vanish",
        ),
    ),
    Limited(
        "wallet of a unit",
        ("one_wallet_a_unit",),
        (f"{_LEDGER}a_wallet_opened_by_many_at_once_is_one_wallet",),
    ),
    Limited(
        "hold",
        ("a_hold_never_overdraws", "the lock on the wallet"),
        (
            f"{_LEDGER}five_thousand_points_carry_five_holds_of_a_thousand",
            f"{_LEDGER}a_hold_captured_released_and_run_out_at_once_ends_once",
            f"{_LEDGER}a_capture_retried_with_its_key_gets_one_answer",
        ),
    ),
    Limited(
        "lot that lapses",
        ("the lock on the wallet",),
        (
            f"{_LEDGER}a_point_is_held_or_expired_and_never_both",
            f"{_LEDGER}what_falls_due_happens_once_however_many_run_it",
        ),
    ),
    Limited(
        "points that wait for a confirmation",
        ("the lock on the wallet",),
        (
            "src/plaudit/earning/tests/test_pending_until.py::test_what_waits_is_confirmed_once_among_twenty_at_once",
        ),
    ),
    Limited(
        "reversal",
        ("the lock on the wallet",),
        (
            f"{_LEDGER}a_transfer_is_reversed_once",
            f"{_LEDGER}parts_of_a_reversal_never_add_up_to_more_than_the_whole",
            f"{_POINTS}a_grant_reversed_by_many_gives_its_limit_back_once",
        ),
    ),
    Limited(
        "correction",
        ("the lock on the wallet",),
        (
            f"{_LEDGER}an_event_corrected_by_many_is_taken_back_once",
            f"{_POINTS}refunds_of_one_purchase_take_back_no_more_than_it_earned",
        ),
    ),
    Limited(
        "key of a transfer",
        ("one_key_one_transfer",),
        (
            f"{_LEDGER}one_key_posts_once_and_everybody_gets_its_answer",
            f"{_LEDGER}one_key_used_for_two_members_at_once_posts_for_one",
            f"{_POINTS}opening_balances_taken_over_by_many_at_once_are_taken_over_once",
        ),
    ),
    Limited(
        "sealed period",
        ("the lock on sealing",),
        (
            f"{_LEDGER}a_period_sealed_while_points_are_posted_is_sealed_whole",
            f"{_PROGRAMMES}a_period_is_sealed_once_and_the_chain_has_no_gap",
        ),
    ),
    Limited(
        "idempotency key",
        ("one_key_one_reply",),
        (f"{_IDEMPOTENCY}of_twenty_at_once_one_acts_and_the_others_wait_or_hear_its_answer",),
    ),
    Limited(
        "activity key",
        ("an_event_is_recorded_once", "a_source_is_named_once"),
        (f"{_POINTS}activity_reported_by_many_at_once_is_recorded_once",),
    ),
    Limited(
        "page of a follower",
        ("the lock on the follower",),
        (f"{_FOLLOWING}followers_at_once_give_each_page_to_one_of_them",),
    ),
    Limited(
        "target of a challenge",
        ("progress_is_never_negative", "the lock on the follower"),
        (f"{_CHALLENGES}a_target_reached_among_many_followers_is_granted_once",),
    ),
    Limited(
        "prizes of a competition",
        ("a_tally_is_never_negative", "the lock on the round"),
        (f"{_COMPETITIONS}a_round_decided_by_many_at_once_gives_its_prizes_once",),
    ),
    Limited(
        "part of an event in a tier",
        ("an_event_counts_once", "no_day_counts_less_than_nothing", "the lock on the measure"),
        (f"{_TIERS}what_many_count_at_once_counts_once",),
    ),
    Limited(
        "limit of a member",
        ("the lock on the wallet",),
        (f"{_LIMITS}a_limit_over_two_units_is_granted_once_among_twenty_at_once",),
    ),
    Limited(
        "budget",
        ("a_budget_use_is_never_negative", "earning_budget.used", "earning_budget.at_most"),
        (
            f"{_POINTS}a_budget_is_granted_to_the_last_point_and_no_further",
            f"{_LIMITS}a_limit_for_everyone_is_granted_up_to_its_end_among_twenty_members_at_once",
        ),
    ),
    Limited("limit of a team", ("earning_budget.used",), (f"{_POINTS}a_team_limit_holds_among_its_members",)),
    Limited(
        "stock",
        (
            "stock_never_passed",
            "taken_never_negative",
            "rewards_reward.stock",
            "rewards_reward.taken",
        ),
        (f"{_REDEEM}twenty_members_get_the_last_three_once_each",),
    ),
    Limited(
        "limit of a reward",
        ("rewards_reward.per_member", "the lock on the wallet"),
        (f"{_REDEEM}a_member_limit_holds_against_twenty_at_once",),
    ),
    Limited(
        "pool of codes",
        ("rewards_code.redemption", "a_code_is_in_one_pool_once"),
        (
            f"{_POINTS}a_pool_of_five_codes_gives_five_members_a_code_each",
            f"{_POINTS}codes_added_by_many_at_once_are_in_the_pool_once",
        ),
    ),
    Limited(
        "redemption",
        ("one_key_one_redemption", "an_end_has_its_transfer"),
        (
            f"{_REDEEM}twenty_redemptions_of_a_balance_worth_one_give_one",
            f"{_REDEEM}the_same_key_twenty_times_at_once_redeems_once",
            f"{_REDEEM}a_redemption_ends_once_whoever_ends_it",
        ),
    ),
    Limited(
        "import",
        ("the lock on imports", "the lock on the import"),
        (
            f"{_POINTS}a_file_started_by_many_at_once_is_one_import",
            f"{_POINTS}an_import_run_and_taken_back_by_many_at_once_happens_once",
        ),
    ),
    Limited(
        "sign-in link",
        ("people_sign_in_link.used_at",),
        ("src/plaudit/people/tests/test_signing_in.py::test_of_twenty_who_use_a_link_at_once_one_gets_in",),
    ),
    Limited(
        "code of an app, recovery code",
        ("people_recovery_code.used_at", "people_recovery_code.code_hash", "the step of the app's last code"),
        (f"{_PEOPLE}a_recovery_code_lets_one_in",),
    ),
    Limited(
        "passkey",
        ("people_passkey.credential_id",),
        (f"{_PEOPLE}a_passkey_on_two_accounts_at_once_is_on_one",),
    ),
    Limited(
        "links an hour",
        ("the lock on the person",),
        (f"{_PEOPLE}no_more_links_are_made_in_an_hour_however_many_ask",),
    ),
    Limited(
        "invitation",
        ("people_user.email", "a_role_is_held_once"),
        (f"{_PEOPLE}somebody_invited_by_many_at_once_is_one_person_with_one_role",),
    ),
    Limited(
        "last operator",
        ("the lock on the roles",),
        ("src/plaudit/people/tests/test_roles.py::test_the_last_operator_stays_even_if_all_leave_at_once",),
    ),
    Limited("rotation of a key", ("people_api_key.replaces",), (f"{_PEOPLE}a_key_is_rotated_once",)),
    Limited(
        "requests in a window",
        ("the lock on the buckets",),
        (f"{_PEOPLE}a_bucket_lets_through_as_many_as_it_holds",),
    ),
    Limited(
        "short name of an organisation",
        ("people_organisation.slug",),
        (f"{_PEOPLE}a_short_name_is_one_organisations",),
    ),
    Limited(
        "clock of a sandbox",
        ("a_sandbox_clock_only_goes_forward", "the lock on the clock"),
        (f"{_PEOPLE}a_sandbox_clock_is_moved_by_one_at_a_time_and_only_forward",),
    ),
    Limited(
        "external id",
        ("an_external_id_means_one_member",),
        (f"{_IMPORTING}twenty_imports_of_the_same_people_and_live_activity_at_once_enrol_each_once",),
    ),
    Limited(
        "member of a person",
        ("one_member_a_user",),
        (f"{_PEOPLE}a_person_bound_to_many_members_at_once_is_one_of_them",),
    ),
    Limited(
        "merge",
        ("a_member_is_absorbed_once", "nobody_merges_with_themselves"),
        (
            f"{_MERGING}of_many_who_merge_the_same_two_at_once_in_both_directions_one_does",
            f"{_MERGE}merges_of_the_same_two_and_points_given_at_once_lose_nothing",
        ),
    ),
    Limited(
        "membership of a programme",
        ("one_membership_a_programme", "one_key_one_invoice"),
        (f"{_MEMBERSHIP}of_twenty_who_join_one_member_at_once_one_does",),
    ),
    Limited(
        "number of an invoice",
        ("one_number_one_invoice",),
        (f"{_MEMBERSHIP}invoices_raised_at_once_are_numbered_without_a_gap",),
    ),
    Limited(
        "what an invoice asks for",
        ("the lock on the membership", "one_key_one_entry"),
        (
            f"{_MEMBERSHIP}an_invoice_paid_by_many_at_once_is_paid_once_and_welcomes_once",
            f"{_MEMBERSHIP}parts_paid_at_once_never_add_up_to_more_than_is_owed",
            f"{_MEMBERSHIP}refunds_at_once_never_give_back_more_than_came",
        ),
    ),
    Limited(
        "payment a provider tells of",
        ("one_reference_one_payment", "a_stray_payment_is_kept_once"),
        (
            f"{_MEMBERSHIP}one_payment_told_of_by_many_at_once_is_recorded_once",
            f"{_MEMBERSHIP}the_same_reference_under_many_keys_at_once_is_one_payment",
        ),
    ),
    Limited(
        "step of a membership",
        ("a_step_is_taken_once", "membership_invoice.step"),
        (f"{_MEMBERSHIP}a_membership_renewed_and_cancelled_by_many_at_once_changes_once",),
    ),
    Limited(
        "entitlement",
        ("an_entitlement_is_used_once", "one_key_one_entitlement_use"),
        (f"{_MEMBERSHIP}an_entitlement_is_used_once_an_occasion_whoever_uses_it",),
    ),
    Limited(
        "version of a scheme",
        ("a_scheme_is_published_once",),
        (f"{_MEMBERSHIP}a_scheme_published_by_many_at_once_is_one_version",),
    ),
    Limited(
        "erasure",
        ("a_member_is_erased_once", "an_erased_member_is_nobody"),
        (f"{_PEOPLE}a_member_is_erased_once",),
    ),
    Limited(
        "stay in a team",
        ("a_member_is_in_a_team_once_at_a_time", "a_stay_ends_after_it_begins"),
        (f"{_TEAMS}of_twenty_who_put_a_member_in_a_team_at_once_one_does",),
    ),
    Limited(
        "version of a programme",
        ("a_programme_key_is_unique", "a_programme_version_is_published_once", "a_reward_key_is_unique"),
        (f"{_PROGRAMMES}the_same_file_applied_by_many_at_once_is_published_once",),
    ),
    Limited(
        "line-up",
        ("one_rule_set_a_version", "a_rule_key_is_unique", "a_limit_is_named_once"),
        (f"{_PROGRAMMES}publishers_at_once_leave_every_programme_in_the_line_up",),
    ),
    Limited(
        "version of an event type",
        ("one_row_a_type_version",),
        (f"{_PROGRAMMES}a_type_declared_by_many_at_once_has_one_version",),
    ),
    Limited(
        "unit", ("a_unit_key_is_unique",), (f"{_PROGRAMMES}a_unit_declared_by_many_at_once_is_one_unit",)
    ),
    Limited(
        "receivers of webhooks",
        ("the lock on webhooks",),
        (f"{_PROGRAMMES}there_are_never_more_receivers_than_may_be",),
    ),
    Limited(
        "secrets of a receiver",
        ("the lock on the endpoint",),
        (f"{_PROGRAMMES}never_more_than_two_secrets_of_a_receiver_live",),
    ),
    Limited(
        "delivery",
        ("a_message_goes_to_an_endpoint_once", "the lease on the delivery"),
        (f"{_PROGRAMMES}a_message_is_handed_out_once_and_taken_up_by_one",),
    ),
    Limited(
        "case",
        ("one_key_one_case", "one_running_case_about_a_thing", "one_key_one_message"),
        (
            f"{_CASES}a_thing_questioned_by_many_at_once_is_one_case",
            f"{_CASES}an_answer_sent_by_many_at_once_is_said_once",
        ),
    ),
    Limited(
        "correction of a case",
        ("the lock on the case",),
        (f"{_CASES}a_case_corrected_by_many_at_once_is_put_right_once",),
    ),
    Limited(
        "request for approval",
        (
            "two_people_decide",
            "an_approval_has_its_transfer",
            "one_key_one_request",
            "one_request_of_a_case_waits",
        ),
        (
            f"{_REQUESTS}a_request_approved_and_declined_by_many_at_once_is_decided_once",
            f"{_REQUESTS}one_key_asked_by_many_at_once_is_one_request",
            f"{_REQUESTS}a_case_has_one_request_that_waits_however_many_ask",
        ),
    ),
)

_SHAPE = "the shape of a row, which one writer alone decides"
_SHAPES = """
a_transfer_moves_something a_transfer_goes_somewhere_else a_transfer_touches_its_wallet
what_undoes_or_settles_says_what what_is_owed_is_not_written_off a_burn_takes_or_gives_back
what_is_settled_says_when a_simulation_has_its_result_when_done a_case_that_ended_says_when
a_claim_says_what_is_missing a_decided_request_says_when a_request_is_about_points an_invoice_asks
an_entry_is_of_something a_refund_is_of_a_payment a_discount_is_part_of_the_fee
a_reward_costs_something
"""
NOT_LIMITED = {
    **dict.fromkeys(_SHAPES.split(), _SHAPE),
    "one_thing_is_said_of_a_member_by_a_name": "each thing has one who says it, and who says it again replaces it",
    "people_passkey.last_used_at": "a moment for people to read; the last one stands",
    "only_a_sandbox_moves_its_clock": "the kind of an organisation never changes",
    "only_a_sandbox_is_a_copy": "the kind of an organisation never changes",
    "people_organisation.code": "made at random",
    "people_api_key.secret_hash": "made at random",
    "people_sign_in_link.secret_hash": "made at random",
    "people_session.key_hash": "made at random",
    "people_api_key.last_used_at": "tells when, and decides nothing",
    "a_part_is_named_once": "found or made in one statement that waits for its twin",
    "a_measure_is_counted_once": "found or made in one statement that waits for its twin",
    **dict.fromkeys(("targeting_snapshot.taken_at", "targeting_snapshot.taken_by"), "decides nothing"),
    **dict.fromkeys(("a_ladder_has_one_key", "a_segment_has_one_key"), "the lock on programmes keeps them"),
    "a_snapshot_is_taken_once": "taken under the lock on the segment",
    "a_team_key_is_unique": "found or made in one statement that waits for its twin",
}
"""Constraints and fields that keep nothing scarce, with the reason."""
