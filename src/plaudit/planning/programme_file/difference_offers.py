"""What changes in an offer, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.planning.programme_file.offers import Offer
from plaudit.planning.programme_file.programme import Window
from plaudit.planning.programme_file.wording import window_words


def offer_changes(was: Offer | None, now: Offer | None) -> Iterator[str]:
    """What becomes of an offer."""
    if was is None and now is not None:
        yield f"New offer {now.key} ({now.name}), {_when(now)}, {offer_words(now)}."
    elif was is not None and now is None:
        yield f"Offer {was.key} ({was.name}) is gone; it holds for nobody any more."
    elif was is not None and now is not None:
        if was.name != now.name:
            yield f"Offer {now.key} is now called {now.name}, not {was.name}."
        if offer_words(was) != offer_words(now):
            yield f"Offer {now.key} is {offer_words(now)}, not {offer_words(was)}; who was drawn stays so."
        if _when(was) != _when(now):
            yield f"Offer {now.key} runs {_when(now)}, not {_when(was)}."
        if was.goal != now.goal:
            yield f"The report of offer {now.key} looks for {now.goal.on if now.goal else 'nothing'} in both groups."


def offer_words(offer: Offer) -> str:
    """To whom it is made, and who gets nothing: `for regulars, 20 of 100 kept back`."""
    words = f"for {offer.segment or 'single people'}"
    if offer.control:
        words += f", {offer.control} of 100 kept back"
    return f"{words}, to be accepted" if offer.accept else words


def _when(offer: Offer) -> str:
    return window_words(Window(offer.starts, offer.ends))
