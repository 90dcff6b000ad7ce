"""Every page in a language nobody speaks: whatever stands there without brackets is data, or was never marked."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser

import pytest
from django.db import connection

from plaudit.foundation.access.routes import Route
from plaudit.foundation.languages import languages
from plaudit.foundation.tenancy import in_organisation
from tests.access.companies import Peopled, make_peopled, without_limits
from tests.access.test_pages import ENDS_THE_WALK, address, admitted, argument, pages
from tests.words.pseudo import CLOSES, LONGER, OPENS, spoken

# A member's own pages as a member, the console's as somebody who may open all of them, the rest as nobody.
ROLES = ("member", "manager", "developer", "operator", "finance", "nobody")
READ_ALOUD = ("aria-label", "placeholder", "title", "alt")
# Not for people alone: programs, files and keys are shown as they are typed.
_AS_TYPED = {"code", "pre", "kbd", "script", "style", "textarea", "time"}
# The gallery of components has sample words; a page of the API's reference is in English.
LEFT_OUT = {"gallery", "reference", "worker", "manifest", "robots", "favicon"}
_BRACKETED = re.compile(rf"{OPENS}[^{OPENS}{CLOSES}]*{CLOSES}")
# Sentences, facts and numbers stand beside each other.
_BETWEEN = re.compile(
    r"\n|[:;,.·–(){}\[\]“”…|+−]+(?=\s|$)|(?<=\s)[(“]|(?:US)?[$€£]|(?<![\w-])\d[\d\s.,]*(?![\w-])"
)
# References, types of messages, methods, a job's arguments, and what others gave their names.
_TYPED = re.compile(
    r"[a-z]+_[0-9a-z-]{4,}|[a-z]+(\.[a-z_*]+)+|[A-Z]{3,7}( /\S*)?|\{.*|JSON Schema|PostgreSQL|Python|TypeScript|curl"
)
_WORD = re.compile(r"[^\W\d_]{2,}")


class Words(HTMLParser):
    """The texts of a page that people see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.read_out: list[str] = []
        self.shown: list[str] = []

    @property
    def texts(self) -> list[str]:
        """What is read out where nothing is seen, and then what is seen, in its order."""
        return [*self.read_out, *self.shown]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in {"input", "meta", "link", "br", "hr", "img", "source", "wbr"}:
            self.inside.append("code" if given.get("lang") in languages() and tag != "html" else tag)
        self.read_out += [given[name] or "" for name in READ_ALOUD if name in given]
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self.read_out.append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() not in {tag, "code"}:
            pass

    def handle_data(self, data: str) -> None:
        if not _AS_TYPED.intersection(self.inside):
            self.shown.append(data)


def unmarked(page: str, known: str) -> set[str]:
    """The words of a page that are in no brackets and in no data."""
    reader = Words()
    reader.feed(page)
    left = "\n".join(reader.texts)
    while _BRACKETED.search(left):
        left = _BRACKETED.sub("\n", left)
    found = set()
    for phrase in _BETWEEN.split(left):
        words = " ".join(phrase.split()).strip(" .,:;–·“”()+−×=%$€£/\u200e")
        if _WORD.search(words) and not _TYPED.fullmatch(words) and words.casefold() not in known:
            found.add(words)
    return found


@lru_cache(maxsize=1)
def here() -> Peopled:
    return make_peopled("words-points")


def data_of(company: Peopled) -> str:
    """Everything that the company's rows say, as one text."""
    texts = [company.organisation.name, company.organisation.slug, company.file]
    with in_organisation(company.id), connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.columns"
            " where column_name = 'organisation_id' and table_schema = 'public'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'select t::text from "{table}" t where organisation_id = %s', [company.id])
            texts += [text for (text,) in cursor.fetchall()]
        cursor.execute("select name, email from people_user")
        texts += [text for row in cursor.fetchall() for text in row]
    return " ".join(" ".join(texts).split()).casefold()


def address_of(route: Route, role: str) -> str:
    about = argument(route)
    if about is None:
        return address(route, "")
    some_members, thing, _ = about
    owner = here().owners["Mia" if role == "member" else "Oda"]
    return address(route, thing(here(), owner if some_members else None))


@pytest.mark.at_length
def test_every_word_of_every_page_is_marked_for_translation():
    found: dict[str, set[str]] = {}
    with spoken(), without_limits():
        walkers = {role: here().client(role) for role in ROLES}
        for walker in walkers.values():
            walker.cookies["plaudit_language"] = LONGER
        asked = []
        for route in pages():
            role = next((role for role in ROLES if admitted(route, role)), None)
            if role is None or route.name in LEFT_OUT | ENDS_THE_WALK:
                continue
            answer = walkers[role].get(address_of(route, role))
            if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
                asked.append((route.path, answer.content.decode()))
        known = data_of(here())
        for path, page in asked:
            if words := unmarked(page, known):
                found[path] = words
    assert found == {}
    assert len(asked) > 60
