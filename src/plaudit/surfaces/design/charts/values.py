"""What a chart shows, as plain values, and how its numbers are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plaudit.surfaces.design import writing

SERIES_MAX = 4
"""More than four lines cannot be told apart; use small multiples."""


@dataclass(frozen=True)
class Series:
    """One measure over the categories; ``None`` is a gap, which is not zero."""

    name: str
    values: tuple[Decimal | None, ...]
    low: tuple[Decimal | None, ...] = ()
    high: tuple[Decimal | None, ...] = ()


@dataclass(frozen=True)
class Happening:
    """Something worth marking on the time axis, such as a launch or a rule change."""

    at: str
    name: str


@dataclass(frozen=True)
class Chart:
    """A chart's content. Values are already in the units they are shown in."""

    id: str
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    category_name: str = ""
    measure: str = ""
    note: str = ""
    summary: str = ""
    csv_url: str = ""
    highlight: str = ""
    events: tuple[Happening, ...] = ()
    decimals: int | None = None
    currency: str = ""
    is_percent: bool = False
    from_zero: bool = True
    level: int = 2

    def write(self, value: Decimal | None) -> str:
        """One value as its label, axis and table show it; a gap is an en dash."""
        if value is None:
            return "–"
        if self.is_percent:
            return writing.percent(value.scaleb(-2), decimals=self.decimals or 0)
        if self.currency:
            digits = writing.minor_digits(self.currency)
            return writing.money(int(value.scaleb(digits).to_integral_value()), self.currency)
        return writing.number(value, decimals=self.decimals)

    def write_tick(self, value: Decimal) -> str:
        """A value on the axis, where whole money is written without its decimals."""
        if self.currency and value == value.to_integral_value():
            return writing.whole_money(int(value), self.currency)
        if self.is_percent:
            return writing.percent(value.scaleb(-2), decimals=0 if value == value.to_integral_value() else 1)
        return writing.number(value if value != value.to_integral_value() else int(value))

    def every_value(self) -> list[Decimal]:
        """All values that are not gaps, including the ends of intervals."""
        return [
            value for one in self.series for value in (*one.values, *one.low, *one.high) if value is not None
        ]


def chart_from(source: Mapping[str, object]) -> Chart:
    """A chart from the mapping a page passes; raises ``ValueError`` when it cannot be drawn fairly.

    Values arrive as integers in smallest parts (``unit``), minor units (``currency``), ratios
    (``percent``), or plain numbers.
    """
    categories = tuple(str(category) for category in _list(source, "categories"))
    series = tuple(_series(one, source) for one in _list(source, "series"))
    if not series or not categories:
        raise ValueError("a chart needs categories and at least one series")
    if len(series) > SERIES_MAX:
        raise ValueError(f"{len(series)} series: at most {SERIES_MAX}, then small multiples")
    for one in series:
        for values in (one.values, one.low, one.high):
            if values and len(values) != len(categories):
                raise ValueError(f"{one.name}: {len(values)} values for {len(categories)} categories")
    decimals = source.get("decimals")
    return Chart(
        id=str(source["id"]),
        title=str(source["title"]),
        categories=categories,
        series=series,
        category_name=str(source.get("category_name", "")),
        measure=str(source.get("measure", "")),
        note=str(source.get("note", "")),
        summary=str(source.get("summary", "")),
        csv_url=str(source.get("csv_url", "")),
        highlight=str(source.get("highlight", "")),
        events=tuple(_happening(event) for event in _list(source, "events")),
        decimals=None if decimals is None else int(str(decimals)),
        currency=str(source.get("currency", "")),
        is_percent=bool(source.get("percent", False)),
        from_zero=bool(source.get("from_zero", True)),
        level=int(str(source.get("level", 2))),
    )


def _list(source: Mapping[str, object], name: str) -> Sequence[object]:
    found = source.get(name) or ()
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise TypeError(f"{name} must be a list")
    return found


def _happening(event: object) -> Happening:
    if not isinstance(event, Mapping):
        raise TypeError("an event is a mapping with 'at' and 'name'")
    return Happening(at=str(event["at"]), name=str(event["name"]))


def _series(one: object, source: Mapping[str, object]) -> Series:
    if not isinstance(one, Mapping):
        raise TypeError("a series is a mapping with 'name' and 'values'")
    return Series(
        name=str(one.get("name", "")),
        values=_shown(_list(one, "values"), source),
        low=_shown(_list(one, "low"), source),
        high=_shown(_list(one, "high"), source),
    )


def _shown(values: Sequence[object], source: Mapping[str, object]) -> tuple[Decimal | None, ...]:
    return tuple(None if value is None else _one_shown(value, source) for value in values)


def _one_shown(value: object, source: Mapping[str, object]) -> Decimal:
    plain = Decimal(str(value))
    if source.get("currency"):
        return plain.scaleb(-writing.minor_digits(str(source["currency"])))
    if source.get("percent"):
        return plain.scaleb(2)
    if source.get("unit") is not None:
        return writing.in_units(int(plain), source["unit"])
    return plain
