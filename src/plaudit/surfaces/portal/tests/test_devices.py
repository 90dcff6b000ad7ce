"""Devices on the page of what reaches one: turned on by a form that script fills, tried, and ended one by one."""

from __future__ import annotations

import re

import pytest

from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions.devices import MOST_DEVICES
from plaudit.outreach.models import Push
from plaudit.outreach.queries.devices import devices_of, show_device
from plaudit.outreach.tests.browsers import make_browser, make_device
from plaudit.people.actions.roles import grant_role
from plaudit.people.actions.signing_in import make_link
from plaudit.people.choices import AT_WORK, choices_of
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR, make_user
from plaudit.surfaces.portal.tests.test_going import sound
from plaudit.surfaces.portal.tests.visiting import Visit, begin_visit

PAGE = "/me/notifications"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def visit() -> Visit:
    return begin_visit()


def add(visit: Visit, *, endpoint: str = "https://1.1.1.1/push/1", **other: str):
    """Send the form as script fills it."""
    keys = make_browser().keys
    facts = {"endpoint": endpoint, "p256dh": keys["public"], "auth": keys["secret"], **other}
    return visit.client.post(f"{PAGE}/devices", facts, headers={"user-agent": FIREFOX}, follow=True)


def acts(page: str, act: str) -> list[str]:
    return re.findall(rf'action="({PAGE}/devices/dev_\w+/{act})"', page)


def test_without_a_device_the_page_says_what_it_takes(visit):
    page = visit.page(PAGE)

    sound(page)
    assert "There is none yet." in page
    assert re.search(r"<form[^>]*data-push[^>]* hidden>", page)
    assert re.search(r"<noscript>.*scripts, which this browser does not run here", page)


def test_a_device_is_turned_on_tried_and_ended(visit):
    key = visit.client.post(f"{PAGE}/devices/ask").json()["key"]
    assert len(key) == 87
    assert visit.client.post(f"{PAGE}/devices/ask").json() == {"key": key}

    page = add(visit).content.decode()
    sound(page)
    assert "You are told here from now on: Firefox on Linux." in page
    (try_it,), (end_it,) = acts(page, "try"), acts(page, "end")

    assert "One is on its way." in visit.client.post(try_it, follow=True).content.decode()
    with in_organisation(visit.shop.id):
        assert [one.about for one in Push.objects.filter(organisation_id=visit.shop.id)] == ["try"]
    page = visit.client.post(end_it, follow=True).content.decode()
    assert "Nothing is sent there any more." in page
    assert "There is none yet." in page


def test_what_is_refused_is_said_on_the_page_and_nothing_is_kept(visit):
    refused = [
        ({"endpoint": "https://10.0.0.7/x"}, "it leads to a private network"),
        ({"endpoint": "http://1.1.1.1/x"}, "it is not encrypted"),
        ({"endpoint": ""}, "it is not an https address"),
        ({"auth": "short"}, "This browser did not say how it can be told."),
    ]
    for facts, says in refused:
        answer = add(visit, **facts)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert says in page
        sound(page)
    with in_organisation(visit.shop.id):
        assert devices_of(visit.shop.id, visit.shop.mina.id) == []


def test_more_devices_than_may_be_are_refused_in_words(visit):
    for number in range(MOST_DEVICES):
        make_device(visit.shop.id, visit.shop.mina.id, name=f"Phone {number}")

    answer = add(visit)

    assert answer.status_code == 409
    assert f"You are told on {MOST_DEVICES} devices already." in answer.content.decode()


def test_nobody_tries_or_ends_anothers(visit):
    device = make_device(visit.shop.id, visit.shop.mina.id)
    stranger = begin_visit().client
    path = f"{PAGE}/devices/{show_device(device.id)}"

    assert [stranger.post(f"{path}/{act}").status_code for act in ("try", "end")] == [404, 404]
    assert acts(visit.page(PAGE), "end") == [f"{path}/end"]


def test_a_copy_of_ones_data_names_devices_and_not_their_addresses(visit):
    make_device(visit.shop.id, visit.shop.mina.id, url="https://push.example/secret", name="Phone")

    copy = visit.client.post("/me/privacy/export").content.decode()

    assert '"Phone"' in copy
    assert "push.example" not in copy


def test_a_colleague_who_is_no_member_turns_a_device_on_tries_and_ends_it():
    shop = begin_visit().shop
    user = make_user(shop.id, roles=["desk"])
    client = browser()
    client.post(f"/sign-in/{make_link(shop.id, user_id=user.id, actor=ACTOR)}")

    page = client.get(PAGE).content.decode()
    sound(page)
    assert "It never says what." in page and "matrix" not in page
    assert 'href="/me/notifications"' in client.get("/me/inbox").content.decode()
    keys = make_browser().keys
    facts = {"endpoint": "https://1.1.1.1/push/1", "p256dh": keys["public"], "auth": keys["secret"]}
    page = client.post(
        f"{PAGE}/devices", facts, headers={"user-agent": FIREFOX}, follow=True
    ).content.decode()
    sound(page)
    (try_it,), (end_it,) = acts(page, "try"), acts(page, "end")
    with in_organisation(shop.id):
        (device,) = devices_of(shop.id, None, user.id)
        assert device.member_id is None
    assert "One is on its way." in client.post(try_it, follow=True).content.decode()
    assert "Nothing is sent there any more." in client.post(end_it, follow=True).content.decode()


def test_only_a_member_who_works_here_is_asked_about_what_waits_at_work(visit):
    assert "What waits for me at work" not in visit.page(PAGE)
    grant_role(visit.shop.id, user_id=visit.shop.mina_signs_in.id, role="desk", actor=ACTOR)

    assert "What waits for me at work" in visit.page(PAGE)
    visit.client.post(f"{PAGE}/save", {"push-at-work": "on"})
    with in_organisation(visit.shop.id):
        assert choices_of(visit.shop.id, visit.shop.mina.id)[AT_WORK]
    add(visit)
    with in_organisation(visit.shop.id):
        (device,) = devices_of(visit.shop.id, visit.shop.mina.id)
        assert device.user_id is not None
