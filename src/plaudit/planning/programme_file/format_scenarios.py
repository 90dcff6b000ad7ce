"""The sections about conversations to practise, key by key."""

from __future__ import annotations

from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.shapes import KEY, Key, Section, Shape, section_map

END = "end"
POINTS_MOST = 10

_POINTS = Shape(f"0 to {POINTS_MOST}", {"type": "integer", "minimum": 0, "maximum": POINTS_MOST})
_PERCENT = Shape("1 to 100", {"type": "integer", "minimum": 1, "maximum": 100})

SCENARIO = Section(
    "scenario",
    "A scenario",
    "A conversation with a customer for staff to practise, about the programme itself. It begins with its first turn."
    " Texts may hold facts that are always those in force: `{{ purchases }}` is what that rule does,"
    " `{{ purchases: amount=30 }}` what it earns for such an activity, and `{{ expiry of points }}` when they expire."
    " Translations keep the same facts, which are told in their language."
    " A rule that is named so, or in `teaches`, is taught: when it changes, whoever passed is asked for a refresher."
    " Passing is the activity `learning.practised`, with the fields `programme`, `scenario`, `occasion` (first or"
    " refresher) and `score` (in percent); rules can be on it.",
    (
        Key("name", shapes.WORDS, "What people call it.", "My points are missing", required=True),
        Key("intro", shapes.WORDS, "What stands above the conversation.", "A customer is on the telephone."),
        Key("audience", shapes.AUDIENCES, "Who practises it.", "staff", default="staff"),
        Key(
            "teaches",
            shapes.RULE_NAMES,
            "The rules that it teaches.",
            "purchases",
            default="those its texts name",
        ),
        Key(
            "pass",
            _PERCENT,
            "How many in a hundred of the points on the way pass it.",
            "75",
            default="80",
        ),
        Key(
            "earn", shapes.NUMBER, "What passing it the first time earns.", "20", default="what the rules say"
        ),
        Key("unit", shapes.NAME, "What it earns.", "points", default="the only unit"),
        Key(
            "turns",
            section_map("turns", "turn"),
            "What the customer says, and how that can be answered.",
            "{hello: {says: Where are they, choices: {look: {say: I look, points: 1, next: end}}}}",
            required=True,
        ),
    ),
)

TURN = Section(
    "turn",
    "A turn of a scenario",
    "",
    (
        Key("says", shapes.WORDS, "What the customer says.", "Where are my points?", required=True),
        Key(
            "choices",
            section_map("choices", "turn_choice"),
            "The ways to answer; one of them is worth points.",
            "{look: {say: I look, points: 1, next: end}}",
            required=True,
        ),
    ),
)

TURN_CHOICE = Section(
    "turn_choice",
    "A way to answer",
    "The most points of a turn are those of its best choice. A turn that is met once more gives none.",
    (
        Key("say", shapes.WORDS, "What is answered.", "I look at once.", required=True),
        Key("points", _POINTS, "What that is worth.", "2", default="0"),
        Key("because", shapes.WORDS, "Why: it stands there once it was chosen.", "You say what you do."),
        Key(
            "next",
            shapes.phrase(f"a turn's key, or `{END}`", KEY),
            f"The turn that follows, or `{END}`.",
            END,
            required=True,
        ),
    ),
)

SCENARIO_SECTIONS = (SCENARIO, TURN, TURN_CHOICE)
SCENARIOS: Shape = section_map("scenarios", "scenario")
