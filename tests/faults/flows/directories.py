"""Who vouches for people, and what a directory tells of them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from plaudit.foundation.refusals import NotFound
from plaudit.people.actions import group_stays, provisioning, provisioning_groups, single_sign_on
from plaudit.people.actions.signing_in import bind_by_address
from plaudit.people.id_tokens import Vouched
from plaudit.people.provisioned import ProvisionedPerson
from plaudit.people.scim.refusals import NameTaken
from plaudit.people.tests.factories import ACTOR, make_organisation, make_sandbox, make_user
from tests.faults.trial import Flow, Prepared

_numbers = count(1)
_ISSUER = "https://id.example"


def _said(**more: Any) -> dict[str, Any]:
    email = f"babs-{next(_numbers)}@flows.example"
    return {"userName": email, "externalId": email, "emails": [{"value": email}], "active": True, **more}


def _trust(at: int) -> object:
    return single_sign_on.set_provider(
        at, name="ID", issuer=_ISSUER, client_id="us", client_secret="secret", domains=["flows.example"],
        creates=True, role="member", other_ways="everybody", actor=ACTOR,
    )  # fmt: skip


def _setting_a_provider() -> Prepared:
    at = make_organisation().id
    return at, lambda: _trust(at)


def _removing_a_provider() -> Prepared:
    at = make_organisation().id
    _trust(at)
    return at, lambda: single_sign_on.remove_provider(at, actor=ACTOR)


def _signing_in_vouched() -> Prepared:
    at = make_organisation().id
    _trust(at)
    email = f"grace-{next(_numbers)}@flows.example"
    vouched = Vouched(_ISSUER, email, email, verified=True, name="Grace")
    return at, lambda: single_sign_on.sign_in_vouched(at, vouched)


def _provisioning_a_person() -> Prepared:
    at, said = make_organisation().id, _said()
    return at, lambda: provisioning.provision_person(at, said, actor=ACTOR)


def _with_a_person(act: Callable[[int, ProvisionedPerson], object], **said: Any) -> Callable[[], Prepared]:
    def prepare() -> Prepared:
        live = make_organisation()
        row = provisioning.provision_person(live.id, _said(**said), actor=ACTOR)
        make_user(make_sandbox(live).id, email=row.user.email)
        return live.id, lambda: act(live.id, row)

    return prepare


def _deactivating(at: int, row: ProvisionedPerson) -> object:
    told = {**provisioning.told_of(row), "active": False}
    return provisioning.change_provisioned(at, str(row.id), lambda _: told, actor=ACTOR)


def _moving(at: int, row: ProvisionedPerson) -> object:
    told = {**provisioning.told_of(row), "emails": [{"value": f"new-{row.user_name}"}], "active": True}
    return provisioning.change_provisioned(at, str(row.id), lambda _: told, actor=ACTOR)


def _unprovisioning(at: int, row: ProvisionedPerson) -> None:
    provisioning.unprovision_person(at, str(row.id), lambda _: None, actor=ACTOR)


def _provisioning_a_group(at: int, row: ProvisionedPerson) -> object:
    said = {"displayName": "Guides", "members": [{"value": str(row.id)}]}
    return provisioning_groups.provision_group(at, said, actor=ACTOR)


def _with_a_group(act: Callable[[int, str, ProvisionedPerson], object]) -> Callable[[], Prepared]:
    def prepare() -> Prepared:
        at = make_organisation().id
        first = provisioning.provision_person(at, _said(), actor=ACTOR)
        second = provisioning.provision_person(at, _said(), actor=ACTOR)
        said = {"displayName": "Guides", "members": [{"value": str(first.id)}]}
        group = provisioning_groups.provision_group(at, said, actor=ACTOR)
        return at, lambda: act(at, str(group.id), second)

    return prepare


def _changing_a_group(at: int, group: str, second: ProvisionedPerson) -> object:
    said = {"displayName": "Climbers", "members": [{"value": str(second.id)}]}
    return provisioning_groups.change_group(at, group, lambda _: said, actor=ACTOR)


def _unprovisioning_a_group(at: int, group: str, _second: ProvisionedPerson) -> None:
    provisioning_groups.unprovision_group(at, group, lambda _: None, actor=ACTOR)


FLOWS = [
    Flow(
        "set who vouches",
        _setting_a_provider,
        (single_sign_on.set_provider,),
        done_again="what was set is set again, under a new seal",
        ignoring=frozenset({"sealed_secret"}),
    ),
    Flow("remove who vouches", _removing_a_provider, (single_sign_on.remove_provider,)),
    Flow(
        "sign in vouched for",
        _signing_in_vouched,
        (single_sign_on.sign_in_vouched, bind_by_address),
        done_again="who signs in twice is signed in twice",
    ),
    Flow(
        "provision a person",
        _provisioning_a_person,
        (provisioning.provision_person, group_stays.begin_stays),
        told_again=(NameTaken,),
    ),
    Flow("deactivate a person", _with_a_person(_deactivating), (provisioning.change_provisioned,)),
    Flow("move a person to another address", _with_a_person(_moving), (provisioning.told_of,)),
    Flow(
        "unprovision a person",
        _with_a_person(_unprovisioning),
        (provisioning.unprovision_person, group_stays.end_stays),
        told_again=(NotFound,),
    ),
    Flow(
        "provision a group",
        _with_a_person(_provisioning_a_group),
        (provisioning_groups.provision_group,),
        told_again=(NameTaken,),
    ),
    Flow(
        "change a group",
        _with_a_group(_changing_a_group),
        (provisioning_groups.change_group,),
        done_again="who tells again is noted again, and nothing else changes",
    ),
    Flow(
        "unprovision a group",
        _with_a_group(_unprovisioning_a_group),
        (provisioning_groups.unprovision_group,),
        told_again=(NotFound,),
    ),
]
