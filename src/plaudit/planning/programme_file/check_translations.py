"""Checks translations: what is filled in stays what it is, and nothing is said in two ways."""

from __future__ import annotations

import re

from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.problems import Problems
from plaudit.planning.programme_file.programme import Path, Programme
from plaudit.planning.programme_file.scenario_facts import facts_in
from plaudit.planning.programme_file.scenario_facts import texts_of as texts_of_scenario
from plaudit.planning.programme_file.translating import texts_of

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check_translations(programme: Programme, problems: Problems) -> None:
    """Note what cannot be said so."""
    if not programme.translations or problems.found:
        return
    places = texts_of(programme)
    filled = {rule.because for rule, _ in programme.all_rules() if rule.because}
    scenarios = programme.learning.scenarios if programme.learning is not None else ()
    played = {text for one in scenarios for _, text in texts_of_scenario(one)}
    for language, said in programme.translations.items():
        ways: dict[str, str] = {}
        for key, words in said.items():
            path, text = ("translations", language, key), places.get(key, key)
            if ways.setdefault(text, words) != words:
                problems.note(path, "The same text is translated in two ways.", "Keep one.")
            if language == programme.language:
                problems.note(
                    path,
                    worded("The file is written in `{language}` already.", language=language),
                    "Leave this out.",
                )
            if text in played:
                _check_facts(text, words, path, problems)
            if text in filled:
                for name in set(_PLACEHOLDER.findall(words)) - set(_PLACEHOLDER.findall(text)):
                    advice = worded("Fill in only what the text itself fills in.")
                    problems.note(
                        path,
                        worded("`{{{name}}}` is not in “{text}”.", name=name, text=text),
                        advice,
                        code="unknown_field",
                    )
                if re.search(r"[{}]", _PLACEHOLDER.sub("", words)):
                    problems.note(path, "A brace stands alone.", "Write {amount} as the text itself does.")


def _check_facts(text: str, words: str, path: Path, problems: Problems) -> None:
    """A figure that is written out instead would be wrong once the rule changes."""
    asked, said = facts_in(text), facts_in(words)
    for fact in sorted(said - asked):
        foreign = worded("`{{{{ {fact} }}}}` is not in “{text}”.", fact=fact, text=text)
        problems.note(path, foreign, "Tell only what the text itself tells.", code="unknown_fact")
    for fact in sorted(asked - said):
        lost = worded("`{{{{ {fact} }}}}` is missing.", fact=fact)
        problems.note(path, lost, "Tell what the text itself tells.", code="lost_fact")
