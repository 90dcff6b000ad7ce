"""The sections about what there is to learn, key by key."""

from __future__ import annotations

from plaudit.learning.definitions import Counts, Kind, MoveOn
from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.format_scenarios import SCENARIO_SECTIONS, SCENARIOS
from plaudit.planning.programme_file.shapes import KEY, Key, Section, Shape, map_of, one_or_list

CERTIFICATE = r"for ever|(?P<count>[1-9][0-9]{0,2}) (?P<span>month|year)s?"

_MINUTES = Shape("0 to 100000", {"type": "integer", "minimum": 0, "maximum": 100_000})
_OFFERINGS = one_or_list(Shape("an offering's key", shapes.NAME.schema), "them")
_ROLES = one_or_list(shapes.TEXT, "them")

LEARNING = Section(
    "learning",
    "Learning",
    "What members can learn, each with what completing it earns. Completing is reported by the activity"
    " `learning.completed`, with the fields `programme`, `offering`, `kind`, `minutes`, `credits` and `partner`;"
    " rules can be on it. Taking a completion back takes back what it earned.",
    (
        Key(
            "role",
            shapes.phrase("name of an attribute", shapes.FIELD_NAME),
            "The member's attribute that says their role.",
            "level",
            default="`role`",
        ),
        Key(
            "offerings",
            map_of("offerings", KEY, shapes.KEY_LENGTH_MAX, {"$ref": "#/$defs/offering"}),
            "What there is to learn.",
            "{listening: {name: Listening, kind: seminar, minutes: 100, earn: 1000}}",
        ),
        Key(
            "scenarios",
            SCENARIOS,
            "Conversations with customers to practise.",
            "{missing: {name: My points are missing, turns: {hello: {says: Where are they, choices: {look: {say: I look, points: 1, next: end}}}}}}",
        ),
    ),
)

OFFERING = Section(
    "offering",
    "Something to learn",
    "Credits are reckoned from minutes of instruction: 50 minutes are one, rounded down after they are added up.",
    (
        Key("name", shapes.WORDS, "What people call it.", "Listening", required=True),
        Key(
            "kind",
            shapes.one_of_words(tuple(Kind)),
            "What sort of thing it is.",
            "seminar",
            required=True,
        ),
        Key("description", shapes.WORDS, "What it is about, for members.", "A day on listening."),
        Key("provider", shapes.WORDS, "Who gives it.", "The academy"),
        Key(
            "partner",
            shapes.NAME,
            "Which of the partners gives it. It earns while the partner is approved.",
            "academy",
            default="the body's own",
        ),
        Key("minutes", _MINUTES, "How many minutes of instruction.", "100", default="0"),
        Key("earn", shapes.NUMBER, "What completing it earns.", "1000", default="what the rules say"),
        Key("unit", shapes.NAME, "What it earns.", "points", default="the only unit"),
        Key(
            "counts",
            shapes.one_of_words(tuple(Counts)),
            "How often the same member's completing it counts.",
            "once",
            default="`once a year`",
        ),
        Key(
            "certificate",
            shapes.phrase("months, years or `for ever`", CERTIFICATE),
            "How long its certificate holds.",
            "24 months",
            default="none is given",
        ),
        Key(
            "notice",
            shapes.WAIT,
            "How long before its end the certificate's end is announced.",
            "60 days",
            default="60 days",
        ),
        Key("after", _OFFERINGS, "What must be completed before registering.", "basics", default="nothing"),
        Key(
            "steps",
            _OFFERINGS,
            "What a certification is made of: it is completed by completing them all.",
            "[basics, listening]",
            default="it is completed by itself",
        ),
        Key(
            "renewal",
            _OFFERINGS,
            "What renews it once it was completed.",
            "refresher",
            default="its steps, once more",
        ),
        Key("needed_by", _ROLES, "The roles that need it.", "[new, lead]", default="none"),
        Key(
            "claim",
            shapes.FLAG,
            "Whether members may claim it themselves, with a proof.",
            "true",
            default="`false`",
        ),
        Key(
            "activity",
            shapes.TEXT,
            "The address by which statements of the Experience API (xAPI, cmi5) speak of it.",
            "https://learn.example/listening",
            default="no statement completes it",
        ),
        Key(
            "move_on",
            shapes.one_of_words(tuple(MoveOn)),
            "What such statements must say for it to be completed, as cmi5 has it.",
            "Passed",
            default="`CompletedOrPassed`",
        ),
    ),
)

LEARNING_SECTIONS = (LEARNING, OFFERING, *SCENARIO_SECTIONS)
