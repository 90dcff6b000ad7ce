"""What changes in translations, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plaudit.planning.programme_file.phrases import count_text
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.translating import language_name

_NAMED = 10


def translation_changes(older: Programme, newer: Programme) -> Iterator[tuple[str, str]]:
    """Languages with what becomes of them."""
    if older.language != newer.language:
        was, now = (
            language_name(one) if one else "the organisation's language"
            for one in (older.language, newer.language)
        )
        yield "", f"The texts are written in {now}, not in {was}."
    for language in dict.fromkeys((*newer.translations, *older.translations)):
        was_said, now_said = older.translations.get(language, {}), newer.translations.get(language, {})
        if dict(was_said) == dict(now_said):
            continue
        name = language_name(language)
        if not was_said:
            yield language, f"New language {name}: {count_text(len(now_said), 'text')}."
        elif not now_said:
            yield language, f"{name} is gone: those who read it read the texts as they are written."
        else:
            yield from ((language, f"{name}: {one}") for one in _texts(was_said, now_said))


def _texts(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    said = [
        *(f"“{key}” is “{words}”." for key, words in now.items() if key not in was),
        *(
            f"“{key}” is “{now[key]}”, not “{was[key]}”."
            for key in now
            if key in was and was[key] != now[key]
        ),
        *(f"“{key}” is not translated any more." for key in was if key not in now),
    ]
    yield from said[:_NAMED]
    if len(said) > _NAMED:
        yield f"{count_text(len(said) - _NAMED, 'more text')} changed."
