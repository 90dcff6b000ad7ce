"""Numbers, points, money and moments, as people read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from plaudit.surfaces.design import writing
from plaudit.surfaces.design.plurals import plural_category, plural_name

POINTS = {"one": "point", "other": "points"}


@dataclass
class Unit:
    """Stands for the ledger's unit: it has names and a precision."""

    names: dict[str, str] = field(default_factory=lambda: {"one": "star", "other": "stars"})
    precision: int = 2


@pytest.fixture(autouse=True)
def _british():
    with translation.override("en-gb"), timezone.override("Europe/London"):
        yield


@pytest.mark.parametrize(
    "language, value, written",
    [
        ("en-gb", 1234567, "1,234,567"),
        ("en-gb", -300, "−300"),
        ("de", 1234567, "1.234.567"),
        ("fr", Decimal("1234.5"), "1\u00a0234,5"),
        ("en-gb", 0, "0"),
    ],
)
def test_a_number_follows_the_language_and_has_a_true_minus(language, value, written):
    with translation.override(language):
        assert writing.number(value) == written


@pytest.mark.parametrize("value, written", [(50, "+50"), (-50, "−50"), (0, "0")])
def test_a_change_shows_its_direction(value, written):
    assert writing.signed(value) == written


def test_a_sign_stays_before_its_number_in_right_to_left_text():
    with translation.override("ar"):
        assert writing.signed(5).startswith("\u200e+")
        assert writing.number(-5).startswith("\u200e−")


@pytest.mark.parametrize(
    "amount, unit, written",
    [
        (1, POINTS, "1\u00a0point"),
        (1250, POINTS, "1,250\u00a0points"),
        (-1, POINTS, "−1\u00a0point"),
        (0, POINTS, "0\u00a0points"),
        (2, None, "2\u00a0points"),
        (100, Unit(), "1\u00a0star"),
        (1250, Unit(), "12.5\u00a0stars"),
        (1, Unit(), "0.01\u00a0stars"),
        (9_007_199_254_740_993, POINTS, "9,007,199,254,740,993\u00a0points"),
    ],
)
def test_points_carry_their_own_name_and_are_exact(amount, unit, written):
    assert writing.points(amount, unit) == written


@pytest.mark.parametrize(
    "language, minor, currency, written",
    [
        ("en-gb", 450, "GBP", "£4.50"),
        ("en-gb", -2500, "USD", "−US$25.00"),
        ("en-us", 2500, "USD", "$25.00"),
        ("en-gb", 12000, "JPY", "¥12,000"),
        ("en-gb", 1, "KWD", "KWD\u00a00.001"),
        ("de", 450, "EUR", "4,50\u00a0€"),
        ("en-gb", 9_007_199_254_740_993, "EUR", "€90,071,992,547,409.93"),
    ],
)
def test_money_is_written_from_minor_units(language, minor, currency, written):
    with translation.override(language):
        assert writing.money(minor, currency) == written


@pytest.mark.parametrize(
    "value, decimals, said",
    [
        ("3.4474", 2, "3.45"),
        ("3.4449", 2, "3.44"),
        ("2.5", 0, "3"),
        ("0.9999", 2, "1.00"),
        ("-3.4474", 2, "−3.45"),
        ("-0.001", 2, "0.00"),
        ("1234567890123456789012345678.25", 1, "1,234,567,890,123,456,789,012,345,678.3"),
    ],
)
def test_what_is_beyond_the_places_asked_for_is_rounded_and_not_cut_off(value, decimals, said):
    assert writing.number(Decimal(value), decimals=decimals) == said


def test_a_percentage_has_its_space_where_the_language_has_one():
    assert writing.percent(Decimal("0.083"), decimals=1) == "8.3%"
    with translation.override("fr"):
        assert writing.percent(Decimal("0.083"), decimals=1) == "8,3\u00a0%"


def test_moments_are_in_the_persons_zone_and_say_it_when_asked():
    moment = datetime(2026, 7, 21, 12, 4, 10, tzinfo=UTC)

    assert writing.day(date(2026, 7, 21)) == '<time datetime="2026-07-21">21\u00a0Jul\u00a02026</time>'
    assert "21\u00a0Jul\u00a02026, 13:04<" in writing.moment(moment)
    assert "13:04\u00a0BST<" in writing.moment(moment, with_zone=True)
    assert ">13:04:10<" in writing.clock_time(moment)
    with translation.override("en-us"):
        assert "1:04\u00a0PM<" in writing.moment(moment)


def test_a_day_late_in_the_evening_is_the_persons_own_day():
    assert 'datetime="2026-07-22"' in writing.day(datetime(2026, 7, 21, 23, 30, tzinfo=UTC))


# Source: the sample numbers of the Unicode CLDR plural rules.
@pytest.mark.parametrize(
    "language, number, category",
    [
        ("en", "1", "one"),
        ("en", "1.0", "other"),
        ("en", "0", "other"),
        ("fr", "0", "one"),
        ("fr", "1.5", "one"),
        ("fr", "2", "other"),
        ("ja", "1", "other"),
        ("ru", "1", "one"),
        ("ru", "3", "few"),
        ("ru", "11", "many"),
        ("ru", "21", "one"),
        ("ru", "1.5", "other"),
        ("pl", "1", "one"),
        ("pl", "22", "few"),
        ("pl", "12", "many"),
        ("cs", "2", "few"),
        ("cs", "1.5", "many"),
        ("ar", "0", "zero"),
        ("ar", "2", "two"),
        ("ar", "103", "few"),
        ("ar", "111", "many"),
        ("ar", "100", "other"),
    ],
)
def test_the_plural_form_is_the_languages_own(language, number, category):
    assert plural_category(language, Decimal(number)) == category


def test_a_missing_form_falls_back_to_the_general_one():
    assert plural_name({"other": "karma"}, "ru", Decimal(3)) == "karma"
