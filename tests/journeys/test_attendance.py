"""Two hundred people who came are credited from one list in at most twelve clicks, and every row is accounted for."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.rolls import count_roll, roll_ref, take_back_roll
from plaudit.learning.roll_models import Roll
from plaudit.learning.tests.factories import Academy, make_academy
from plaudit.people.models import Member, User
from plaudit.people.tests.factories import make_user
from plaudit.surfaces.console.tests.shops import Company
from tests.journeys.person import Person
from tests.journeys.ways import DESK, VIEWS, Way, by_keyboard, in_every_way, only_in_every_way

pytestmark = pytest.mark.browser

CLICKS_MAX = 12
SURE, LIKELY, UNKNOWN, TWICE = 186, 9, 3, 2
COUNTED = SURE + LIKELY

_FIRST = ("Ada", "Boris", "Clara", "Dmitri", "Elena", "Farid", "Greta", "Hugo", "Irina", "Jonas")
_LAST = (
    "Abrams", "Bellweather", "Castellano", "Dunningham", "Eriksen", "Featherstone", "Grigoryan", "Hollander",
    "Ibragimov", "Jankowski", "Kowalczyk", "Lindqvist", "Montgomery", "Nakamura", "Oyelaran", "Papadakis",
    "Quintana", "Rasmussen", "Shackleford", "Tomlinson",
)  # fmt: skip


@dataclass(frozen=True)
class Seminar:
    """An academy where two hundred people went to a seminar, and whoever credits them. `last` went too."""

    academy: Academy
    user: User
    file: Path
    last: UUID

    @property
    def roll(self) -> Roll:
        with in_organisation(self.academy.id):
            return Roll.objects.get(organisation_id=self.academy.id)

    def worker(self) -> None:
        """What a worker does meanwhile."""
        count_roll(self.academy.id, roll_id=self.roll.id)
        take_back_roll(self.academy.id, roll_id=self.roll.id)

    def points(self) -> int:
        """What the last of those who went has."""
        return self.academy.available(self.last)


def make_seminar(folder: Path) -> Seminar:
    """A list with rows that are sure, nearly right, of nobody known, and of people who were counted before."""
    academy = make_academy()
    names = [f"{first} {last}" for last in _LAST for first in _FIRST][: SURE + LIKELY + TWICE]
    with in_organisation(academy.id):
        made = Member.objects.bulk_create(
            Member(
                organisation_id=academy.id, name=name, kind="staff", email=f"p{number}@people.example",
                joined_at=clock.now(),
            )
            for number, name in enumerate(names)
        )  # fmt: skip
    for one in made[:TWICE]:
        academy.completes(one.id)
    said = [
        *((one.name, one.email) for one in made[: TWICE + SURE]),
        *((f"{one.name}e", "") for one in made[TWICE + SURE :]),
        *((f"Somebody Else{number}", "") for number in range(UNKNOWN)),
    ]
    path = folder / "attendance.csv"
    path.write_text("".join(f"{name},{email}\n" for name, email in [("Attendee", "Mail"), *said]))
    return Seminar(academy, make_user(academy.id, roles=["manager"]), path, made[-1].id)


@pytest.fixture
def pat(browser, site) -> Iterator[Person]:
    pat = Person(browser, site)
    yield pat
    pat.leave()


def begin(pat: Person, way: Way, folder: Path) -> Seminar:
    seminar = make_seminar(folder)
    pat.begin(way)
    pat.sign_in(seminar.academy.id, seminar.user.id)
    pat.opens("/console/learning")
    return seminar


def left_out(pat: Person, seminar: Seminar) -> list[dict[str, str]]:
    """The rows of the file of those who are not counted, by the link on the page."""
    link = pat.browser.find_element(By.LINK_TEXT, "Who is not counted, as a file").get_attribute("href")
    assert link is not None
    client = Company(seminar.academy.organisation).signed_in(seminar.user.id)
    return list(csv.DictReader(StringIO(client.get(link.removeprefix(pat.site)).content.decode("utf-8-sig"))))


@only_in_every_way
@in_every_way
def test_a_list_of_two_hundred_takes_at_most_twelve_clicks_and_loses_nobody(pat, way, tmp_path):
    seminar = begin(pat, way, tmp_path)

    pat.tap("Take in a list")
    Select(pat.browser.find_element(By.NAME, "what")).select_by_visible_text("Listening")
    pat.browser.find_element(By.NAME, "file").send_keys(str(seminar.file))
    pat.taps += 4  # each of the two is opened, and something in it taken
    pat.tap("Look at it")
    assert pat.reads("Are these the ones?")
    assert len(pat.browser.find_elements(By.CSS_SELECTOR, "#likely tbody tr")) == LIKELY
    pat.tap("Take these")
    assert pat.reads(f"{COUNTED} people are to be counted.")
    assert f"{COUNTED},000 points" in pat.text()
    for words, count in (("Sure", SURE), ("Unknown", UNKNOWN), ("Duplicate", TWICE)):
        assert f"{words} {count}" in pat.text()
    pat.tap("Count them")
    assert pat.reads("Being counted")
    seminar.worker()
    if not way.script:
        pat.opens(f"/console/learning/lists/{pat.browser.current_url.rpartition('/')[2]}")
        pat.taps += 1
    assert pat.reads(f"{COUNTED} of {COUNTED}")
    out = left_out(pat, seminar)
    pat.taps += 1

    assert pat.taps <= CLICKS_MAX
    assert len(out) + COUNTED == 200
    assert seminar.points() == 1_000
    assert not pat.overflows()

    pat.opens(f"/console/learning/lists/{pat.browser.current_url.rpartition('/')[2]}")
    pat.tap("Take the whole list back")
    pat.tap("Take it back")
    assert pat.reads("Being taken back")
    seminar.worker()
    assert seminar.points() == 0


@by_keyboard
def test_the_keyboard_alone_credits_them(pat, way, tmp_path):
    seminar = begin(pat, way, tmp_path)
    pat.tab_to("Take in a list")
    pat.press_enter()
    assert pat.reads("Send in a list")
    pat.tab_into("what")
    pat.focus().send_keys("Listening")
    pat.tab_into("file")
    pat.focus().send_keys(str(seminar.file))
    ActionChains(pat.browser).send_keys(Keys.TAB).perform()  # what is sent to a file's field itself is a path
    assert pat.until(lambda: pat.focus().text == "Look at it")
    pat.press_enter()
    assert pat.reads("Are these the ones?")
    pat.tab_to("Take these")
    pat.press_enter()
    assert pat.reads(f"{COUNTED} people are to be counted.")
    pat.tab_to("Count them")
    pat.press_enter()

    assert pat.reads("Being counted")
    seminar.worker()
    assert seminar.points() == 1_000


@only_in_every_way
def test_a_list_that_is_looked_at_keeps_the_rules(pat, axe, tmp_path):
    seminar = begin(pat, DESK, tmp_path)
    roll = seminar.academy.stages("Seat,Colour", "1,Ada Abrams", day=clock.now().date())
    client = Company(seminar.academy.organisation).signed_in(seminar.user.id)
    with seminar.file.open("rb") as file:
        sent = {"what": "academy/listening", "day": str(clock.now().date()), "file": file}
        page = client.post("/console/learning/lists/look", sent)["Location"]

    pat.opens(page)
    assert pat.reads("Are these the ones?")
    assert pat.look(axe, VIEWS) == {}
    pat.opens(f"/console/learning/lists/{roll_ref(roll.id)}")
    assert pat.reads("Which column says who?")
    assert pat.look(axe, VIEWS) == {}
