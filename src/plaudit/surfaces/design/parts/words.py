"""Filters that write numbers, points, money and moments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from plaudit.foundation.access import wording
from plaudit.foundation.languages import ENGLISH
from plaudit.foundation.refusals import Refusal
from plaudit.surfaces.design import writing

register = Library()


@register.filter
def number(value: int | Decimal, decimals: int | None = None) -> str:
    """``{{ 12345|number }}``: grouped by locale, true minus."""
    return writing.number(value, decimals=decimals)


@register.filter
def signed(value: int | Decimal) -> str:
    """``{{ 50|signed }}``: ``+50``."""
    return writing.signed(value)


@register.filter
def points(amount: int, unit: object = None) -> str:
    """``{{ amount|points:unit }}``: an amount in smallest parts with its unit's name."""
    return writing.points(amount, unit)


@register.filter
def signed_points(amount: int, unit: object = None) -> str:
    """As ``points`` with ``+`` or ``−``."""
    return writing.signed_points(amount, unit)


@register.filter
def in_units(amount: int, unit: object = None) -> str:
    """The number of units without the unit's name."""
    return writing.number(writing.in_units(amount, unit))


@register.filter
def money(minor: int, currency: str) -> str:
    """``{{ 450|money:"GBP" }}``: ``£4.50``."""
    return writing.money(minor, currency)


@register.filter
def percent(ratio: int | Decimal, decimals: int = 0) -> str:
    """``{{ ratio|percent:1 }}``: ``8.3%`` for ``Decimal("0.083")``."""
    return writing.percent(ratio, decimals=decimals)


@register.filter
def day(value: date | datetime) -> SafeString:
    """A calendar day as ``<time>``."""
    return writing.day(value)


@register.filter
def moment(value: datetime) -> SafeString:
    """Day and time to the minute as ``<time>``."""
    return writing.moment(value)


@register.filter
def moment_with_zone(value: datetime) -> SafeString:
    """Day, time and time zone as ``<time>``, for deadlines."""
    return writing.moment(value, with_zone=True)


@register.filter
def clock_time(value: datetime) -> SafeString:
    """Time of day with seconds as ``<time>``."""
    return writing.clock_time(value)


@register.filter
def said(refusal: Refusal) -> str:
    """A refusal as a sentence, in the language of whoever reads."""
    return wording.said(refusal)


@register.filter
def way_on(refusal: Refusal) -> str:
    """What to do about a refusal; nothing where there is nothing to do."""
    return wording.way_on(refusal)


@register.filter
def translated(sentence: str) -> SafeString:
    """A sentence of ours that was found elsewhere, in the language of whoever reads; marked as English where it stays so."""
    said = wording.translated(sentence)
    stays = said == str(sentence) and not (get_language() or ENGLISH).startswith("en")
    return (
        format_html('<span lang="{}">{}</span>', ENGLISH, said) if stays and said else format_html("{}", said)
    )


@register.filter
def unlocalized(value: int) -> str:
    """A whole number for an attribute, never grouped."""
    return str(int(value))
