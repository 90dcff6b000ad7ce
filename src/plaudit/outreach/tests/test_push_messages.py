"""Push messages against the published examples: RFC 8291 (Appendix A), RFC 8292 (2.4)."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from plaudit.foundation import clock
from plaudit.outreach.push_messages import (
    LONGEST,
    RECORD_SIZE,
    Browser,
    encrypted,
    new_key,
    point_of,
    public_half,
    read_browser,
    signed,
    text_of,
)
from plaudit.outreach.tests.browsers import Subscribed, make_browser

# RFC 8291, section 5 and Appendix A.
WATERMELON = b"When I grow up, I want to be a watermelon"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
RECEIVER_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
RECORD = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)

# RFC 8292, 2.4: the token and the key of the example, which was good until January 2016.
TOKEN = (
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9."
    "eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0."
    "i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA"
)
KEY = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
URL = "https://push.example.net/p/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw(text), "big"), ec.SECP256R1())


def key_at(point: str) -> ECKey:
    """The key of an uncompressed point."""
    return ECKey.import_key(
        {"kty": "EC", "crv": "P-256", "x": text_of(raw(point)[1:33]), "y": text_of(raw(point)[33:])}
    )


def test_the_published_message_is_encrypted_to_the_last_byte():
    to = Browser(raw(RECEIVER_PUBLIC), raw(AUTH))

    record = encrypted(WATERMELON, to, sender=private(SENDER), salt=raw(SALT), filled_to=0)

    assert text_of(record) == RECORD


def test_the_reader_of_these_tests_reads_the_published_message():
    receiver = Subscribed(private(RECEIVER), raw(AUTH))

    assert text_of(point_of(receiver.key)) == RECEIVER_PUBLIC
    assert receiver.read(raw(RECORD)) == WATERMELON


def test_what_is_sent_is_read_by_its_receiver_and_is_as_long_as_others():
    receiver = make_browser()
    to = read_browser(receiver.keys["public"], receiver.keys["secret"])
    assert to is not None

    short, longer = encrypted(b"New.", to), encrypted(b"x" * 900, to)

    assert (receiver.read(short), receiver.read(longer)) == (b"New.", b"x" * 900)
    assert len(short) == len(longer) == 86 + 1_000 + 16
    assert encrypted(b"New.", to) != short
    assert len(encrypted(b"x" * LONGEST, to)) <= RECORD_SIZE


def test_the_published_token_is_good_under_the_published_key_as_ours_are_under_ours():
    """A signature is drawn anew each time, so that of the example is verified and not made again."""
    claims = {"aud": "https://push.example.net", "exp": 1453523768, "sub": "mailto:push@example.com"}
    published = jwt.decode(TOKEN, key_at(KEY))
    assert (published.header, published.claims) == ({"typ": "JWT", "alg": "ES256"}, claims)

    key, now = new_key(), clock.wall()
    said = signed(key, URL, contact="mailto:push@example.com", at=now)
    scheme, token, public = said.replace(",", "").split()
    ours = jwt.decode(token.removeprefix("t="), key_at(public.removeprefix("k=")))

    assert (scheme, public) == ("vapid", f"k={public_half(key)}")
    assert ours.header == published.header
    assert ours.claims == {**claims, "exp": int((now + timedelta(hours=12)).timestamp())}


@pytest.mark.parametrize(
    "url, origin",
    [
        ("https://push.example.net:443/p", "https://push.example.net"),
        ("https://Push.example.net:8443/p?x=1", "https://push.example.net:8443"),
        ("http://127.0.0.1:8080/p", "http://127.0.0.1:8080"),
    ],
)
def test_a_token_is_good_for_one_origin(url, origin):
    key = new_key()

    token = (
        signed(key, url, contact="mailto:a@b.example", at=clock.wall())
        .split()[1]
        .removeprefix("t=")
        .rstrip(",")
    )

    assert jwt.decode(token, key_at(public_half(key))).claims["aud"] == origin


@pytest.mark.parametrize(
    "public, secret",
    [
        ("", ""),
        (RECEIVER_PUBLIC, ""),
        (RECEIVER_PUBLIC, text_of(b"fifteen bytes..")),
        (RECEIVER_PUBLIC[:-4], AUTH),
        (text_of(b"\4" + b"\1" * 64), AUTH),
        (text_of(b"\2" + raw(RECEIVER_PUBLIC)[1:33]), AUTH),
        ("ü", "ü"),
        ("not base64!", AUTH),
    ],
)
def test_keys_that_are_none_are_known_at_once(public, secret):
    assert read_browser(public, secret) is None
    assert read_browser(RECEIVER_PUBLIC, f"{AUTH}==") is not None
