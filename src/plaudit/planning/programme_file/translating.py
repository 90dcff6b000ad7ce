"""What people read in a programme, text by text, and what each is in further languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf.locale import LANG_INFO

from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.foundation.worded import tongue, worded
from plaudit.planning.programme_file.document import document_of
from plaudit.planning.programme_file.programme import Path, Programme
from plaudit.planning.programme_file.schema import schema
from plaudit.planning.programme_file.shapes import TRANSLATABLE

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what people read is there in a language; `missing` are places with their texts."""

    language: str
    name: str
    texts: int
    missing: tuple[tuple[str, str], ...]

    @property
    def translated(self) -> int:
        """How many texts are there."""
        return self.texts - len(self.missing)


def texts_of(programme: Programme) -> dict[str, str]:
    """Every text that people read, by its place (`/rewards/coffee/name`), in the order of the file."""
    found = _texts(_schema(), document_of(programme), ())
    return {pointer(path): text for path, text in found}


def tongues_of(programme: Programme) -> dict[str, dict[str, str]]:
    """By language, texts as they are written with what they are in it; those of the file's own as they are."""
    if not programme.translations:
        return {}
    places = _places(programme)
    found: dict[str, dict[str, str]] = {}
    for language, said in programme.translations.items():
        texts = {places.get(key, key): words for key, words in said.items()}
        found[language] = dict(sorted(texts.items()))
    if programme.language:
        own = {text: text for texts in found.values() for text in texts}
        found[programme.language.partition("-")[0]] = dict(sorted(own.items()))
    return found


def coverage_of(programme: Programme) -> list[Coverage]:
    """How far each language is that the file gives translations in."""
    texts = texts_of(programme)
    tongues = tongues_of(programme)
    return [
        Coverage(
            language,
            language_name(language),
            len(set(texts.values())),
            tuple(_missing(programme, language, texts, tongues[language])),
        )
        for language in programme.translations
    ]


def untranslated(programme: Programme, language: str) -> list[str]:
    """The texts that are not there in a language, in the order of the file."""
    said = tongues_of(programme).get(language, {})
    return [text for _, text in _missing(programme, language, texts_of(programme), said)]


def notices(programme: Programme) -> list[str]:
    """What a person who translates wants to know: what is missing, what stands nowhere, which language is unknown."""
    return [*_unknown(programme), *_lacking(programme), *_stale(programme)]


def language_name(code: str) -> str:
    """What a language is called, with its code: German (de)."""
    known = LANG_INFO.get(code) or LANG_INFO.get(code.partition("-")[0]) or {}
    return tongue(code, known["name"]) if "name" in known else code


def pointer(path: Path) -> str:
    """A place as a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def stale_keys(programme: Programme, language: str) -> list[str]:
    """The translations that belong to nothing in the file."""
    texts = texts_of(programme)
    known = {*texts, *texts.values()}
    return [key for key in programme.translations[language] if key not in known]


def _places(programme: Programme) -> Mapping[str, str]:
    named = any(key.startswith("/") for said in programme.translations.values() for key in said)
    return texts_of(programme) if named else {}


def _missing(
    programme: Programme, language: str, texts: Mapping[str, str], said: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Each text once, at its first place."""
    seen = set(said)
    for place, text in texts.items():
        if text not in seen and place not in _said_by_questions(programme, language):
            seen.add(text)
            yield place, text


def _said_by_questions(programme: Programme, language: str) -> set[str]:
    """The places of surveys that say beside the question what they are in this language."""
    found = set()
    for survey in programme.surveys.surveys if programme.surveys is not None else ():
        for question in survey.questions:
            path = ("surveys", survey.key, "questions", question.key)
            for wording in question.wordings:
                if wording.language != language.partition("-")[0]:
                    continue
                found |= {pointer((*path, name)) for name in ("ask", "low", "high") if getattr(wording, name)}
                found |= {pointer((*path, "choices", at)) for at in range(len(wording.choices))}
    return found


def _unknown(programme: Programme) -> Iterator[str]:
    for code in dict.fromkeys((programme.language, *programme.translations)):
        if code and code not in LANG_INFO and code.partition("-")[0] not in LANG_INFO:
            yield worded(
                "`{code}` is no language that is known here{meant}", code=code, meant=_near(code, LANG_INFO)
            )


def _lacking(programme: Programme) -> Iterator[str]:
    for one in coverage_of(programme):
        if one.missing:
            named = ", ".join(f"“{_short(text)}”" for _, text in one.missing[:_NAMED])
            more = (
                worded(" and {missing} more", missing=len(one.missing) - _NAMED)
                if len(one.missing) > _NAMED
                else ""
            )
            yield worded(
                "{name}: {translated} of {texts} texts are translated; missing: {named}{more}.",
                name=one.name,
                translated=one.translated,
                texts=one.texts,
                named=named,
                more=more,
            )


def _stale(programme: Programme) -> Iterator[str]:
    texts = texts_of(programme) if programme.translations else {}
    for language in programme.translations:
        for key in stale_keys(programme, language):
            near = _near(key, texts if key.startswith("/") else texts.values())
            yield worded(
                "{language_name}: “{short}” stands nowhere in the file{meant}",
                language_name=language_name(language),
                short=_short(key),
                meant=near,
            )


def _near(word: str, known: Iterable[str]) -> str:
    """The nearest that is known, where one is near."""
    found = did_you_mean(word, known)
    return found if "did you mean" in found else "."


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


@cache
def _schema() -> dict[str, Any]:
    return schema()


def _texts(shape: Mapping[str, Any], data: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """What the schema says is for people to read, wherever it stands in the data."""
    if "$ref" in shape:
        shape = _schema()["$defs"][shape["$ref"].removeprefix("#/$defs/")]
    for option in shape.get("anyOf", ()):
        if _fits(option, data):
            yield from _texts(option, data, path)
            return
    if shape.get("$comment") == TRANSLATABLE:
        yield path, str(data)
    elif isinstance(data, Mapping):
        known, others = shape.get("properties", {}), shape.get("additionalProperties")
        for key, inside in data.items():
            below = known.get(key, others)
            if isinstance(below, Mapping):
                yield from _texts(below, inside, (*path, key))
    elif isinstance(data, list) and isinstance(shape.get("items"), Mapping):
        for number, inside in enumerate(data):
            yield from _texts(shape["items"], inside, (*path, number))


def _fits(option: Mapping[str, Any], data: Any) -> bool:
    if isinstance(data, Mapping):
        return "$ref" in option or option.get("type") == "object"
    return (option.get("type") == "array") == isinstance(data, list) and "$ref" not in option
