"""The format of referrals, key by key."""

from __future__ import annotations

from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.shapes import Key, Section

REFERRALS = Section(
    "referrals",
    "Referrals",
    "A member has a code, and a friend joins with it. What the friend then does pays both, and its reversal takes back"
    " both. Nobody refers themselves: not by another membership with the same e-mail address or phone number (the"
    " attribute `phone`), nor on the same device. Each friend is referred once.",
    (
        Key("name", shapes.WORDS, "What people call it.", "Bring a friend", required=True),
        Key("description", shapes.WORDS, "What it is, for members.", "50 points for each of you."),
        Key("on", shapes.ACTIVITY_NAME, "What the friend does.", "purchase", required=True),
        Key(
            "when", shapes.EXPRESSION, "The condition under which it counts.", "amount > 0", default="always"
        ),
        Key("sum", shapes.EXPRESSION, "What of it is looked at, with at most two decimals.", "amount"),
        Key("at_least", shapes.NUMBER, "How much that is at least, after every refund.", "25"),
        Key(
            "within",
            shapes.WAIT,
            "How long after the friend redeemed the code; redeemed as long after joining at most.",
            "30 days",
            required=True,
        ),
        Key(
            "earn",
            shapes.NUMBER,
            "What it earns whoever referred the friend, as a number of the unit.",
            "50",
            default="nothing",
        ),
        Key("welcome", shapes.NUMBER, "What it earns the friend.", "25", default="nothing"),
        Key("unit", shapes.NAME, "What it earns.", "points", default="the only unit"),
        Key(
            "limits",
            shapes.LIMITS,
            "Limits of what referring friends earns.",
            "at most 20 times a year per member",
        ),
        Key(
            "link",
            shapes.TEXT,
            "The address a code is given away with; {code} stands for the code.",
            "https://shop.example/join?friend={code}",
            default="none",
        ),
    ),
)
