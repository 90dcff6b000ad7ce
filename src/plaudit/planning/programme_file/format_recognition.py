"""The format of recognition, key by key."""

from __future__ import annotations

from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.shapes import Key, Section, Shape
from plaudit.recognition.definitions import VISIBLE_WORDS

EVERY = ("week", "month", "quarter")
UNDO_MAX = 60
DAYS_MAX = 90
_MINUTES = Shape(f"1 to {UNDO_MAX}", {"type": "integer", "minimum": 1, "maximum": UNDO_MAX})

RECOGNITION = Section(
    "recognition",
    "Recognition",
    "People notice one another for behaviour that can be observed. Points come from the giver's allowance, which begins"
    " anew each period; nothing of it is carried over. What is given can be undone for some minutes.",
    (
        Key("name", shapes.WORDS, "What people call it.", "Thanks", required=True),
        Key(
            "behaviours",
            shapes.section_map("behaviours", "behaviour"),
            "The behaviour standard: what is noticed.",
            "{calm: {name: Stays calm, means: Keeps a hard conversation calm., earn: 20}}",
            required=True,
        ),
        Key(
            "moments",
            shapes.section_map("moments", "moment"),
            "Activity that is proposed to the supervisors of whose it is.",
            "{five-star: {name: Five stars, on: contact.rated, when: score = 5, behaviour: calm}}",
        ),
        Key("unit", shapes.NAME, "What is given.", "points", default="the only unit"),
        Key(
            "supervisors",
            shapes.NUMBER,
            "How much one who leads a team may give in a period, as a number of the unit.",
            "1000",
            default="nothing",
        ),
        Key("colleagues", shapes.NUMBER, "How much everybody else may give.", "200", default="nothing"),
        Key("every", shapes.one_of_words(EVERY), "The period of an allowance.", "week", default="`month`"),
        Key(
            "per_pair",
            shapes.PER_MEMBER,
            "How often a month one person may give points to the same other person.",
            "6 times a month",
            default="4 times a month",
        ),
        Key("per_day", shapes.COUNT, "How often a day one person may recognise.", "10", default="`20`"),
        Key(
            "undo_minutes",
            _MINUTES,
            "For how many minutes what was given can be undone.",
            "5",
            default="`10`",
        ),
        Key(
            "visible",
            shapes.one_of_words(tuple(VISIBLE_WORDS)),
            "Who may see it, until its recipient chooses otherwise.",
            "private",
            default="`team`",
        ),
        Key(
            "promptly",
            shapes.WAIT,
            "The goal from a deed to its recognition.",
            "2 days",
            default="1 day",
        ),
        Key(
            "notice",
            shapes.WAIT,
            "The goal from one recognition of a person to the next.",
            "2 weeks",
            default="7 days",
        ),
        Key("audience", shapes.AUDIENCES, "Who notices and is noticed.", "staff", default="`staff`"),
        Key(
            "customers",
            Shape("thanks from customers", {"$ref": "#/$defs/recognition_customers"}),
            "For customers who say thank you through a link or a code, without signing in.",
            "{a_day: 30, earn: 5}",
        ),
        Key(
            "nominations",
            Shape("nominations", {"$ref": "#/$defs/recognition_nominations"}),
            "For more than a behaviour gives: a colleague is nominated, and a second person decides.",
            "{up_to: 500, budget: 5000}",
        ),
    ),
)

CUSTOMERS = Section(
    "recognition_customers",
    "Thanks from customers",
    "A team, or a person who wants one, has a link with a code; whoever has it says thank you. Nothing is kept of them.",
    (
        Key("a_day", shapes.COUNT, "How many one link takes a day.", "30", required=True),
        Key(
            "earn",
            shapes.NUMBER,
            "What one person who is thanked gets from the programme, as a number of the unit. A team gets words alone.",
            "5",
            default="words alone",
        ),
    ),
)

NOMINATIONS = Section(
    "recognition_nominations",
    "Nominations",
    "What somebody else deserves beyond an allowance. Whoever leads a team of the nominee decides, or who stands in for"
    " them, or a manager: never who nominated and never the nominee.",
    (
        Key("up_to", shapes.NUMBER, "The most that one may ask for, in the unit.", "500", required=True),
        Key("budget", shapes.NUMBER, "What all of a period come to at most.", "5000", required=True),
        Key("every", shapes.one_of_words(EVERY), "The period of the budget.", "month", default="`quarter`"),
    ),
)

BEHAVIOUR = Section(
    "behaviour",
    "A behaviour",
    "Something that somebody else can observe, not what somebody is like.",
    (
        Key("name", shapes.WORDS, "What people call it.", "Stays calm", required=True),
        Key("means", shapes.WORDS, "What is observed.", "Keeps a hard conversation calm and finds a way."),
        Key("examples", shapes.WORDS_LIST, "What it looks like.", "[Calmed a caller who had waited an hour]"),
        Key(
            "earn",
            shapes.NUMBER,
            "What each recipient gets from the giver's allowance, as a number of the unit.",
            "20",
            default="words alone",
        ),
    ),
)

MOMENT = Section(
    "moment",
    "A moment",
    "An event that is worth noticing. It is proposed once, to whoever leads a team of the event's member, and waits four weeks from the deed.",
    (
        Key("name", shapes.WORDS, "What people call it.", "Five stars", required=True),
        Key("on", shapes.ACTIVITY_NAME, "The activity.", "contact.rated", required=True),
        Key("when", shapes.EXPRESSION, "Which of them.", "score = 5", default="all"),
        Key("behaviour", shapes.NAME, "The behaviour it is likely to show.", "calm", default="none"),
        Key("shows", shapes.CHOICES, "The fields that are shown as evidence.", "[score]", default="none"),
    ),
)
