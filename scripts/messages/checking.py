"""What is wrong with a catalogue: words that are missing, left over, or do not say the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from scripts.messages.catalogue import Catalogue, mo_bytes
from scripts.messages.extracting import Message

_PLACE = re.compile(r"\{\w*|%\(\w+\)[sd]|%%")
# Words stand between „ and “ in German; signs of English and of typewriters are slips.
_FOREIGN_SIGNS = {"de": re.compile('["\u201d]')}


def faults(catalogue: Catalogue, found: Collection[Message]) -> Iterator[str]:
    """Every fault as a sentence."""
    yield from (f"is not translated: {one.singular!r}" for one in sorted(set(found) - set(catalogue.said)))
    yield from (f"is said nowhere any more: {one.singular!r}" for one in set(catalogue.said) - set(found))
    for message, forms in sorted(catalogue.said.items()):
        yield from (f"{what}: {message.singular!r}" for what in _of(catalogue.language, message, forms))
    if not catalogue.mo.exists() or catalogue.mo.read_bytes() != mo_bytes(catalogue):
        yield f"{catalogue.mo.name} is not what {catalogue.po.name} says"


def _of(language: str, message: Message, forms: tuple[str, ...]) -> Iterator[str]:
    if not all(forms):
        yield "is not translated"
        return
    for number, form in enumerate(forms):
        original = message.plural if message.plural and number else message.singular
        here, there = places(form), places(original)
        # What is one may be said without its number: "a day", not "1 day".
        wrong = here - there if message.plural and not number else (here - there) + (there - here)
        if wrong:
            yield f"has other places ({', '.join(sorted(wrong))})"
        if _ends(form) != _ends(original):
            yield "begins or ends with other spaces"
        if (signs := _FOREIGN_SIGNS.get(language)) and signs.search(re.sub(r"<[^>]*>", "", form)):
            yield "has quotation marks of another language"


def places(text: str) -> Counter[str]:
    """The places of a message that facts are put into."""
    return Counter(_PLACE.findall(text.replace("{{", "").replace("}}", "")))


def _ends(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()
