"""The format of tiers, key by key."""

from __future__ import annotations

from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.shapes import Key, Section, Shape
from plaudit.planning.programme_file.tiers import KEEP, THEN, WITHIN

_BENEFITS = Shape("list of texts", {"type": "array", "items": shapes.WORDS.schema, "minItems": 1})

TIER = Section(
    "tier",
    "A ladder of tiers",
    "Members climb it by what they do, and stand on it as `member.<key>` in every expression of the file.",
    (
        Key("name", shapes.WORDS, "What people call it.", "Status", required=True),
        Key(
            "earned",
            shapes.NAME,
            "The unit whose points count as they are earned; spending them takes nothing away.",
            "points",
        ),
        Key("on", shapes.ACTIVITY_NAME, "The activity that counts.", "purchase"),
        Key(
            "when",
            shapes.EXPRESSION,
            "Which of them count; it may name the activity's own fields only.",
            "channel = 'shop'",
            default="all",
        ),
        Key("amount", shapes.EXPRESSION, "What each counts, a whole number.", "floor(amount)", default="1"),
        Key(
            "within",
            shapes.phrase("time", WITHIN),
            "The time whose amounts count: `the calendar year`, `12 months` up to today, `the membership year`, or `all time`.",
            "12 months",
            default="`the calendar year`",
        ),
        Key(
            "levels",
            shapes.section_map("levels", "tier_level"),
            "Its levels, from the lowest up.",
            "{gold: {name: Gold, from: 1000}}",
            required=True,
        ),
        Key(
            "keep",
            shapes.phrase("how long", KEEP),
            "How long a level is kept after the last day on which something counted and it was reached.",
            "to the end of next year",
            default="`while it lasts`",
        ),
        Key(
            "then",
            shapes.phrase("what comes", THEN),
            "What becomes of a level that is not reached again by then: `recalculated` from what counted on its last day, or `one step down`.",
            "one step down",
            default="`recalculated`",
        ),
        Key(
            "grace",
            shapes.WAIT,
            "How much longer it is kept before it goes.",
            "30 days",
            default="not at all",
        ),
        Key("warn", shapes.WAIT, "How long before it goes the member is told.", "60 days", default="30 days"),
        Key(
            "audience",
            shapes.AUDIENCES,
            "The kinds of members who climb it.",
            "customer",
            default="the programme's",
        ),
    ),
    one_of=("earned", "on"),
)

TIER_LEVEL = Section(
    "tier_level",
    "A level",
    "A level from 0 is everybody's.",
    (
        Key("name", shapes.WORDS, "What people call it.", "Gold", required=True),
        Key("from", shapes.NUMBER, "How much reaches it, in whole units.", "1000", required=True),
        Key(
            "benefits",
            _BENEFITS,
            "What it brings, in words; what it multiplies is a rule's `when: member.<key> = 'gold'`.",
            "[Free delivery]",
        ),
    ),
)
