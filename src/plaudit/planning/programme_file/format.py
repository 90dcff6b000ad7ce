"""The format, key by key: one table that the reader, the JSON Schema and the reference page are made from."""

from __future__ import annotations

from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.format_birthdays import BIRTHDAYS
from plaudit.planning.programme_file.format_engaging import (
    ACHIEVEMENT,
    BADGE,
    CHALLENGE,
    COMPETITION,
    GOAL,
    STREAK,
)
from plaudit.planning.programme_file.format_learning import LEARNING_SECTIONS
from plaudit.planning.programme_file.format_membership import MEMBERSHIP_SECTIONS
from plaudit.planning.programme_file.format_offers import OFFER, OFFER_GOAL
from plaudit.planning.programme_file.format_public import PUBLIC
from plaudit.planning.programme_file.format_recognition import (
    BEHAVIOUR,
    CUSTOMERS,
    MOMENT,
    NOMINATIONS,
    RECOGNITION,
)
from plaudit.planning.programme_file.format_referrals import REFERRALS
from plaudit.planning.programme_file.format_rewards import REWARD
from plaudit.planning.programme_file.format_rules import (
    CAMPAIGN,
    EXAMPLE,
    LIMIT,
    RULE,
    RULE_EXAMPLE,
)
from plaudit.planning.programme_file.format_segments import SEGMENT, SEGMENT_FACT
from plaudit.planning.programme_file.format_surveys import SURVEY_SECTIONS, SURVEYS
from plaudit.planning.programme_file.format_tiers import TIER, TIER_LEVEL
from plaudit.planning.programme_file.format_translations import LANGUAGE_KEY, TRANSLATIONS_KEY
from plaudit.planning.programme_file.shapes import Key, Section

PROGRAMME = Section(
    "programme",
    "The file",
    "One file is one programme. Order counts for rules and limits: they are asked from the top.",
    (
        Key("plaudit", shapes.VERSION, "The version of this format.", "1", required=True),
        Key("programme", shapes.NAME, "The programme's key, for ever.", "corner-shop", required=True),
        Key("name", shapes.WORDS, "What people call it.", "Corner shop points", required=True),
        Key("description", shapes.WORDS, "What it is, for members.", "Points for coming back."),
        LANGUAGE_KEY,
        Key(
            "audience",
            shapes.AUDIENCES,
            "The kinds of members who take part: `customer`, `staff`, `partner`.",
            "customer",
            default="everyone",
        ),
        Key(
            "time_zone",
            shapes.TIME_ZONE,
            "Whose midnight days, weeks and months begin at (IANA). All times in the file are its local times.",
            "America/New_York",
            required=True,
        ),
        Key("currency", shapes.CURRENCY, "The currency of every amount of money in the file.", "USD"),
        Key(
            "public",
            shapes.Shape("what anybody may see", {"$ref": "#/$defs/public"}),
            "The programme's public pages.",
            "{join: open}",
            default="none",
        ),
        Key(
            "objectives",
            shapes.OBJECTIVES,
            "What the programme is for; a rule can name one.",
            "{retention: Keep customers}",
        ),
        Key(
            "units",
            shapes.section_map("units", "unit"),
            "What is counted.",
            "{points: {one: point, other: points}}",
            required=True,
        ),
        Key(
            "activities",
            shapes.ACTIVITIES,
            "What can happen, and what is known of it.",
            "{visit: {title: A visit}}",
        ),
        Key(
            "member_fields",
            shapes.FIELDS,
            "What rules may know of a member, as `member.name`. All may be missing.",
            "{level: text}",
        ),
        Key("rules", shapes.section_map("rules", "rule"), "What earns.", "{}"),
        Key(
            "limits",
            shapes.LIMITS,
            "Limits that all rules of the programme share.",
            "at most 5000 points a month per member",
        ),
        Key(
            "stacking",
            shapes.one_of_words(("add", "multiply", "best")),
            "How several multipliers combine: two doublings `add` to three times, `multiply` to four, or the `best` counts.",
            "best",
            default="`add`",
        ),
        Key("campaigns", shapes.section_map("campaigns", "campaign"), "Rules for a time.", "{}"),
        Key("rewards", shapes.section_map("rewards", "reward"), "What points buy.", "{}"),
        Key("challenges", shapes.section_map("challenges", "challenge"), "What to do so often.", "{}"),
        Key("streaks", shapes.section_map("streaks", "streak"), "What to do so often in a row.", "{}"),
        Key("competitions", shapes.section_map("competitions", "competition"), "Who does most.", "{}"),
        Key(
            "achievements",
            shapes.section_map("achievements", "achievement"),
            "What members did in all.",
            "{}",
        ),
        Key("badges", shapes.section_map("badges", "badge"), "What members can show.", "{}"),
        Key(
            "referrals",
            shapes.Shape("referrals", {"$ref": "#/$defs/referrals"}),
            "How members bring friends.",
            "{name: Bring a friend, on: purchase, within: 30 days, earn: 50}",
        ),
        Key(
            "birthdays",
            shapes.Shape("birthdays", {"$ref": "#/$defs/birthdays"}),
            "What members get for their birthday.",
            "{name: Happy birthday, earn: 50}",
        ),
        Key(
            "recognition",
            shapes.Shape("recognition", {"$ref": "#/$defs/recognition"}),
            "For what people notice one another.",
            "{name: Thanks, behaviours: {calm: {name: Stays calm}}}",
        ),
        Key(
            "learning",
            shapes.Shape("learning", {"$ref": "#/$defs/learning"}),
            "What there is to learn.",
            "{offerings: {listening: {name: Listening, kind: seminar, earn: 1000}}}",
        ),
        Key("surveys", SURVEYS, "What people are asked.", "{}"),
        Key("tiers", shapes.section_map("ladders", "tier"), "Ladders that members climb.", "{}"),
        Key("segments", shapes.section_map("segments", "segment"), "Who is alike, in some way.", "{}"),
        Key("offers", shapes.section_map("offers", "offer"), "What is made to some of them.", "{}"),
        Key(
            "membership",
            shapes.Shape("membership", {"$ref": "#/$defs/membership"}),
            "How memberships are sold.",
            "{levels: {member: {name: Member}}, terms: {year: {name: A year, years: 1}}, prices: [{term: year, price: 30 USD}]}",
        ),
        Key(
            "partners",
            shapes.section_map("partners", "partner"),
            "Whose activities earn as the body's own.",
            "{}",
        ),
        Key(
            "examples",
            shapes.list_of("example", "list of examples"),
            "Examples of all rules together, which must come true before the file can be applied.",
            "[{on: visit, earns: {points: 5}}]",
        ),
        TRANSLATIONS_KEY,
    ),
)

