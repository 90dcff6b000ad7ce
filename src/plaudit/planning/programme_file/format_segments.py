"""The format of segments, key by key."""

from __future__ import annotations

from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.segments import FREQUENT_FROM, IN, KINDS, READY, READY_DAYS
from plaudit.planning.programme_file.shapes import Key, Section

SEGMENT = Section(
    "segment",
    "A segment",
    "Members are in it as long as its condition holds: `member.<key>` is then true, and missing otherwise.",
    (
        Key("name", shapes.WORDS, "What people call it.", "Regulars", required=True),
        Key(
            "when",
            shapes.EXPRESSION,
            "Who is in it. It may name the facts below and everything known of a member but segments.",
            "visits >= 3 and member.kind = 'customer'",
        ),
        Key(
            "ready",
            shapes.phrase("a ready segment", READY),
            f"`frequent` ({FREQUENT_FROM} or more in {READY_DAYS} days), `occasional` (fewer), `inactive` (once, and not for"
            f" {READY_DAYS} days), `champions` (recency, frequency and money all in the best two fifths) or `at risk`"
            " (frequent once, and not for long), by an activity.",
            "frequent by purchase",
        ),
        Key(
            "amount",
            shapes.EXPRESSION,
            "With `ready`: what the activity is worth.",
            "floor(amount)",
            default="1",
        ),
        Key(
            "facts",
            shapes.map_of(
                "facts", shapes.FIELD_NAME, shapes.KEY_LENGTH_MAX, {"$ref": "#/$defs/segment_fact"}
            ),
            "What it asks of activity, by the name it has in `when`.",
            "{visits: {on: purchase, in: 90 days}}",
        ),
        Key("teams", shapes.CHOICES, "Only those who are in one of these teams now.", "[night-shift]"),
        Key(
            "audience",
            shapes.AUDIENCES,
            "The kinds of members it is for.",
            "customer",
            default="the programme's",
        ),
    ),
    one_of=("when", "ready"),
)

SEGMENT_FACT = Section(
    "segment_fact",
    "A fact",
    "A whole number of each member, kept with every event; days count to the end of today.",
    (
        Key(
            "is",
            shapes.one_of_words(tuple(KINDS)),
            "`how many`, `how much`, `days since` the last, or a rank from 1 to 5, of which 5 is the best fifth of all"
            " who did it, found once a day.",
            "how much",
            default="`how many`",
        ),
        Key("earned", shapes.NAME, "The unit whose earned points count, in its smallest part.", "points"),
        Key("on", shapes.ACTIVITY_NAME, "The activity that counts.", "purchase"),
        Key("when", shapes.EXPRESSION, "Which of them, by their own fields.", "score <= 2", default="all"),
        Key("amount", shapes.EXPRESSION, "What each counts.", "floor(amount)", default="1"),
        Key("in", shapes.phrase("how far back", IN), "How far back.", "90 days", default="all time"),
    ),
    one_of=("earned", "on"),
)
