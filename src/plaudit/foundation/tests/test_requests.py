"""The address a request comes from, and what makes two requests the same."""

from __future__ import annotations

from plaudit.foundation.requests import address_of, current_request_id, digest_of, request_at_work


def test_without_proxies_nobody_can_invent_an_address():
    meta = {"REMOTE_ADDR": "203.0.113.9", "HTTP_X_FORWARDED_FOR": "10.0.0.1"}

    assert address_of(meta, trusted_proxies=0) == "203.0.113.9"


def test_behind_two_proxies_the_second_from_the_right_is_true():
    meta = {"REMOTE_ADDR": "10.0.0.2", "HTTP_X_FORWARDED_FOR": "1.2.3.4, 203.0.113.9, 10.0.0.1"}

    assert address_of(meta, trusted_proxies=2) == "203.0.113.9"


def test_a_header_shorter_than_the_row_of_proxies_is_not_believed():
    meta = {"REMOTE_ADDR": "10.0.0.2", "HTTP_X_FORWARDED_FOR": "1.2.3.4"}

    assert address_of(meta, trusted_proxies=2) == "10.0.0.2"


def test_parts_of_a_request_cannot_be_shifted_into_one_another():
    one = digest_of(method="POST", target="/a", body=b"b")

    assert one != digest_of(method="POST", target="/ab", body=b"")
    assert one == digest_of(method="POST", target="/a", body=b"b")


def test_the_request_id_is_there_only_while_the_request_is():
    with request_at_work("req_1"):
        assert current_request_id() == "req_1"
    assert current_request_id() == ""
