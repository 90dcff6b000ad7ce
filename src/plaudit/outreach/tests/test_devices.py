"""Devices on which members are told: whose they are, where nothing may be sent, how many there may be, and their key."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.test import override_settings

from plaudit.foundation import reaching, sealing
from plaudit.foundation.addresses import UrlRefused
from plaudit.foundation.models import Audit
from plaudit.foundation.reaching import Answer
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.membership.actions.merge import merge_members, separate_members
from plaudit.outreach.actions.devices import MOST_DEVICES, add_device, end_device, own_key, try_device
from plaudit.outreach.actions.pushing import push_due
from plaudit.outreach.models import Device, Push, PushKey
from plaudit.outreach.refusals import DeviceUnknown, TooManyDevices
from plaudit.outreach.tests.browsers import make_browser, make_device, on_the_internet
from plaudit.outreach.tests.choosing import answers, begin, names_of, offered, waiting
from plaudit.people.choices import choices_of, news_by_push
from plaudit.people.models import Member
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_user


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example/1",
        "https://127.0.0.1/1",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/1",
        "https://10.0.0.7/1",
        "https://ada@push.example/1",
        "ftp://push.example/1",
        "",
    ],
)
def test_nothing_is_sent_to_addresses_that_are_not_on_the_internet(url):
    ada = begin()

    with pytest.raises(UrlRefused):
        add_device(
            ada.organisation_id, member_id=ada.id, url=url, **make_browser().keys, name="x", actor=ACTOR,
            resolve=on_the_internet,
        )  # fmt: skip
    assert names_of(ada) == []


def test_a_name_that_leads_inside_is_refused_then_and_when_it_leads_there_later(monkeypatch):
    ada = begin()
    at = ada.organisation_id
    with pytest.raises(UrlRefused):
        add_device(
            at, member_id=ada.id, url="https://push.example/1", **make_browser().keys, name="x", actor=ACTOR,
            resolve=lambda *_: ["10.0.0.7"],
        )  # fmt: skip
    make_device(at, ada.id)
    offered(ada, "spring")
    inside = []

    def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
        inside.append(reaching.post_json(url, body, headers, resolve=lambda *_: ["10.0.0.7"]))
        return inside[-1]

    push_due(at, post=post)

    (answer,) = inside
    assert answer.status is None
    assert "private network" in answer.error


def test_a_browser_that_gives_no_keys_is_refused():
    ada = begin()

    with pytest.raises(DeviceUnknown):
        add_device(
            ada.organisation_id, member_id=ada.id, url="https://push.example/1", public="x", secret="y", name="x",
            actor=ACTOR, resolve=on_the_internet,
        )  # fmt: skip


def test_a_browser_is_kept_once_and_is_whoevers_asked_last():
    ada = begin()
    ben = make_member(ada.organisation_id)
    for _ in range(2):
        make_device(ada.organisation_id, ada.id, url="https://push.example/shared")
    assert names_of(ada) == ["Firefox on Linux"]

    make_device(ada.organisation_id, ben.id, url="https://push.example/shared")

    assert (names_of(ada), names_of(ben)) == ([], ["Firefox on Linux"])


def test_devices_are_ended_one_by_one_and_only_by_their_member():
    ada = begin()
    at, ben = ada.organisation_id, make_member(ada.organisation_id)
    phone, desk = (make_device(at, ada.id, name=name) for name in ("Phone", "Desk"))
    offered(ada, "spring")

    with pytest.raises(NotFound):
        end_device(at, phone.id, member_id=ben.id, actor=ACTOR)
    with pytest.raises(NotFound):
        try_device(at, phone.id, member_id=ben.id)
    end_device(at, phone.id, member_id=ada.id, actor=ACTOR)

    assert names_of(ada) == ["Desk"]
    with in_organisation(at):
        assert {one.device_id for one in Push.objects.filter(organisation_id=at)} == {desk.id}


def test_the_key_is_made_once_kept_sealed_and_made_anew_where_it_is_lost():
    ada = begin()
    at = ada.organisation_id
    make_device(at, ada.id)
    offered(ada, "spring")
    key = own_key(at)
    assert own_key(at) == key
    with in_organisation(at):
        sealed = bytes(PushKey.objects.get(organisation_id=at).sealed)
        device = Device.objects.get(organisation_id=at)
    assert b"PRIVATE" not in sealed
    assert base64.urlsafe_b64decode(sealed)[:1] == b"\x80"
    assert len(bytes(device.sealed_secret)) > 50

    with under_another_key():
        assert push_due(at, post=answers(201)) == 0
        assert names_of(ada) == []
        assert own_key(at) != key


@contextmanager
def under_another_key() -> Iterator[None]:
    """As after a restore without the installation's first key. What was derived of one is kept in memory."""

    def forget() -> None:
        sealing.key_for.cache_clear()
        sealing._fernet.cache_clear()

    try:
        with override_settings(SECRET_KEY="another installation's key: 0123456789 abcdefghij"):
            forget()
            yield
    finally:
        forget()


