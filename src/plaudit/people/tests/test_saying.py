"""What practices say of members: read with their attributes, changed by whoever said it, gone with the person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.erasing import erase_identities
from plaudit.people.resolving import attributes_of
from plaudit.people.saying import Said, say, standing_of, unsay_all
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation


def _say(at: int, member_id: UUID, name: str, value: Any, by: str = "tiers/club") -> None:
    with in_organisation(at):
        say(at, [Said(member_id, name, value)], said_by=by, now=clock.now())


def _known(at: int, member_id: UUID) -> dict[str, Any]:
    with in_organisation(at):
        return attributes_of(at, [member_id])[member_id]


def test_what_is_said_of_a_member_is_read_with_their_attributes_and_comes_first():
    at = make_organisation().id
    ada = make_member(at, attributes={"tier": "self-made", "city": "Leeds"})

    _say(at, ada.id, "tier", "gold")
    _say(at, ada.id, "regular", True)

    assert _known(at, ada.id) == {"tier": "gold", "city": "Leeds", "regular": True, "kind": "customer"}


def test_what_is_taken_back_is_said_no_longer():
    at = make_organisation().id
    ada = make_member(at)

    _say(at, ada.id, "tier", "gold")
    _say(at, ada.id, "tier", None)

    assert _known(at, ada.id) == {"kind": "customer"}


def test_nobody_changes_what_another_says():
    at = make_organisation().id
    ada = make_member(at)
    _say(at, ada.id, "level", "executive", by="membership")

    _say(at, ada.id, "level", "silver")
    _say(at, ada.id, "level", None)
    with in_organisation(at):
        unsay_all(at, said_by="tiers/club", names=["level"])

        assert standing_of(at, [ada.id]) == {ada.id: {"level": "executive"}}


def test_an_erased_member_stands_nowhere():
    at = make_organisation().id
    ada = make_member(at)
    _say(at, ada.id, "tier", "gold")

    erase_identities(at, member_id=ada.id, reason="asked for it", actor=ACTOR)

    assert _known(at, ada.id) == {"kind": "customer"}