UNIT = Section(
    "unit",
    "A unit",
    "Units belong to the organisation: programmes that name the same key count the same points.",
    (
        Key("one", shapes.WORDS, "Its name for one.", "point", required=True),
        Key("other", shapes.WORDS, "Its name for any other number.", "points", required=True),
        Key(
            "precision",
            shapes.DECIMALS,
            "How many decimals it has. Fixed once any were given.",
            "2",
            default="0",
        ),
        Key(
            "worth",
            shapes.MONEY,
            "What one is worth to the programme, for cost and liability.",
            "0.01 USD",
            default="nothing",
        ),
        Key(
            "expires",
            shapes.EXPIRY,
            "When what is earned expires.",
            "after 24 months at the end of the month",
            default="`never`",
        ),
        Key(
            "may_owe",
            shapes.FLAG,
            "Whether a correction may leave a member owing points.",
            "true",
            default="`false`",
        ),
        Key(
            "writes_off",
            shapes.FLAG,
            "Whether points that a correction wants and that are spent are written off, in a line that says so.",
            "true",
            default="`false`",
        ),
        Key(
            "approval_from",
            shapes.NUMBER_OR_NEVER,
            "From how many on a manual adjustment needs a second person.",
            "500",
            default="1000",
        ),
    ),
)

ACTIVITY = Section(
    "activity",
    "An activity",
    "The type of an event. Its key is what senders put into the event's `type`.",
    (
        Key("title", shapes.WORDS, "What people call it.", "Purchase", required=True),
        Key("description", shapes.TEXT, "When to send it.", "Sent when an order is paid."),
        Key(
            "fields",
            shapes.FIELDS,
            "What its data carries.",
            "{amount: decimal(2), channel: [web, shop]}",
            default="none",
        ),
        Key(
            "extra_fields",
            shapes.FLAG,
            "Whether data may carry more than that, kept but unused.",
            "false",
            default="`true`",
        ),
        Key(
            "corrects",
            shapes.ACTIVITY_NAME,
            "The activity it takes back, which makes it a correction.",
            "purchase",
        ),
        Key(
            "enrols",
            shapes.one_of_words(shapes.AUDIENCE),
            "What somebody becomes whom its events name for the first time.",
            "staff",
            default="the first of the programme's audience",
        ),
        Key(
            "part",
            shapes.PART,
            "How much of it: a field of the correction over a field of what it corrects.",
            "refunded / amount",
            default="all",
        ),
    ),
)

FIELD = Section(
    "field",
    "A field in long form",
    "For what the short form cannot say.",
    (
        Key("type", shapes.FIELD_TYPE, "The type, as in the short form.", "decimal(2)"),
        Key("choices", shapes.CHOICES, "The only texts allowed.", "[web, shop]"),
        Key(
            "optional",
            shapes.FLAG,
            "Whether it may be missing, as `optional` says in the short form.",
            "true",
            default="`false`",
        ),
        Key("min", shapes.NUMBER, "The least number allowed.", "0"),
        Key("max", shapes.NUMBER, "The greatest number allowed.", "1000.50"),
        Key("label", shapes.WORDS, "What people call it, where its name does not say.", "order value"),
    ),
    one_of=("type", "choices"),
)

SECTIONS = (
    PROGRAMME,
    PUBLIC,
    UNIT,
    ACTIVITY,
    FIELD,
    RULE,
    LIMIT,
    CAMPAIGN,
    REWARD,
    CHALLENGE,
    STREAK,
    COMPETITION,
    GOAL,
    ACHIEVEMENT,
    BADGE,
    REFERRALS,
    BIRTHDAYS,
    RECOGNITION,
    BEHAVIOUR,
    MOMENT,
    CUSTOMERS,
    NOMINATIONS,
    *LEARNING_SECTIONS,
    *SURVEY_SECTIONS,
    *MEMBERSHIP_SECTIONS,
    TIER,
    TIER_LEVEL,
    SEGMENT,
    SEGMENT_FACT,
    OFFER,
    OFFER_GOAL,
    RULE_EXAMPLE,
    EXAMPLE,
)

# Words a later version of the format will use; a file that has them is ahead of its time, not misspelt.
KEPT_FOR_LATER = {
    "programme": (
        "awards",
        "pay",
    ),
    "rule": ("to", "segment", "tier", "place"),
    "reward": ("images", "tier", "segment"),
    "campaign": ("segment", "control"),
}
