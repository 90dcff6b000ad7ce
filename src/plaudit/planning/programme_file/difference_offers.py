"""What changes in an offer, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.offers import Offer
from plaudit.planning.programme_file.programme import Window
from plaudit.planning.programme_file.wording import window_words


def offer_changes(was: Offer | None, now: Offer | None) -> Iterator[str]:
    """What becomes of an offer."""
    if was is None and now is not None:
        yield worded(
            "New offer {key} ({name}), {when}, {offer}.",
            key=now.key,
            name=now.name,
            when=_when(now),
            offer=offer_words(now),
        )
    elif was is not None and now is None:
        yield worded(
            "Offer {key} ({name}) is gone; it holds for nobody any more.", key=was.key, name=was.name
        )
    elif was is not None and now is not None:
        if was.name != now.name:
            yield worded(
                "Offer {key} is now called {name}, not {was_name}.",
                key=now.key,
                name=now.name,
                was_name=was.name,
            )
        if offer_words(was) != offer_words(now):
            yield worded(
                "Offer {key} is {offer}, not {offer_was}; who was drawn stays so.",
                key=now.key,
                offer=offer_words(now),
                offer_was=offer_words(was),
            )
        if _when(was) != _when(now):
            yield worded(
                "Offer {key} runs {when}, not {when_was}.", key=now.key, when=_when(now), when_was=_when(was)
            )
        if was.goal != now.goal:
            yield worded(
                "The report of offer {key} looks for {on} in both groups.",
                key=now.key,
                on=now.goal.on if now.goal else worded("nothing"),
            )


def offer_words(offer: Offer) -> str:
    """To whom it is made, and who gets nothing: `for regulars, 20 of 100 kept back`."""
    words = worded("for {people}", people=offer.segment or worded("single people"))
    if offer.control:
        words += worded(", {control} of 100 kept back", control=offer.control)
    return worded("{words}, to be accepted", words=words) if offer.accept else words


def _when(offer: Offer) -> str:
    return window_words(Window(offer.starts, offer.ends))
