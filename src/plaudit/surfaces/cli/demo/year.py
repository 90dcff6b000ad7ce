"""Twelve months of activity up to today: seasons, weekdays, refunds, repeats, late rows and a few damaged ones. Pure."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from plaudit.surfaces.cli.demo.people import Colleague, Customer

DAYS = 365
_SEASON = {1: 0.7, 2: 0.7, 3: 0.9, 4: 1.0, 5: 1.1, 6: 1.2, 7: 1.2, 8: 1.1, 9: 0.9, 10: 0.9, 11: 1.5, 12: 1.7}
_COURSES = ("De-escalation", "Our products", "Writing clearly", "Phone basics", "Returns and law")

Row = dict[str, str]


@dataclass
class Year:
    """Rows of the two files: what the shop's till reports, and what the service desk's tool reports."""

    shop: list[Row] = field(default_factory=list)
    desk: list[Row] = field(default_factory=list)


def year_until(
    today: date, people: list[Customer], colleagues: list[Colleague], *, days: int = DAYS, seed: int = 7
) -> Year:
    """The `days` before `today`, the same for the same day."""
    dice = random.Random(seed)  # noqa: S311  # a story, not a secret
    year = Year()
    for back in range(days, -1, -1):
        day = today - timedelta(days=back)
        year.shop += _shop_day(dice, day, people)
        year.desk += _desk_day(dice, day, colleagues)
    year.shop.sort(key=lambda row: row["when"])
    year.desk.sort(key=lambda row: row["when"])
    _disturb(dice, year.shop)
    return year


def by_month(rows: list[Row]) -> dict[str, list[Row]]:
    """Rows by the month in whose file they come, such as "2026-03": one that is late comes with the latest."""
    files: dict[str, list[Row]] = {}
    month = ""
    for row in rows:
        if re.match(r"\d{4}-\d{2}-", row["when"]):
            month = max(month, row["when"][:7])
        files.setdefault(month, []).append(row)
    return files


def _shop_day(dice: random.Random, day: date, people: list[Customer]) -> Iterator[Row]:
    pace = 0.045 * _SEASON[day.month] * (1.5 if day.weekday() >= 4 else 1.0)
    for customer in people:
        if dice.random() >= pace * customer.zeal:
            continue
        at = _moment(dice, day, 9, 20)
        amount = round(dice.lognormvariate(3.6, 0.8), 2)
        order = f"O{day:%y%m%d}-{customer.number}"
        yield _row(
            order,
            "purchase",
            customer.number,
            at,
            amount=f"{amount:.2f}",
            channel=dice.choice(("shop", "web")),
        )
        if dice.random() < 0.04:
            later = at + timedelta(days=dice.randint(1, 12))
            part = amount if dice.random() < 0.6 else round(amount / 2, 2)
            yield _row(
                f"R-{order}",
                "purchase.refunded",
                customer.number,
                later,
                refunded=f"{part:.2f}",
                corrects=order,
            )
        if dice.random() < 0.12:
            yield _row(
                f"Q-{order}",
                "survey.completed",
                customer.number,
                at + timedelta(hours=5),
                score=str(dice.randint(3, 5)),
            )
        if dice.random() < 0.03:
            yield _row(f"F-{order}", "referral.completed", customer.number, at + timedelta(hours=9))
        if dice.random() < 0.05:
            yield _row(f"X-{order}", "social.shared", customer.number, at + timedelta(hours=2))


def _desk_day(dice: random.Random, day: date, colleagues: list[Colleague]) -> Iterator[Row]:
    for colleague in colleagues:
        if day.weekday() == 6 or dice.random() < 0.25:
            continue
        skill = {"lead": 0.5, "experienced": 0.45, "new": 0.32}[colleague.level]
        for number in range(dice.randint(1, 3)):
            at = _moment(dice, day, 8, 18)
            ticket = f"T{day:%y%m%d}-{colleague.number}-{number}"
            first = "true" if dice.random() < 0.7 else "false"
            yield _row(
                ticket,
                "ticket.resolved",
                colleague.number,
                at,
                first_contact=first,
                minutes=str(dice.randint(3, 45)),
            )
            if dice.random() < 0.05:
                yield _row(
                    f"RE-{ticket}",
                    "ticket.reopened",
                    colleague.number,
                    at + timedelta(days=2),
                    corrects=ticket,
                )
            if dice.random() < 0.4:
                rating = 5 if dice.random() < skill else dice.randint(2, 4)
                yield _row(
                    f"V-{ticket}",
                    "call.rated",
                    colleague.number,
                    at + timedelta(minutes=30),
                    rating=str(rating),
                )
        if dice.random() < 0.008:
            certified = "true" if dice.random() < 0.4 else "false"
            yield _row(
                f"L{day:%y%m%d}-{colleague.number}",
                "training.completed",
                colleague.number,
                _moment(dice, day, 9, 16),
                course=dice.choice(_COURSES),
                hours=str(dice.choice((1, 1.5, 2, 4))),
                certified=certified,
            )


def _disturb(dice: random.Random, rows: list[Row]) -> None:
    """What real files have: rows sent twice, rows that come late, and of late a few that cannot be read."""
    for _ in range(12):
        place = dice.randrange(len(rows))
        rows.insert(dice.randint(place + 1, len(rows)), dict(rows[place]))
    corrected = {row["corrects"] for row in rows if "corrects" in row}
    for late in dice.sample([row for row in rows if row["id"] not in corrected], 8):
        rows.remove(late)
        rows.append(late)
    purchases = [row for row in rows if row["type"] == "purchase"]
    for row, damage in zip(
        dice.sample(purchases[-30:], 3),
        ({"amount": "12,5O"}, {"when": "31.02."}, {"amount": ""}),
        strict=True,
    ):
        row.update(damage)


def _moment(dice: random.Random, day: date, first_hour: int, last_hour: int) -> datetime:
    return datetime.combine(day, time(dice.randint(first_hour, last_hour), dice.randint(0, 59)))


def _row(id: str, type: str, subject: str, at: datetime, **values: str) -> Row:
    return {"id": id, "type": type, "member": subject, "when": f"{at:%Y-%m-%d %H:%M}", **values}
