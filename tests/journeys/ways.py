"""In how many ways journeys and pages are walked: in one by `make test`, in all by `make journeys`.

Wide or narrow, light or dark, with script or without, by thumb or by keyboard. The one is a phone in the dark
with script: the narrowest, and the one in which most happens.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import product

import pytest

WHOLE = os.environ.get("PLAUDIT_TEST_WALKS") == "all"

WIDTHS = (1280, 320)
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Way:
    """At a desk or on a phone (in CSS pixels), in the light or in the dark, with script or without."""

    width: int
    theme: str = "light"
    script: bool = True

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}{'' if self.script else '-no-script'}"


DESK, PHONE = Way(1280), Way(320, "dark")
VIEWS = tuple(Way(width, theme) for width, theme in product(WIDTHS, THEMES)) if WHOLE else (DESK, PHONE)

_ALL = tuple(Way(*one) for one in product(WIDTHS, THEMES, (True, False)))
_FEW = (DESK, Way(320, "dark", script=False))

# For what is long, and much like what is walked in a few ways.
only_in_every_way = pytest.mark.only_in_every_way


def _walked(*ways: Way, often: int = 1) -> pytest.MarkDecorator:
    """The test once for each of these ways: by `make test` for so many of them, by `make journeys` for all."""
    walked = [*ways[:often], *(pytest.param(one, marks=only_in_every_way) for one in ways[often:])]
    return pytest.mark.parametrize("way", walked, ids=str)


_ALL = tuple(Way(*one) for one in product(reversed(WIDTHS), reversed(THEMES), (True, False)))

# At a desk and on a phone, light and dark, with script and without.
in_every_way = _walked(*_ALL)
# For what script itself does.
with_script = _walked(*(one for one in _ALL if one.script))
# For what is there because there is no script.
without_script = _walked(*(one for one in _ALL if not one.script), often=0)
# By keyboard alone, which phones have none of; what is swapped in by script is where focus can be lost.
by_keyboard = _walked(*(one for one in _ALL if one.width == DESK.width and one.script), often=0)
