"""Single sign-on: whom an organisation's provider lets in, and everything it says that is not taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from plaudit.foundation import clock
from plaudit.foundation.access.actors import Actor
from plaudit.foundation.models import Audit
from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people import asking_provider
from plaudit.people.actions.roles import withdraw_role
from plaudit.people.actions.signing_in import invite_by_email, make_link
from plaudit.people.actions.single_sign_on import remove_provider, set_provider, sign_in_vouched
from plaudit.people.actions.ways_in import forget_ways_in
from plaudit.people.id_tokens import Vouched
from plaudit.people.models import Member, Organisation, Role, User
from plaudit.people.providers import Provider, ProviderLink
from plaudit.people.refusals import DomainNotAllowed, NoWayIn, SubjectIsAnother
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_sandbox, make_user
from plaudit.people.tests.provider import (
    AT_ONCE,
    CLIENT_ID,
    CLIENT_SECRET,
    MISBEHAVIOURS,
    MisbehavingProvider,
    Person,
    loopback_opened,
    provider,
)

TOKENS_WRONG = sorted(MISBEHAVIOURS.keys() - AT_ONCE)


@pytest.fixture(autouse=True)
def _reachable() -> Iterator[None]:
    with loopback_opened():
        yield


def trust(organisation_id: int, issuer: str, **more: Any) -> Provider:
    told: dict[str, Any] = {
        "name": "Harbour ID", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "domains": ["harbour.example"],
        "creates": True, "role": "manager", "other_ways": "everybody",
    }  # fmt: skip
    return set_provider(organisation_id, issuer=issuer, actor=ACTOR, **{**told, **more})


def go(at: Organisation, running: MisbehavingProvider, client: Client | None = None) -> tuple[Client, Any]:
    """Follow the button, sign in there, come back; the browser and the answer to coming back."""
    client = client or browser()
    sent = client.get(f"/sign-in/with/{at.slug}")
    assert sent.status_code == 302, sent.content.decode()
    return client, client.get(f"/sign-in/with/{at.slug}/return?{running.authorise(sent['Location'])}")


def is_in(client: Client) -> bool:
    return client.get("/me/security").status_code == 200


def someone() -> Person:
    """A person no other test knows."""
    number = make_organisation().id
    return Person(f"sub-{number}", f"grace-{number}@harbour.example", "Grace Hopper")


@pytest.mark.parametrize(
    "how", [{}, {"basic": False}, {"algorithm": "RS256"}, {"keeps_address_back": True}], ids=str
)
def test_somebody_new_is_let_in_with_the_role_that_was_chosen(how: dict[str, Any]):
    at = make_organisation()
    with provider(person=someone(), **how) as running:
        trust(at.id, running.issuer)
        client, back = go(at, running)

    assert (back.status_code, back["Location"]) == (302, "/")
    assert is_in(client)
    user = User.objects.get(email=running.person.email)
    with in_organisation(at.id):
        assert [one.name for one in Role.objects.filter(user=user)] == ["manager"]
        assert ProviderLink.objects.get().subject == running.person.subject
        assert Audit.objects.filter(act="signed_in", details={"by": "single sign-on"}).count() == 1


def test_the_question_asks_for_a_code_with_a_challenge_and_comes_back_to_this_organisation_alone():
    at = make_organisation()
    with provider(person=someone()) as running:
        trust(at.id, running.issuer)
        go(at, running)

    (asked,) = running.asked
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"].split() == ["openid", "email", "profile"]
    assert asked["redirect_uri"] == f"http://localhost/sign-in/with/{at.slug}/return"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3


@pytest.mark.parametrize("misbehaviour", TOKENS_WRONG)
def test_what_is_wrong_is_refused_and_said(misbehaviour: str):
    at = make_organisation()
    with provider(
        misbehaviour, person=someone(), keeps_address_back=misbehaviour == "speaks of two people"
    ) as running:
        trust(at.id, running.issuer)
        client, back = go(at, running)

    assert back.status_code == 403
    assert MISBEHAVIOURS[misbehaviour] in back.content.decode()
    assert "<b>" not in back.content.decode()
    assert not is_in(client)
    assert not User.objects.filter(email=running.person.email).exists()


@pytest.mark.parametrize("misbehaviour", sorted(AT_ONCE))
def test_a_provider_that_does_not_answer_as_it_should_is_not_gone_to(misbehaviour: str, monkeypatch):
    if misbehaviour == "slow":
        monkeypatch.setattr(asking_provider, "TIMEOUT_SECONDS", 0.3)
    at = make_organisation()
    with provider(misbehaviour) as running:
        trust(at.id, running.issuer)
        sent = browser().get(f"/sign-in/with/{at.slug}")

    assert sent.status_code == 502
    assert MISBEHAVIOURS[misbehaviour] in sent.content.decode()


def test_a_provider_inside_our_own_network_is_not_asked():
    at = make_organisation()
    trust(at.id, "https://10.0.0.7")

    refused = browser().get(f"/sign-in/with/{at.slug}")

    assert refused.status_code == 502
    assert "it leads to a private network" in refused.content.decode()


def test_an_answer_counts_once_in_the_browser_that_asked_and_for_ten_minutes():
    at = make_organisation()
    with provider(person=someone()) as running:
        trust(at.id, running.issuer)
        client = browser()
        query = running.authorise(client.get(f"/sign-in/with/{at.slug}")["Location"])
        back = f"/sign-in/with/{at.slug}/return?{query}"

        assert browser().get(back).status_code == 403
        with clock.frozen_at(clock.wall() + timedelta(minutes=11)):
            late = client.get(back)
        assert (late.status_code, client.get(back).status_code) == (403, 403)
        assert "took too long" in late.content.decode()
        assert running.requests == 1


def test_an_answer_without_the_right_state_leaves_the_question_open():
    at = make_organisation()
    with provider(person=someone()) as running:
        trust(at.id, running.issuer)
        client = browser()
        query = running.authorise(client.get(f"/sign-in/with/{at.slug}")["Location"])

        for wrong in ("state=other&code=code-1", "code=code-1", "state=%F0%9F%98%80&code=code-1", ""):
            assert client.get(f"/sign-in/with/{at.slug}/return?{wrong}").status_code == 403
        assert client.get(f"/sign-in/with/{at.slug}/return?{query}").status_code == 302


def test_the_answer_of_another_provider_is_not_taken_for_ours():
    """Mix-up (RFC 9207): an answer that names another issuer, or none where ours always does."""
    at, other = make_organisation(), make_organisation()
    with provider(person=someone()) as running, provider(person=someone()) as stranger:
        trust(at.id, running.issuer)
        trust(other.id, stranger.issuer)
        for change in (f"&iss={stranger.issuer}", ""):
            client = browser()
            query = running.authorise(client.get(f"/sign-in/with/{at.slug}")["Location"])
            back = client.get(f"/sign-in/with/{at.slug}/return?{query.partition('&iss')[0]}{change}")
            assert "another provider answered" in back.content.decode()
        client = browser()
        query = running.authorise(client.get(f"/sign-in/with/{at.slug}")["Location"])
        assert client.get(f"/sign-in/with/{other.slug}/return?{query}").status_code == 403
        assert not is_in(client)


def test_a_new_key_of_the_provider_counts_at_once():
    at = make_organisation()
    with provider("key not published", person=someone()) as running:
        trust(at.id, running.issuer)
        assert go(at, running)[1].status_code == 403
        running.misbehaviour = ""
        assert go(at, running)[1].status_code == 302


def test_a_person_is_known_by_their_subject_whatever_their_address_is_now():
    at, person = make_organisation(), someone()
    with provider(person=person) as running:
        trust(at.id, running.issuer)
        go(at, running)
        running.person = replace(person, email="new-name@elsewhere.example")
        client, _ = go(at, running)

    assert is_in(client)
    assert not User.objects.filter(email="new-name@elsewhere.example").exists()


def test_an_address_that_was_given_to_somebody_else_does_not_open_the_account_of_whoever_had_it():
    at, person = make_organisation().id, someone()
    trust(at, "https://id.example")
    first = Vouched("https://id.example", person.subject, person.email, verified=True, name="Grace")
    sign_in_vouched(at, first)

    with pytest.raises(SubjectIsAnother):
        sign_in_vouched(at, replace(first, subject="a newcomer"))
    forget_ways_in(at, email=person.email, reason="The address is somebody else's now.", actor=ACTOR)
    assert sign_in_vouched(at, replace(first, subject="a newcomer")).is_known


def test_nobody_is_made_where_nobody_shall_be_and_whoever_was_let_go_stays_out():
    at, grace = make_organisation().id, someone()
    vouched = Vouched("https://id.example", grace.subject, grace.email, verified=True, name="Grace")
    trust(at, "https://id.example", creates=False)
    with pytest.raises(NoWayIn):
        sign_in_vouched(at, vouched)

    user = make_user(at, roles=["desk", "finance"], email=grace.email)
    assert sign_in_vouched(at, vouched).roles == {"desk", "finance"}
    trust(at, "https://id.example", creates=True)
    for role in ("desk", "finance"):
        withdraw_role(at, user_id=user.id, role=role, actor=ACTOR)
    for subject in (vouched, replace(vouched, subject="another")):
        with pytest.raises((NoWayIn, SubjectIsAnother)):
            sign_in_vouched(at, subject)
    with in_organisation(at):
        ProviderLink.objects.all().delete()
    with pytest.raises(NoWayIn):
        sign_in_vouched(at, vouched)


def test_a_member_on_record_is_found_by_their_address_and_a_new_one_is_a_member_of_staff():
    at, ada, ben = make_organisation().id, someone(), someone()
    known = make_member(at, email=ada.email)
    trust(at, "https://id.example", role="member")

    actor = sign_in_vouched(at, Vouched("https://id.example", "1", ada.email, verified=True, name="Ada"))
    new = sign_in_vouched(at, Vouched("https://id.example", "2", ben.email, verified=True, name="Ben"))

    assert actor.member_id == known.id
    with in_organisation(at):
        assert new.member_id is not None
        made = Member.objects.get(id=new.member_id)
    assert (made.kind, made.name, made.email) == ("staff", "Ben", ben.email)


@pytest.mark.parametrize(
    "email", ["a@harbour.example.evil.example", "a@sub.harbour.example", "harbour.example", "a@"]
)
def test_a_domain_is_that_domain_and_no_other(email: str):
    at = make_organisation().id
    trust(at, "https://id.example")

    with pytest.raises(DomainNotAllowed):
        sign_in_vouched(at, Vouched("https://id.example", "1", email, verified=True, name=""))


@rounds
def test_somebody_new_who_comes_twenty_times_at_once_is_one_person(round_: int):
    at, person = make_organisation().id, someone()
    trust(at, "https://id.example", role="member")
    vouched = Vouched("https://id.example", person.subject, person.email, verified=True, name="Grace")

    def come(_number: int) -> Actor:
        return sign_in_vouched(at, vouched)

    got = at_once(CONTENDERS, come)

    assert {one.user_id for one in got if isinstance(one, Actor)} == {User.objects.get(email=person.email).id}
    with in_organisation(at):
        assert (ProviderLink.objects.count(), Member.objects.count()) == (1, 1)


def test_a_providers_word_opens_its_own_organisation_and_changes_nothing_elsewhere():
    """Whoever runs a provider can have it say anything; it must not open what is another organisation's."""
    at, other, person = make_organisation(), make_organisation(), someone()
    victim = make_user(other.id, roles=["operator"], email=person.email)
    sandbox = make_sandbox(at)
    with provider(person=person) as running:
        trust(at.id, running.issuer)
        client, _ = go(at, running)
    make_user(sandbox.id, roles=["manager"], email=person.email)

    own = browser()
    own.post(f"/sign-in/{make_link(other.id, user_id=victim.id, actor=ACTOR)}")
    theirs = client.get("/me/security").content.decode()
    listed = client.get("/organisations").content.decode()

    assert is_in(client)
    assert client.post(f"/organisations/{other.code}").status_code == 404
    assert other.name not in listed + theirs
    assert "Add a passkey" not in theirs
    for path in (
        "passkeys/ask",
        "passkeys",
        "app",
        "app/remove",
        "passkeys/pky_01m80dt026df5pb3en0hyck0s2/remove",
    ):
        refused = client.post(f"/me/security/{path}")
        assert (refused.status_code, "nothing beyond it" in refused.content.decode()) == (403, True), path
    client.post("/me/security/end-others")
    assert is_in(own)
    assert client.post(f"/organisations/{sandbox.code}").status_code == 302
    assert client.post(f"/organisations/{other.code}").status_code == 404


