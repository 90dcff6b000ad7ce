"""The format of what anybody may see of a programme, key by key."""

from __future__ import annotations

from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.shapes import Key, Section

JOIN = ("open", "closed")

PUBLIC = Section(
    "public",
    "What anybody may see",
    "With this section the programme has pages that need no sign-in: what it is, its rules in plain words,"
    " questions and answers, and how to verify a receipt. Without it nobody learns that the programme is there.",
    (
        Key(
            "join",
            shapes.one_of_words(JOIN),
            "Whether anybody may enrol on those pages, or is told that joining is closed.",
            "open",
            required=True,
        ),
        Key(
            "contact", shapes.TEXT, "Whom to ask: an e-mail address.", "hello@shop.example", default="nobody"
        ),
        Key(
            "consent",
            shapes.WORDS,
            "What somebody who enrols agrees to.",
            "You may keep my name and my purchases for the programme.",
            default="that name, e-mail address and activity are kept to run the programme",
        ),
    ),
)
