"""The format of rewards, key by key."""

from __future__ import annotations

from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.format_rules import AUDIENCE, WINDOW
from plaudit.planning.programme_file.shapes import Key, Section
from plaudit.rewards.definitions import RewardKind
from plaudit.rewards.pictures import PICTURES

KINDS = tuple(RewardKind)

REWARD = Section(
    "reward",
    "A reward",
    "What points buy.",
    (
        Key("name", shapes.WORDS, "What people call it.", "A coffee", required=True),
        Key("price", shapes.QUANTITY, "What it costs.", "200 points"),
        Key(
            "ladder",
            shapes.LADDER,
            "Its steps, lowest first: a member chooses one.",
            "[3000 points for 25 USD, 100000 points for 1000 USD]",
        ),
        Key("money", shapes.MONEY, "What is paid in money beside the points.", "5.00 USD", default="none"),
        Key(
            "kind",
            shapes.one_of_words(KINDS),
            "What it is. A `code`, `gift_card` or `discount` comes from a pool of codes, early access is had at once, "
            "and somebody sends or arranges the others, unless a supplier is named.",
            "code",
            default="`other`",
        ),
        Key("description", shapes.WORDS, "What it is, for members.", "Any size, any day."),
        Key("value", shapes.MONEY, "What it is worth.", "2.50 USD"),
        Key("percent", shapes.PERCENT, "What a discount takes off, in percent.", "10"),
        Key("stock", shapes.COUNT, "How many there are in all.", "100", default="no end"),
        Key("places", shapes.COUNT, "How many can come to an event.", "40", default="no end"),
        Key(
            "per_member",
            shapes.PER_MEMBER,
            "How often one member may have it.",
            "twice a year",
            default="any number",
        ),
        Key(
            "cancel",
            shapes.one_of_words(("until fulfilled", "never")),
            "How long a member may take the redemption back.",
            "never",
            default="`until fulfilled`",
        ),
        Key(
            "approval_from",
            shapes.QUANTITY,
            "From which value or price on a second person must agree.",
            "500 USD",
            default="never",
        ),
        Key(
            "hold",
            shapes.WAIT,
            "After how long a redemption that came to nothing is given back.",
            "30 days",
            default="2 weeks for an approval or a payment",
        ),
        Key(
            "address",
            shapes.FLAG,
            "Whether the member must say where it is sent to.",
            "true",
            default="`false`",
        ),
        Key("supplier", shapes.NAME, "The supplier it is ordered from.", "giftly", default="none"),
        Key("product", shapes.TEXT, "What the supplier calls it.", "GC-25"),
        Key("cost", shapes.MONEY, "What the supplier takes for one.", "24.00 USD"),
        Key("charity", shapes.WORDS, "Who receives a donation.", "Lifeboats"),
        Key(
            "eligible",
            shapes.EXPRESSION,
            "A condition the member must meet; where it is unknown, they do not.",
            "member.tier = 'gold'",
            default="everybody",
        ),
        Key(
            "image",
            shapes.one_of_words(tuple(PICTURES)),
            "A picture of our own.",
            "gift",
            default="its kind's",
        ),
        Key("terms", shapes.WORDS, "Under which terms it is given.", "Valid for a year."),
        Key("tax", shapes.WORDS, "What a member should know of tax.", "Counts as pay for staff."),
        AUDIENCE,
        *WINDOW,
    ),
    one_of=("price", "ladder"),
    apart=("through", "until"),
)
