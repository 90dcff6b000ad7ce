"""The register of limited things: what there is only so much of, what keeps it, and the races that fight over it.

`tests/test_limited.py` holds it to the models: every constraint and every field whose name speaks of a
limit is kept by something here, or is said not to be a limit. `python -m bench.races` runs the races.
"""

from __future__ import annotations

from tests.limited_learning import LEARNING
from tests.limited_listening import LISTENING
from tests.limited_practices import PRACTICES
from tests.limited_surveys import SURVEYS
from tests.limiting import Limited

_LEDGER = "src/plaudit/ledger/tests/test_races.py::test_"
_PEOPLE = "tests/races/test_people.py::test_"
_POINTS = "tests/races/test_points_and_rewards.py::test_"
_PROGRAMMES = "tests/races/test_programmes_and_webhooks.py::test_"
_IDEMPOTENCY = "src/plaudit/foundation/tests/test_idempotency.py::test_"
_LIMITS = "src/plaudit/earning/tests/test_limits_race.py::test_"
_IMPORTING = "src/plaudit/people/tests/test_importing.py::test_"
_MERGING = "src/plaudit/people/tests/test_merging.py::test_"
_MERGE = "src/plaudit/membership/tests/test_merge.py::test_"
_PROVISIONING = "src/plaudit/people/tests/test_provisioning.py::test_"
_SINGLE_SIGN_ON = "src/plaudit/people/tests/test_single_sign_on.py::test_"
_TEAMS = "src/plaudit/people/tests/test_teams.py::test_"
_FOLLOWING = "src/plaudit/engagement/tests/test_following.py::test_"
_COMPETITIONS = "src/plaudit/engagement/tests/test_competitions.py::test_"
_CHALLENGES = "src/plaudit/engagement/tests/test_challenges.py::test_"
_OFFERS = "src/plaudit/targeting/tests/test_offers.py::test_"
_TIERS = "src/plaudit/targeting/tests/test_tiers.py::test_"
_ARRANGE = "src/plaudit/rewards/tests/test_arranging.py::test_"
_ORDERING = "src/plaudit/rewards/tests/test_ordering.py::test_"
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
        "member drawn for an offer",
        ("nobody_accepts_what_was_not_offered", "the lock on the offer"),
        (
            f"{_OFFERS}whoever_draws_at_once_draws_everybody_once",
            f"{_OFFERS}an_offer_accepted_by_many_at_once_is_accepted_once",
            f"{_OFFERS}an_offer_made_to_a_list_by_many_at_once_is_made_to_each_once",
        ),
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
        (
            f"{_REDEEM}twenty_members_get_the_last_three_once_each",
            f"{_ARRANGE}the_places_of_an_event_are_taken_once_each",
        ),
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
        "approval of a redemption and payment",
        ("nothing_goes_out_unpaid", "the lock on the redemption"),
        (
            f"{_ARRANGE}twenty_who_agree_at_once_agree_once",
            f"{_ARRANGE}a_payment_and_the_end_of_its_time_meet_once",
            f"{_ARRANGE}money_returned_by_many_at_once_is_returned_once",
        ),
    ),
    Limited(
        "refund of a redemption",
        ("one_key_one_refund", "the lock on the wallet"),
        (f"{_ARRANGE}twenty_refunds_at_once_give_back_what_was_spent",),
    ),
    Limited(
        "supplier, and an order of it",
        ("rewards_order.redemption", "the lease on the order", "a_supplier_key_is_unique"),
        (
            f"{_ORDERING}a_supplier_named_by_twenty_at_once_is_one",
            f"{_ORDERING}an_order_taken_up_by_twenty_at_once_is_taken_up_by_one",
            f"{_ORDERING}twenty_answers_to_one_order_give_one_code",
        ),
    ),
    Limited(
        "remittance of a donation",
        ("one_reference_one_remittance", "the lock on remittances"),
        (
            "src/plaudit/rewards/tests/test_donations.py::test_gifts_remitted_by_twenty_at_once_are_remitted_once",
        ),
    ),
    Limited(
        "import",
        ("the lock on imports", "the lock on the import"),
        (
            f"{_POINTS}a_file_started_by_many_at_once_is_one_import",
            f"{_POINTS}an_import_run_and_taken_back_by_many_at_once_happens_once",
            f"{_POINTS}an_import_cancelled_by_many_while_it_runs_either_ends_or_goes_on_later",
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
        "enrolment by oneself",
        ("the lock on enrolment",),
        (f"{_PROGRAMMES}one_address_enrolled_by_many_at_once_is_one_member",),
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
        "person a provider vouches for",
        ("a_subject_means_one_person", "a_person_is_one_subject"),
        (f"{_SINGLE_SIGN_ON}somebody_new_who_comes_twenty_times_at_once_is_one_person",),
    ),
    Limited(
        "person of a directory",
        ("a_user_name_is_one_person", "a_person_is_provisioned_once"),
        (f"{_PROVISIONING}one_person_provisioned_twenty_times_at_once_is_one",),
    ),
    Limited(
        "group of a directory",
        ("a_team_is_provisioned_once", "a_person_is_in_a_group_once"),
        (f"{_PROVISIONING}one_group_provisioned_twenty_times_at_once_is_one_team",),
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
    *PRACTICES,
    *LEARNING,
    *SURVEYS,
    *LISTENING,
)
