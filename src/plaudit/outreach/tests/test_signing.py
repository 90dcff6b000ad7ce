"""Signatures, against the vectors of Standard Webhooks 1.0, and secrets that are in no table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import override_settings
from standardwebhooks import Webhook, WebhookVerificationError

from plaudit.foundation import clock
from plaudit.outreach.signing import make_secret, secret_behind, signed_headers

OTHER_KEY = "another-installation-key-of-more-than-32-characters"


def test_the_vector_of_the_standard_is_signed_as_published():
    headers = signed_headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        body='{"test": 2432232314}',
        sent_at=datetime.fromtimestamp(1614265330, UTC),
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_fraction_of_a_second_is_cut_off_in_header_and_signature_alike():
    secret = make_secret().shown
    sent_at = clock.wall().replace(microsecond=999_999)

    headers = signed_headers([secret], message_id="msg_1", body="{}", sent_at=sent_at)

    Webhook(secret).verify("{}", headers)


def test_with_two_live_secrets_a_message_carries_a_signature_by_each():
    old, new, never = make_secret().shown, make_secret().shown, make_secret().shown

    headers = signed_headers([new, old], message_id="msg_1", body='{"a":1}', sent_at=clock.wall())

    assert Webhook(old).verify('{"a":1}', headers) == Webhook(new).verify('{"a":1}', headers) == {"a": 1}
    with pytest.raises(WebhookVerificationError):
        Webhook(never).verify('{"a":1}', headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify('{"a": 1}', headers)


def test_a_secret_has_256_bits_and_is_worked_out_again_from_what_is_kept():
    made = make_secret()

    assert made.shown.startswith("whsec_")
    assert len(made.shown) == len("whsec_") + 44
    assert secret_behind(made.salt, made.fingerprint) == made.shown
    assert make_secret().shown != made.shown


def test_what_is_kept_does_not_hold_the_secret():
    made = make_secret()

    with override_settings(SECRET_KEY=OTHER_KEY, SECRET_KEY_FALLBACKS=[]):
        assert secret_behind(made.salt, made.fingerprint) is None


def test_a_replaced_installation_key_still_opens_what_it_made():
    with override_settings(SECRET_KEY=OTHER_KEY):
        made = make_secret()

    with override_settings(SECRET_KEY_FALLBACKS=[OTHER_KEY]):
        assert secret_behind(made.salt, made.fingerprint) == made.shown
