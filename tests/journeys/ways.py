"""In how many ways journeys and pages are walked: in a few by `make test`, in all by `make journeys`.

Wide or narrow, light or dark, with script or without: what is wrong with one of them shows in one of the
few, for each is in them. All together are for what is wrong with two at once.
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

# At a desk and on a phone, light and dark, with script and without.
in_every_way = pytest.mark.parametrize("way", _ALL if WHOLE else _FEW, ids=str)
# For what script itself does.
with_script = pytest.mark.parametrize(
    "way", [one for one in _ALL if one.script] if WHOLE else [PHONE], ids=str
)
# For what is there because there is no script.
without_script = pytest.mark.parametrize(
    "way", [one for one in _ALL if not one.script] if WHOLE else [_FEW[1]], ids=str
)
# By keyboard alone, which phones have none of; what is swapped in by script is where focus can be lost.
by_keyboard = pytest.mark.parametrize(
    "way", [one for one in _ALL if one.width == 1280 and one.script] if WHOLE else [DESK], ids=str
)

# For what is long, and much like what is walked in a few ways.
only_in_every_way = pytest.mark.only_in_every_way
