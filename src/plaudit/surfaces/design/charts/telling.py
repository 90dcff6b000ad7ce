"""Says in words what a chart shows, for those who do not see it and those in a hurry."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from plaudit.surfaces.design.charts.values import Chart, Series


def summary_of(chart: Chart) -> str:
    """The page's own summary, or one sentence for each series: ends, highest and lowest."""
    if chart.summary:
        return chart.summary
    return " ".join(_one(chart, one) for one in chart.series)


def _one(chart: Chart, one: Series) -> str:
    known: list[tuple[Decimal, str]] = [
        (value, name) for name, value in zip(chart.categories, one.values, strict=True) if value is not None
    ]
    named = one.name or chart.measure or chart.title
    if not known:
        return _("{name}: no values.").format(name=named)
    (first, first_at), (last, last_at) = known[0], known[-1]
    most, most_at = max(known, key=lambda pair: pair[0])
    least, least_at = min(known, key=lambda pair: pair[0])
    return _(
        "{name}: {first} ({first_at}) to {last} ({last_at}); highest {most} ({most_at}), lowest {least} ({least_at})."
    ).format(
        name=named,
        first=chart.write(first),
        first_at=first_at,
        last=chart.write(last),
        last_at=last_at,
        most=chart.write(most),
        most_at=most_at,
        least=chart.write(least),
        least_at=least_at,
    )
