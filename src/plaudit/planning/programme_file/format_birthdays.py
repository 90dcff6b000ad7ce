"""The format of birthdays, key by key."""

from __future__ import annotations

from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.birthdays import LEAP_DAYS
from plaudit.planning.programme_file.shapes import Key, Section

BIRTHDAYS = Section(
    "birthdays",
    "Birthdays",
    "Once a calendar year, by the member's attribute `birth_date` (year-month-day) and in the time zone of their"
    " attribute `time_zone`, or else the programme's. Changing the date earns nothing a second time.",
    (
        Key("name", shapes.WORDS, "What people call it.", "Happy birthday", required=True),
        Key("description", shapes.WORDS, "What it is, for members.", "50 points on your birthday."),
        Key("earn", shapes.NUMBER, "What it earns, as a number of the unit.", "50", default="nothing"),
        Key("unit", shapes.NAME, "What it earns.", "points", default="the only unit"),
        Key("before", shapes.WAIT, "How long before the day it is given.", "3 days", default="on the day"),
        Key(
            "after",
            shapes.WAIT,
            "How long after the day it still is, to somebody whose date becomes known late.",
            "1 week",
            default="not after it",
        ),
        Key(
            "leap_day",
            shapes.one_of_words(tuple(LEAP_DAYS)),
            "When those born on 29 February celebrate in common years.",
            "1 March",
            default="`28 February`",
        ),
        Key(
            "audience",
            shapes.AUDIENCES,
            "The kinds of members it is for.",
            "customer",
            default="the programme's",
        ),
    ),
)
