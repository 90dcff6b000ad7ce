"""The sections about what people are asked, key by key."""

from __future__ import annotations

from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.shapes import KEY, Key, Section, Shape, map_of, section_map
from plaudit.surveys.definitions import Kind

SCALE = r"(?P<lowest>[0-9]{1,2}) to (?P<highest>[0-9]{1,3})"
CONDITION = rf"(?P<question>{KEY}) (?P<sign>=|<=|>=) (?P<value>.{{1,200}})"
LANGUAGE = r"[a-z]{2,3}"

SURVEY = Section(
    "survey",
    "A survey",
    "What people are asked, of satisfaction (`csat`), readiness to recommend (`nps`), effort (`ces`), mood"
    " (`pulse`) or anything else (`questionnaire`). Completing it is the activity `survey.answered`, with the"
    " fields `programme` and `survey` and never an answer; being rated in one that is about somebody is"
    " `survey.rated`, of whom it is about, with `programme`, `survey`, `score`, `contact` and `words`. Rules and"
    " moments can be on both.",
    (
        Key("name", shapes.WORDS, "What people call it.", "How was our call?", required=True),
        Key("kind", shapes.one_of_words(tuple(Kind)), "What it measures.", "csat", required=True),
        Key("intro", shapes.WORDS, "What stands above the questions.", "Two questions, one minute."),
        Key(
            "questions",
            section_map("questions", "question"),
            "What it asks, in this order. Its figure is that of the first scale.",
            "{score: {ask: How satisfied are you}}",
            required=True,
        ),
        Key(
            "audience",
            shapes.AUDIENCES,
            "Whom everybody is when everybody is asked.",
            "staff",
            default="everyone",
        ),
        Key(
            "anonymous",
            shapes.FLAG,
            "Whether answers are kept without names. That cannot be undone, so such a survey has a last day.",
            "true",
            default="`false`",
        ),
        Key(
            "about_somebody",
            shapes.FLAG,
            "Whether it is about a member, who served whoever answers.",
            "true",
            default="`false`",
        ),
        Key("one_page", shapes.FLAG, "Whether all questions stand on one page.", "true", default="`false`"),
        Key(
            "earn",
            shapes.NUMBER,
            "What completing it earns, whatever the answers.",
            "10",
            default="what the rules say",
        ),
        Key("unit", shapes.NAME, "What it earns.", "points", default="the only unit"),
        Key("quota", shapes.COUNT, "How many answers are taken at most.", "500", default="any number"),
        Key("open", shapes.WAIT, "How long somebody can answer.", "14 days", default="30 days"),
        Key(
            "remind",
            shapes.WAIT,
            "After how long whoever has not answered is reminded.",
            "3 days",
            default="never",
        ),
        Key("closes", shapes.LAST_DAY, "The last day of all, whole.", "2026-12-31", default="no end"),
    ),
)

QUESTION = Section(
    "question",
    "A question",
    "A question without `scale`, `choices` and `text` is a scale of its survey's kind: 0 to 10 of `nps`, 1 to 7 of"
    " `ces`, 1 to 5 of all others.",
    (
        Key("ask", shapes.WORDS, "The question.", "How satisfied are you?", required=True),
        Key("scale", shapes.phrase("`1 to 5`", SCALE), "The lowest and the highest point.", "1 to 5"),
        Key("low", shapes.WORDS, "What the lowest point is called.", "not at all"),
        Key("high", shapes.WORDS, "What the highest point is called.", "very"),
        Key("choices", shapes.WORDS_LIST, "What can be chosen.", "[price, waiting, advice]"),
        Key("several", shapes.FLAG, "Whether more than one can be chosen.", "true", default="`false`"),
        Key("text", shapes.FLAG, "Whether it is answered in words.", "true", default="`false`"),
        Key("optional", shapes.FLAG, "Whether it can be passed over.", "true", default="`false`"),
        Key(
            "when",
            shapes.phrase("an earlier question and its answer", CONDITION),
            "How an earlier question was answered for this to be asked.",
            "score <= 2",
            default="always",
        ),
        Key(
            "in",
            map_of("languages", LANGUAGE, 3, {"$ref": "#/$defs/question_words"}),
            "The same in other languages.",
            "{de: {ask: Wie zufrieden sind Sie}}",
        ),
    ),
    apart=("scale", "choices", "text"),
)

QUESTION_WORDS = Section(
    "question_words",
    "A question in another language",
    "What is left out stays as it is. Choices are given all of them, in the same order.",
    (
        Key("ask", shapes.TEXT, "The question.", "Wie zufrieden sind Sie?"),
        Key("low", shapes.TEXT, "What the lowest point is called.", "gar nicht"),
        Key("high", shapes.TEXT, "What the highest point is called.", "sehr"),
        Key("choices", shapes.CHOICES, "What can be chosen.", "[Preis, Wartezeit, Beratung]"),
    ),
)

SURVEY_SECTIONS = (SURVEY, QUESTION, QUESTION_WORDS)
SURVEYS: Shape = section_map("surveys", "survey")
