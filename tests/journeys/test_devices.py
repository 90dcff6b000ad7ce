"""A member asks to be told on a device, tries it, reads what comes, and ends it; and the bell above every page.

The browser of these tests has no push service behind it. What it would promise is put in its place, and what is sent to
the receiver here is handed to its worker as that service would.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count, islice

import pytest
from selenium.webdriver.common.by import By

from plaudit.foundation import clock, config
from plaudit.foundation.ids import show
from plaudit.foundation.jobs import run_due
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.tests.factories import Shop, make_shop
from plaudit.outreach.actions.telling import tell_people
from plaudit.outreach.tasks import queue_mail
from plaudit.outreach.tests.browsers import Subscribed, make_browser
from plaudit.outreach.tests.receiver import Reply, receiver
from tests.journeys.person import Person
from tests.journeys.ways import PHONE, Way, only_in_every_way

pytestmark = pytest.mark.browser

# A promise as a push service makes it: an address, and keys.
_PROMISE = """
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)).buffer;
const keys = {p256dh: bytes("%(public)s"), auth: bytes("%(secret)s")};
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async (asked) => {
  if (!asked.userVisibleOnly || asked.applicationServerKey.length !== 65) throw new Error("asked wrongly");
  return {endpoint: "%(url)s", getKey: (name) => keys[name]};
};
"""
_SHOWN = """
const done = arguments[0];
navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
  .then((found) => done(found.map(({title, body, tag, data}) => [title, body, tag, data])));
"""


@pytest.fixture
def mina(browser, site) -> Iterator[Person]:
    mina = Person(browser, site)
    yield mina
    browser.execute_cdp_cmd("Browser.resetPermissions", {})
    mina.leave()


@pytest.fixture
def _sending_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Messages may be sent to this machine, as an operator would let them be."""
    monkeypatch.setenv("PLAUDIT_WEBHOOK_NETWORKS", "127.0.0.0/8")
    config.load.cache_clear()
    yield
    monkeypatch.undo()
    config.load.cache_clear()


def begin(mina: Person, way: Way) -> Shop:
    shop = make_shop()
    mina.begin(way)
    mina.sign_in(shop.id, shop.mina_signs_in.id)
    return shop


def promises(mina: Person, url: str, keys: Subscribed) -> str:
    """From here on the browser promises this; what takes it back."""
    source = _PROMISE % {**keys.keys, "url": url}
    added = mina.browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})
    allowed = {"permissions": ["notifications"], "origin": mina.site}
    mina.browser.execute_cdp_cmd("Browser.grantPermissions", allowed)
    return str(added["identifier"])


def hands_over(mina: Person, message: str) -> list[list[str]]:
    """The push service's part: what came is given to the worker of the site. What the screen shows then."""
    mina.browser.execute_cdp_cmd("ServiceWorker.enable", {})
    shown: list[list[str]] = []
    # Browsers number their workers, and tell nobody how.
    numbers = count()

    def is_shown() -> bool:
        for number in islice(numbers, 25):
            given = {"origin": mina.site, "registrationId": str(number), "data": message}
            mina.browser.execute_cdp_cmd("ServiceWorker.deliverPushMessage", given)
        shown[:] = mina.browser.execute_async_script(_SHOWN)
        return shown != []

    mina.until(is_shown)
    return shown


@pytest.mark.usefixtures("_sending_here")
def test_a_device_is_turned_on_by_a_press_tried_and_ended(mina, axe):
    shop, keys = begin(mina, PHONE), make_browser()
    with receiver(Reply(201)) as there:
        script = promises(mina, there.url, keys)
        mina.opens("/me/notifications")
        assert mina.wrong(axe) == []
        mina.tap("Tell me on this device")
        assert mina.reads("You are told here from now on: Chrome on")
        mina.tap("Send me one now to try")
        assert mina.reads("One is on its way.")
        run_due(shop.id)
        mina.browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": script})
        (message,) = there.received

    assert mina.look(axe) == {}
    read = dict(keys.reads(message.raw))
    assert hands_over(mina, json.dumps(read)) == [
        [read["title"], "This is how news reaches you here.", "try", "/me/notifications"]
    ]
    mina.tap("End")
    assert mina.reads("Nothing is sent there any more.")


@only_in_every_way
def test_a_browser_that_may_not_is_told_so_and_one_without_script_what_it_takes(mina, axe):
    begin(mina, PHONE)
    mina.browser.execute_cdp_cmd(
        "Browser.setPermission",
        {"permission": {"name": "notifications"}, "setting": "denied", "origin": mina.site},
    )
    mina.opens("/me/notifications")
    assert mina.reads("This browser does not let us.")
    assert mina.wrong(axe) == []

    mina.begin(Way(320, "dark", script=False))
    mina.opens("/me/notifications")
    assert mina.reads("Turning a device on needs scripts")
    assert "Tell me on this device" not in mina.text()


@only_in_every_way
def test_the_bell_and_the_first_page_say_what_is_not_read(mina, axe):
    shop = begin(mina, PHONE)
    shop.buys("10.00")
    with in_organisation(shop.id):
        facts = {"programme": "corner-shop", "offer": "spring", "members": [show("mem", shop.mina.id)]}
        tell(shop.id, "offer.made", facts, happened_at=clock.now())
    # Whoever follows the news waits for writers, and the browser's last request may still be one.
    mina.until(lambda: tell_people(shop.id, queue_mail(shop.id)).notices == 1)

    mina.opens("/")
    assert mina.reads("There is something you have not read.")
    assert mina.look(axe) == {}
    mina.tap_on(mina.browser.find_element(By.ID, "bell"))
    assert mina.reads("Something is offered to you: spring.")
    mina.tap("Mark all as read")
    assert mina.reads("1 is marked as read.")
    mina.opens("/")
    assert mina.reads("Hello, Mina")
    assert "not read" not in mina.text()
