"""What is told, where it may go and when it is tried again, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from uuid import UUID

import pytest

from plaudit.foundation.addresses import UrlRefused, choose_address, read_networks, read_url, why_refused
from plaudit.outreach.refusals import CursorUnknown, MessageTypeUnknown
from plaudit.outreach.rules.cursors import AFTER_EVENTS, START, Mark, read_cursor
from plaudit.outreach.rules.messages import BODY_BYTES, Message, body_of, checked_patterns, message_id, wanted
from plaudit.outreach.rules.schedule import TRIES, WAITS, Verdict, after_try, asked_to_wait

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DELIVERY = UUID(int=0)

# Each of these has led a webhook sender somewhere it should not have gone.
REFUSED = [
    # The machine itself, in the forms people write it.
    "https://127.0.0.1/",
    "https://127.0.0.1:8443/hook",
    "https://127.1.2.3/",
    "https://[::1]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::]/",
    "https://0.0.0.0/",
    "https://0.1.2.3/",
    # The same in forms that only some readers understand.
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://0177.0000.0000.0001/",
    "https://127.1/",
    "https://127.0.1/",
    "https://0/",
    "https://0x0/",
    "https://127.0.0.1./",
    "https://127.0.0.01/",
    "https://127.0.0.0x1/",
    "https://127.0.0.256/",
    "https://127.0.0.1.5/",
    "https://%31%32%37.0.0.1/",
    "https://127%2e0%2e0%2e1/",
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",
    # IPv4 inside IPv6.
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[0:0:0:0:0:ffff:10.0.0.1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::ffff:8.8.8.8]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::10.0.0.1]/",
    "https://[64:ff9b:1::1]/",
    "https://[2002:7f00:1::]/",
    "https://[2002:a00:1::1]/",
    "https://[2001:0:7f00:1::]/",
    # Neighbours and clouds.
    "https://10.0.0.1/",
    "https://10.255.255.255/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://169.254.0.1/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fec0::1]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://100.64.0.1/",
    "https://100.127.255.254/",
    "https://192.0.0.1/",
    "https://192.0.2.1/",
    "https://192.88.99.1/",
    "https://198.18.0.1/",
    "https://198.51.100.7/",
    "https://203.0.113.9/",
    "https://224.0.0.1/",
    "https://239.255.255.250/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[3fff::1]/",
    "https://[100::1]/",
    # URLs that two readers read differently, or that are none of ours.
    "https://example.com@127.0.0.1/",
    "https://127.0.0.1@example.com/",
    "https://user:password@example.com/",
    "https://example.com#@127.0.0.1/",
    "https://example.com\\@127.0.0.1/",
    "https://example.com /",
    "https://exa\tmple.com/",
    "https://example.com/\r\nHost: inside",
    "https://[::1/",
    "https://::1/",
    "https://[example.com]/",
    "https://[127.0.0.1]/",
    "https://example.com:0/",
    "https://example.com:65536/",
    "https://example.com:80:80/",
    "https://example.com:/",
    "https://exam_ple.com/",
    "https://-example.com/",
    "https://example..com/",
    "https://example.com./",
    "https:///hook",
    "https://",
    "//example.com/",
    "example.com/hook",
    "http://example.com/hook",
    "HTTP://example.com/hook",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "javascript:alert(1)",
    "",
    "https://example.com/" + "a" * 2000,
]

# Names whose addresses are not all public, as a rebinding server answers.
REFUSED_BEHIND_A_NAME = [
    ["127.0.0.1"],
    ["10.0.0.1"],
    ["169.254.169.254"],
    ["::1"],
    ["::ffff:10.0.0.1"],
    ["fe80::1%eth0"],
    ["93.184.215.14", "127.0.0.1"],
    ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "fd00::1"],
    [],
]


def chosen(url: str, found: list[str], networks: str = "") -> str:
    return str(choose_address(read_url(url), found, read_networks(networks)))


@pytest.mark.parametrize("url", REFUSED)
def test_where_nothing_may_be_sent_is_refused(url):
    with pytest.raises(UrlRefused):
        chosen(url, ["93.184.215.14"])


def test_the_table_of_refused_forms_is_long_and_says_each_once():
    assert len(REFUSED) == len(set(REFUSED)) >= 60


@pytest.mark.parametrize("found", REFUSED_BEHIND_A_NAME, ids=repr)
def test_a_name_that_leads_inside_is_refused(found):
    with pytest.raises(UrlRefused):
        chosen("https://hooks.example.com/", found)


@pytest.mark.parametrize(
    "url, found, address",
    [
        ("https://hooks.example.com/a?b=c", ["93.184.215.14"], "93.184.215.14"),
        ("https://hooks.example.com:8443/", ["93.184.215.14", "1.1.1.1"], "93.184.215.14"),
        ("HTTPS://Hooks.Example.COM", ["2606:4700::1111"], "2606:4700::1111"),
        ("https://xn--bcher-kva.example/", ["1.1.1.1"], "1.1.1.1"),
        ("https://8.8.8.8/", [], "8.8.8.8"),
        ("https://[2606:4700::1111]:444/x", [], "2606:4700::1111"),
    ],
)
def test_the_internet_may_be_sent_to(url, found, address):
    assert chosen(url, found) == address


def test_a_network_the_operator_opened_may_be_sent_to_encrypted():
    assert chosen("https://10.1.2.3/", [], "10.1.0.0/16") == "10.1.2.3"
    for url in ("http://10.1.2.3/", "https://10.2.0.1/"):
        with pytest.raises(UrlRefused):
            chosen(url, [], "10.1.0.0/16")


def test_the_machine_itself_may_be_sent_to_plainly_only_where_it_is_opened():
    assert chosen("http://127.0.0.1:9000/", [], "127.0.0.0/8") == "127.0.0.1"
    assert chosen("http://localhost:9000/", ["127.0.0.1"], "127.0.0.0/8") == "127.0.0.1"
    with pytest.raises(UrlRefused):
        chosen("http://localhost:9000/", ["::1", "127.0.0.1"], "127.0.0.0/8")


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fe80::1", "224.0.0.1", "0.1.2.3", "::", "::ffff:8.8.8.8"]
)
def test_no_setting_opens_link_local_and_its_like(address):
    everything = [ip_network("0.0.0.0/0"), ip_network("::/0")]
    assert why_refused(ip_address(address), everything) is not None


def test_cursors_are_read_back_as_written():
    for mark in (START, Mark(12, 34), Mark((1 << 63) - 1, 7, UUID(int=99), 3), Mark(5, 6, AFTER_EVENTS, 2)):
        assert read_cursor(mark.write()) == mark
    assert read_cursor(None) == START


def test_a_cursor_changed_in_its_first_letter_is_refused():
    with pytest.raises(CursorUnknown):
        read_cursor("B" + Mark(12, 34).write()[1:])


def test_ids_differ_by_organisation_and_thing_and_stay_the_same():
    ids = {
        message_id(org, *of)
        for org in (1, 2, 11)
        for of in (("event", 1), ("transfer", 1, 1), ("transfer", 11, 1))
    }
    assert len(ids) == 9
    assert message_id(1, "transfer", 7, 3) == "msg_" + message_id(1, "transfer", 7, 3)[4:]


def test_a_body_says_id_type_time_and_data():
    message = Message("msg_1", "points.earned", NOW, {"amount": 5})
    assert body_of(message) == (
        '{"id":"msg_1","type":"points.earned","timestamp":"2026-03-02T12:00:00Z","data":{"amount":5}}'
    )


@pytest.mark.parametrize(
    "data", [{"data": {"note": "é" * 30_000}, "activity": "act_1"}, {f"n{n}": "x" * 400 for n in range(60)}]
)
def test_a_body_is_never_20_kilobytes(data):
    body = body_of(Message("msg_1", "activity.recorded", NOW, data))
    assert len(body.encode()) < BODY_BYTES
    assert '"omitted":' in body


@pytest.mark.parametrize(
    "patterns, type, is_wanted",
    [
        (["*"], "points.earned", True),
        (["points.*"], "points.earned", True),
        (["points.*"], "pointsmith.earned", False),
        (["points.earned"], "points.earned", True),
        (["points.earned"], "points.taken", False),
        (["points.taken", "activity.*"], "activity.recorded", True),
    ],
)
def test_types_are_asked_for_singly_by_family_or_all(patterns, type, is_wanted):
    assert wanted(checked_patterns(patterns), type) is is_wanted


@pytest.mark.parametrize(
    "patterns", [[], [""], ["Points"], ["*.earned"], ["points.*.x"], ["points."], ["a" * 101]]
)
def test_a_pattern_that_names_no_type_is_refused(patterns):
    with pytest.raises(MessageTypeUnknown):
        checked_patterns(patterns)


def test_ten_tries_take_at_least_three_days():
    assert TRIES == 10
    assert sum(WAITS, timedelta()) >= timedelta(hours=72)
    moment, waits = NOW, []
    for number in range(1, TRIES):
        following = after_try(
            number=number, status=500, retry_after=None, now=moment, delivery_id=UUID(int=77)
        )
        assert following.verdict is Verdict.AGAIN
        assert following.at is not None
        waits.append(following.at - moment)
        moment = following.at
    assert all(wait <= waited <= wait * 1.1 for wait, waited in zip(WAITS, waits, strict=True))
    assert (
        after_try(number=TRIES, status=500, retry_after=None, now=moment, delivery_id=DELIVERY).verdict
        is Verdict.DEAD
    )


@pytest.mark.parametrize(
    "status, verdict",
    [
        (200, Verdict.DELIVERED),
        (204, Verdict.DELIVERED),
        (299, Verdict.DELIVERED),
        (101, Verdict.AGAIN),
        (300, Verdict.AGAIN),
        (301, Verdict.AGAIN),
        (302, Verdict.AGAIN),
        (307, Verdict.AGAIN),
        (400, Verdict.AGAIN),
        (404, Verdict.AGAIN),
        (410, Verdict.GONE),
        (429, Verdict.AGAIN),
        (500, Verdict.AGAIN),
        (503, Verdict.AGAIN),
        (None, Verdict.AGAIN),
    ],
)
def test_only_2xx_is_success(status, verdict):
    assert (
        after_try(number=1, status=status, retry_after=None, now=NOW, delivery_id=DELIVERY).verdict is verdict
    )


@pytest.mark.parametrize(
    "header, seconds",
    [
        ("120", 120),
        (" 0 ", None),
        ("86400", 86400),
        ("999999999", 86400),
        ("9999999999", None),
        ("-5", None),
        ("soon", None),
        ("1.5", None),
        ("Mon, 02 Mar 2026 12:05:00 GMT", 300),
        ("Mon, 02 Mar 2026 11:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_understood_as_seconds_or_a_date(header, seconds):
    until = asked_to_wait(header, NOW)
    assert until == (NOW + timedelta(seconds=seconds) if seconds else None)


@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_that_asks_for_time_gets_it_and_the_whole_endpoint_waits(status):
    following = after_try(number=1, status=status, retry_after="600", now=NOW, delivery_id=DELIVERY)
    assert following.at == following.pause_until == NOW + timedelta(seconds=600)


def test_asking_for_less_time_than_the_schedule_gives_changes_nothing():
    following = after_try(number=2, status=429, retry_after="1", now=NOW, delivery_id=DELIVERY)
    assert following.at == NOW + WAITS[1]


def test_other_refusals_cannot_hold_an_endpoint_back():
    assert (
        after_try(number=1, status=500, retry_after="600", now=NOW, delivery_id=DELIVERY).pause_until is None
    )
