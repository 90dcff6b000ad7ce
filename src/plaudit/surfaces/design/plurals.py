"""Which plural form of a programme's own unit name goes with a number. Pure.

Source: Unicode CLDR plural rules (cardinals) for the languages listed; any other language is
treated as having ``one`` and ``other``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

_NO_PLURAL = frozenset({"ja", "ko", "zh", "th", "vi", "id", "ms", "lo", "my"})
_ZERO_IS_ONE = frozenset({"fr", "pt-br", "pt", "hy"})
_EAST_SLAVIC = frozenset({"ru", "uk", "be"})
_CZECH = frozenset({"cs", "sk"})


def plural_category(language: str, number: Decimal) -> str:
    """The CLDR category (``zero one two few many other``) of a number in a language.

    ``number`` carries its visible decimals: ``Decimal("1.0")`` is not ``one`` in English.
    """
    root = language.lower().split("-")[0]
    whole = abs(int(number))
    visible_decimals = max(0, -int(number.as_tuple().exponent))
    if root in _NO_PLURAL:
        return "other"
    if language.lower() in _ZERO_IS_ONE or root in _ZERO_IS_ONE:
        return "one" if whole in (0, 1) else "other"
    if root == "ar":
        return _arabic(whole, visible_decimals)
    if root in _EAST_SLAVIC:
        return _east_slavic(whole, visible_decimals)
    if root == "pl":
        return _polish(whole, visible_decimals)
    if root in _CZECH:
        return _czech(whole, visible_decimals)
    return "one" if whole == 1 and visible_decimals == 0 else "other"


def plural_name(names: Mapping[str, str], language: str, number: Decimal) -> str:
    """The unit's name for that number: the exact form if it has one, else ``other``."""
    return names.get(plural_category(language, number)) or names["other"]


def _arabic(whole: int, visible_decimals: int) -> str:
    if visible_decimals:
        return "other"
    if whole < 3:
        return ("zero", "one", "two")[whole]
    if 3 <= whole % 100 <= 10:
        return "few"
    return "many" if whole % 100 >= 11 else "other"


def _east_slavic(whole: int, visible_decimals: int) -> str:
    if visible_decimals:
        return "other"
    if whole % 10 == 1 and whole % 100 != 11:
        return "one"
    if whole % 10 in (2, 3, 4) and whole % 100 not in (12, 13, 14):
        return "few"
    return "many"


def _polish(whole: int, visible_decimals: int) -> str:
    if visible_decimals:
        return "other"
    if whole == 1:
        return "one"
    if whole % 10 in (2, 3, 4) and whole % 100 not in (12, 13, 14):
        return "few"
    return "many"


def _czech(whole: int, visible_decimals: int) -> str:
    if visible_decimals:
        return "many"
    if whole == 1:
        return "one"
    return "few" if whole in (2, 3, 4) else "other"
