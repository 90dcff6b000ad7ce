"""The format of offers, key by key."""

from __future__ import annotations

from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.offers import CONTROL_MAX
from plaudit.planning.programme_file.shapes import Key, Section, Shape

_PERCENT = Shape(f"1 to {CONTROL_MAX}", {"type": "integer", "minimum": 1, "maximum": CONTROL_MAX})

OFFER = Section(
    "offer",
    "An offer",
    "It holds for those to whom it is made: `member.<key>` is then true, and missing otherwise. What it gives is said by"
    " rules and rewards that ask for it.",
    (
        Key("name", shapes.WORDS, "What people call it.", "Spring bonus", required=True),
        Key(
            "segment",
            shapes.NAME,
            "Whose members it is made to, also to those who come to be in it while it runs.",
            "regulars",
            default="single people only",
        ),
        Key(
            "control",
            _PERCENT,
            "How many of a hundred are drawn to get nothing, so that the report can say what the offer brought.",
            "20",
            default="none",
        ),
        Key("accept", shapes.FLAG, "Whether it holds only once it is accepted.", "true", default="`false`"),
        Key(
            "goal",
            Shape("goal", {"$ref": "#/$defs/offer_goal"}),
            "What the report looks for in both groups.",
            "{on: purchase}",
        ),
        Key(
            "from",
            shapes.BEGINNING,
            "The first day, or the moment it starts.",
            "2026-06-01",
            default="at once",
        ),
        Key("through", shapes.LAST_DAY, "The last day, whole.", "2026-08-31", default="no end"),
        Key("until", shapes.MOMENT, "The moment it ends, instead of `through`.", "2026-08-31 18:00"),
    ),
    apart=("through", "until"),
)

OFFER_GOAL = Section(
    "offer_goal",
    "The goal of an offer",
    "Who did it at least once, from the day on which they were drawn.",
    (
        Key("on", shapes.ACTIVITY_NAME, "The activity.", "purchase", required=True),
        Key("when", shapes.EXPRESSION, "Which of them, by their own fields.", "amount > 50", default="all"),
    ),
)
