"""Whatever is changed in what was signed breaks the signature."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.credentials.refusals import NotOurShape
from plaudit.credentials.rules.documents import Achievement, Issuer, credential, identity
from plaudit.credentials.rules.proofs import proof_holds, with_proof
from plaudit.credentials.rules.tokens import said_by, token, token_holds

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
BARE = credential(
    address="https://here.example/credentials/abc",
    issuer=Issuer("https://here.example/issuers/abc", "Harbour", "https://here.example/"),
    subject="urn:uuid:6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
    holder=identity("ada@people.example", "salt"),
    achievement=Achievement("https://here.example/issuers/abc#1", "Certificate", "First aid", "Help", "Come"),
    valid_from=datetime(2026, 3, 1, tzinfo=UTC),
    valid_until=datetime(2027, 3, 1, tzinfo=UTC),
    status_list="https://here.example/issuers/abc/status/1",
    place=17,
)
SIGNED = with_proof(
    BARE, key=KEY, method="https://here.example/issuers/abc#k", created="2026-03-02T00:00:00Z"
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every single value in a document."""
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(one, (*path, key))
    else:
        yield path


def holds(document: dict[str, Any]) -> bool:
    try:
        return proof_holds(document, PUBLIC)
    except NotOurShape:
        return False


def parent(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path[:-1]:
        document = document[step]
    return document


PLACES = sorted(places(SIGNED), key=str)


def test_what_was_not_changed_holds():
    assert holds(SIGNED)
    assert holds(dict(reversed(copy.deepcopy(SIGNED).items()))), "in another order it says the same"
    assert not proof_holds(SIGNED, Ed25519PrivateKey.generate().public_key().public_bytes_raw())


@given(st.sampled_from(PLACES), st.text(max_size=40))
def test_any_other_value_in_any_place_breaks_the_proof(path, text):
    changed = copy.deepcopy(SIGNED)
    before = parent(changed, path)[path[-1]]
    parent(changed, path)[path[-1]] = (not before) if isinstance(before, bool) else text

    assert (before == text) or not holds(changed)


@given(st.sampled_from(PLACES))
def test_anything_left_out_breaks_the_proof(path):
    changed = copy.deepcopy(SIGNED)
    del parent(changed, path)[path[-1]]

    assert not holds(changed)


@given(st.sampled_from(["", "credentialSubject", "issuer", "credentialStatus", "proof"]), st.text(max_size=9))
def test_anything_added_breaks_the_proof(place, term):
    changed = copy.deepcopy(SIGNED)
    within = changed[place] if place else changed
    if term not in within:
        within[term] = "more"
        assert not holds(changed)


@settings(max_examples=25)
@given(st.sampled_from(sorted(places(BARE), key=str)), st.text(max_size=40))
def test_any_other_value_in_a_token_breaks_it(path, text):
    mine = token(BARE, key=KEY, kid="https://here.example/key")
    changed = copy.deepcopy(BARE)
    changed["validFrom"], changed["validUntil"] = BARE["validFrom"], BARE["validUntil"]
    if path[0] in ("validFrom", "validUntil"):
        return
    parent(changed, path)[path[-1]] = text
    other = token(changed, key=KEY, kid="https://here.example/key")
    forged = ".".join([mine.split(".")[0], other.split(".")[1], mine.split(".")[2]])

    assert token_holds(mine, PUBLIC) and said_by(mine)
    assert token_holds(forged, PUBLIC) == (changed == BARE)
