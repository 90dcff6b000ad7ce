"""The ways in beside the link: a passkey of a real browser, and codes from an app in one without script."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

from plaudit.people.actions.signing_in import make_link
from plaudit.people.actions.single_sign_on import set_provider
from plaudit.people.models import User
from plaudit.people.tests.authenticator import code_now
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_user
from plaudit.people.tests.provider import CLIENT_ID, CLIENT_SECRET, loopback_opened, provider
from plaudit.people.tests.provider import Person as Vouched
from tests.journeys.person import Person
from tests.journeys.ways import PHONE, VIEWS, Way, only_in_every_way

pytestmark = pytest.mark.browser

SECURITY = "/me/security"
NO_SCRIPT = Way(390, script=False)


@pytest.fixture
def mina(browser, site):
    # Browsers give passkeys to names alone: on 127.0.0.1 there are none.
    mina = Person(browser, site.replace("127.0.0.1", "localhost"))
    yield mina
    mina.leave()


@pytest.fixture
def phone(browser):
    """What asks for finger, face or PIN, and always gets it."""
    made = VirtualAuthenticatorOptions(
        protocol=VirtualAuthenticatorOptions.Protocol.CTAP2,
        transport=VirtualAuthenticatorOptions.Transport.INTERNAL,
        has_resident_key=True,
        has_user_verification=True,
        is_user_consenting=True,
        is_user_verified=True,
    )
    browser.add_virtual_authenticator(made)
    yield browser
    browser.remove_virtual_authenticator()


def a_person() -> tuple[int, User]:
    at = make_organisation().id
    return at, make_user(at, roles=["member"], member=make_member(at, name="Mina Okafor"))


def use_a_link(mina: Person, at: int, user: User) -> None:
    """Open a link and press its button, wherever that leads."""
    mina.opens(f"/sign-in/{make_link(at, user_id=user.id, actor=ACTOR)}")
    mina.browser.find_element(By.CSS_SELECTOR, "main form button").click()


def sound(mina: Person, axe) -> list[object]:
    """What is wrong with the page as it is: light and dark, on a phone and at a desk."""
    wrong: list[object] = []
    for way in VIEWS:
        mina.begin(way)
        wrong += [(mina.browser.current_url, str(way), one) for one in mina.wrong(axe)]
    return wrong


def test_a_passkey_is_made_signs_in_alone_and_is_good_no_longer_once_removed(mina, phone, axe):
    at, user = a_person()
    mina.begin(PHONE)
    mina.sign_in(at, user.id)
    mina.opens(SECURITY)
    mina.tap("Add a passkey")
    assert mina.reads("is a way in from now on")
    assert sound(mina, axe) == []

    phone.delete_all_cookies()
    mina.opens("/sign-in")
    mina.tap("Sign in with a passkey")
    assert mina.until(lambda: "/sign-in" not in mina.browser.current_url)
    assert mina.reads("Hello, Mina")

    mina.opens(SECURITY)
    mina.tap("Remove")
    assert mina.reads("is no way in any more")
    phone.delete_all_cookies()
    mina.opens("/sign-in")
    mina.tap("Sign in with a passkey")
    assert mina.reads("This passkey was not accepted.")


@only_in_every_way
def test_an_app_for_codes_is_set_up_and_asked_for_without_script(mina, axe):
    at, user = a_person()
    mina.begin(NO_SCRIPT)
    use_a_link(mina, at, user)
    mina.opens(SECURITY)
    mina.tap("Set up an app")
    assert mina.reads("Enter the six digits that it shows.")
    secret = mina.browser.find_element(By.CSS_SELECTOR, "details code").get_attribute("textContent")
    field = mina.browser.find_element(By.NAME, "code")
    field.send_keys("000000")
    field.submit()
    assert mina.reads("Enter the six digits that it shows.")
    assert sound(mina, axe) == []

    mina.begin(NO_SCRIPT)
    field = mina.browser.find_element(By.NAME, "code")
    field.clear()
    field.send_keys(code_now(secret))
    field.submit()
    assert mina.reads("Keep these where you keep what matters.")
    recovery = mina.browser.find_element(By.ID, "recovery").text.split()
    assert len(recovery) == 10
    assert sound(mina, axe) == []

    mina.begin(NO_SCRIPT)
    mina.browser.delete_all_cookies()
    use_a_link(mina, at, user)
    assert mina.until(lambda: mina.browser.current_url.endswith("/sign-in/code"))
    assert sound(mina, axe) == []
    mina.begin(NO_SCRIPT)
    field = mina.browser.find_element(By.NAME, "code")
    field.send_keys(recovery[0])
    field.submit()
    assert mina.reads("Hello, Mina")
    mina.opens(SECURITY)
    assert mina.reads("9 recovery codes are left.")
    assert sound(mina, axe) == []


@only_in_every_way
def test_who_has_an_account_at_work_signs_in_with_it_in_one_tap(mina, axe):
    at = make_organisation()
    email = f"mina-{at.id}@harbour.example"
    make_user(at.id, roles=["member"], member=make_member(at.id, name="Mina Okafor"), email=email)
    with loopback_opened(), provider(person=Vouched(f"sub-{at.id}", email, "Mina Okafor")) as running:
        set_provider(
            at.id, name="Harbour ID", issuer=running.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET,
            domains=["harbour.example"], creates=False, role="member", other_ways="members", actor=ACTOR,
        )  # fmt: skip
        mina.begin(NO_SCRIPT)
        mina.opens(f"/sign-in/to/{at.slug}")
        assert sound(mina, axe) == []
        mina.begin(NO_SCRIPT)
        mina.tap("Sign in with Harbour ID")
        assert mina.until(lambda: "/sign-in" not in mina.browser.current_url)

        running.misbehaviour = "address not verified"
        running.person.subject = "somebody else"
        mina.browser.delete_all_cookies()
        mina.opens(f"/sign-in/to/{at.slug}")
        mina.tap("Sign in with Harbour ID")
        assert mina.reads("Harbour ID does not say that your e-mail address is yours.")

    assert mina.taps == 2
    assert not mina.overflows()
