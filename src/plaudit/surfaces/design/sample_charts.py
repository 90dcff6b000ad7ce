"""Example charts for the gallery, one of each kind."""

from __future__ import annotations

from decimal import Decimal

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def charts() -> dict[str, dict[str, object]]:
    """Chart mappings by kind, as pages pass them."""
    return {
        "bars": _bars(),
        "lines": _lines(),
        "lying": _lying(),
        "stacked": _stacked(),
        "one_line": _one_line(),
    }


def _bars() -> dict[str, object]:
    """Upright bars, one of them chosen, with a marked launch."""
    return {
        "id": "chart-bars",
        "level": 3,
        "title": "Redemptions doubled in the month of the launch",
        "measure": "Redemptions by month, 2026",
        "category_name": "Month",
        "categories": MONTHS,
        "series": [
            {"name": "Redemptions", "values": [212, 198, 240, 231, 225, 489, 402, 377, 361, 380, 402, 455]}
        ],
        "highlight": "Jun",
        "events": [{"at": "Jun", "name": "Launch"}],
        "csv_url": "#",
    }


def _lines() -> dict[str, object]:
    """Two lines over a year, one with its interval and a gap."""
    return {
        "id": "chart-lines",
        "level": 3,
        "title": "Satisfaction rose on both sites after the rule change; York less surely",
        "measure": "Share of cases rated 4 or 5, by month, with the 95% interval for York",
        "category_name": "Month",
        "percent": True,
        "from_zero": False,
        "categories": MONTHS,
        "series": [
            {"name": "Leeds", "values": _ratios("71 72 70 73 74 73 76 79 81 82 82 84")},
            {
                "name": "York",
                "values": _ratios("66 64 67 - 66 68 67 70 72 71 73 74"),
                "low": _ratios("61 59 62 - 60 63 62 64 66 65 68 69"),
                "high": _ratios("71 69 72 - 72 73 72 76 78 77 78 79"),
            },
        ],
        "events": [{"at": "Jul", "name": "Rule 4 live"}],
        "note": "n = 4,212 (Leeds) and 1,030 (York). April in York: no surveys, which is not zero.",
        "csv_url": "#",
    }


def _lying() -> dict[str, object]:
    """Bars on their side, for names that are words."""
    return {
        "id": "chart-lying",
        "level": 3,
        "title": "Gift certificates are what people choose",
        "measure": "Points redeemed in 2026, by reward",
        "category_name": "Reward",
        "unit": {"one": "point", "other": "points"},
        "categories": [
            "Gift certificates",
            "Meals",
            "Holidays and hotels",
            "Merchandise",
            "Donations to charity",
        ],
        "series": [{"name": "Points redeemed", "values": [482_000, 214_300, 190_000, 88_250, 41_000]}],
        "highlight": "Gift certificates",
        "csv_url": "#",
    }


def _stacked() -> dict[str, object]:
    """Four parts of a whole, in money."""
    return {
        "id": "chart-stacked",
        "level": 3,
        "title": "Learning now earns as much as purchases",
        "measure": "Cost of points issued, by source and quarter",
        "category_name": "Quarter",
        "currency": "USD",
        "categories": ["Q1", "Q2", "Q3", "Q4"],
        "series": [
            {"name": "Purchases", "values": [820_000, 910_000, 870_000, 905_000]},
            {"name": "Learning", "values": [210_000, 340_000, 610_000, 880_000]},
            {"name": "Recognition", "values": [120_000, 150_000, 190_000, 210_000]},
            {"name": "Referrals", "values": [60_000, 72_000, 50_000, 81_000]},
        ],
        "csv_url": "#",
    }


def _one_line() -> dict[str, object]:
    """One line, valued at its end."""
    return {
        "id": "chart-one-line",
        "level": 3,
        "title": "Liability stays under its cap",
        "measure": "Outstanding points at their value, month's end",
        "category_name": "Month",
        "currency": "USD",
        "categories": MONTHS,
        "series": [
            {
                "name": "Liability",
                "values": [
                    1_210_000,
                    1_260_000,
                    1_305_000,
                    1_290_000,
                    1_340_000,
                    1_180_000,
                    1_140_000,
                    1_165_000,
                    1_190_000,
                    1_215_000,
                    1_240_000,
                    1_195_000,
                ],
            }
        ],
    }


def _ratios(hundredths: str) -> list[Decimal | None]:
    return [None if one == "-" else Decimal(one).scaleb(-2) for one in hundredths.split()]
