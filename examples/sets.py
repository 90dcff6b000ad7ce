"""The sets: which file is imported under which mapping into which programme, and how it is checked."""

from __future__ import annotations

from dataclasses import dataclass

from examples import facts


@dataclass(frozen=True)
class Import:
    """One file of a set. `refused` names what a damaged file must be refused for, with the rows it names."""

    file: str
    mapping: str
    expected: facts.Expected | None = None
    got: facts.Find | None = None
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Replay:
    """The archive of a set's daily files, and the mapping under which a single one is read."""

    archive: str
    mapping: str


@dataclass(frozen=True)
class Set:
    """A folder of data and the folder of the example with the same name."""

    name: str
    imports: tuple[Import, ...]
    replays: tuple[Replay, ...] = ()


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
    Set("pwc_call_centre", (Import("calls.csv", "mapping.yaml", facts.calls_expected, facts.calls_got),)),
    Set(
        "oulad_subset",
        (Import("studentInfo.csv.gz", "mapping.yaml", facts.courses_expected, facts.courses_got),),
    ),
    Set(
        "starbucks_offers",
        (
            Import("profile.json.gz", "members.yaml", facts.members_expected, facts.members_got),
            Import("portfolio.json", "offers.yaml", facts.offers_expected, facts.offers_got),
        ),
    ),
)
