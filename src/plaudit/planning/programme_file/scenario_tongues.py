"""What people read in further languages, as it is published: scenarios with the facts in force, in each language."""

from __future__ import annotations

from django.utils import translation

from plaudit.planning.programme_file.examples import Running
from plaudit.planning.programme_file.fact_wording import Wording
from plaudit.planning.programme_file.problems import Problems
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.scenario_facts import (
    FACT,
    filled,
    in_words_of_the_file,
    rules_taught,
    texts_of,
)
from plaudit.planning.programme_file.translating import tongues_of


def tongues_in_force(programme: Programme) -> dict[str, dict[str, str]]:
    """By language, texts as they are published with what they are in it; facts are in the words of the language."""
    tongues = tongues_of(programme)
    scenarios = programme.learning.scenarios if programme.learning is not None else ()
    if not tongues or not scenarios:
        return tongues
    running = Running(programme, Problems())
    with_facts = [text for one in scenarios for _, text in texts_of(one) if FACT.search(text)]
    taught = [rule for one in scenarios for rule in rules_taught(programme, one)]
    with in_words_of_the_file(programme) as plain:
        published = {text: filled(running, plain, text, ()) for text in with_facts}
        done = {rule.key: plain.rule(rule) for rule in taught}
    own = programme.language.partition("-")[0]
    for language, said in tongues.items():
        with translation.override(language):
            wording = Wording(programme, said)
            for text in with_facts:
                if language == own:
                    said[published[text]] = published[text]
                elif text in said:
                    said[published[text]] = filled(running, wording, said[text], ())
            for rule in taught:
                said[done[rule.key]] = done[rule.key] if language == own else wording.rule(rule)
    return {language: dict(sorted(said.items())) for language, said in tongues.items()}
