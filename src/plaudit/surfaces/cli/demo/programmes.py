"""What the demo company's own programme file says besides the shipped one it began with."""

from __future__ import annotations

from plaudit.planning.templates import template

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
  big-spender:
    name: Five hundred in a year
    on: purchase
    sum: amount
    every: year
    target: 500
    earn: 100

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

segments:
  regulars: {name: Regulars, ready: frequent by purchase}
  big-orders:
    name: Big orders of late
    facts:
      big: {on: purchase, when: amount > 80, in: 90 days}
    when: big > 0

offers:
  come-again:
    name: Come again soon
    segment: big-orders
    control: 30
    goal: {on: purchase}
"""

CIRCLE = "harbour-circle"

_CIRCLE = f"""
plaudit: 1
programme: {CIRCLE}
name: Harbour circle
description: For those who walk with us. A yearly fee, and credits for our guided walks.
audience: customer
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

rules:
  welcome:
    name: Ten credits for joining
    on: membership.joined
    earn: 10
"""


def company_files() -> list[str]:
    """The programme files of the company: for its customers, for its service desk, and for its circle."""
    return [template("points-basics").source + _MORE, template("service-desk").source, _CIRCLE]