@pytest.mark.parametrize(
    "other_ways, roles, is_sent", [("everybody", ["desk"], True), ("members", ["desk"], False), ("nobody", [], False), ("members", [], True)]
)  # fmt: skip
def test_who_signs_in_by_the_provider_alone_is_sent_no_link(other_ways: str, roles: list[str], is_sent: bool):
    at, grace = make_organisation(), someone()
    make_user(at.id, roles=roles, member=make_member(at.id) if not roles else None, email=grace.email)
    trust(at.id, "https://id.example", other_ways=other_ways)

    assert bool(invite_by_email(email=grace.email, slug=at.slug, actor="sign-in")) is is_sent


def test_nobody_comes_in_by_way_of_another_organisation_where_the_provider_is_the_only_way():
    at, other, grace = make_organisation(), make_organisation(), someone()
    user = make_user(at.id, email=grace.email)
    make_user(other.id, email=grace.email)
    trust(at.id, "https://id.example", other_ways="nobody")
    client = browser()
    client.post(f"/sign-in/{make_link(other.id, user_id=user.id, actor=ACTOR)}")

    refused = client.post(f"/organisations/{at.code}")

    assert refused.status_code == 403
    assert "You sign in to this organisation with Harbour ID." in refused.content.decode()
    remove_provider(at.id, actor=ACTOR)
    assert client.post(f"/organisations/{at.code}").status_code == 302


