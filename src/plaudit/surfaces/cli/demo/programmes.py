"""What the demo company's own programme file says besides the shipped one it began with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from plaudit.planning.templates import template
from plaudit.surfaces.cli.demo import german
from plaudit.surfaces.cli.demo.practising import SCENARIOS

# In force for the whole year of the demo, whichever day that is.
_MORE = """
public: {join: open, contact: hello@harbour.example}

challenges:
  three-a-month:
    name: Three orders a month
    on: purchase
    target: 3
    every: month
    earn: 50
    badge: regular
  tell-us:
    name: Tell us twice this quarter
    on: survey.completed
    every: quarter
    target: 2
    earn: 25
    badge: good-ear
  big-spender:
    name: Five hundred in a year
    on: purchase
    sum: amount
    every: year
    target: 500
    earn: 100

streaks:
  every-week:
    name: Every week
    description: A purchase in every week. One week a month may be missed.
    on: purchase
    in: weeks
    rest: once a month
    lengths:
      - {at: 3, earn: 30}
      - {at: 6, earn: 50, badge: steady}

badges:
  regular: {name: A regular, description: Three orders in a month}
  good-ear: {name: A good ear, description: Told us twice in a quarter}
  steady: {name: Steady, description: Six weeks in a row}
  half-a-year: {name: Half a year with us, description: Three orders a month in six months, when: three_a_month >= 6}

referrals:
  name: Bring a friend to the harbour
  description: Something for each of you, once your friend has bought.
  on: purchase
  sum: amount
  at_least: 25
  within: 60 days
  earn: 50
  welcome: 25
  limits: at most 20 times a year per member
  link: https://harbour.example/join?friend={code}

competitions:
  top-of-the-month:
    name: Best customers of the month
    on: purchase
    sum: amount
    every: month
    prizes:
      - {at: 1, earn: 200}
      - {at: 2, earn: 100}
      - {at: 3, earn: 50}

tiers:
  club:
    name: The Harbour club
    earned: points
    within: 12 months
    levels:
      bronze: {name: Bronze, from: 100, benefits: [News before everybody]}
      silver: {name: Silver, from: 500, benefits: [News before everybody, Free returns]}
      gold: {name: Gold, from: 1500, benefits: [Free returns, A present once a year]}
      captain: {name: Captain, from: 8000, benefits: [Free returns, A present once a year, The sale a day before]}
    keep: to the end of next year
    then: one step down
    warn: 60 days

segments:
  regulars: {name: Regulars, ready: frequent by purchase}
  big-orders:
    name: Big orders of late
    facts:
      big: {on: purchase, when: amount > 80, in: 90 days}
    when: big > 0

surveys:
  after-call:
    name: How was our answer?
    kind: csat
    intro: A question or two, one minute.
    audience: customer
    about_somebody: true
    earn: 5
    remind: 3 days
    questions:
      score: {ask: "How satisfied are you with how we answered?", low: not at all, high: very}
      why: {ask: "What went wrong?", choices: [the wait, the answer, the tone], several: true, when: score <= 2}
      words: {ask: "Anything you want to tell them?", text: true, optional: true}
  recommend:
    name: Would you recommend us?
    kind: nps
    intro: Two questions, one minute.
    audience: customer
    earn: 10
    questions:
      likely: {ask: "How likely are you to recommend us to a friend?", low: not at all, high: very}
      words: {ask: "What is the main reason?", text: true, optional: true}

offers:
  come-again:
    name: Come again soon
    segment: big-orders
    control: 30
    goal: {on: purchase}
  weekend-bonus:
    name: A bonus on big orders
    segment: regulars
    accept: true
    goal: {on: purchase, when: amount >= 60}
    through: UNTIL
"""

# What stands among the rules and the rewards, before what ends them in the shipped file.
_AMONG = {
    "# Limits that all rules share.": """\
  weekend-bonus:
    name: 15 points more on an order of $60 or more
    on: purchase
    when: member.weekend_bonus and amount >= 60
    earn: 15
    limits: at most 4 times a month per member
    because: Your bonus on big orders.
    objective: retention

""",
    "# Examples of everything together.": """\
  hut-weekend:
    name: A weekend in the hut above the bay
    description: Two nights for up to four, whenever it is free.
    price: 8,000 points
    value: 85 USD
    per_member: once a year

""",
}

_FOR_STAFF = """
challenges:
  five-star-month:
    name: Ten five-star ratings this month
    on: call.rated
    when: rating = 5
    every: month
    target: 10
    earn: 60
    badge: five-stars

streaks:
  solved-daily:
    name: A problem solved every day
    description: Two days a week are rest days, and break nothing.
    on: ticket.resolved
    when: first_contact
    in: days
    rest: twice a week
    lengths:
      - {at: 5, earn: 15}
      - {at: 20, earn: 60, badge: steady}

competitions:
  solved:
    name: Most solved the first time
    on: ticket.resolved
    when: first_contact
    every: month
    ties: share
    wait: 2 days
    prizes:
      - {at: 1, earn: 100, badge: solver-of-the-month}
      - {at: 2, earn: 60}
      - {at: 3, earn: 30}

