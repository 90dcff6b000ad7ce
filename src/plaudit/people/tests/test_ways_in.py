"""Passkeys, and codes from an app after the link: who gets in by them, and who does not."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings

from plaudit.foundation import clock
from plaudit.foundation.models import Audit
from plaudit.foundation.tenancy import in_organisation
from plaudit.people import code_apps
from plaudit.people.actions import ways_in
from plaudit.people.actions.signing_in import make_link
from plaudit.people.models import CodeApp, Passkey, RecoveryCode, User
from plaudit.people.passkeys import Made
from plaudit.people.queries import asks_for_code, secret_begun
from plaudit.people.refusals import CodeNotRight, PasskeyKnown
from plaudit.people.tasks import send_way_in_changed
from plaudit.people.tests.authenticator import Device, code_now
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR, make_organisation, make_user

SECURITY = "/me/security"


def make_person() -> tuple[int, User]:
    at = make_organisation().id
    return at, make_user(at)


def asked(client: Client, address: str) -> dict[str, Any]:
    options: dict[str, Any] = json.loads(client.post(address).content)
    return options


def passkey_of(at: int, user: User, device: Device | None = None) -> Device:
    """A device that the person has added as a passkey."""
    device = device or Device()
    client = signed_in_here(at, user)
    answer = device.make(asked(client, f"{SECURITY}/passkeys/ask"))
    made = client.post(f"{SECURITY}/passkeys", {"answer": answer, "name": "My phone"})
    assert made.status_code == 302, made.content
    return device


def signed_in_here(at: int, user: User) -> Client:
    client = browser()
    answer = client.post(f"/sign-in/{make_link(at, user_id=user.id, actor=ACTOR)}")
    assert answer.status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(SECURITY).status_code == 200


def app_of(at: int, user: User) -> tuple[str, list[str]]:
    """The secret of the person's app, and their recovery codes. The code that set it up is half a minute old."""
    secret = ways_in.begin_code_app(user.id)
    with clock.frozen_at(clock.wall() - timedelta(minutes=5)):
        codes = ways_in.confirm_code_app(at, user_id=user.id, code=code_now(secret), actor=ACTOR)
    return secret, codes


# RFC 6238, appendix B: the last six digits of its codes of eight, for the secret "12345678901234567890".
@pytest.mark.parametrize(
    "moment, code",
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238_appendix_b(moment: int, code: str):
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    at = datetime.fromtimestamp(moment, UTC)

    assert code_apps.step_of(secret, code, at) == moment // 30
    assert code_apps.step_of(secret, code, at + timedelta(seconds=61)) is None
    assert code_apps.step_of(secret, "000000", at) is None


def test_a_passkey_signs_in_without_a_link():
    at, grace = make_person()
    device = passkey_of(at, grace)
    client = browser()

    answer = client.post("/sign-in/passkey", {"answer": device.prove(asked(client, "/sign-in/passkey/ask"))})

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)
    with in_organisation(at):
        assert Audit.objects.filter(act="signed_in", details={"by": "passkey"}).count() == 1
        assert Passkey.objects.get(user=grace).last_used_at is not None


def test_an_answer_is_good_once():
    at, grace = make_person()
    device = passkey_of(at, grace)
    client = browser()
    answer = device.prove(asked(client, "/sign-in/passkey/ask"))
    client.post("/sign-in/passkey", {"answer": answer})

    again = browser()
    asked(again, "/sign-in/passkey/ask")

    assert again.post("/sign-in/passkey", {"answer": answer}).status_code == 422
    assert client.post("/sign-in/passkey", {"answer": answer}).status_code == 422
    assert not is_in(again)


def test_a_question_waits_ten_minutes():
    at, grace = make_person()
    device = passkey_of(at, grace)
    client = browser()
    with clock.frozen_at(clock.wall() - timedelta(minutes=11)):
        answer = device.prove(asked(client, "/sign-in/passkey/ask"))

    assert client.post("/sign-in/passkey", {"answer": answer}).status_code == 422


