"""Reads rewards: what points buy, at which price, for whom and under which terms."""

from __future__ import annotations

import re
from decimal import Decimal

from plaudit.earning.definitions import Every
from plaudit.foundation.currencies import minor_digits
from plaudit.foundation.worded import worded
from plaudit.planning.programme_file import format_rewards as sections
from plaudit.planning.programme_file.phrases import (
    Quantity,
    StepPhrase,
    read_per_member,
    read_quantity,
    read_step,
    read_wait,
)
from plaudit.planning.programme_file.programme import LadderStep, Reward
from plaudit.planning.programme_file.read_fields import (
    MONEY_MAX,
    check_currency,
    read_amount_of_money,
    read_audience,
)
from plaudit.planning.programme_file.read_rules import Setting, read_counted, read_window
from plaudit.planning.programme_file.reading import Place
from plaudit.rewards.pictures import PICTURES

_NONE = Quantity(Decimal(0), "")


def read_rewards(place: Place, setting: Setting) -> tuple[Reward, ...]:
    """Every reward."""
    return tuple(_read_reward(key, below, setting) for key, below in place.entries())


def _read_reward(key: str, place: Place, setting: Setting) -> Reward:
    place = place.section(sections.REWARD)
    times, every = place.at("per_member").phrase(read_per_member, (0, Every.LIFETIME))
    unit, ladder = _read_ladder(place.at("ladder"), setting)
    price = ladder[0].price if ladder else Decimal(1)
    if not ladder:
        price, unit = _read_price(place.at("price"), setting)
    approval_from, in_money = _read_approval(place.at("approval_from"), setting, unit)
    kind = place.at("kind").choice(sections.KINDS, "other")
    return Reward(
        key=key,
        name=place.at("name").text(key),
        unit=unit,
        price=price,
        kind=kind,
        description=place.at("description").text(),
        stock=_read_stock(place, kind),
        per_member=times or None,
        every=every,
        value=ladder[0].value if ladder else read_amount_of_money(place.at("value"), setting.currency),
        cancel_until_fulfilled=place.at("cancel").choice(("until fulfilled", "never"), "until fulfilled")
        != "never",
        audience=read_audience(place.at("audience")),
        window=read_window(place),
        ladder=ladder,
        percent=place.at("percent").whole(1, 100),
        money=read_amount_of_money(place.at("money"), setting.currency),
        approval_from=approval_from,
        approval_in_money=in_money,
        hold_days=place.at("hold").phrase(read_wait, 0) or None,
        address=place.at("address").flag(default=False),
        supplier=place.at("supplier").name() if not place.at("supplier").is_absent else "",
        product=place.at("product").text(),
        cost=read_amount_of_money(place.at("cost"), setting.currency),
        charity=place.at("charity").text(),
        eligible=place.at("eligible").text(),
        image=place.at("image").choice(tuple(PICTURES), ""),
        terms=place.at("terms").text(),
        tax=place.at("tax").text(),
    )


def _read_stock(place: Place, kind: str) -> int | None:
    """Of an event its places are counted, of everything else its stock."""
    stock, places = place.at("stock"), place.at("places")
    wrong, other = (stock, "places") if kind == "event" else (places, "stock")
    if not wrong.is_absent:
        wrong.note(
            worded("How many there are of this kind is written as `{other}`.", other=other),
            worded("Write {other}: instead.", other=other),
        )
    return stock.whole(1, 10**9) or places.whole(1, 10**9)


def _read_price(place: Place, setting: Setting) -> tuple[Decimal, str]:
    return _price(place, place.phrase(read_quantity, _NONE), setting)


def _price(place: Place, written: Quantity, setting: Setting) -> tuple[Decimal, str]:
    if not written.of:
        return Decimal(1), ""
    if re.match(r"[A-Z]{3}\b", written.of) or written.of in ("times", "time"):
        place.note("A reward is paid for in points.", "Write its price in a unit, such as 200 points.")
        return Decimal(1), ""
    counted = read_counted(place, written, setting)
    return (counted[0].number, counted[1]) if counted else (Decimal(1), "")


def _read_ladder(place: Place, setting: Setting) -> tuple[str, tuple[LadderStep, ...]]:
    """The steps and their unit: each dearer than the one before, and worth more, all in money or all in percent."""
    steps: list[LadderStep] = []
    units: set[str] = set()
    for below in place.items():
        written = below.phrase(read_step, StepPhrase(_NONE))
        if not written.price.of:
            continue
        price, unit = _price(below, written.price, setting)
        units.add(unit)
        step = LadderStep(price, _money(below, written.value, setting), written.percent)
        if steps and not _is_above(steps[-1], step):
            below.note(
                "A step costs more than the one before it and is worth more.",
                "Put the steps in order, all in money or all in percent.",
            )
        steps.append(step)
    if len(units) > 1:
        place.note("The steps are in different units.", "Make two rewards of it.")
    return (units.pop() if units else ""), tuple(steps)


def _is_above(lower: LadderStep, step: LadderStep) -> bool:
    if step.price <= lower.price or (step.value is None) != (lower.value is None):
        return False
    if step.value is not None and lower.value is not None:
        return step.value > lower.value
    return (step.percent or 0) > (lower.percent or 0)


def _money(place: Place, written: Quantity | None, setting: Setting) -> Decimal | None:
    if written is None:
        return None
    check_currency(place, written.of, setting.currency)
    if written.number > MONEY_MAX or written.number <= 0:
        place.note("This is not a possible amount of money.")
        return None
    digits = minor_digits(written.of)
    if written.number != round(written.number, digits):
        place.note(
            worded("{of} has {digits} decimals.", of=written.of, digits=digits), "Leave the others off."
        )
        return None
    return written.number


def _read_approval(place: Place, setting: Setting, unit: str) -> tuple[Decimal | None, bool]:
    written = place.phrase(read_quantity, _NONE)
    if not written.of:
        return None, False
    if re.fullmatch(r"[A-Z]{3}", written.of):
        return _money(place, written, setting), True
    price, of = _price(place, written, setting)
    if of and unit and of != unit:
        place.note("This is another unit than the price is in.", "Write it in the unit of the price.")
    return price, False
