"""A credential from being asked for to being revoked: who gets one, what it says, and what is said of it."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256

import pytest

from plaudit.credentials.actions.giving import give_credential, revoke_credential
from plaudit.credentials.actions.signing import renew_key
from plaudit.credentials.checking import State
from plaudit.credentials.models import Credential, Key, Kind, Place
from plaudit.credentials.refusals import NothingToShow, TakenBack
from plaudit.credentials.rules.tokens import said_by
from plaudit.credentials.tests.factories import EMAIL, Taking, at, make_taking
from plaudit.foundation import clock
from plaudit.foundation.models import Audit, News
from plaudit.foundation.sealing import seal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.learning.actions.completions import withdraw_completion
from plaudit.learning.models import Completion
from plaudit.learning.tests.factories import ACTOR
from plaudit.people.actions.erasing import erase_identities
from plaudit.people.actions.merging import merge_identities


@pytest.fixture
def taking() -> Taking:
    return make_taking()


def test_a_certificate_taken_along_is_signed_valid_and_names_nobody(taking):
    one = taking.takes()

    assert taking.verdict(one).state is State.VALID
    whole = json.dumps(one.document) + json.dumps(said_by(one.token))
    assert not any(word in whole for word in ("Ada", "Lovelace", EMAIL, str(taking.ada)))
    assert one.document["issuer"]["name"] == taking.academy.organisation.name
    (holder,) = one.document["credentialSubject"]["identifier"]
    digest = sha256((EMAIL + holder["salt"]).encode()).hexdigest()
    assert holder["hashed"] is True
    assert holder["identityHash"] == f"sha256${digest}"
    assert not taking.is_revoked(one)


def test_what_is_asked_for_twice_is_the_same_one(taking):
    first, second = taking.takes(), taking.takes()

    assert first.id == second.id
    with in_organisation(taking.id):
        assert Credential.objects.count() == Place.objects.count() == 1
        assert News.objects.filter(topic="credential.issued").count() == 1
        assert Audit.objects.filter(act="credential.issued").count() == 1


@rounds
def test_a_credential_asked_for_by_many_at_once_is_one(round_: int):
    taking = make_taking()
    got = at_once(CONTENDERS, lambda _: taking.takes().id)

    assert len(set(got)) == 1
    with in_organisation(taking.id):
        assert Credential.objects.count() == Place.objects.count() == Key.objects.count() == 1


@rounds
def test_a_key_renewed_by_many_at_once_leaves_one_that_signs(round_: int):
    taking = make_taking()
    at_once(CONTENDERS, lambda _: renew_key(taking.id, actor=ACTOR))

    with in_organisation(taking.id):
        assert Key.objects.filter(ended_at__isnull=True).count() == 1


def test_a_revoked_one_is_so_at_once_for_everybody_and_for_good(taking):
    one = taking.takes()
    revoke_credential(taking.id, credential_id=one.id, reason="Given by mistake", actor=ACTOR)
    revoke_credential(taking.id, credential_id=one.id, reason="Again", actor=ACTOR)

    assert taking.verdict(one).state is State.REVOKED
    assert taking.is_revoked(one)
    with pytest.raises(TakenBack, match="Given by mistake"):
        taking.takes()
    with in_organisation(taking.id):
        assert Audit.objects.get(act="credential.revoked").reason == "Given by mistake"
        assert News.objects.filter(topic="credential.revoked").count() == 1


def test_what_shows_something_that_was_taken_back_stands_no_more(taking):
    one = taking.takes()
    with in_organisation(taking.id):
        done = Completion.objects.get()
    withdraw_completion(taking.id, completion_id=done.id, reason="Copied", actor=ACTOR)

    assert taking.verdict(one).state is State.WITHDRAWN
    assert taking.is_revoked(one)
    with pytest.raises(NothingToShow):
        give_credential(taking.id, member_id=taking.ada, kind=Kind.CERTIFICATE, about=one.about, actor=ACTOR)


def test_it_holds_through_the_last_day_of_its_certificate(taking):
    one = taking.takes()
    assert one.valid_until is not None

    with clock.frozen_at(one.valid_until - timedelta(seconds=1)):
        assert taking.verdict(one).state is State.VALID
    with clock.frozen_at(one.valid_until):
        assert taking.verdict(one).state is State.ENDED
        with pytest.raises(NothingToShow):
            give_credential(
                taking.id, member_id=taking.ada, kind=Kind.CERTIFICATE, about=one.about, actor=ACTOR
            )


def test_one_whose_row_was_tampered_with_is_said_to_be_altered(taking):
    one = taking.takes()
    one.document["credentialSubject"]["achievement"]["name"] = "Surgeon"
    with in_organisation(taking.id):
        one.save(update_fields=["document"])

    assert taking.verdict(one).state is State.BROKEN


def test_a_new_key_signs_and_the_old_one_still_proves(taking):
    one = taking.takes()
    renew_key(taking.id, actor=ACTOR)
    bo = taking.academy.member("Bo")
    taking.academy.completes(bo, "first-aid")
    other = Taking(taking.academy, bo).takes()

    assert one.key_id != other.key_id
    assert taking.verdict(one).stands and taking.verdict(other).stands
    methods = at(f"/issuers/{taking.academy.organisation.code}").json()["verificationMethod"]
    named = {one["id"] for one in methods}
    assert {row.document["proof"]["verificationMethod"] for row in (one, other)} == named
    assert "identifier" not in other.document["credentialSubject"], "who has no address is known by none"


def test_a_key_that_the_installation_cannot_open_any_more_is_followed_by_another(taking):
    one = taking.takes()
    bo = taking.academy.member("Bo")
    taking.academy.completes(bo, "first-aid")
    with in_organisation(taking.id):
        Key.objects.update(sealed=seal("somebody else's secret", "00" * 32))
    assert at(f"/issuers/{taking.academy.organisation.code}/status/{one.place.list}").status_code == 404
    other = Taking(taking.academy, bo).takes()

    assert other.key_id != one.key_id
    assert taking.verdict(one).stands and taking.verdict(other).stands
    assert not taking.is_revoked(one)


def test_who_is_erased_leaves_nothing_but_a_revoked_place(taking):
    one = taking.takes()
    erase_identities(taking.id, member_id=taking.ada, reason="Asked", actor=ACTOR)

    assert at(f"/credentials/{one.secret}").status_code == 404
    assert taking.is_revoked(one)
    with in_organisation(taking.id):
        assert not Credential.objects.exists()


def test_who_lives_on_as_another_has_what_they_took(taking):
    one = taking.takes()
    bo = taking.academy.member("Bo")
    merge_identities(taking.id, survivor_id=bo, absorbed_id=taking.ada, reason="One person", actor=ACTOR)

    assert taking.verdict(one).stands
    again = give_credential(taking.id, member_id=bo, kind=Kind.CERTIFICATE, about=one.about, actor=ACTOR)
    assert again.id == one.id