@pytest.mark.parametrize(
    "device",
    [Device("http://evil.example"), Device("https://localhost"), Device(verifies=False)],
    ids=["another site", "another scheme", "nobody asked for finger or PIN"],
)
def test_a_passkey_of_elsewhere_or_of_anyone_is_refused(device: Device):
    at, grace = make_person()
    client = signed_in_here(at, grace)

    refused = client.post(
        f"{SECURITY}/passkeys", {"answer": device.make(asked(client, f"{SECURITY}/passkeys/ask"))}
    )

    assert refused.status_code == 422
    assert "This passkey was not accepted." in refused.content.decode()
    assert not Passkey.objects.filter(user=grace).exists()


def test_a_strangers_key_with_a_known_id_is_refused():
    at, grace = make_person()
    device = passkey_of(at, grace)
    thief, client = Device(), browser()
    thief.id = device.id

    answer = thief.prove(asked(client, "/sign-in/passkey/ask"))

    assert client.post("/sign-in/passkey", {"answer": answer}).status_code == 422


def test_a_copied_passkey_gives_itself_away_by_its_count():
    at, grace = make_person()
    device = passkey_of(at, grace)
    for uses, expected in ((5, 302), (5, 422), (6, 302)):
        client = browser()
        device.uses = uses - 1
        answer = device.prove(asked(client, "/sign-in/passkey/ask"))
        assert client.post("/sign-in/passkey", {"answer": answer}).status_code == expected


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "nonsense", '{"rawId": 5}', '{"rawId": "AA", "response": {}}', "\0", "[" * 999]
)
def test_an_answer_that_is_none_is_refused(answer: str):
    client = browser()
    asked(client, "/sign-in/passkey/ask")

    assert client.post("/sign-in/passkey", {"answer": answer}).status_code == 422


def test_a_passkey_that_was_removed_is_no_way_in():
    at, grace = make_person()
    device = passkey_of(at, grace)
    owner = signed_in_here(at, grace)
    (address,) = re.findall(rf"{SECURITY}/passkeys/pky_\w+/remove", owner.get(SECURITY).content.decode())
    assert signed_in_here(*make_person()).post(address).status_code == 404
    assert owner.post(address).status_code == 302

    client = browser()
    answer = device.prove(asked(client, "/sign-in/passkey/ask"))
    assert client.post("/sign-in/passkey", {"answer": answer}).status_code == 422


def test_a_passkey_belongs_to_one_person():
    at, grace = make_person()
    made = Made(b"the same", b"whatever")
    ways_in.add_passkey(at, user_id=grace.id, made=made, name="", actor=ACTOR)

    other_at, ben = make_person()
    with pytest.raises(PasskeyKnown):
        ways_in.add_passkey(other_at, user_id=ben.id, made=made, name="", actor=ACTOR)


def test_after_the_link_a_code_of_the_app_is_asked_for():
    at, grace = make_person()
    secret, _ = app_of(at, grace)
    client = browser()

    link = client.post(f"/sign-in/{make_link(at, user_id=grace.id, actor=ACTOR)}")
    assert (link.status_code, link["Location"]) == (302, "/sign-in/code")
    assert not is_in(client)
    wrong = client.post("/sign-in/code", {"code": "12"})
    assert wrong.status_code == 422
    assert "That code is not right" in wrong.content.decode()
    assert client.post("/sign-in/code", {"code": code_now(secret)}).status_code == 302
    assert is_in(client)


def test_a_code_is_good_once():
    at, grace = make_person()
    secret, _ = app_of(at, grace)
    code = code_now(secret)
    ways_in.use_code(grace.id, code)

    with pytest.raises(CodeNotRight):
        ways_in.use_code(grace.id, code)