def test_the_sign_in_page_of_an_organisation_has_the_button_of_its_provider():
    at = make_organisation()
    trust(at.id, "https://id.example", other_ways="nobody")

    page = browser().get(f"/sign-in/to/{at.slug}").content.decode()

    assert f'href="/sign-in/with/{at.slug}"' in page
    assert "Sign in with Harbour ID" in page
    assert 'name="email"' not in page
    assert browser().get(f"/sign-in/with/{make_organisation().slug}").status_code == 403


def test_the_secret_is_sealed_kept_without_being_shown_and_never_sent_to_another_issuer():
    at = make_organisation().id
    trust(at, "https://id.example")
    kept = trust(at, "https://id.example", client_secret="", name="New name")

    assert CLIENT_SECRET.encode() not in bytes(kept.sealed_secret)
    with pytest.raises(Problem) as refused:
        trust(at, "https://evil.example", client_secret="")
    assert [one["pointer"] for one in refused.value.errors] == ["/client_secret"]
    with in_organisation(at):
        assert Provider.objects.get().issuer == "https://id.example"
        assert CLIENT_SECRET not in str(list(Audit.objects.values()))


@pytest.mark.parametrize(
    "wrong, pointer",
    [
        ({"issuer": "ftp://id.example"}, "/issuer"),
        ({"issuer": "https://id.example/?x=1"}, "/issuer"),
        ({"issuer": "https://a:b@id.example"}, "/issuer"),
        ({"domains": []}, "/domains"),
        ({"domains": ["nowhere"]}, "/domains"),
        ({"domains": ["*.example"]}, "/domains"),
        ({"role": "operator"}, "/role"),
        ({"other_ways": "some"}, "/other_ways"),
        ({"name": ""}, "/name"),
    ],
)
def test_a_provider_that_cannot_be_is_refused_where_it_is_wrong(wrong: dict[str, Any], pointer: str):
    at = make_organisation().id

    with pytest.raises(Problem) as refused:
        trust(at, **{"issuer": "https://id.example", **wrong})

    assert pointer in {one["pointer"] for one in refused.value.errors}
    with in_organisation(at):
        assert not Provider.objects.exists()
