"""What programmes of one organisation share: units and activities, and where two files cannot both be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from plaudit.earning.compiling import field_type
from plaudit.foundation.currencies import minor_digits
from plaudit.foundation.worded import listed, worded
from plaudit.planning.programme_file.phrases import Expiry, exact
from plaudit.planning.programme_file.problems import Problems
from plaudit.planning.programme_file.programme import Activity, Path, Programme, Unit
from plaudit.planning.programme_file.wording import field_type_words, unit_words


@dataclass(frozen=True, slots=True)
class LiveUnit:
    """A unit as it stands in the ledger, and how many members hold and owe it."""

    unit: Unit
    currency: str
    wallets: int
    owing: int


def live_unit(
    *,
    key: str,
    names: Mapping[str, str],
    precision: int,
    currency: str,
    value_minor_per_million: int,
    expiry: Mapping[str, str],
    may_owe: bool,
    writes_off: bool,
    approval_from: int | None,
    wallets: int,
    owing: int,
) -> LiveUnit:
    """A unit of the ledger in the words of a file."""
    worth = Decimal(value_minor_per_million).scaleb(precision - 6 - minor_digits(currency))
    unit = Unit(
        key=key,
        one=names.get("one", key),
        other=names.get("other", key),
        precision=precision,
        worth=exact(worth) if value_minor_per_million else None,
        expiry=Expiry(
            expiry.get("after") or expiry.get("inactive", ""),
            expiry.get("round_to", ""),
            expiry.get("end_of", ""),
            date.fromisoformat(expiry["on"]) if "on" in expiry else None,
            inactive="inactive" in expiry,
        ),
        may_owe=may_owe,
        writes_off=writes_off,
        approval_from=exact(Decimal(approval_from).scaleb(-precision)) if approval_from is not None else None,
    )
    return LiveUnit(unit, currency, wallets, owing)


def live_activity(activity: Activity, stored: Mapping[str, Mapping[str, Any]], **declared: Any) -> Activity:
    """An activity as it is declared now; what the activity book does not keep is as in `activity`."""
    return replace(activity, fields={name: field_type(field) for name, field in stored.items()}, **declared)


def check_units(
    programme: Programme, live: Mapping[str, LiveUnit], others: Mapping[str, Programme], problems: Problems
) -> None:
    """Note what can no longer change about units that somebody holds, or that other programmes count with."""
    for unit in programme.units:
        standing = live.get(unit.key)
        if standing is None:
            continue
        path: Path = ("units", unit.key)
        sharers = [key for key, other in others.items() if any(one.key == unit.key for one in other.units)]
        if unit.precision != standing.unit.precision and (standing.wallets or sharers):
            why = (
                worded("{wallets} members hold it", wallets=standing.wallets)
                if standing.wallets
                else worded("{sharers} counts with it", sharers=listed(sharers))
            )
            said = worded(
                "The precision of {key} is {precision} and fixed: {why}.",
                key=unit.key,
                precision=standing.unit.precision,
                why=why,
            )
            problems.note((*path, "precision"), said, "Declare a new unit beside it.", code="unit_fixed")
        currency = programme.currency if unit.worth is not None else ""
        if standing.wallets and currency and standing.currency and currency != standing.currency:
            said = worded(
                "{key} is valued in {currency}, and {wallets} members hold it.",
                key=unit.key,
                currency=standing.currency,
                wallets=standing.wallets,
            )
            problems.note((*path, "worth"), said, "Declare a new unit beside it.", code="unit_fixed")
        if standing.unit.may_owe and not unit.may_owe and standing.owing:
            said = worded(
                "{owing} members owe {other}, so owing cannot be forbidden now.",
                owing=standing.owing,
                other=unit.other,
            )
            advice = worded("Let them earn it back, or adjust their balances first.")
            problems.note((*path, "may_owe"), said, advice, code="members_owe")


def check_activities(programme: Programme, others: Mapping[str, Programme], problems: Problems) -> None:
    """Note where another programme declares the same activity otherwise: an event is read in one way only."""
    for activity in programme.activities:
        path: Path = ("activities", activity.key)
        for key, declared in _declared_by(others, activity.key):
            advice = worded("Write it as programme {key} does, or give the activity another key.", key=key)
            for name in activity.fields.keys() & declared.fields.keys():
                if activity.fields[name] != declared.fields[name]:
                    said = worded(
                        "`{name}` is {field_type} in programme {key}.",
                        name=name,
                        field_type=field_type_words(declared.fields[name]),
                        key=key,
                    )
                    problems.note((*path, "fields", name), said, advice, code="declared_otherwise")
            for name in ("corrects", "part", "extra_fields", "enrols"):
                is_said = name != "enrols" or (activity.enrols and declared.enrols)
                if is_said and getattr(activity, name) != getattr(declared, name):
                    said = worded(
                        "Programme {key} declares `{activity_key}` with another `{name}`.",
                        key=key,
                        activity_key=activity.key,
                        name=name,
                    )
                    problems.note((*path, name), said, advice, code="declared_otherwise")


def check_stock(programme: Programme, taken: Mapping[str, int], problems: Problems) -> None:
    """Note rewards of which more were taken than there should be."""
    for reward in programme.rewards:
        if reward.stock is not None and reward.stock < taken.get(reward.key, 0):
            said = worded(
                "{taken:,} of {key} are taken already, more than {stock:,}.",
                taken=taken[reward.key],
                key=reward.key,
                stock=reward.stock,
            )
            advice = worded("Raise the stock: it counts all there ever were.")
            problems.note(("rewards", reward.key, "stock"), said, advice, code="stock_below_taken")


def activities_in_force(
    programme: Programme | None, earlier: Programme | None, others: Mapping[str, Programme]
) -> tuple[Activity, ...]:
    """The activities to declare once `programme` stands in the place of `earlier`.

    An event carries what any programme that stands asks of it, and no more. Whom it enrols is the
    programme's audience, where it is this programme's alone and says nothing else. `programme` is None
    where it stands no longer.
    """
    own = programme.activities if programme is not None else ()
    merged = []
    for activity in own:
        shared = [one for _, one in _declared_by(others, activity.key)]
        enrols = "" if shared or programme is None else next(iter(programme.audience), "")
        merged.append(_merged([replace(activity, enrols=activity.enrols or enrols), *shared]))
    for activity in earlier.activities if earlier is not None else ():
        left = [one for _, one in _declared_by(others, activity.key)]
        if left and all(activity.key != one.key for one in own):
            merged.append(_merged(left))
    return tuple(merged)


def _declared_by(others: Mapping[str, Programme], key: str) -> Iterator[tuple[str, Activity]]:
    for name, other in others.items():
        for activity in other.activities:
            if activity.key == key:
                yield name, activity


def _merged(declarations: Iterable[Activity]) -> Activity:
    """The first declaration, with the fields of all."""
    first, *rest = declarations
    fields, enrols = dict(first.fields), first.enrols
    for other in rest:
        fields |= {name: field for name, field in other.fields.items() if name not in fields}
        enrols = enrols or other.enrols
    return replace(first, fields=fields, enrols=enrols)


def warnings(
    programme: Programme, live: Mapping[str, LiveUnit], others: Mapping[str, Programme]
) -> Iterator[str]:
    """What a change of a shared unit does to other programmes."""
    for unit in programme.units:
        standing = live.get(unit.key)
        if standing is None or replace(standing.unit, precision=unit.precision) == unit:
            continue
        for key, other in others.items():
            declared = next((one for one in other.units if one.key == unit.key), None)
            if declared is not None and declared != unit:
                yield (
                    worded(
                        "Programme {key} also counts {other}, and its file says: {unit}. From now on this file holds for both; its limits in money follow when it is applied again.",
                        key=key,
                        other=unit.other,
                        unit=unit_words(declared, other.currency),
                    )
                )
