"""What anybody sees who has a link, and what members and managers do on their pages, in browsers without script."""

from __future__ import annotations

import base64
import json
import re
from datetime import timedelta

import pytest
from django.conf import settings

from plaudit.credentials.actions.giving import revoke_credential
from plaudit.credentials.models import Credential
from plaudit.credentials.queries import credential_ref
from plaudit.credentials.rules.proofs import proof_holds
from plaudit.credentials.rules.tokens import token_holds
from plaudit.credentials.tests.factories import Taking, at, make_taking
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.tests.factories import ACTOR
from plaudit.people.models import Member
from plaudit.people.tests.browsing import browser, signed_in
from plaudit.people.tests.factories import make_user


@pytest.fixture
def taking() -> Taking:
    return make_taking()


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_link_says_to_people_what_it_is_and_whose_only_where_they_want_it(taking):
    one = taking.takes()
    page = at(f"/credentials/{one.secret}")

    assert page.status_code == 200
    told = words(page)
    assert "Valid" in told and "nobody took it back" in told and taking.academy.organisation.name in told
    assert "First aid" in told and "Ada" not in told
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    with in_organisation(taking.id):
        Credential.objects.update(shows_name=True)
    assert "Ada Lovelace" in words(at(f"/credentials/{one.secret}"))


def test_a_link_says_why_it_stands_no_more(taking):
    one = taking.takes()
    assert one.valid_until is not None
    last = one.valid_until - timedelta(days=1)
    with clock.frozen_at(one.valid_until):
        ended = words(at(f"/credentials/{one.secret}"))
    assert "Expired" in ended and f"it held through {last.day} {last:%b %Y}" in ended
    revoke_credential(taking.id, credential_id=one.id, reason="Given by mistake", actor=ACTOR)
    assert "Given by mistake" in words(at(f"/credentials/{one.secret}"))
    with in_organisation(taking.id):
        Credential.objects.update(token=one.token[:-8] + "AAAAAAAA")
    assert "The signature does not match" in words(at(f"/credentials/{one.secret}"))


def test_programs_find_all_they_need_to_check_it(taking):
    one, code = taking.takes(), taking.academy.organisation.code
    file = at(f"/credentials/{one.secret}/credential.json")
    token = at(f"/credentials/{one.secret}/credential.jwt")
    issuer = at(f"/issuers/{code}").json()

    assert file["Content-Type"] == "application/vc+ld+json" and token["Content-Type"] == "application/vc+jwt"
    assert file["Access-Control-Allow-Origin"] == "*"
    asked = at(f"/credentials/{one.secret}", accept="application/vc+ld+json, application/json")
    assert asked.json() == file.json() == one.document
    assert one.document["issuer"]["id"] == issuer["id"] and issuer["type"] == ["Profile"]
    (method,) = issuer["verificationMethod"]
    assert method["id"] == one.document["proof"]["verificationMethod"] == issuer["assertionMethod"][0]
    key = at(f"/issuers/{code}/keys/{_kid(token.content.decode()).rpartition('/')[2]}").json()
    assert key["crv"] == "Ed25519" and "d" not in key
    public = bytes(one.key.public)
    assert proof_holds(file.json(), public) and token_holds(token.content.decode(), public)
    listed = at(one.document["credentialStatus"]["statusListCredential"].removeprefix(settings.BASE_URL))
    assert proof_holds(listed.json(), public)


def _kid(token: str) -> str:
    head = token.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"])


@pytest.mark.parametrize(
    "path",
    ["/credentials/nothing", "/issuers/nothing", "/issuers/nothing/keys/x", "/issuers/nothing/status/1"],
)
def test_an_address_of_nothing_is_not_there(path):
    assert at(path).status_code == 404


def test_what_is_pasted_is_checked_and_leads_to_its_page(taking):
    one, client = taking.takes(), browser()
    page = f"/credentials/{one.secret}"
    link = one.document["id"]
    for pasted in (link, f"See {link}", json.dumps(one.document), one.token):
        assert client.post("/credentials/check", {"text": pasted})["Location"] == page, pasted

    changed = json.loads(json.dumps(one.document))
    changed["credentialSubject"]["achievement"]["name"] = "Surgeon"
    head, _payload, end = one.token.split(".")
    for pasted, why in (
        (json.dumps(changed), "The signature does not match"),
        (f"{head}.{'e30'}.{end}", "no credential that was given here"),
        ('{"a": 1}', "no credential that was given here"),
        ("[" * 20_000, "no credential that was given here"),
        (json.dumps({**one.document, "issuer": "https://x.example/issuers/zzzz"}), "stands no more"),
    ):
        answer = client.post("/credentials/check", {"text": pasted})
        assert answer.status_code == 422 and why in words(answer), pasted[:60]
    assert "Paste something first" in words(client.post("/credentials/check", {}))


def test_a_member_takes_it_along_and_has_the_files(taking):
    with in_organisation(taking.id):
        ada = Member.objects.get(id=taking.ada)
    client = signed_in(taking.id, make_user(taking.id, roles=[], member=ada).id)

    before = client.get("/me/credentials")
    assert "What you can take with you" in words(before) and "Take it with me" in words(
        client.get("/learning")
    )
    about = re.search(r'name="about" value="([^"]+)"', before.content.decode())
    assert about
    sent = client.post("/me/credentials/take", {"kind": "certificate", "about": about[1], "shows_name": "on"})
    assert sent.status_code == 302
    after = client.get("/me/credentials")
    assert "What you can take with you" not in words(after) and "Valid" in words(after)
    with in_organisation(taking.id):
        one = Credential.objects.get()
    assert one.shows_name and f"/credentials/{one.secret}/credential.json" in after.content.decode()
    copy = client.post("/me/privacy/export").json()
    assert [held["id"] for held in copy["credentials"]] == [one.document["id"]]
    for asked in ({"kind": "certificate", "about": "0"}, {"kind": "nothing"}, {}):
        assert client.post("/me/credentials/take", asked).status_code == 409


def test_a_manager_revokes_one_with_a_reason_and_renews_the_key(taking):
    one = taking.takes()
    client = signed_in(taking.id, make_user(taking.id, roles=["manager"]).id)
    address = f"/console/learning/credentials/{credential_ref(one.id)}/revoke"

    assert "Ada Lovelace" in words(client.get("/console/learning/credentials"))
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "Wrong person"}).status_code == 302
    assert client.post("/console/learning/credentials/key").status_code == 302
    told = words(client.get("/console/learning/credentials"))
    assert "Wrong person" in told and "Revoked" in told and "signs since" in told and "until" in told
    assert "Wrong person" in words(at(f"/credentials/{one.secret}"))
