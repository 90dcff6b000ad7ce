"""What staff want, on the page of the programme: beside the rule that pays today, once enough have said so."""

from __future__ import annotations

import re

from plaudit.listening.actions.baselines import answer, close_baseline, open_baseline
from plaudit.listening.definitions import Answers, Deed, Reward
from plaudit.listening.models import Baseline
from plaudit.listening.rules.designs import design_for
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation
from plaudit.planning.actions.apply import apply
from plaudit.surfaces.console.tests.shops import Company

FILE = """\
plaudit: 1
programme: service
name: Service
time_zone: UTC
audience: staff
units:
  points: {one: point, other: points}
activities:
  call.calmed: {title: A caller calmed, fields: {}}
  smile: {title: A smile, fields: {}}
  shift: {title: A shift on time, fields: {}}
rules:
  calm: {name: Calming callers, on: call.calmed, earn: 5}
  smile: {name: A smile, on: smile, earn: 50}
  on-time: {name: On time, on: shift, earn: 20}
"""
DEEDS = (
    Deed("Calms a caller", "calm"),
    Deed("Helps a colleague"),
    Deed("Smiles", "smile"),
    Deed("Is on time", "on-time"),
)
REWARDS = (Reward("Nothing", 0), Reward("A little", 20), Reward("A lot", 100))
# A lot for calming, a little for helping and for being on time, nothing for smiling.
RATINGS = (2, 1, 0, 1)
PAGE = "/console/programmes/of/service"


def company_in_which(people: int, *, closed: bool = True) -> tuple[Company, Baseline]:
    """A company in which so many say the same of four deeds."""
    company = Company(make_organisation())
    apply(company.id, FILE, actor=ACTOR)
    staff = [make_member(company.id, name=f"Staff {number}", kind="staff").id for number in range(people)]
    asked = open_baseline(
        company.id, programme="service", title="Spring", deeds=DEEDS, rewards=REWARDS, unit="points",
        audience=["staff"], actor=ACTOR,
    )  # fmt: skip
    blocks = enumerate(design_for(len(DEEDS)).blocks)
    said = Answers(dict(enumerate(RATINGS)), {number: (max(block), min(block)) for number, block in blocks})
    for person in staff:
        answer(company.id, baseline_id=asked.id, member_id=person, answers=said)
    return company, close_baseline(company.id, baseline_id=asked.id, actor=ACTOR) if closed else asked


def shown_to(company: Company, role: str) -> str:
    return re.sub(r"\s+", " ", company.person(role).get(PAGE).content.decode())


def card_of(page: str, rule: str) -> str:
    """What stands on the card of a rule."""
    return page.partition(f'aria-labelledby="rule-{rule}"')[2].partition("</article>")[0]


def test_each_rule_stands_beside_what_eight_people_want_with_the_bounds_and_why():
    company, asked = company_in_which(8)

    page = shown_to(company, "manager")

    calm = card_of(page, "calm")
    assert "Under-rewarded" in calm
    assert (
        "Half of 8 who answered want at least 100 points (between 100 and 100 with 95 % confidence)" in calm
    )
    assert "today&#x27;s rule gives 5" in calm
    assert "Not wanted" in card_of(page, "smile")
    assert "Aligned" in card_of(page, "on-time")
    assert "8 people answered until" in page
    unpaid = page.partition('id="unpaid-title"')[2].partition("</section>")[0]
    assert "Helps a colleague" in unpaid and "Under-rewarded" in unpaid
    why = re.search(r'href="([^"#]+)(#deed-\d)"', calm)
    assert why
    reasons = company.person("manager").get(why[1]).content.decode()
    assert f'id="{why[2][1:]}"><summary>Calms a caller' in reasons and asked.title in reasons


def test_seven_people_or_an_open_asking_are_not_shown():
    for company, _asked in (company_in_which(7), company_in_which(8, closed=False)):
        page = shown_to(company, "manager")

        assert "Under-rewarded" not in page and "What people want" not in page


def test_whoever_may_not_read_what_staff_expect_sees_the_rules_alone():
    company, _asked = company_in_which(8)

    page = shown_to(company, "finance")

    assert "Calming callers" in page
    assert "Under-rewarded" not in page and "What people want" not in page
