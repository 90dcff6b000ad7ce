"""Programmes of every shape, for properties: whatever a file can say, and nothing it cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from plaudit.earning.definitions import Every, Per, Stacking
from plaudit.earning.expressions.types import FieldKind, FieldType
from plaudit.planning.programme_file.definitions import limits_of
from plaudit.planning.programme_file.engaging import Goal, Pursuit
from plaudit.planning.programme_file.phrases import Expiry, Quantity, exact
from plaudit.planning.programme_file.programme import (
    Activity,
    Campaign,
    LadderStep,
    Limit,
    Objective,
    Programme,
    Reward,
    Rule,
    Unit,
    Window,
)
from plaudit.planning.programme_file.public import Public
from plaudit.planning.programme_file.tests.targeted import with_targeting

KEYS = ("a", "b-2", "gift_card", "on", "no", "null", "x9")
AUDIENCES: st.SearchStrategy[tuple[str, ...]] = st.sampled_from(
    [(), ("customer",), ("staff",), ("customer", "partner")]
)
# What people write, and what YAML is known to trip over.
TEXTS = (
    st.one_of(
        st.sampled_from(
            [
                "No",
                "1.0",
                "0x1F",
                "12:30",
                "a: b",
                "a #b",
                "- a",
                "{a}",
                "it's",
                '"q"',
                "null",
                "é ✓ 🎉",
                "&a",
                "a,b",
            ]
        ),
        st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20),
    )
    .map(str.strip)
    .filter(bool)
)
LONG_TEXTS = st.one_of(st.just(""), TEXTS, st.lists(TEXTS, min_size=2, max_size=3).map("\n".join))
PUBLIC = st.builds(Public, st.booleans(), st.sampled_from(["", "ask@shop.example"]), LONG_TEXTS)
NUMBERS = st.decimals(min_value=1, max_value=10**6, places=2).map(exact)
_FROM, _TO = date(1990, 1, 1), date(2100, 1, 1)
MOMENTS = st.builds(
    datetime.combine, st.dates(_FROM, _TO), st.times().map(lambda moment: moment.replace(microsecond=0))
)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    starts = draw(st.none() | MOMENTS)
    days = draw(st.none() | st.integers(1, 400))
    if days is None:
        return Window(starts)
    ends = (starts or draw(MOMENTS)) + timedelta(days=days)
    return Window(
        starts, draw(st.sampled_from([ends, ends.replace(hour=0, minute=0, second=0) + timedelta(days=1)]))
    )


@st.composite
def fields(draw: st.DrawFn) -> FieldType:
    kind = draw(st.sampled_from(FieldKind))
    nullable, label = draw(st.booleans()), draw(st.just("") | TEXTS)
    if kind is FieldKind.TEXT:
        choices = draw(st.lists(TEXTS, max_size=3, unique=True).map(tuple))
        return FieldType(kind, nullable, choices=choices, label=label)
    if kind not in (FieldKind.INTEGER, FieldKind.DECIMAL):
        return FieldType(kind, nullable, label=label)
    scale = draw(st.integers(1, 6)) if kind is FieldKind.DECIMAL else 0
    bounds = st.just(0) | st.integers(-1000, 1000)
    low, high = sorted(draw(st.tuples(bounds, bounds)))
    least, most = Decimal(low), Decimal(high)
    if scale:
        most = exact(most + Decimal(1).scaleb(-scale))
    minimum, maximum = (draw(st.sampled_from([None, bound])) for bound in (least, most))
    return FieldType(kind, nullable, scale, minimum, maximum, label=label)


FIELDS = st.dictionaries(st.sampled_from(["amount", "channel", "n_2", "Rating", "_x"]), fields(), max_size=4)


@st.composite
def units(draw: st.DrawFn, key: str) -> Unit:
    precision = draw(st.integers(0, 2))
    expiry = st.one_of(
        st.just(Expiry()),
        st.builds(
            Expiry,
            after=st.sampled_from(["P1D", "P24M", "P2Y", "P3W"]),
            round_to=st.sampled_from(["", "month", "year"]),
        ),
        st.builds(Expiry, end_of=st.sampled_from(["month", "quarter", "year"])),
        st.builds(Expiry, on=st.dates(_FROM, _TO)),
    )
    approval = st.none() | st.integers(1, 5000).map(Decimal)
    return Unit(
        key,
        f"{key} one",
        f"{key} many",
        precision,
        draw(st.none() | st.just(Decimal("0.01")) | st.just(Decimal("2.5"))),
        draw(expiry),
        draw(st.booleans()),
        draw(approval),
    )


@st.composite
def limits(draw: st.DrawFn, unit: Unit) -> Limit:
    counted = [(Quantity(draw(st.integers(1, 10**6)) * Decimal(1), "times"), "")]
    counted.append((Quantity(Decimal(draw(st.integers(1, 10**6))), unit.key), unit.key))
    if unit.worth is not None:
        counted.append((Quantity(Decimal(draw(st.integers(10, 10**6))), "USD"), unit.key))
    at_most, key = draw(st.sampled_from(counted))
    return Limit(at_most, draw(st.sampled_from(Every)), draw(st.sampled_from(Per)), key, draw(st.booleans()))


@st.composite
def rules(draw: st.DrawFn, key: str, on: str, unit: Unit, base: str, during: Window) -> Rule:
    """A rule that earns, takes or multiplies `base`; inside a campaign it has no window of its own."""
    does: dict[str, Any] = draw(
        st.sampled_from(
            [
                {"earn": "10"},
                {"earn": "case when true then 5 else 1 end"},
                {"take": "3"},
                {"multiply": Decimal("1.5"), "of": (base,)},
            ]
        )
    )
    earns = "earn" in does
    return Rule(
        key=key,
        name=draw(TEXTS),
        on=on,
        unit=unit.key,
        when=draw(st.sampled_from(["", "occurred_at is not null", "member.kind = 'staff'\nor true"])),
        audience=draw(AUDIENCES),
        window=draw(windows()) if during == Window() else Window(),
        pending_days=draw(st.integers(0, 30)) if earns else 0,
        limits=tuple(draw(st.lists(limits(unit), max_size=2))) if "take" not in does else (),
        because=draw(LONG_TEXTS.filter(lambda text: not set(text) & set("{}"))),
        **does,
    )


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """A programme that is right in itself."""
    unit_keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True))
    its_units = tuple(draw(units(key)) for key in unit_keys)
    unit = draw(st.sampled_from(its_units))
    activity = Activity(
        draw(st.sampled_from(["purchase", "com.example.Order-placed", "no"])),
        draw(TEXTS),
        draw(LONG_TEXTS),
        draw(FIELDS),
        draw(st.booleans()),
        enrols=draw(st.sampled_from(["", "staff", "partner"])),
    )
    base = Rule("base", draw(TEXTS), activity.key, unit.key, earn="floor(7.5)")
    more = [
        draw(rules(f"rule-{number}", activity.key, unit, "base", Window()))
        for number in range(draw(st.integers(0, 2)))
    ]
    programme = Programme(
        key=draw(st.sampled_from(KEYS)),
        name=draw(TEXTS),
        description=draw(LONG_TEXTS),
        audience=draw(AUDIENCES),
        time_zone=draw(st.sampled_from(["UTC", "America/New_York", "Pacific/Auckland"])),
        currency="USD",
        public=draw(st.none() | PUBLIC),
        units=its_units,
        activities=(activity,),
        member_fields=draw(FIELDS),
        objectives=tuple(
            Objective(key, draw(TEXTS))
            for key in draw(st.lists(st.sampled_from(KEYS), max_size=2, unique=True))
        ),
        stacking=draw(st.sampled_from(Stacking)),
        rules=(base, *more),
        limits=tuple(draw(st.lists(limits(unit), max_size=2))),
        campaigns=tuple(
            draw(campaigns(key, activity.key, unit))
            for key in draw(st.lists(st.sampled_from(KEYS), max_size=2, unique=True))
        ),
        rewards=tuple(
            draw(rewards(key, unit)) for key in draw(st.lists(st.sampled_from(KEYS), max_size=2, unique=True))
        ),
    )
    programme = draw(with_targeting(programme, activity.key, unit, TEXTS, AUDIENCES))
    return _without_twins(draw(with_pursuits(programme, activity.key, unit)))


@st.composite
def campaigns(draw: st.DrawFn, key: str, on: str, unit: Unit) -> Campaign:
    window = draw(windows().filter(lambda one: one != Window()))
    own = (
        Rule(f"{key}-base", draw(TEXTS), on, unit.key, earn="1"),
        draw(rules(f"{key}-rule", on, unit, "base", window)),
    )
    budget = draw(
        st.none() | st.just(Limit(Quantity(Decimal(5000), unit.key), Every.LIFETIME, Per.ALL, unit.key))
    )
    return Campaign(
        key,
        draw(TEXTS),
        draw(LONG_TEXTS),
        window,
        tuple(draw(st.lists(limits(unit), max_size=1))),
        own,
        budget,
    )


@st.composite
def rewards(draw: st.DrawFn, key: str, unit: Unit) -> Reward:
    times = draw(st.none() | st.integers(1, 12))
    kind = draw(
        st.sampled_from(["gift_card", "code", "physical", "travel", "event", "donation", "discount", "other"])
    )
    ladder = draw(ladders(percents=kind == "discount"))
    value = ladder[0].value if ladder else draw(st.none() | NUMBERS)
    supplier = draw(st.sampled_from(["", "giftly"]))
    in_money = value is not None and draw(st.booleans())
    return Reward(
        key=key,
        name=draw(TEXTS),
        unit=unit.key,
        price=ladder[0].price if ladder else Decimal(draw(st.integers(1, 10**6))),
        kind=kind,
        description=draw(LONG_TEXTS),
        stock=draw(st.none() | st.integers(1, 10**6)),
        per_member=times,
        every=draw(st.sampled_from(Every)) if times else Every.LIFETIME,
        value=value,
        cancel_until_fulfilled=draw(st.booleans()),
        audience=draw(AUDIENCES),
        window=draw(windows()),
        ladder=ladder,
        percent=draw(st.none() | st.integers(1, 100)) if kind == "discount" and not ladder else None,
        money=draw(st.none() | NUMBERS),
        approval_from=draw(NUMBERS if in_money else st.none() | st.integers(1, 10**6).map(Decimal)),
        approval_in_money=in_money,
        hold_days=draw(st.none() | st.integers(1, 90)),
        address=draw(st.booleans()),
        supplier=supplier,
        product=draw(TEXTS) if supplier else "",
        cost=draw(st.none() | NUMBERS) if supplier else None,
        charity=draw(TEXTS) if kind == "donation" and value is not None else "",
        eligible=draw(st.sampled_from(["", "member.kind = 'staff'"])),
        image=draw(st.sampled_from(["", "gift", "plane"])),
        terms=draw(LONG_TEXTS),
        tax=draw(st.sampled_from(["", "Ask: somebody who knows."])),
    )


@st.composite
def ladders(draw: st.DrawFn, *, percents: bool) -> tuple[LadderStep, ...]:
    size = draw(st.integers(0, 3))
    prices = sorted(draw(st.sets(st.integers(1, 10**6), min_size=size, max_size=size)))
    worths = sorted(draw(st.sets(st.integers(1, 100), min_size=size, max_size=size)))
    return tuple(
        LadderStep(Decimal(price), percent=worth) if percents else LadderStep(Decimal(price), Decimal(worth))
        for price, worth in zip(prices, worths, strict=True)
    )


@st.composite
def with_pursuits(draw: st.DrawFn, programme: Programme, on: str, unit: Unit) -> Programme:
    """The programme with challenges and streaks."""
    keys = st.lists(st.sampled_from(KEYS), max_size=2, unique=True)
    return replace(
        programme,
        challenges=tuple(draw(challenges(key, on, unit)) for key in draw(keys)),
        streaks=tuple(draw(streaks(key, on, unit)) for key in draw(keys)),
        competitions=tuple(draw(competitions(key, on, unit)) for key in draw(keys)),
    )


@st.composite
def competitions(draw: st.DrawFn, key: str, on: str, unit: Unit) -> Pursuit:
    return replace(
        draw(challenges(key, on, unit)),
        every=draw(st.sampled_from([Every.MONTH, Every.QUARTER])),
        goals=draw(goals(unit, st.integers(1, 1000).map(Decimal))),
        ties=draw(st.sampled_from(["first", "share"])),
        wait_days=draw(st.integers(0, 20)),
    )


@st.composite
def goals(draw: st.DrawFn, unit: Unit, ats: st.SearchStrategy[Decimal]) -> tuple[Goal, ...]:
    found = draw(st.lists(ats, min_size=1, max_size=3, unique=True))
    earns = st.none() | st.integers(1, 10**6).map(Decimal)
    badges = st.sampled_from(["", *KEYS])
    return tuple(Goal(at, draw(earns), draw(badges)) for at in sorted(found))


@st.composite
def challenges(draw: st.DrawFn, key: str, on: str, unit: Unit) -> Pursuit:
    window = draw(windows())
    return Pursuit(
        key=key,
        name=draw(TEXTS),
        on=on,
        unit=unit.key,
        description=draw(LONG_TEXTS),
        when=draw(st.sampled_from(["", "member.kind = 'staff'"])),
        sum=draw(st.sampled_from(["", "7", "2.5"])),
        every=draw(st.sampled_from(Every)),
        audience=draw(AUDIENCES),
        starts=window.starts,
        ends=window.ends,
        goals=draw(goals(unit, NUMBERS)),
    )


@st.composite
def streaks(draw: st.DrawFn, key: str, on: str, unit: Unit) -> Pursuit:
    spans = draw(st.sampled_from(["day", "week", "edition"]))
    is_edition = spans == "edition"
    rest = 0 if is_edition else draw(st.integers(0, 3))
    every = Every.MONTH if spans == "week" else draw(st.sampled_from([Every.WEEK, Every.MONTH]))
    return replace(
        draw(challenges(key, on, unit)),
        sum="",
        every=Every.LIFETIME,
        goals=draw(goals(unit, st.integers(1, 1000).map(Decimal))),
        spans=spans,
        rest=rest,
        rest_every=every if rest else Every.WEEK,
        again=draw(st.none() | st.integers(1, 9)),
        members_midnight=False if is_edition else draw(st.booleans()),
        edition=draw(st.sampled_from(["", "7"])) if is_edition else "",
        cancelled=tuple(sorted(draw(st.sets(st.integers(1, 3000), max_size=3)))) if is_edition else (),
        multiply=draw(st.none() | st.just(Decimal("2.5"))),
    )


def _without_twins(programme: Programme) -> Programme:
    """Leaves out limits that count the same as another: a file may not have them."""
    seen: set[str] = set()
    kept: dict[tuple[object, ...], list[Limit]] = {}
    for keyed in limits_of(programme):
        if keyed.key not in seen:
            kept.setdefault(keyed.path, []).append(keyed.limit)
        seen.add(keyed.key)

    def of(*path: object) -> tuple[Limit, ...]:
        return tuple(kept.get(path, ()))

    return replace(
        programme,
        limits=of("limits"),
        rules=tuple(replace(rule, limits=of("rules", rule.key, "limits")) for rule in programme.rules),
        campaigns=tuple(
            replace(
                one,
                limits=of("campaigns", one.key, "limits"),
                rules=tuple(
                    replace(rule, limits=of("campaigns", one.key, "rules", rule.key, "limits"))
                    for rule in one.rules
                ),
            )
            for one in programme.campaigns
        ),
    )