tiers:
  craft:
    name: Craft
    earned: stars
    within: the calendar year
    levels:
      apprentice: {name: Apprentice, from: 0, benefits: [Your own mug]}
      fellow: {name: Fellow, from: 800, benefits: [First choice of shifts]}
      master: {name: Master, from: 2500, benefits: [First choice of shifts, A conference of your choice]}
    keep: to the end of next year

learning:
  role: level
  offerings:
    welcome:
      name: How we work here
      kind: e-learning
      description: The tools, the tone, and whom to ask.
      minutes: 50
      earn: 20
      counts: once
      needed_by: [new]
    listening:
      name: Listening under pressure
      kind: seminar
      provider: The harbour academy
      minutes: 100
      earn: 60
      certificate: 24 months
      needed_by: [new, experienced, lead]
    de-escalation:
      name: Calming a conversation
      kind: practice
      description: Three hard calls, played through with a colleague.
      minutes: 75
      earn: 40
      after: listening
    good-read:
      name: A book on service
      kind: book
      minutes: 120
      earn: 25
      counts: once a year
      claim: true
    first-aid:
      name: First aid at the harbour
      kind: seminar
      provider: The harbour lifeboats
      minutes: 240
      earn: 40
      certificate: 12 months
      needed_by: [experienced, lead]
    boathouse:
      name: A day at the boathouse
      kind: conference
      description: All three desks together, on what customers wrote this year.
      minutes: 300
      earn: 50
      counts: once a year
    professional:
      name: Service professional
      kind: certification
      steps: [welcome, listening, de-escalation]
      earn: 150
      certificate: 24 months

surveys:
  mood:
    name: How are we doing?
    kind: pulse
    intro: Nobody can tell who said what. Answers come out eight at a time.
    audience: staff
    anonymous: true
    earn: 5
    closes: CLOSED
    questions:
      mood: {ask: "How did you come to work this month?", low: with dread, high: gladly}
      heard: {ask: "Do you feel heard?", low: not at all, high: very much}
      words: {ask: "What would help most?", text: true, optional: true}
"""

# Customers thank through a link, colleagues nominate one another, and what customers say is a moment.
_NOTICING = {
    "activities:\n": """\
  shift: [early, late, evening]

""",
    "  behaviours:\n": """\
  customers: {a_day: 30, earn: 5}
  nominations: {up_to: 300, budget: 2000}
""",
    "    certified: {name: Certificate passed": """\
    satisfied: {name: A very satisfied customer, on: survey.rated, when: score = 5, behaviour: solves-it,
                shows: [score, words]}
""",
}

CIRCLE = "harbour-circle"

_CIRCLE = f"""
plaudit: 1
programme: {CIRCLE}
name: Harbour circle
description: For those who walk with us. A yearly fee, and credits for our guided walks.
audience: customer
language: en
time_zone: Europe/London
currency: USD
public: {{join: open, contact: circle@harbour.example}}

units:
  credits: {{one: credit, other: credits}}

membership:
  levels:
    friend: {{name: Friend, roles: [walker, camper]}}
    patron: {{name: Patron, roles: [guide]}}
  terms:
    one-year: {{name: One year, years: 1}}
  prices:
    - {{term: one-year, price: 30 USD}}
    - {{term: one-year, level: patron, price: 60 USD}}
  entitlements:
    workshop: {{name: Workshops in the boathouse, percent: 20}}

rules:
  welcome:
    name: Ten credits for joining
    on: membership.joined
    earn: 10
"""


def company_files(today: date) -> list[str]:
    """The programme files of the company: for its customers, for its service desk, and for its circle.

    An offer runs for a month from `today`; what staff were asked without names closed the day before.
    """
    closed = (today - timedelta(days=1)).isoformat()
    customers = _with_german(
        _with(template("points-basics").source, _AMONG), german.CUSTOMERS + german.CONVERSATION
    )
    staff = _with_german(_with(template("service-desk").source, _NOTICING), german.STAFF) + _FOR_STAFF
    return [
        customers + _MORE.replace("UNTIL", _until(today)) + SCENARIOS,
        staff.replace("CLOSED", closed),
        _CIRCLE + german.CIRCLE,
    ]


def first_files(today: date) -> dict[str, str]:
    """What the company began with, by the programmes' keys: less of everything for its customers."""
    customers, staff, circle = company_files(today)
    for more in (*_AMONG.values(), _MORE[_MORE.index("  weekend-bonus:") :].replace("UNTIL", _until(today))):
        assert more in customers, "the company's file says what came later"
        customers = customers.replace(more, "")
    return {"points-basics": customers, "service-desk": staff, CIRCLE: circle}


def _until(today: date) -> str:
    return (today + timedelta(days=30)).isoformat()


def _with(source: str, among: Mapping[str, str]) -> str:
    for place, more in among.items():
        assert place in source, "the shipped file says where it ends"
        source = source.replace(place, more + place)
    return source


def _with_german(source: str, more: str) -> str:
    assert german.IN_FILE in source, "the shipped file says it in German too"
    return source.replace(german.IN_FILE, german.IN_FILE + more)
