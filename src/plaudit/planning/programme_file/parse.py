"""The front door: the text of a programme file in, the programme and every problem out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plaudit.earning.definitions import Stacking
from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.foundation.currencies import CURRENCIES
from plaudit.foundation.worded import worded
from plaudit.foundation.zones import zone_names
from plaudit.planning.programme_file import format as sections
from plaudit.planning.programme_file.check import check_programme
from plaudit.planning.programme_file.problems import FileProblem, Path, Problems
from plaudit.planning.programme_file.programme import FORMAT, Objective, Programme
from plaudit.planning.programme_file.read_birthdays import read_birthdays
from plaudit.planning.programme_file.read_engaging import (
    read_achievements,
    read_badges,
    read_challenges,
    read_competitions,
    read_streaks,
)
from plaudit.planning.programme_file.read_fields import (
    MEMBER_NAMES_TAKEN,
    read_activities,
    read_audience,
    read_fields,
    read_units,
)
from plaudit.planning.programme_file.read_learning import read_learning
from plaudit.planning.programme_file.read_membership import read_scheme, with_own
from plaudit.planning.programme_file.read_offers import read_offers
from plaudit.planning.programme_file.read_public import read_public
from plaudit.planning.programme_file.read_recognition import read_recognition
from plaudit.planning.programme_file.read_referrals import read_referrals
from plaudit.planning.programme_file.read_rewards import read_rewards
from plaudit.planning.programme_file.read_rules import (
    Setting,
    read_campaigns,
    read_examples,
    read_limits,
    read_rules,
)
from plaudit.planning.programme_file.read_segments import read_segments
from plaudit.planning.programme_file.read_surveys import read_surveys
from plaudit.planning.programme_file.read_tiers import read_tiers
from plaudit.planning.programme_file.read_translations import read_language, read_translations
from plaudit.planning.programme_file.reading import Place
from plaudit.planning.programme_file.tree import Entries, Tree, tree_of_data, tree_of_yaml


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file was read as: the programme (fit for use only without problems) and the lines of its paths."""

    source: str
    programme: Programme
    problems: tuple[FileProblem, ...]
    lines: Mapping[Path, int]


def parse_programme(source: str) -> Parsed:
    """Read and check a programme file: every problem at once, and a programme fit for use if there are none."""
    tree, problems = tree_of_yaml(source)
    programme = Programme("", "")
    if tree is not None:
        programme = read_programme(tree, problems)
        check_programme(programme, problems)
    return Parsed(source, programme, problems.in_order(), problems.lines)


def programme_of(document: Mapping[str, Any]) -> Programme:
    """The programme behind its document (see `writing.document_of`), which was checked when it was written."""
    problems = Problems()
    programme = read_programme(tree_of_data(document), problems)
    assert not problems.found, problems.found
    return programme


def read_programme(tree: Tree, problems: Problems) -> Programme:
    """The programme in a tree; what is faulty is noted and reads as its default."""
    place = Place(tree, (), problems)
    if isinstance(tree, Entries) and not _is_known(place.at("plaudit")):
        return Programme("", "")
    place = place.section(sections.PROGRAMME)
    currency = _read_currency(place.at("currency"))
    setting = Setting(read_units(place.at("units"), currency), currency)
    key, time_zone = place.at("programme").name(), _read_time_zone(place.at("time_zone"))
    scheme = read_scheme(
        place.at("membership"), place.at("partners"), programme=key, time_zone=time_zone, currency=currency
    )
    return Programme(
        key=key,
        name=place.at("name").text(),
        description=place.at("description").text(),
        audience=read_audience(place.at("audience")),
        time_zone=time_zone,
        currency=currency,
        units=setting.units,
        activities=with_own(read_activities(place.at("activities")), scheme, place.at("activities")),
        member_fields=read_fields(place.at("member_fields"), MEMBER_NAMES_TAKEN),
        objectives=tuple(Objective(key, below.text(key)) for key, below in place.at("objectives").entries()),
        stacking=Stacking(place.at("stacking").choice(tuple(Stacking), Stacking.ADD)),
        rules=read_rules(place.at("rules"), setting),
        limits=read_limits(place.at("limits"), setting),
        campaigns=read_campaigns(place.at("campaigns"), setting),
        rewards=read_rewards(place.at("rewards"), setting),
        challenges=read_challenges(place.at("challenges"), setting),
        streaks=read_streaks(place.at("streaks"), setting),
        competitions=read_competitions(place.at("competitions"), setting),
        achievements=read_achievements(place.at("achievements"), setting),
        badges=read_badges(place.at("badges")),
        referrals=read_referrals(place.at("referrals"), setting),
        birthdays=read_birthdays(place.at("birthdays"), setting),
        recognition=read_recognition(place.at("recognition"), setting),
        tiers=read_tiers(place.at("tiers")),
        segments=read_segments(place.at("segments")),
        offers=read_offers(place.at("offers")),
        examples=read_examples(place.at("examples"), setting),
        membership=scheme,
        public=read_public(place.at("public")),
        learning=read_learning(place.at("learning"), programme=key, time_zone=time_zone, setting=setting),
        surveys=read_surveys(place.at("surveys"), programme=key, time_zone=time_zone, setting=setting),
        language=read_language(place.at("language")),
        translations=read_translations(place.at("translations")),
    )


def _is_known(version: Place) -> bool:
    """Whether the file is in a format that is read here; one that names none is read as it stands."""
    if version.is_absent or version.text() == str(FORMAT):
        return True
    version.note(
        worded("Format {text} is not known.", text=version.text()),
        worded("This Plaudit reads plaudit: {format}.", format=FORMAT),
        code="version",
    )
    return False


def _read_currency(place: Place) -> str:
    currency = place.text()
    if currency and currency not in CURRENCIES:
        place.note(
            worded("`{currency}` is not a currency.", currency=currency),
            "Write its three letters (ISO 4217), such as USD or EUR.",
            code="currency",
        )
    return currency


def _read_time_zone(place: Place) -> str:
    name = place.text("UTC")
    if name not in zone_names():
        place.note(
            worded("`{name}` is not a time zone{meant}", name=name, meant=_near_zone(name)),
            code="time_zone",
        )
        return "UTC"
    return name


def _near_zone(name: str) -> str:
    """The zone of the city a person named, or one spelt nearly so."""
    city = name.strip().replace(" ", "_").lower()
    of_city = [zone for zone in zone_names() if zone.lower().endswith(f"/{city}")]
    near = did_you_mean(name, of_city or zone_names())
    return (
        near if "did you mean" in near or of_city else worded("; write a name such as Europe/London (IANA).")
    )
