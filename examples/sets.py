"""The sets: which file is imported under which mapping into which programme, and how it is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from examples import completejourney, facts, pwc_call_centre, shopzilla_remarks, starbucks_offers
from examples.asking import Expected, Find


@dataclass(frozen=True)
class Import:
    """One file of a set. `refused` names what a damaged file must be refused for, with the rows it names."""

    file: str
    mapping: str
    expected: Expected | None = None
    got: Find | None = None
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Replay:
    """The archive of a set's daily files, and the mapping under which a single one is read."""

    archive: str
    mapping: str


def nothing_more(_: Path) -> Mapping[str, Any]:
    """Of a set whose facts say everything."""
    return {}


@dataclass(frozen=True)
class Lived:
    """What is done with a set besides importing it, in an organisation of its own, under a programme made of it.

    The programme is applied on the day it `begins`: what is asked counts from then on. What the folder itself has
    `told`, such as its README, is known besides the facts.
    """

    what: str
    begins: date
    programme: Callable[[Path], str]
    live: Callable[[int, Path], Any]
    expected: Expected
    got: Find
    told: Callable[[Path], Mapping[str, Any]] = nothing_more


@dataclass(frozen=True)
class Set:
    """A folder of data and the folder of the example with the same name."""

    name: str
    imports: tuple[Import, ...]
    replays: tuple[Replay, ...] = ()
    lives: tuple[Lived, ...] = ()


SETS = (
    Set(
        "cdnow",
        (
            Import(
                "cdnow_as_found_3_prices_clipped.csv.gz",
                "mapping-as-found.yaml",
                refused=("3,000.00 less", "8830", "14894", "18847"),
            ),
            Import("cdnow_master.csv", "mapping.yaml", facts.cdnow_expected, facts.cdnow_got),
        ),
    ),
    Set(
        "online_retail_h1",
        (
            Import(
                "by_day_2010-12_to_2011-06.tar.zst", "mapping.yaml", facts.retail_expected, facts.retail_got
            ),
        ),
        (Replay("by_day_2010-12_to_2011-06.tar.zst", "mapping-day.yaml"),),
    ),
    Set(
        "pwc_call_centre",
        (Import("calls.csv", "mapping.yaml", facts.calls_expected, facts.calls_got),),
        lives=(
            Lived(
                "a quarter of moments and ratings, week by week",
                date(2020, 12, 31),
                pwc_call_centre.programme,
                pwc_call_centre.live,
                pwc_call_centre.quarter_expected,
                pwc_call_centre.quarter_got,
                pwc_call_centre.told,
            ),
        ),
    ),
    Set(
        "oulad_subset",
        (
            Import("studentInfo.csv.gz", "mapping.yaml", facts.courses_expected, facts.courses_got),
            Import(
                "studentRegistration.csv.gz",
                "registrations.yaml",
                facts.registrations_expected,
                facts.registrations_got,
            ),
            Import(
                "studentAssessment.csv.gz",
                "assessments.yaml",
                facts.assessments_expected,
                facts.assessments_got,
            ),
        ),
    ),
    Set(
        "starbucks_offers",
        (
            Import("profile.json.gz", "members.yaml", facts.members_expected, facts.members_got),
            Import("portfolio.json", "offers.yaml", facts.offers_expected, facts.offers_got),
        ),
        lives=(
            Lived(
                "ten offers to everybody, with control groups",
                date(2018, 7, 1),
                starbucks_offers.programme,
                starbucks_offers.live,
                starbucks_offers.expected,
                starbucks_offers.got,
            ),
        ),
    ),
    Set(
        "shopzilla_remarks",
        (),
        lives=(
            Lived(
                "remarks taken in, searched, and coded by two",
                date(2023, 9, 1),
                shopzilla_remarks.programme,
                shopzilla_remarks.live,
                shopzilla_remarks.heard_expected,
                shopzilla_remarks.heard_got,
                shopzilla_remarks.told,
            ),
        ),
    ),
    Set(
        "completejourney",
        (
            Import(
                "transactions_sample.csv.gz",
                "lines.yaml",
                completejourney.lines_expected,
                completejourney.lines_got,
            ),
        ),
        lives=(
            Lived(
                "a year of campaigns, day by day",
                date(2016, 11, 1),
                completejourney.programme,
                completejourney.live,
                completejourney.year_expected,
                completejourney.year_got,
            ),
        ),
    ),
)
