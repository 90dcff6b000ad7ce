"""The sections about memberships and partners, key by key."""

from __future__ import annotations

from plaudit.membership.definitions import Rounding
from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.shapes import Key, Section, Shape

_ROLES = Shape("list of titles", {"type": "array", "items": {"type": "string"}, "minItems": 1})
_PERCENT = Shape("1 to 100", {"type": "integer", "minimum": 1, "maximum": 100})
_YEARS = Shape("1 to 99", {"type": "integer", "minimum": 1, "maximum": 99})

_DAYS = (
    Key("from", shapes.LAST_DAY, "The first day.", "2006-01-01", default="always"),
    Key("through", shapes.LAST_DAY, "The last day, included.", "2005-12-31", default="for ever"),
)

MEMBERSHIP = Section(
    "membership",
    "Membership",
    "Memberships that are sold for a term. What joining and renewing earn are rules on the activities "
    "`membership.joined` and `membership.renewed`, which this section declares, with the fields `term`, "
    "`years`, `level` and `fee`; rules may ask for `member.level` and `member.profession`.",
    (
        Key(
            "levels",
            shapes.section_map("levels", "membership_level"),
            "The levels, the lowest first.",
            "{member: {name: Member, roles: [clerk]}}",
            required=True,
        ),
        Key(
            "terms",
            shapes.section_map("terms", "membership_term"),
            "What is paid for at a time.",
            "{one-year: {name: One year, years: 1}}",
            required=True,
        ),
        Key(
            "prices",
            shapes.list_of("membership_price", "list of prices"),
            "What a term costs, and when.",
            "[{term: one-year, price: 300 USD}]",
            required=True,
        ),
        Key(
            "professions",
            shapes.OBJECTIVES,
            "The professions it is for.",
            "{help-desk: Help desk}",
            default="none is asked",
        ),
        Key(
            "pay_within",
            shapes.WAIT,
            "How long a first invoice may stay open; then joining is given up.",
            "30 days",
            default="30 days",
        ),
        Key(
            "notice",
            shapes.WAIT,
            "How long before a term ends that is announced.",
            "30 days",
            default="30 days",
        ),
        Key(
            "grace",
            shapes.WAIT,
            "How long after a term it can still be renewed.",
            "60 days",
            default="30 days",
        ),
        Key(
            "cooling_off",
            shapes.WAIT,
            "How long after it was settled a step can be cancelled, its fee and points going back.",
            "14 days",
            default="14 days",
        ),
        Key(
            "rounding",
            shapes.one_of_words(tuple(Rounding)),
            "How a fraction of the smallest coin is rounded in an upgrade, a discount or a partner's share.",
            "half even",
            default="`half up`",
        ),
        Key(
            "entitlements",
            shapes.section_map("entitlements", "membership_entitlement"),
            "What a member may have once an occasion.",
            "{conference: {name: Conference discount, percent: 10}}",
            default="none",
        ),
    ),
)

LEVEL = Section(
    "membership_level",
    "A level",
    "Who gives one of its roles joins at it; capitals and punctuation do not count.",
    (
        Key("name", shapes.WORDS, "What people call it.", "Management", required=True),
        Key("roles", _ROLES, "The titles of those who join at it.", "[director, manager]", default="none"),
    ),
)

TERM = Section(
    "membership_term",
    "A term",
    "How long a membership is paid for.",
    (
        Key("name", shapes.WORDS, "What people call it.", "One year", required=True),
        Key("years", _YEARS, "How many years.", "1", required=True),
    ),
)

PRICE = Section(
    "membership_price",
    "A price",
    "It holds for whoever asks on one of its days; those of one term and level do not overlap.",
    (
        Key("term", shapes.NAME, "The term.", "one-year", required=True),
        Key("level", shapes.NAME, "The level it is for.", "executive", default="every level"),
        Key("price", shapes.MONEY, "The fee for the whole term.", "300 USD", required=True),
        *_DAYS,
    ),
)

ENTITLEMENT = Section(
    "membership_entitlement",
    "An entitlement",
    "Used once for each occasion, such as a conference of one year.",
    (
        Key("name", shapes.WORDS, "What people call it.", "Conference discount", required=True),
        Key("percent", _PERCENT, "How much comes off the fee.", "10", required=True),
    ),
)

PARTNER = Section(
    "partner",
    "A partner",
    "An activity with a field `partner` is the body's own where that is missing, and a partner's where it "
    "holds the partner's key. It earns alike for every partner approved on its day, and nothing for others.",
    (
        Key("name", shapes.TEXT, "What people call it.", "Service Academy", required=True),
        Key(
            "share",
            _PERCENT,
            "How many percent of what its points are worth it owes.",
            "50",
            default="100",
        ),
        *_DAYS,
    ),
)

MEMBERSHIP_SECTIONS = (MEMBERSHIP, LEVEL, TERM, PRICE, ENTITLEMENT, PARTNER)
