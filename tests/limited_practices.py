"""The part of the register of limited things that memberships, cases and referrals fill."""

from __future__ import annotations

from tests.limiting import Limited

_MEMBERSHIP = "src/plaudit/membership/tests/test_races.py::test_"
_CASES = "src/plaudit/cases/tests/test_cases.py::test_"
_BIRTHDAYS = "src/plaudit/engagement/tests/test_birthdays.py::test_"
_REFERRALS = "src/plaudit/engagement/tests/test_referrals.py::test_"
_GIVING = "src/plaudit/recognition/tests/test_giving.py::test_"
_REVIEWS = "src/plaudit/recognition/tests/test_reviews.py::test_"
_THANKS = "src/plaudit/recognition/tests/test_thanks.py::test_"
_TALK = "src/plaudit/recognition/tests/test_talk.py::test_"
_NOMINATIONS = "src/plaudit/recognition/tests/test_nominations.py::test_"
_MOMENTS = "src/plaudit/recognition/tests/test_moments.py::test_"
_REQUESTS = "src/plaudit/cases/tests/test_requests.py::test_"

_INBOX = "src/plaudit/outreach/tests/test_inbox.py::test_"
_DEVICES = "src/plaudit/outreach/tests/test_devices.py::test_"
_PUSHING = "src/plaudit/outreach/tests/test_pushing.py::test_"

PRACTICES = (
    Limited(
        "warning of an expiry",
        ("an_expiry_is_warned_of_once",),
        (f"{_INBOX}of_twenty_who_warn_at_once_one_does",),
    ),
    Limited(
        "device of a member",
        ("a_device_is_kept_once", "the lock on the member", "the lock on the colleague"),
        (
            "src/plaudit/outreach/tests/test_pushing_at_work.py::test_of_twenty_devices_that_a_colleague_adds_at_once_as_many_as_may_be_are_kept",
            f"{_DEVICES}of_twenty_devices_added_at_once_as_many_as_may_be_are_kept",
            f"{_DEVICES}one_browser_added_by_twenty_at_once_is_one_device",
        ),
    ),
    Limited(
        "message to a device",
        ("the lease on the message",),
        (f"{_PUSHING}of_twenty_workers_at_once_one_sends",),
    ),
    Limited(
        "key to push services",
        ("the lock on making it",),
        (f"{_DEVICES}a_key_asked_for_by_twenty_at_once_is_one",),
    ),
    Limited(
        "notice in an inbox",
        ("a_piece_of_news_is_in_an_inbox_once",),
        (f"{_INBOX}of_twenty_who_tell_at_once_each_notice_is_written_by_one",),
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
        "referral code",
        ("a_code_refers_from_one_member",),
        (f"{_REFERRALS}a_code_asked_for_by_many_at_once_is_one_code",),
    ),
    Limited(
        "referral of a friend",
        ("a_friend_is_referred_once", "nobody_refers_themselves", "the lock on referrals"),
        (
            f"{_REFERRALS}of_twenty_codes_redeemed_at_once_by_one_friend_one_counts",
            f"{_REFERRALS}friends_who_qualify_at_once_earn_their_referrer_no_more_than_the_limit",
        ),
    ),
    Limited(
        "birthday of a calendar year",
        ("the key of a birthday",),
        (f"{_BIRTHDAYS}a_birthday_is_given_once_however_many_celebrate_it",),
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
    Limited(
        "allowance of a giver",
        ("nobody_gives_more_than_they_have", "recognition_giving_use.used", "recognition_giving_use.at_most"),
        (
            f"{_GIVING}an_allowance_fought_over_by_many_is_never_overdrawn",
            f"{_GIVING}the_months_count_of_a_pair_fought_over_by_many_is_never_passed",
        ),
    ),
    Limited(
        "key of a recognition",
        ("one_key_one_recognition",),
        (f"{_GIVING}one_key_sent_by_many_at_once_recognises_once",),
    ),
    Limited(
        "moment",
        ("a_moment_is_proposed_once",),
        (f"{_MOMENTS}a_page_looked_through_by_many_at_once_proposes_each_moment_once",),
    ),
    Limited(
        "look through recognitions",
        (
            "a_time_is_looked_at_once",
            "one_running_finding_about_the_same_people",
        ),
        (
            f"{_REVIEWS}a_time_looked_through_by_many_at_once_finds_each_ring_once",
            f"{_REVIEWS}a_look_asked_for_by_many_at_once_is_one",
        ),
    ),
    Limited(
        "decision of a finding",
        ("a_decided_finding_says_what_and_by_whom", "somebody_else_decides_what_was_doubted"),
        (f"{_REVIEWS}a_finding_decided_by_many_at_once_is_decided_once",),
    ),
    Limited(
        "thanks that one address takes a day",
        ("recognition_giving_use.used", "recognition_giving_use.at_most"),
        (f"{_THANKS}an_address_thanked_by_many_at_once_takes_no_more_than_a_day_has",),
    ),
    Limited(
        "address of a team or a person",
        ("one_link_of_a_kind_stands",),
        (f"{_THANKS}an_address_made_by_many_at_once_is_one",),
    ),
    Limited(
        "reaction of a person",
        ("the key of a reaction",),
        (f"{_TALK}a_tap_of_one_person_many_times_at_once_counts_once",),
    ),
    Limited(
        "correction of a reply",
        ("a_reply_is_corrected_once",),
        (f"{_TALK}a_line_corrected_by_many_at_once_is_corrected_once",),
    ),
    Limited(
        "report that waits",
        ("one_report_of_a_thing_waits",),
        (f"{_TALK}a_report_sent_by_one_person_many_times_at_once_waits_once",),
    ),
    Limited(
        "budget of nominations",
        ("nobody_gives_more_than_they_have",),
        (f"{_NOMINATIONS}a_budget_fought_over_by_many_approvals_is_never_overdrawn",),
    ),
    Limited(
        "decision about a nomination",
        ("an_approved_nomination_is_given_once", "a_third_person_decides", "one_key_one_nomination"),
        (f"{_NOMINATIONS}a_nomination_approved_and_declined_by_many_at_once_is_decided_once",),
    ),
    Limited(
        "undoing of a recognition",
        ("the lock on the recognition",),
        (f"{_GIVING}a_recognition_undone_by_many_at_once_is_taken_back_once",),
    ),
)
