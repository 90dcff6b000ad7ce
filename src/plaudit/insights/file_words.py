"""Phrases of a programme file as people read them, in the language at work: prices, periods, levels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from plaudit.foundation import written
from plaudit.foundation.told import told
from plaudit.planning.programme_file.offers import Offer
from plaudit.planning.programme_file.programme import LadderStep, Programme, Reward, Unit
from plaudit.planning.programme_file.tiers import Keeping, Ladder, Window
from plaudit.targeting.definitions import Downgrade, Keep, Within

_PEOPLE = {
    "customer": gettext_noop("customers"),
    "staff": gettext_noop("staff"),
    "partner": gettext_noop("partners"),
}
_EVERY = {
    "day": gettext_noop("{times} a day"),
    "week": gettext_noop("{times} a week"),
    "month": gettext_noop("{times} a month"),
    "quarter": gettext_noop("{times} a quarter"),
    "year": gettext_noop("{times} a year"),
    "lifetime": gettext_noop("{times} ever"),
}
_WITHIN = {
    Within.CALENDAR_YEAR: gettext_noop("the calendar year"),
    Within.MEMBERSHIP_YEAR: gettext_noop("the membership year"),
    Within.EVER: gettext_noop("all time"),
}
_KEPT = {
    Keep.WHILE_IT_LASTS: gettext_noop("while it lasts"),
    Keep.END_OF_YEAR: gettext_noop("to the end of the year"),
    Keep.END_OF_NEXT_YEAR: gettext_noop("to the end of next year"),
}
_THEN = {
    Downgrade.RECALCULATED: gettext_noop("kept {time}, then recalculated"),
    Downgrade.ONE_STEP: gettext_noop("kept {time}, then one step down"),
}


def people(audience: Sequence[str]) -> str:
    """The kinds of members, as people say it."""
    return written.listed([_(_PEOPLE[kind]) for kind in audience]) if audience else _("everyone")


def amount(number: Decimal, unit: Unit) -> str:
    """`200 points`."""
    return f"{_number(number)} {unit.one if number == 1 else unit.other}"


def money(number: Decimal, currency: str) -> str:
    """`2.50 USD`."""
    return f"{_number(number, least=2)} {currency}"


def _number(number: Decimal, *, least: int = 0) -> str:
    if number == number.to_integral_value():
        return written.number(number.quantize(Decimal(1)))
    exponent = number.as_tuple().exponent
    return written.number(number, decimals=max(least, -exponent if isinstance(exponent, int) else 0))


def often_words(times: int, every: str) -> str:
    """`twice a month`."""
    said = {1: _("once"), 2: _("twice")}.get(times) or _("{n} times").format(n=written.number(times))
    return _(_EVERY[str(every)]).format(times=said)


def price_words(programme: Programme, reward: Reward) -> str:
    """`200 points`, or every step of a ladder."""
    unit = programme.unit(reward.unit)
    if reward.ladder:
        return _either(_step(step, unit, programme.currency) for step in reward.ladder)
    return amount(reward.price, unit)


def _step(step: LadderStep, unit: Unit, currency: str) -> str:
    price = amount(step.price, unit)
    worth = money(step.value, currency) if step.value is not None else f"{step.percent} %"
    return _("{price} for {worth}").format(price=price, worth=worth)


def _either(words: Iterable[str]) -> str:
    several = list(words)
    if len(several) < 2:
        return "".join(several)
    return _("{some} or {last}").format(some=", ".join(several[:-1]), last=several[-1])


def within_words(window: Window) -> str:
    """`the calendar year`, `12 months`."""
    return _months(window.months) if window.within is Within.MONTHS else _(_WITHIN[window.within])


def kept_words(keeping: Keeping) -> str:
    """`to the end of the year`, `12 months`."""
    return _months(keeping.months) if keeping.keep is Keep.MONTHS else _(_KEPT[keeping.keep])


def _months(months: int) -> str:
    return ngettext("{n} month", "{n} months", months).format(n=months)


def levels_words(ladder: Ladder) -> str:
    """`silver from 1,000 and gold from 5,000`."""
    return written.listed(
        [
            _("{level} from {amount}").format(level=level.key, amount=_number(level.reached_from))
            for level in ladder.levels
        ]
    )


def counted_words(programme: Programme, ladder: Ladder) -> str:
    """`points earned within 12 months`, `purchase where channel = 'web' within the calendar year`."""
    if ladder.earned:
        units = {unit.key: told(unit.other) for unit in programme.units}
        what = _("{unit} earned").format(unit=units.get(ladder.earned, ladder.earned))
    else:
        what = ladder.on
        if ladder.amount:
            what = _("{part} of {whole}").format(part=ladder.amount, whole=what)
        if ladder.when:
            what += " " + _("where {condition}").format(condition=ladder.when)
    return _("{what} within {time}").format(what=what, time=within_words(ladder.window))


def keeping_words(ladder: Ladder) -> str:
    """`kept 12 months, then one step down after 30 days of grace`."""
    words = _(_THEN[ladder.downgrade]).format(time=kept_words(ladder.keeping))
    if not ladder.grace_days:
        return words
    after = ngettext("after {n} day of grace", "after {n} days of grace", ladder.grace_days)
    return f"{words} {after.format(n=ladder.grace_days)}"


def offer_words(offer: Offer) -> str:
    """To whom it is made, and who gets nothing: `for regulars, 20 of 100 kept back`."""
    words = _("for {whom}").format(whom=offer.segment or _("single people"))
    if offer.control:
        words += ", " + _("{percent} of 100 kept back").format(percent=offer.control)
    return f"{words}, {_('to be accepted')}" if offer.accept else words
