"""What changes in translations, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plaudit.foundation.worded import joined, worded
from plaudit.planning.programme_file.phrase_words import counted
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.translating import language_name

_NAMED = 10


def translation_changes(older: Programme, newer: Programme) -> Iterator[tuple[str, str]]:
    """Languages with what becomes of them."""
    if older.language != newer.language:
        was, now = (
            language_name(one) if one else worded("the organisation's language")
            for one in (older.language, newer.language)
        )
        yield "", worded("The texts are written in {now}, not in {was}.", now=now, was=was)
    for language in dict.fromkeys((*newer.translations, *older.translations)):
        was_said, now_said = older.translations.get(language, {}), newer.translations.get(language, {})
        if dict(was_said) == dict(now_said):
            continue
        name = language_name(language)
        if not was_said:
            yield (
                language,
                worded("New language {name}: {texts}.", name=name, texts=counted(len(now_said), "text")),
            )
        elif not now_said:
            yield (
                language,
                worded("{name} is gone: those who read it read the texts as they are written.", name=name),
            )
        else:
            yield from ((language, joined((name, one), by=": ")) for one in _texts(was_said, now_said))


def _texts(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    said = [
        *(
            worded("“{key}” is “{words}”.", key=key, words=words)
            for key, words in now.items()
            if key not in was
        ),
        *(
            worded("“{key}” is “{now}”, not “{was}”.", key=key, now=now[key], was=was[key])
            for key in now
            if key in was and was[key] != now[key]
        ),
        *(worded("“{key}” is not translated any more.", key=key) for key in was if key not in now),
    ]
    yield from said[:_NAMED]
    if len(said) > _NAMED:
        yield worded("{texts} changed.", texts=counted(len(said) - _NAMED, "more text"))