@rounds
def test_of_twenty_devices_added_at_once_as_many_as_may_be_are_kept(round_):
    ada = begin()
    at = ada.organisation_id

    added = at_once(CONTENDERS, lambda _: make_device(at, ada.id))

    assert sum(isinstance(one, Device) for one in added) == MOST_DEVICES
    assert sum(isinstance(one, TooManyDevices) for one in added) == CONTENDERS - MOST_DEVICES
    assert len(names_of(ada)) == MOST_DEVICES


@rounds
def test_one_browser_added_by_twenty_at_once_is_one_device(round_):
    ada = begin()
    at = ada.organisation_id

    at_once(CONTENDERS, lambda _: make_device(at, ada.id, url="https://push.example/one"))

    assert names_of(ada) == ["Firefox on Linux"]


@rounds
def test_a_key_asked_for_by_twenty_at_once_is_one(round_):
    at = make_organisation().id

    assert len({str(one) for one in at_once(CONTENDERS, lambda _: own_key(at))}) == 1


def merged(survivor: Member, absorbed: Member) -> UUID:
    at = survivor.organisation_id
    done = merge_members(
        at, survivor_id=survivor.id, absorbed_id=absorbed.id, reason="One person", actor=ACTOR
    )
    return done.merge.id


def test_devices_go_along_with_the_sign_in_of_a_merged_member_and_come_back_with_it():
    ada = begin()
    at, bo = ada.organisation_id, make_member(ada.organisation_id, name="Bo")
    make_user(at, member=ada)
    make_device(at, ada.id, name="Phone")
    assert offered(ada, "spring") == 1

    merge = merged(bo, ada)

    assert (names_of(ada), names_of(bo)) == ([], ["Phone"])
    assert offered(bo, "summer") == 1  # it replaces what waited, and was chosen by whoever signs in
    separate_members(at, merge_id=merge, reason="Two people", actor=ACTOR)
    assert (names_of(ada), names_of(bo)) == (["Phone"], [])
    with in_organisation(at):
        Push.objects.filter(organisation_id=at).delete()
    assert offered(bo, "autumn") == 0
    assert offered(ada, "winter") == 1


def test_devices_of_a_sign_in_that_is_left_behind_end_and_the_survivors_own_stay():
    ada = begin()
    at, bo = ada.organisation_id, make_member(ada.organisation_id, name="Bo")
    for one in (ada, bo):
        make_user(at, member=one)
        make_device(at, one.id, name=f"{one.name}'s")
    offered(ada, "spring")

    merge = merged(bo, ada)

    assert (names_of(ada), names_of(bo), waiting(at)) == ([], ["Bo's"], 0)
    with in_organisation(at):
        note = Audit.objects.filter(organisation_id=at, act="member.merged").get()
        assert (note.reason, note.details["ended_with_the_sign_in"]) == ("One person", 2)
    separate_members(at, merge_id=merge, reason="Two people", actor=ACTOR)
    assert (names_of(ada), names_of(bo)) == ([], ["Bo's"])
    assert choices_kept(ada)


def choices_kept(member: Member) -> bool:
    with in_organisation(member.organisation_id):
        return choices_of(member.organisation_id, member.id)[news_by_push("offers")]
