"""The format of rules, limits, campaigns and examples, key by key."""

from __future__ import annotations

from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.shapes import Key, Section

WINDOW = (
    Key(
        "from",
        shapes.BEGINNING,
        "The first day, or the moment it starts.",
        "2026-06-01",
        default="always was",
    ),
    Key("through", shapes.LAST_DAY, "The last day, whole.", "2026-08-31", default="no end"),
    Key(
        "until",
        shapes.MOMENT,
        "The moment it ends, itself no longer included. Stands instead of `through`.",
        "2026-08-31 18:00",
        default="no end",
    ),
)
ROUNDINGS = ("line", "order", "day")
AUDIENCE = Key(
    "audience",
    shapes.AUDIENCES,
    "The kinds of members it is for.",
    "[customer, partner]",
    default="the programme's",
)

RULE = Section(
    "rule",
    "A rule",
    "When this happens, and this is true, it earns that. A rule earns, takes or multiplies.",
    (
        Key("name", shapes.WORDS, "What people call it.", "1 point per $1", required=True),
        Key("on", shapes.ACTIVITY_NAME, "The activity it is about.", "purchase", required=True),
        Key(
            "when",
            shapes.EXPRESSION,
            "The condition; where it is unknown, the rule does not fire.",
            "amount > 0",
            default="always",
        ),
        Key(
            "earn",
            shapes.EXPRESSION,
            "How much it earns: a number, or an expression that says how to round.",
            "floor(amount)",
        ),
        Key("take", shapes.EXPRESSION, "How much it takes away.", "10"),
        Key(
            "multiply",
            shapes.FACTOR,
            "By how much it multiplies what other rules earn for the same event.",
            "2",
        ),
        Key("of", shapes.RULE_NAMES, "Which rules it multiplies.", "[purchases]", default="all of its unit"),
        Key(
            "rounding",
            shapes.one_of_words(ROUNDINGS),
            "What `earn: floor(…)` rounds: every activity by itself, as a `line` is; all with the same text in their"
            " field `order` together; or all of a member on a `day` of the programme. What their parts add up to is"
            " earned as it comes about, and corrections take back exactly that.",
            "day",
            default="`line`",
        ),
        Key("unit", shapes.NAME, "What it earns.", "points", default="the only unit"),
        AUDIENCE,
        *WINDOW,
        Key(
            "pending",
            shapes.PENDING,
            "How long points wait before they can be spent.",
            "14 days",
            default="not at all",
        ),
        Key(
            "limits", shapes.LIMITS, "At most so much.", "at most 500 points a day per member", default="none"
        ),
        Key(
            "because",
            shapes.WORDS,
            "What a member reads beside the points; `{field}` stands for the event's own.",
            '"You spent {amount} in our shop."',
            default="the name",
        ),
        Key("objective", shapes.NAME, "The objective it serves.", "retention"),
        Key(
            "examples",
            shapes.list_of("rule_example", "list of examples"),
            "Examples of this rule alone, before any limit.",
            "[{given: {amount: 11.77}, earns: 11}]",
        ),
    ),
    one_of=("earn", "take", "multiply"),
    apart=("through", "until"),
)

RULE_EXAMPLE = Section(
    "rule_example",
    "An example under a rule",
    "`earns` is what this rule earns; for a rule that takes it stands below zero, for one that multiplies it is what it adds.",
    (
        Key("given", shapes.FACTS, "The event's data.", "{amount: 11.77}", default="none"),
        Key(
            "member",
            shapes.FACTS,
            "What is known of the member, such as `kind`.",
            "{level: gold}",
            default="nothing",
        ),
        Key(
            "at",
            shapes.BEGINNING,
            "When it happened.",
            "2026-06-15 12:00",
            default="while the rule is in force",
        ),
        Key("earns", shapes.NUMBER, "What must come of it.", "11", required=True),
    ),
)

EXAMPLE = Section(
    "example",
    "An example of the whole programme",
    "All rules are asked, multipliers stacked and limits kept as for a member's first event.",
    (
        Key("on", shapes.ACTIVITY_NAME, "The activity.", "purchase", required=True),
        Key("given", shapes.FACTS, "The event's data.", "{amount: 120.00}", default="none"),
        Key(
            "member",
            shapes.FACTS,
            "What is known of the member, such as `kind`.",
            "{kind: staff}",
            default="nothing",
        ),
        Key(
            "at",
            shapes.BEGINNING,
            "When it happened.",
            "2026-06-15 12:00",
            default="noon on 1 January 2026, nothing dated in force",
        ),
        Key(
            "earns",
            shapes.AMOUNTS,
            "What must come of it, by unit; what is not named must be nothing.",
            "{points: 240}",
            required=True,
        ),
    ),
)

LIMIT = Section(
    "limit",
    "A limit with a name",
    "A name keeps what is used when the limit's parts change.",
    (
        Key("limit", shapes.LIMIT_PHRASE, "The limit.", "at most 500 points a day per member", required=True),
        Key("name", shapes.NAME, "Its name, unique in the programme.", "daily-cap", required=True),
    ),
)

CAMPAIGN = Section(
    "campaign",
    "A campaign",
    "Its rules are in force only between its days, and share its budget.",
    (
        Key("name", shapes.WORDS, "What people call it.", "Summer of points", required=True),
        Key("description", shapes.WORDS, "What it is, for members.", "Double points on everything."),
        *WINDOW,
        Key(
            "budget",
            shapes.QUANTITY,
            "The most it gives to everyone together, in points or money.",
            "100000 points",
            default="no end",
        ),
        Key(
            "limits",
            shapes.LIMITS,
            "Limits that its rules share.",
            "at most 300 points ever per member",
            default="none",
        ),
        Key("rules", shapes.section_map("rules", "rule"), "Its rules.", "{}", required=True),
    ),
    apart=("through", "until"),
)