def test_five_wrong_codes_take_the_link_with_them():
    at, grace = make_person()
    secret, _ = app_of(at, grace)
    client = browser()
    client.post(f"/sign-in/{make_link(at, user_id=grace.id, actor=ACTOR)}")
    for _ in range(5):
        client.post("/sign-in/code", {"code": "12"})

    assert client.post("/sign-in/code", {"code": code_now(secret)})["Location"] == "/sign-in"
    assert not is_in(client)


def test_the_step_after_the_link_waits_ten_minutes():
    at, grace = make_person()
    secret, _ = app_of(at, grace)
    client = browser()
    with clock.frozen_at(clock.wall() - timedelta(minutes=11)):
        client.post(f"/sign-in/{make_link(at, user_id=grace.id, actor=ACTOR)}")

    assert client.post("/sign-in/code", {"code": code_now(secret)})["Location"] == "/sign-in"


def test_a_recovery_code_does_once_instead_of_the_app():
    at, grace = make_person()
    _, codes = app_of(at, grace)
    assert len(set(codes)) == code_apps.RECOVERY_CODES

    ways_in.use_code(grace.id, codes[0].upper().replace("-", " "))

    with pytest.raises(CodeNotRight):
        ways_in.use_code(grace.id, codes[0])
    assert RecoveryCode.objects.filter(user=grace, used_at=None).count() == code_apps.RECOVERY_CODES - 1


def test_an_app_counts_only_once_a_code_of_it_was_seen():
    at, grace = make_person()
    client = signed_in_here(at, grace)
    client.post(f"{SECURITY}/app", {"begin": "1"})
    assert "<svg" in client.get(f"{SECURITY}/app").content.decode()
    assert not asks_for_code(grace.id)
    assert client.post(f"{SECURITY}/app", {"code": "12"}).status_code == 422

    secret = secret_begun(grace.id)
    assert secret is not None
    shown = client.post(f"{SECURITY}/app", {"code": code_now(secret)})

    assert len(re.findall(r"\b(?:[a-z2-7]{4}-){3}[a-z2-7]{4}\b", shown.content.decode())) == 10
    assert asks_for_code(grace.id)
    assert client.get(f"{SECURITY}/app").status_code == 302  # nobody sees secret or codes again


def test_an_app_is_removed_by_a_code_of_it():
    at, grace = make_person()
    client = signed_in_here(at, grace)
    secret, _ = app_of(at, grace)

    assert client.post(f"{SECURITY}/app/remove", {"code": "12"}).status_code == 422
    assert asks_for_code(grace.id)
    assert client.post(f"{SECURITY}/app/remove", {"code": code_now(secret)}).status_code == 302
    assert not CodeApp.objects.filter(user=grace).exists()


def test_what_an_app_shares_with_us_is_sealed_at_rest():
    _, grace = make_person()
    secret = ways_in.begin_code_app(grace.id)

    assert secret.encode() not in bytes(CodeApp.objects.get(user=grace).sealed)
    assert secret_begun(grace.id) == secret


def test_who_lost_everything_gets_in_by_a_link_again():
    at, grace = make_person()
    passkey_of(at, grace)
    app_of(at, grace)

    ways_in.forget_ways_in(at, email=grace.email, reason="Lost the phone.", actor=ACTOR)

    assert is_in(signed_in_here(at, grace))
    assert not Passkey.objects.filter(user=grace).exists()


def test_a_person_is_told_when_a_way_in_changes():
    at, grace = make_person()

    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        send_way_in_changed(
            at, user_id=grace.id, what="passkey_added", address="https://p.example/me/security"
        )

    (sent,) = mail.outbox
    assert sent.to == [grace.email]
    assert "A passkey was added to your ways in." in sent.body
    assert "https://p.example/me/security" in sent.body


def test_a_recovery_code_does_where_the_key_of_the_installation_is_gone():
    at, grace = make_person()
    secret, codes = app_of(at, grace)
    CodeApp.objects.filter(user=grace).update(sealed=b"sealed under another key")

    with pytest.raises(CodeNotRight):
        ways_in.use_code(grace.id, code_now(secret))
    ways_in.use_code(grace.id, codes[0])
