"""The format of challenges, streaks, competitions, achievements and badges, key by key."""

from __future__ import annotations

from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.shapes import Key, Section

_NAME = Key("name", shapes.WORDS, "What people call it.", "Five a month", required=True)
_DESCRIPTION = Key("description", shapes.WORDS, "What it is, for members.", "Come five times a month.")
_ON = Key("on", shapes.ACTIVITY_NAME, "The activity that counts.", "purchase", required=True)
_WHEN = Key(
    "when", shapes.EXPRESSION, "The condition under which it counts.", "amount >= 10", default="always"
)
_SUM = Key(
    "sum",
    shapes.EXPRESSION,
    "What is added up, with at most two decimals; otherwise each counts one.",
    "amount",
    default="1",
)
_EARN = Key(
    "earn", shapes.NUMBER, "What reaching it earns, as a number of the unit.", "50", default="nothing"
)
_UNIT = Key("unit", shapes.NAME, "What it earns.", "points", default="the only unit")
_BADGE_GIVEN = Key("badge", shapes.NAME, "The badge it gives.", "regular", default="none")
_AUDIENCE = Key(
    "audience", shapes.AUDIENCES, "The kinds of members it is for.", "customer", default="the programme's"
)
_WINDOW = (
    Key("from", shapes.BEGINNING, "The first day, or moment, that counts.", "2026-06-01", default="always"),
    Key("through", shapes.LAST_DAY, "The last day that counts, whole.", "2026-08-31", default="no end"),
    Key("until", shapes.MOMENT, "The moment at which it ends.", "2026-08-31 18:00", default="no end"),
)
PERIODS = ("day", "week", "month", "quarter", "year")

GOAL = Section(
    "goal",
    "A goal",
    "One of several things to reach: how much, how many in a row, or which place.",
    (
        Key("at", shapes.NUMBER, "How much, how many in a row, or which place.", "10", required=True),
        _EARN,
        _BADGE_GIVEN,
    ),
)

CHALLENGE = Section(
    "challenge",
    "A challenge",
    "Do so much in a period. Late events count to the period they happened in, and corrections take their part back.",
    (
        _NAME,
        _DESCRIPTION,
        _ON,
        _WHEN,
        _SUM,
        Key("target", shapes.NUMBER, "How much is to be reached.", "5"),
        Key(
            "targets",
            shapes.list_of("goal", "list of goals"),
            "Several, each with its own.",
            "[{at: 5, earn: 50}]",
        ),
        Key(
            "every",
            shapes.one_of_words(PERIODS),
            "The period after which it begins anew, in the programme's time zone.",
            "month",
            default="once",
        ),
        _EARN,
        _UNIT,
        _BADGE_GIVEN,
        _AUDIENCE,
        *_WINDOW,
    ),
    one_of=("target", "targets"),
    apart=("through", "until"),
)

STREAK = Section(
    "streak",
    "A streak",
    "Do it so many days, weeks or editions in a row. A day lasts from midnight up to, not including, the next.",
    (
        _NAME,
        _DESCRIPTION,
        _ON,
        _WHEN,
        Key(
            "in",
            shapes.one_of_words(("days", "weeks", "editions")),
            "What is counted in a row.",
            "days",
            required=True,
        ),
        Key("length", shapes.COUNT, "How many in a row are to be reached.", "7"),
        Key(
            "lengths",
            shapes.list_of("goal", "list of goals"),
            "Several, each with its own.",
            "[{at: 7, earn: 50}]",
        ),
        Key("again", shapes.COUNT, "Reached once more after so many further ones.", "7", default="never"),
        Key(
            "rest",
            shapes.PER_MEMBER,
            "How many may be missed in each period without breaking it.",
            "once a week",
            default="none",
        ),
        Key(
            "midnight",
            shapes.one_of_words(("programme", "member")),
            "Whose midnight days begin at: the programme's, or that of the member's attribute `time_zone`.",
            "member",
            default="`programme`",
        ),
        Key(
            "edition",
            shapes.EXPRESSION,
            "The whole number of the edition it was.",
            "conference_year",
            default="the year it happened in",
        ),
        Key(
            "cancelled",
            shapes.EDITIONS,
            "Editions that did not take place: they neither count nor break the streak.",
            "[2020, 2021]",
            default="none",
        ),
        Key(
            "multiply",
            shapes.FACTOR,
            "By how much it multiplies what its events earn once the first length is reached.",
            "2",
            default="not",
        ),
        _EARN,
        _UNIT,
        _BADGE_GIVEN,
        _AUDIENCE,
        *_WINDOW,
    ),
    one_of=("length", "lengths"),
    apart=("through", "until"),
)

ACHIEVEMENT = Section(
    "achievement",
    "An achievement",
    "What a member did in all, from when the file says so. Badges can ask for it, and targets of it can earn.",
    (
        _NAME,
        _DESCRIPTION,
        _ON,
        _WHEN,
        _SUM,
        Key("target", shapes.NUMBER, "How much is to be reached, if anything.", "100"),
        Key(
            "targets",
            shapes.list_of("goal", "list of goals"),
            "Several, each with its own.",
            "[{at: 100, earn: 100}]",
        ),
        _EARN,
        _UNIT,
        _BADGE_GIVEN,
        _AUDIENCE,
        *_WINDOW,
    ),
    apart=("target", "targets"),
)

BADGE = Section(
    "badge",
    "A badge",
    "What members can show. A goal gives it by its key; or it is theirs as long as its condition holds, and goes with a"
    " correction after which it does not.",
    (
        _NAME,
        _DESCRIPTION,
        Key(
            "when",
            shapes.EXPRESSION,
            "A condition on counts: an achievement's key is how much was done, a challenge's or a streak's how many"
            " of its goals stand reached, in all periods. Hyphens are written as underscores.",
            "purchases >= 100 and five_a_month >= 2",
            default="only where a goal gives it",
        ),
    ),
)

COMPETITION = Section(
    "competition",
    "A competition",
    "Who does most in a period. Places are always known; when it is decided the results stand, whatever is corrected later.",
    (
        _NAME,
        _DESCRIPTION,
        _ON,
        _WHEN,
        _SUM,
        Key(
            "every",
            shapes.one_of_words(PERIODS),
            "The period after which it begins anew, in the programme's time zone.",
            "quarter",
            default="once, with `through` or `until`",
        ),
        Key(
            "prizes",
            shapes.list_of("goal", "list of goals"),
            "What each place earns.",
            "[{at: 1, earn: 500}, {at: 2, earn: 300}]",
            required=True,
        ),
        Key(
            "ties",
            shapes.one_of_words(("first", "share")),
            "Of two who are alike, the `first` to get there is ahead; or they `share` the place and the next is left out.",
            "share",
            default="`first`",
        ),
        Key(
            "wait",
            shapes.WAIT,
            "How long after its end it is decided, for events that come late.",
            "2 days",
            default="not at all",
        ),
        _UNIT,
        _AUDIENCE,
        *_WINDOW,
    ),
    apart=("through", "until"),
)
